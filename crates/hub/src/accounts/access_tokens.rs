//! Personal access tokens: credentials of smaller reach that can be revoked one by one.

use std::net::IpAddr;

use roadstead_db::accounts::{self, AccountRecord};
use roadstead_db::tokens::{self, AccessTokenRecord};
use roadstead_db::{DbError, Tx};
use roadstead_types::{AccessTokenId, AccountName, CredentialScope, Secret, Timestamp};
use serde_json::{Value, json};

use super::letters::LetterOrder;
use super::secrets::{self, SecretKind};
use crate::access::{Identity, Limits};
use crate::audit::{Action, Actor, Event};
use crate::{Hub, StoreError};

const MAX_LABEL: usize = 100;
const MAX_AGENT: usize = 250;
/// Tokens one account may hold.
const MAX_TOKENS: u64 = 1000;

/// A token as it is listed: everything but the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    pub id: AccessTokenId,
    pub uuid: uuid::Uuid,
    pub label: String,
    pub scope: CredentialScope,
    pub limits: Limits,
    pub is_active: bool,
    pub created_at: Timestamp,
    pub creator_address: String,
    pub creator_agent: String,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub last_used_address: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct NewAccessToken {
    pub label: String,
    pub scope: CredentialScope,
    pub limits: Limits,
    pub expires_at: Option<Timestamp>,
}

/// Who made it, as far as a request tells.
#[derive(Clone, Debug)]
pub struct MadeBy {
    pub address: Option<IpAddr>,
    pub agent: String,
}

impl MadeBy {
    pub(super) fn written_address(&self) -> String {
        self.address.map_or_else(String::new, |address| address.to_canonical().to_string())
    }

    pub(super) fn written_agent(&self) -> String {
        self.agent.chars().filter(|c| !c.is_control()).take(MAX_AGENT).collect()
    }
}

/// What changes; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AccessTokenChange {
    pub label: Option<String>,
    pub is_active: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessTokenPage {
    pub tokens: Vec<AccessToken>,
    pub total: u64,
    pub active: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum AccessTokenError {
    #[error("no such access token")]
    NotFound,
    #[error("an access token cannot manage access tokens; sign in with the password")]
    NeedsPassword,
    #[error("verify the e-mail address first; then access tokens can be made")]
    Unverified,
    #[error("an account may have {MAX_TOKENS} access tokens; delete some first")]
    TooMany,
    #[error("a token's label has 1 to {MAX_LABEL} characters")]
    Label,
    #[error("the token would expire in the past")]
    Expiry,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for AccessTokenError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl Hub {
    /// Makes a token; its secret is shown this once.
    pub async fn create_access_token(
        &self,
        who: &Identity,
        new: NewAccessToken,
        by: MadeBy,
    ) -> Result<(AccessToken, Secret), AccessTokenError> {
        needs_password(who)?;
        if !who.is_verified {
            return Err(AccessTokenError::Unverified);
        }
        let owner = self.db.read(async |tx| accounts::find_by_id(tx, who.account).await).await?;
        let owner = owner.ok_or(AccessTokenError::NotFound)?;
        self.insert_access_token(who, &owner, new, by).await
    }

    pub(super) async fn insert_access_token(
        &self,
        actor: impl Into<Actor>,
        owner: &AccountRecord,
        new: NewAccessToken,
        by: MadeBy,
    ) -> Result<(AccessToken, Secret), AccessTokenError> {
        let label = check_label(&new.label)?;
        let now = self.now();
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(AccessTokenError::Expiry);
        }
        let secret = secrets::make(SecretKind::AccessToken);
        let (repositories, actions) = new.limits.stored();
        let row = tokens::NewAccessToken {
            id: self.new_id(),
            uuid: uuid::Uuid::new_v4().simple().to_string(),
            account_id: owner.id,
            secret_hash: secrets::hash(secret.expose()),
            label,
            scope: new.scope,
            created_at: now,
            creator_address: by.written_address(),
            creator_agent: by.written_agent(),
            expires_at: new.expires_at,
            repositories,
            actions,
            description: String::new(),
            created_by: None,
        };
        let notice = LetterOrder::token_created(owner.id, &row.label, row.scope, now);
        let made = self
            .db
            .write(async |tx| {
                if tokens::list(tx, owner.id, 0, 1).await?.total >= MAX_TOKENS {
                    return Err(AccessTokenError::TooMany);
                }
                tokens::insert(tx, &row).await?;
                self.enqueue(tx, &notice).await?;
                let made = tokens::find_by_id(tx, row.id).await?;
                let made = made.ok_or(AccessTokenError::NotFound)?;
                let event = event(Action::TokenCreate, &owner.name, &made).after(told(&made));
                self.record(tx, actor, event).await?;
                Ok(made)
            })
            .await?;
        Ok((read(made)?, secret))
    }

    /// The account's tokens, newest first.
    pub async fn list_access_tokens(
        &self,
        who: &Identity,
        offset: u64,
        limit: u32,
    ) -> Result<AccessTokenPage, AccessTokenError> {
        needs_password(who)?;
        let page =
            self.db.read(async |tx| tokens::list(tx, who.account, offset, limit).await).await?;
        let rows = page.tokens.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(AccessTokenPage { tokens: rows, total: page.total, active: page.active })
    }

    pub async fn find_access_token(
        &self,
        who: &Identity,
        uuid: uuid::Uuid,
    ) -> Result<AccessToken, AccessTokenError> {
        needs_password(who)?;
        let found = self.db.read(async |tx| find_own(tx, who, uuid).await).await?;
        Ok(read(found)?)
    }

    /// Renames, switches off or on. A token that is off stays listed and can come back.
    pub async fn change_access_token(
        &self,
        who: &Identity,
        uuid: uuid::Uuid,
        change: AccessTokenChange,
    ) -> Result<AccessToken, AccessTokenError> {
        needs_password(who)?;
        let label = change.label.as_deref().map(check_label).transpose()?;
        let changed = self
            .db
            .write(async |tx| {
                let token = find_own(tx, who, uuid).await?;
                if let Some(label) = &label {
                    tokens::set_label(tx, token.id, label).await?;
                }
                if let Some(is_active) = change.is_active {
                    tokens::set_active(tx, token.id, is_active).await?;
                }
                let changed = find_own(tx, who, uuid).await?;
                let event = event(Action::TokenUpdate, &who.name, &changed);
                self.record(tx, who, event.before(told(&token)).after(told(&changed))).await?;
                Ok::<_, AccessTokenError>(changed)
            })
            .await?;
        Ok(read(changed)?)
    }

    /// Revokes a token, and with it every sign-in that came from it.
    pub async fn delete_access_token(
        &self,
        who: &Identity,
        uuid: uuid::Uuid,
    ) -> Result<(), AccessTokenError> {
        needs_password(who)?;
        self.db
            .write(async |tx| {
                let token = find_own(tx, who, uuid).await?;
                tokens::delete(tx, token.id).await?;
                let event = event(Action::TokenDelete, &who.name, &token).before(told(&token));
                self.record(tx, who, event).await?;
                Ok(())
            })
            .await
    }
}

/// Otherwise a stolen token of small reach could make itself a large one.
pub(super) fn needs_password(who: &Identity) -> Result<(), AccessTokenError> {
    match who.credential.is_by_password() {
        true => Ok(()),
        false => Err(AccessTokenError::NeedsPassword),
    }
}

pub(super) fn check_label(label: &str) -> Result<String, AccessTokenError> {
    let label = label.trim();
    let length = label.chars().take(MAX_LABEL + 1).count();
    if !(1..=MAX_LABEL).contains(&length) || label.chars().any(char::is_control) {
        return Err(AccessTokenError::Label);
    }
    Ok(label.to_owned())
}

async fn find_own(
    tx: &mut Tx<'_>,
    who: &Identity,
    uuid: uuid::Uuid,
) -> Result<AccessTokenRecord, AccessTokenError> {
    let uuid = uuid.simple().to_string();
    tokens::find_by_uuid(tx, who.account, &uuid).await?.ok_or(AccessTokenError::NotFound)
}

/// A change of a token, for the audit log.
pub(super) fn event(action: Action, owner: &AccountName, token: &AccessTokenRecord) -> Event {
    Event::of(action, owner).in_namespace(token.account_id)
}

/// What the audit log keeps of a token.
pub(super) fn told(token: &AccessTokenRecord) -> Value {
    json!({
        "id": token.uuid,
        "label": token.label,
        "scope": token.scope.word(),
        "repositories": token.repositories,
        "actions": token.actions,
        "is_active": token.is_active,
    })
}

pub(super) fn read(record: AccessTokenRecord) -> Result<AccessToken, StoreError> {
    Ok(AccessToken {
        id: record.id,
        uuid: record.uuid.parse().map_err(StoreError::internal)?,
        limits: Limits::read(record.repositories.as_deref(), record.actions.as_deref()),
        label: record.label,
        scope: record.scope,
        is_active: record.is_active,
        created_at: record.created_at,
        creator_address: record.creator_address,
        creator_agent: record.creator_agent,
        expires_at: record.expires_at,
        last_used_at: record.last_used_at,
        last_used_address: record.last_used_address,
    })
}
