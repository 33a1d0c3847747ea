//! Personal access tokens, and the refresh tokens that `docker login` keeps. Of every secret only the
//! SHA-256 is stored.

pub mod refresh;

use roadstead_types::time::Timestamp;
use roadstead_types::{AccessTokenId, AccountId, CredentialScope};

use crate::accounts::{AccountRecord, account_columns};
use crate::sql::{Cells, FromRow, record};
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessTokenRecord {
    pub id: AccessTokenId,
    /// 32 hex digits; what clients call the id.
    pub uuid: String,
    pub account_id: AccountId,
    pub label: String,
    pub scope: CredentialScope,
    pub is_active: bool,
    pub created_at: Timestamp,
    pub creator_address: String,
    pub creator_agent: String,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub last_used_address: Option<String>,
    /// JSON: which repositories it is limited to; all without.
    pub repositories: Option<String>,
    /// JSON: which actions it is limited to; all of its scope without.
    pub actions: Option<String>,
    pub description: String,
    /// Who made it, where that is not the account: tokens of organizations.
    pub created_by: Option<AccountId>,
}

record!(AccessTokenRecord {
    id,
    uuid,
    account_id,
    label,
    scope,
    is_active,
    created_at,
    creator_address,
    creator_agent,
    expires_at,
    last_used_at,
    last_used_address,
    repositories,
    actions,
    description,
    created_by,
});

macro_rules! token_columns {
    () => {
        "t.id, t.uuid, t.account_id, t.label, t.scope, t.is_active, t.created_at, \
         t.creator_address, t.creator_agent, t.expires_at, t.last_used_at, t.last_used_address, \
         t.repositories, t.actions, t.description, t.created_by"
    };
}

#[derive(Clone, Debug)]
pub struct NewAccessToken {
    pub id: AccessTokenId,
    pub uuid: String,
    pub account_id: AccountId,
    pub secret_hash: [u8; 32],
    pub label: String,
    pub scope: CredentialScope,
    pub created_at: Timestamp,
    pub creator_address: String,
    pub creator_agent: String,
    pub expires_at: Option<Timestamp>,
    pub repositories: Option<String>,
    pub actions: Option<String>,
    pub description: String,
    pub created_by: Option<AccountId>,
}

/// A page of somebody's tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenPage {
    pub tokens: Vec<AccessTokenRecord>,
    pub total: u64,
    pub active: u64,
}

struct TokenOfAccount(AccessTokenRecord, AccountRecord);

impl FromRow for TokenOfAccount {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, DbError> {
        Ok(Self(FromRow::from_row(cells)?, FromRow::from_row(cells)?))
    }
}

pub async fn insert(tx: &mut Tx<'_>, new: &NewAccessToken) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO access_tokens (id, uuid, account_id, secret_hash, label, scope, is_active, \
         created_at, creator_address, creator_agent, expires_at, repositories, actions, \
         description, created_by) \
         VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(new.id)
    .bind(&new.uuid)
    .bind(new.account_id)
    .bind(new.secret_hash)
    .bind(&new.label)
    .bind(new.scope)
    .bind(new.created_at)
    .bind(&new.creator_address)
    .bind(&new.creator_agent)
    .bind(new.expires_at)
    .bind(new.repositories.clone())
    .bind(new.actions.clone())
    .bind(&new.description)
    .bind(new.created_by)
    .run()
    .await?;
    Ok(())
}

/// The token with this secret and whose it is, whether or not either may still be used.
pub async fn find_by_secret(
    tx: &mut Tx<'_>,
    secret_hash: &[u8; 32],
) -> Result<Option<(AccessTokenRecord, AccountRecord)>, DbError> {
    let row: Option<TokenOfAccount> = tx
        .sql(concat!(
            "SELECT ",
            token_columns!(),
            ", ",
            account_columns!(),
            " FROM access_tokens t JOIN accounts a ON a.id = t.account_id \
             WHERE t.secret_hash = $1"
        ))
        .bind(secret_hash)
        .row()
        .await?;
    Ok(row.map(|TokenOfAccount(token, account)| (token, account)))
}

pub async fn find_by_id(
    tx: &mut Tx<'_>,
    id: AccessTokenId,
) -> Result<Option<AccessTokenRecord>, DbError> {
    tx.sql(concat!("SELECT ", token_columns!(), " FROM access_tokens t WHERE t.id = $1"))
        .bind(id)
        .row()
        .await
}

pub async fn find_by_uuid(
    tx: &mut Tx<'_>,
    account: AccountId,
    uuid: &str,
) -> Result<Option<AccessTokenRecord>, DbError> {
    tx.sql(concat!(
        "SELECT ",
        token_columns!(),
        " FROM access_tokens t WHERE t.account_id = $1 AND t.uuid = $2"
    ))
    .bind(account)
    .bind(uuid)
    .row()
    .await
}

/// Somebody's tokens, newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    account: AccountId,
    offset: u64,
    limit: u32,
) -> Result<TokenPage, DbError> {
    let tokens = tx
        .sql(concat!(
            "SELECT ",
            token_columns!(),
            " FROM access_tokens t WHERE t.account_id = $1 ORDER BY t.id DESC LIMIT $2 OFFSET $3"
        ))
        .bind(account)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total, active) = tx
        .sql(
            "SELECT COUNT(*), COUNT(CASE WHEN is_active = TRUE THEN 1 END) FROM access_tokens \
             WHERE account_id = $1",
        )
        .bind(account)
        .one()
        .await?;
    Ok(TokenPage { tokens, total, active })
}

pub async fn set_active(
    tx: &mut Tx<'_>,
    id: AccessTokenId,
    is_active: bool,
) -> Result<bool, DbError> {
    let changed = tx
        .sql("UPDATE access_tokens SET is_active = $2 WHERE id = $1")
        .bind(id)
        .bind(is_active)
        .run()
        .await?;
    Ok(changed == 1)
}

pub async fn set_label(tx: &mut Tx<'_>, id: AccessTokenId, label: &str) -> Result<bool, DbError> {
    let changed = tx
        .sql("UPDATE access_tokens SET label = $2 WHERE id = $1")
        .bind(id)
        .bind(label)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Limits a token, describes it.
pub async fn set_limits(
    tx: &mut Tx<'_>,
    id: AccessTokenId,
    repositories: Option<String>,
    description: &str,
) -> Result<bool, DbError> {
    let changed = tx
        .sql("UPDATE access_tokens SET repositories = $2, description = $3 WHERE id = $1")
        .bind(id)
        .bind(repositories)
        .bind(description)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Revokes a token, and the refresh tokens that were made from it.
pub async fn delete(tx: &mut Tx<'_>, id: AccessTokenId) -> Result<bool, DbError> {
    Ok(tx.sql("DELETE FROM access_tokens WHERE id = $1").bind(id).run().await? == 1)
}

/// Notes a use.
pub async fn touch(
    tx: &mut Tx<'_>,
    id: AccessTokenId,
    now: Timestamp,
    address: &str,
) -> Result<(), DbError> {
    tx.sql("UPDATE access_tokens SET last_used_at = $2, last_used_address = $3 WHERE id = $1")
        .bind(id)
        .bind(now)
        .bind(address)
        .run()
        .await?;
    Ok(())
}
