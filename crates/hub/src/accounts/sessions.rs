//! Sessions: sign-ins by password. Everything that one leaves with a client (an API token, what
//! `docker login` keeps, a cookie) names its row and is worth nothing without it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use roadstead_db::sessions::{self, SessionRecord};
use roadstead_db::{DbError, Tx, accounts};
use roadstead_types::{AccountId, CredentialScope, Secret, SessionId, Timestamp};
use serde_json::json;

use super::access_tokens::MadeBy;
use super::identity::{identity_of, is_usable};
use super::secrets::{self, SecretKind};
use super::settings_error::AccountError;
use crate::access::{Credential, Identity, RefreshOrigin};
use crate::audit::{Action, Event};
use crate::{Hub, StoreError};

/// Sessions one account may have; the one that was not used for longest makes room.
const MOST: u32 = 1000;
/// A login that was not used for so long is over; the next use asks for the password.
const UNUSED_LOGIN: Duration = Duration::from_secs(400 * 24 * 3600);
/// The same for a browser.
const UNUSED_BROWSER: Duration = Duration::from_secs(30 * 24 * 3600);
/// The last use is noted at most this often.
const LAST_USE_STEP: Duration = Duration::from_secs(60);

/// What a session is kept by, and so how long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// An API token alone: ends with it.
    Token(Duration),
    /// A refresh token: lasts as long as it is used.
    Login,
    /// A cookie: lasts as long as it is used.
    Browser,
}

impl SessionKind {
    const fn secret(self) -> SecretKind {
        match self {
            Self::Login => SecretKind::RefreshToken,
            // Nobody is given the secret of a token's session.
            Self::Token(_) | Self::Browser => SecretKind::Session,
        }
    }

    const fn lasts(self) -> Duration {
        match self {
            Self::Token(life) => life,
            Self::Login => UNUSED_LOGIN,
            Self::Browser => UNUSED_BROWSER,
        }
    }
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub uuid: uuid::Uuid,
    pub client: String,
    /// Where it was last used from.
    pub address: String,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

impl Hub {
    /// Begins a session for somebody who has just proved the password, and the second factor where there
    /// is one. The secret resolves it again, where the kind has one to give.
    pub async fn open_session(
        &self,
        who: &Identity,
        client: &str,
        kind: SessionKind,
    ) -> Result<(Arc<Identity>, Secret), StoreError> {
        let secret = secrets::make(kind.secret());
        let (id, now) = (self.new_id(), self.now());
        let by = MadeBy { address: who.address, agent: client.to_owned() };
        let record = SessionRecord {
            id,
            uuid: uuid::Uuid::new_v4().simple().to_string(),
            account_id: who.account,
            credentials_epoch: who.credentials_epoch,
            client: by.written_agent(),
            address: by.written_address(),
            created_at: now,
            last_used_at: now,
            expires_at: now.plus(kind.lasts()),
            proved_at: now,
        };
        let hash = secrets::hash(secret.expose());
        self.db
            .write(async |tx| {
                sessions::insert(tx, &record, &hash).await?;
                sessions::trim(tx, who.account, MOST).await
            })
            .await?;
        let identity = Identity { credential: Credential::Session(id), ..who.clone() };
        Ok((Arc::new(identity), secret))
    }

    /// Who keeps the cookie of a browser's session, if it still counts.
    pub async fn resolve_session(
        &self,
        secret: &Secret,
        address: IpAddr,
    ) -> Result<Option<Arc<Identity>>, StoreError> {
        if !secrets::is_well_formed(SecretKind::Session, secret.expose()) {
            return Ok(None);
        }
        let hash = secrets::hash(secret.expose());
        let found = self
            .db
            .read(async |tx| {
                let Some(session) = sessions::find_by_secret(tx, &hash).await? else {
                    return Ok(None);
                };
                self.check_session(tx, session, Credential::Session).await
            })
            .await?;
        let Some((identity, session)) = found else { return Ok(None) };
        self.note_session(&session, address, Some(UNUSED_BROWSER)).await;
        Ok(Some(Arc::new(Identity { address: Some(address), ..identity })))
    }

    /// The session of a refresh token.
    pub(super) async fn find_login(
        &self,
        tx: &mut Tx<'_>,
        hash: &[u8; 32],
    ) -> Result<Option<(Identity, SessionRecord)>, StoreError> {
        let Some(session) = sessions::find_by_secret(tx, hash).await? else { return Ok(None) };
        let credential = |id| Credential::Refresh(RefreshOrigin::Session(id));
        self.check_session(tx, session, credential).await
    }

    pub(super) async fn note_login(&self, session: &SessionRecord, address: IpAddr) {
        self.note_session(session, address, Some(UNUSED_LOGIN)).await;
    }

    /// The identity behind an API token of a session.
    pub(crate) async fn use_session(
        &self,
        id: SessionId,
        credential: Credential,
        address: IpAddr,
    ) -> Result<Option<Identity>, StoreError> {
        let found = self
            .db
            .read(async |tx| {
                let Some(session) = sessions::find(tx, id).await? else { return Ok(None) };
                self.check_session(tx, session, |_| credential).await
            })
            .await?;
        let Some((identity, session)) = found else { return Ok(None) };
        self.note_session(&session, address, None).await;
        Ok(Some(identity))
    }

    /// A session counts while it has not expired, its account is usable, and the account's epoch is
    /// the one it began in.
    async fn check_session(
        &self,
        tx: &mut Tx<'_>,
        session: SessionRecord,
        credential: impl FnOnce(SessionId) -> Credential,
    ) -> Result<Option<(Identity, SessionRecord)>, StoreError> {
        let account = accounts::find_by_id(tx, session.account_id).await?;
        let account = account.filter(|account| {
            is_usable(account)
                && account.credentials_epoch == session.credentials_epoch
                && self.now() < session.expires_at
        });
        Ok(account.map(|account| {
            let credential = credential(session.id);
            (identity_of(&account, credential, CredentialScope::Admin), session)
        }))
    }

    /// What it was used for is done, even if the time cannot be written down.
    async fn note_session(
        &self,
        session: &SessionRecord,
        address: IpAddr,
        lasts: Option<Duration>,
    ) {
        let now = self.now();
        if session.last_used_at.plus(LAST_USE_STEP) > now {
            return;
        }
        let ends = lasts.map_or(session.expires_at, |lasts| now.plus(lasts));
        let (id, address) = (session.id, address.to_canonical().to_string());
        let noted = self.db.write(async |tx| sessions::touch(tx, id, now, &address, ends).await);
        if let Err(cause) = noted.await {
            tracing::warn!(%cause, "the last use of a session was not noted");
        }
    }

    /// The account's sessions, the last used first, and how many there are.
    pub async fn list_sessions(
        &self,
        who: &Identity,
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<Session>, u64), AccountError> {
        who.needs_sign_in()?;
        let now = self.now();
        let (rows, total) = self
            .db
            .read(async |tx| sessions::list(tx, who.account, now, offset, limit).await)
            .await?;
        let current = who.credential.session();
        let rows = rows.into_iter().map(|row| read(row, current)).collect::<Result<_, _>>()?;
        Ok((rows, total))
    }

    /// Ends one of the account's sessions: what it left with a client is worth nothing at once.
    pub async fn end_session(&self, who: &Identity, uuid: uuid::Uuid) -> Result<(), AccountError> {
        who.needs_sign_in()?;
        let uuid = uuid.simple().to_string();
        self.db
            .write(async |tx| {
                if !sessions::delete(tx, who.account, &uuid).await? {
                    return Err(AccountError::NoSuchSession);
                }
                let event = Event::of(Action::SessionRevoke, &who.name).in_namespace(who.account);
                Ok(self.record(tx, who, event.before(json!({ "id": uuid }))).await?)
            })
            .await
    }

    /// Ends all sessions of the account but the one that asks.
    pub async fn end_other_sessions(&self, who: &Identity) -> Result<u64, AccountError> {
        who.needs_sign_in()?;
        self.db
            .write(async |tx| {
                let kept = who.credential.session();
                let ended = sessions::delete_others(tx, who.account, kept).await?;
                let event = Event::of(Action::SessionRevoke, &who.name).in_namespace(who.account);
                self.record(tx, who, event.before(json!({ "sessions": ended }))).await?;
                Ok(ended)
            })
            .await
    }

    /// Ends the session that asks, if it is one.
    pub async fn log_out(&self, who: &Identity) -> Result<(), StoreError> {
        let Some(id) = who.credential.session() else { return Ok(()) };
        self.db
            .write(async |tx| {
                if let Some(session) = sessions::find(tx, id).await? {
                    sessions::delete(tx, who.account, &session.uuid).await?;
                }
                Ok(())
            })
            .await
    }

    /// Makes everything void that sign-ins by password have left with clients.
    pub(super) async fn sign_out(
        &self,
        tx: &mut Tx<'_>,
        account: AccountId,
    ) -> Result<(), DbError> {
        accounts::sign_out(tx, account).await?;
        sessions::delete_others(tx, account, None).await?;
        Ok(())
    }
}

fn read(record: SessionRecord, current: Option<SessionId>) -> Result<Session, StoreError> {
    Ok(Session {
        uuid: record.uuid.parse().map_err(StoreError::internal)?,
        is_current: current == Some(record.id),
        client: record.client,
        address: record.address,
        created_at: record.created_at,
        last_used_at: record.last_used_at,
        expires_at: record.expires_at,
    })
}
