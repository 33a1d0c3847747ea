//! API tokens: what `POST /v2/users/login` and `/v2/auth/token` hand out (hub-api, 1.2 and 2).
//!
//! A compact JWS with a numeric `exp`, because clients read that. It only says which credential it
//! came from; what that is worth is asked of the database on every use, so a password change, a
//! revoked access token or a disabled account ends it at once.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use roadstead_types::ids::Id;
use roadstead_types::{AccountId, Secret, SessionId};
use serde::{Deserialize, Serialize};

use super::wire::{Window, WireCredential};
use super::{TokenError, jws, verify};
use crate::access::{Credential, Identity, RefreshOrigin};
use crate::accounts::{SessionKind, SignInError};
use crate::{Hub, StoreError};

/// What somebody who signs in is given.
#[derive(Clone, Debug)]
pub struct ApiLogin {
    pub token: Secret,
    /// For another token, later.
    pub refresh: Option<Secret>,
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
    /// The session of a sign-in by password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<i64>,
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
    /// What a sign-in to the API leaves with a client. A sign-in by password begins a session; anything
    /// else goes on ending with what it came from. `to_keep` asks for a refresh token, too.
    pub async fn log_in_to_api(
        &self,
        identity: &Identity,
        client: &str,
        expires_in: Duration,
        to_keep: bool,
    ) -> Result<ApiLogin, StoreError> {
        let kind = if to_keep { SessionKind::Login } else { SessionKind::Token(expires_in) };
        match identity.credential {
            Credential::Password => {
                let (session, secret) = self.open_session(identity, client, kind).await?;
                let token = self.issue_api_token(&session, expires_in)?;
                Ok(ApiLogin { token, refresh: to_keep.then_some(secret) })
            }
            Credential::AccessToken(_) if to_keep => {
                let refresh = Some(self.issue_refresh_token(identity, client).await?);
                Ok(ApiLogin { token: self.issue_api_token(identity, expires_in)?, refresh })
            }
            Credential::AccessToken(_) | Credential::Session(_) | Credential::Refresh(_) => {
                let token = self.issue_api_token(identity, expires_in)?;
                Ok(ApiLogin { token, refresh: None })
            }
        }
    }

    /// A token for the API that reaches exactly as far as the credential behind `identity`.
    fn issue_api_token(
        &self,
        identity: &Identity,
        expires_in: Duration,
    ) -> Result<Secret, StoreError> {
        let now = self.now();
        let wire = WireSession {
            iss: self.tokens.service.clone(),
            aud: self.tokens.api_audience(),
            sub: identity.name.to_string(),
            acc: identity.account.raw(),
            cred: WireCredential::new(identity.scope, identity.credential.access_token()),
            refresh: matches!(identity.credential, Credential::Refresh(_)),
            sid: identity.credential.session().map(Id::raw),
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
        Ok(Secret::new(token))
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
        let identity = match (wire.sid.map(SessionId::from_raw), access_token) {
            (Some(id), None) => {
                let origin = Credential::Refresh(RefreshOrigin::Session(id));
                let credential = if wire.refresh { origin } else { Credential::Session(id) };
                self.use_session(id, credential, address).await?
            }
            (None, Some(id)) => {
                let origin = Credential::Refresh(RefreshOrigin::AccessToken(id));
                let credential = if wire.refresh { origin } else { Credential::AccessToken(id) };
                self.find_identity(AccountId::from_raw(wire.acc), credential, wire.epoch).await?
            }
            _ => None,
        };
        let identity = identity.ok_or(SignInError::Wrong)?;
        Ok(Arc::new(Identity { address: Some(address), ..identity }))
    }

    /// The account that an API token was made for, whatever became of its credential since: for counting,
    /// never for deciding.
    pub fn account_of_api_token(&self, token: &str) -> Option<AccountId> {
        self.read_session(token).ok().map(|wire| AccountId::from_raw(wire.acc))
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
