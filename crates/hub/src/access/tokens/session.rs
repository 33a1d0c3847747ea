//! API tokens: what `POST /v2/users/login` and `/v2/auth/token` hand out (hub-api, 1.2 and 2).
//!
//! A compact JWS with a numeric `exp`, because clients read that. It only says which credential it
//! came from; what that is worth is asked of the database on every use, so a password change, a
//! revoked access token or a disabled account ends it at once.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use roadstead_types::ids::Id;
use roadstead_types::{AccountId, Secret};
use serde::{Deserialize, Serialize};

use super::wire::{Window, WireCredential};
use super::{TokenError, jws, verify};
use crate::access::{Credential, Identity};
use crate::accounts::SignInError;
use crate::{Hub, StoreError};

/// A fresh API token.
#[derive(Clone, Debug)]
pub struct ApiToken {
    pub token: Secret,
    pub expires_in: Duration,
}

#[derive(Serialize, Deserialize)]
struct WireSession {
    iss: String,
    aud: String,
    sub: String,
    acc: i64,
    cred: WireCredential,
    /// Whether a refresh token stood for the credential: it proves less than the password.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    refresh: bool,
    epoch: i64,
    /// The private claim that Docker Hub's clients read the user name from.
    #[serde(rename = "https://hub.docker.com")]
    hub: WireUser,
    #[serde(flatten)]
    window: Window,
}

#[derive(Serialize, Deserialize)]
struct WireUser {
    username: String,
}

impl Hub {
    /// A token for the API that reaches exactly as far as the credential behind `identity`.
    pub fn issue_api_token(
        &self,
        identity: &Identity,
        expires_in: Duration,
    ) -> Result<ApiToken, StoreError> {
        let now = self.now();
        let wire = WireSession {
            iss: self.tokens.service.clone(),
            aud: self.tokens.api_audience(),
            sub: identity.name.to_string(),
            acc: identity.account.raw(),
            cred: WireCredential::new(identity.scope, identity.credential.access_token()),
            refresh: matches!(identity.credential, Credential::Refresh(_)),
            epoch: identity.credentials_epoch,
            hub: WireUser { username: identity.name.to_string() },
            window: Window {
                iat: now.unix_secs(),
                nbf: now.unix_secs(),
                exp: now.plus(expires_in).unix_secs(),
                jti: uuid::Uuid::new_v4().simple().to_string(),
            },
        };
        let token = jws::sign(self.tokens.keys().signing(), &wire).map_err(StoreError::internal)?;
        Ok(ApiToken { token: Secret::new(token), expires_in })
    }

    /// The account behind an API token, if its credential still counts.
    pub async fn verify_api_token(
        &self,
        token: &str,
        address: IpAddr,
    ) -> Result<Arc<Identity>, SignInError> {
        let wire = self.read_session(token).map_err(|cause| {
            tracing::debug!(%cause, "API token refused");
            SignInError::Wrong
        })?;
        let (_, access_token) = wire.cred.read().map_err(|_| SignInError::Wrong)?;
        let credential = match wire.refresh {
            true => Credential::Refresh(access_token),
            false => access_token.map_or(Credential::Password, Credential::AccessToken),
        };
        let account = AccountId::from_raw(wire.acc);
        let identity = self.find_identity(account, credential, wire.epoch).await?;
        let identity = identity.ok_or(SignInError::Wrong)?;
        Ok(Arc::new(Identity { address: Some(address), ..identity }))
    }

    fn read_session(&self, token: &str) -> Result<WireSession, TokenError> {
        let wire: WireSession = jws::open(&self.tokens.keys(), token)?;
        if wire.iss != self.tokens.service || wire.aud != self.tokens.api_audience() {
            return Err(TokenError::OtherService);
        }
        verify::check_window(&wire.window, self.now())?;
        Ok(wire)
    }
}
