//! One request on its way through the protocol: who asks, for what, and how refusals are told.

use std::sync::Mutex;

use axum::body::Body;
use http::request::Parts;
use roadstead_http::caller::CallerError;
use roadstead_http::{App, ClientAddress, Origin};
use roadstead_hub::access::{Push, Repo, Right};
use roadstead_hub::accounts::SignInError;
use roadstead_hub::rates::PullAllowance;
use roadstead_hub::{Caller, Refusal};
use roadstead_oci::ErrorCode;
use roadstead_types::{Actions, Digest, NameError, Reference, RepositoryName};

use crate::challenge::{Ask, unauthorized};
use crate::error::RegistryError;
use roadstead_oci::path::Target;

pub struct Call {
    pub app: App,
    pub caller: Caller,
    pub target: Target,
    pub parts: Parts,
    /// Never locked: the mutex only makes a call shareable, which a bare body is not.
    body: Mutex<Body>,
}

impl Call {
    pub fn new(app: App, caller: Caller, target: Target, parts: Parts, body: Body) -> Self {
        Self { app, caller, target, parts, body: Mutex::new(body) }
    }

    /// The request's body; empty when it was taken before.
    pub fn take_body(&mut self) -> Body {
        self.body.get_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The repository the path names.
    pub fn name(&self) -> Result<RepositoryName, RegistryError> {
        self.target.name.parse().map_err(|error| match error {
            // A legal name of the wider grammar, but nothing this hub can hold.
            NameError::Parts { .. } if self.is_read() => {
                RegistryError::new(ErrorCode::NameUnknown, error.to_string())
            }
            NameError::Parts { .. } => RegistryError::new(ErrorCode::Denied, error.to_string()),
            _ => RegistryError::new(ErrorCode::NameInvalid, error.to_string()),
        })
    }

    fn is_read(&self) -> bool {
        matches!(self.parts.method, http::Method::GET | http::Method::HEAD)
    }

    pub fn digest(&self) -> Result<Digest, RegistryError> {
        parse_digest(&self.target.reference)
    }

    pub fn reference(&self) -> Result<Reference, RegistryError> {
        let text = &self.target.reference;
        if text.contains(':') {
            return parse_digest(text).map(Reference::Digest);
        }
        let tag = text.parse();
        tag.map(Reference::Tag).map_err(|error: NameError| {
            RegistryError::new(ErrorCode::TagInvalid, error.to_string())
        })
    }

    /// Clears the caller for `R` on the repository of the path.
    pub async fn open<R: Right>(&self) -> Result<Repo<R>, RegistryError> {
        let name = self.name()?;
        let opened = self.app.hub.open(self.caller.clone(), &name).await;
        opened.map_err(|refusal| self.refuse(refusal))
    }

    /// Clears the caller for a push, which may make the repository.
    pub async fn open_for_push(&self) -> Result<Repo<Push>, RegistryError> {
        let name = self.name()?;
        let opened = self.app.hub.open_or_create(self.caller.clone(), &name).await;
        opened.map_err(|refusal| self.refuse(refusal))
    }

    /// Where the caller stands with its pulls, if they are limited.
    pub async fn pull_allowance(&self) -> Result<Option<PullAllowance>, RegistryError> {
        if !self.app.hub.limits_pulls() {
            return Ok(None);
        }
        let address = ClientAddress::of(&self.parts, &self.app).0;
        Ok(self.app.hub.pull_allowance(&self.caller, address).await?)
    }

    /// Tells a refusal. Hidden and missing read the same; see docs/design/0001-foundation.md.
    pub fn refuse(&self, refusal: Refusal) -> RegistryError {
        const NOT_YOURS: &str = "requested access to the resource is denied";
        match refusal {
            Refusal::SignInFirst { needs } => {
                self.challenge(needs, None, ErrorCode::Unauthorized, "authentication required")
            }
            Refusal::OtherTokenNeeded { needs } => self.challenge(
                needs,
                Some("insufficient_scope"),
                ErrorCode::Unauthorized,
                "authentication required",
            ),
            Refusal::Hidden { needs } => match &self.caller {
                Caller::Token(_) => {
                    self.challenge(needs, Some("insufficient_scope"), ErrorCode::Denied, NOT_YOURS)
                }
                Caller::Anonymous | Caller::Identity(_) => {
                    RegistryError::new(ErrorCode::Denied, NOT_YOURS)
                }
            },
            Refusal::Missing => {
                RegistryError::new(ErrorCode::NameUnknown, "repository name not known to registry")
                    .detail(serde_json::json!({ "name": self.target.name }))
            }
            Refusal::Denied(reason) => RegistryError::new(ErrorCode::Denied, reason.to_string()),
            Refusal::TakenDown(why) => RegistryError::new(ErrorCode::Denied, why.to_string()),
            Refusal::Store(error) => error.into(),
        }
    }

    fn challenge(
        &self,
        needs: Actions,
        error: Option<&'static str>,
        code: ErrorCode,
        message: &str,
    ) -> RegistryError {
        let mut ask = Ask::repository(&self.target.name, needs);
        ask.error = error;
        unauthorized(&self.app, &Origin::of(&self.parts, &self.app), &ask, code, message)
    }

    /// The value of a header, if it is text.
    pub fn header(&self, name: impl http::header::AsHeaderName) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// The query, decoded once. What nobody asks for is ignored: mirrors add `ns`, crane `origin`.
    pub fn query(&self) -> impl Iterator<Item = (String, String)> {
        let query = self.parts.uri.query().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes())
            .take(256)
            .map(|(key, value)| (key.into_owned(), value.into_owned()))
    }

    pub fn query_value(&self, key: &str) -> Option<String> {
        self.query().find(|(found, _)| found == key).map(|(_, value)| value)
    }
}

pub fn parse_digest(text: &str) -> Result<Digest, RegistryError> {
    text.parse().map_err(|error: roadstead_types::DigestError| {
        RegistryError::new(ErrorCode::DigestInvalid, error.to_string())
    })
}

/// Tells why credentials did not make a caller.
pub fn refuse_credentials(app: &App, parts: &Parts, error: CallerError) -> RegistryError {
    let origin = Origin::of(parts, app);
    let ask = Ask::default();
    match error {
        CallerError::Malformed => unauthorized(
            app,
            &origin,
            &ask,
            ErrorCode::Unauthorized,
            "the Authorization header cannot be read",
        ),
        CallerError::Token(_) => {
            let ask = ask.because("invalid_token");
            unauthorized(
                app,
                &origin,
                &ask,
                ErrorCode::Unauthorized,
                "the token is not valid; sign in again",
            )
        }
        CallerError::SignIn(error @ (SignInError::Wrong | SignInError::NeedsToken)) => {
            unauthorized(app, &origin, &ask, ErrorCode::Unauthorized, &error.to_string())
        }
        CallerError::SignIn(SignInError::Throttled { retry_after }) => RegistryError::new(
            ErrorCode::TooManyRequests,
            "too many failed sign-ins; wait before the next",
        )
        .retry_after(retry_after.as_secs().max(1)),
        CallerError::SignIn(SignInError::Busy) => {
            RegistryError::new(ErrorCode::TooManyRequests, "too many sign-ins at once; try again")
                .retry_after(2)
        }
        CallerError::SignIn(SignInError::Store(error)) | CallerError::Store(error) => error.into(),
    }
}
