//! Refresh tokens: what `docker login` keeps in place of the password (docker-client, 4.1).
//!
//! One that came from a password is the secret of a session, and ends with it. One that came from an access
//! token ends with that. Both die with the account, and when its epoch moves on.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use roadstead_db::sessions::SessionRecord;
use roadstead_db::tokens::refresh::{self, RefreshTokenRecord};
use roadstead_types::{AccessTokenId, Secret};

use super::secrets::{self, SecretKind};
use super::sessions::SessionKind;
use super::sign_in::SignInError;
use super::throttle::Counters;
use crate::access::{Credential, Identity, RefreshOrigin};
use crate::{Hub, StoreError};

/// Longest client name that is kept, in characters.
const MAX_CLIENT: usize = 100;
/// The last use is noted at most this often.
const LAST_USE_STEP: Duration = Duration::from_secs(3600);
/// What docker's credential helpers keep in place of the user name beside a refresh token.
const NAMELESS: &str = "<token>";

/// What a refresh token came from, as it stands in the database.
enum Behind {
    Session(SessionRecord),
    AccessToken(RefreshTokenRecord),
}

impl Hub {
    /// A refresh token that stands for the credential behind `identity`. `client` is what the
    /// client calls itself.
    pub async fn issue_refresh_token(
        &self,
        identity: &Identity,
        client: &str,
    ) -> Result<Secret, StoreError> {
        match identity.credential.access_token() {
            Some(token) => self.refresh_access_token(identity, token, client).await,
            None => Ok(self.open_session(identity, client, SessionKind::Login).await?.1),
        }
    }

    async fn refresh_access_token(
        &self,
        identity: &Identity,
        access_token_id: AccessTokenId,
        client: &str,
    ) -> Result<Secret, StoreError> {
        let token = secrets::make(SecretKind::RefreshToken);
        let now = self.now();
        let record = RefreshTokenRecord {
            secret_hash: secrets::hash(token.expose()),
            account_id: identity.account,
            access_token_id,
            credentials_epoch: identity.credentials_epoch,
            client: client.chars().filter(|c| !c.is_control()).take(MAX_CLIENT).collect(),
            created_at: now,
            last_used_at: now,
        };
        self.db
            .write(async |tx| refresh::insert(tx, &record).await.map_err(StoreError::from))
            .await?;
        Ok(token)
    }

    /// Signs in with a refresh token. It reaches exactly as far as what it was made from.
    pub async fn redeem_refresh_token(
        &self,
        token: &Secret,
        address: IpAddr,
    ) -> Result<Arc<Identity>, SignInError> {
        let found = match secrets::is_well_formed(SecretKind::RefreshToken, token.expose()) {
            true => self.find_refresh_token(token).await?,
            false => None,
        };
        if let Some((behind, identity)) = found {
            match behind {
                Behind::Session(session) => self.note_login(&session, address).await,
                Behind::AccessToken(record) => self.note_refresh(&record).await,
            }
            return Ok(Arc::new(Identity { address: Some(address), ..identity }));
        }
        let counters = Counters::unknown("", address);
        if let Some(retry_after) = self.tries(&counters).await?.blocked {
            return Err(SignInError::Throttled { retry_after });
        }
        self.note_failure(&counters, false).await?;
        Err(SignInError::Wrong)
    }

    /// Signs in to the API: as [`Hub::sign_in`], or with the refresh token that `docker login` kept.
    pub async fn sign_in_to_api(
        &self,
        user: &str,
        secret: &Secret,
        address: IpAddr,
    ) -> Result<Arc<Identity>, SignInError> {
        if !secret.expose().starts_with(SecretKind::RefreshToken.prefix()) {
            return self.sign_in(user, secret, address).await;
        }
        let identity = self.redeem_refresh_token(secret, address).await?;
        if identity.name.as_str() != user && user != NAMELESS {
            return Err(SignInError::Wrong);
        }
        Ok(identity)
    }

    async fn find_refresh_token(
        &self,
        token: &Secret,
    ) -> Result<Option<(Behind, Identity)>, StoreError> {
        let hash = secrets::hash(token.expose());
        self.db
            .read(async |tx| {
                if let Some((identity, session)) = self.find_login(tx, &hash).await? {
                    return Ok(Some((Behind::Session(session), identity)));
                }
                let Some(record) = refresh::find(tx, &hash).await? else { return Ok(None) };
                let origin = RefreshOrigin::AccessToken(record.access_token_id);
                let credential = Credential::Refresh(origin);
                let identity = self.read_identity(tx, record.account_id, credential).await?;
                let current = identity
                    .filter(|identity| identity.credentials_epoch == record.credentials_epoch);
                Ok(current.map(|identity| (Behind::AccessToken(record), identity)))
            })
            .await
    }

    async fn note_refresh(&self, record: &RefreshTokenRecord) {
        let now = self.now();
        if record.last_used_at.plus(LAST_USE_STEP) > now {
            return;
        }
        let noted =
            self.db.write(async |tx| refresh::touch(tx, &record.secret_hash, now).await).await;
        if let Err(cause) = noted {
            tracing::warn!(%cause, "the last use of a refresh token was not noted");
        }
    }
}
