//! The 401 challenge. Sent on `/v2/` even where anonymous pulls are welcome: docker and podman
//! learn only there that there is a token service (docker-client, "Ping and challenge").

use http::header::WWW_AUTHENTICATE;
use roadstead_http::{App, Challenge, Origin};
use roadstead_oci::ErrorCode;
use roadstead_types::Actions;

use crate::error::RegistryError;

/// What a 401 asks for.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// One scope, as the token service reads it.
    pub scope: Option<String>,
    /// `invalid_token` or `insufficient_scope` (RFC 6750, section 3.1).
    pub error: Option<&'static str>,
}

impl Ask {
    /// The scope of a repository. A push asks for pull as well, as clients do.
    pub fn repository(name: &str, needs: Actions) -> Self {
        let actions = Actions::PULL.union(needs);
        Self { scope: Some(format!("repository:{name}:{actions}")), error: None }
    }

    #[must_use]
    pub fn because(mut self, error: &'static str) -> Self {
        self.error = Some(error);
        self
    }
}

/// A 401 with its challenge.
pub fn unauthorized(
    app: &App,
    origin: &Origin,
    ask: &Ask,
    code: ErrorCode,
    message: &str,
) -> RegistryError {
    RegistryError::new(code, message)
        .status(http::StatusCode::UNAUTHORIZED)
        .header(WWW_AUTHENTICATE, &header(app, origin, ask))
}

fn header(app: &App, origin: &Origin, ask: &Ask) -> String {
    let service = &app.hub.settings().service;
    if app.challenge == Challenge::Basic {
        return format!(r#"Basic realm="{service}""#);
    }
    let mut text = format!(r#"Bearer realm="{origin}/token",service="{service}""#);
    if let Some(scope) = &ask.scope {
        text += &format!(r#",scope="{scope}""#);
    }
    if let Some(error) = ask.error {
        text += &format!(r#",error="{error}""#);
    }
    text
}
