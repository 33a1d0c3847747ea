//! Refresh tokens: what `docker login` keeps in place of an access token. In place of a password it keeps
//! a session (`sessions`).

use roadstead_types::time::Timestamp;
use roadstead_types::{AccessTokenId, AccountId};

use crate::sql::record;
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshTokenRecord {
    pub secret_hash: [u8; 32],
    pub account_id: AccountId,
    /// The access token it was made from.
    pub access_token_id: AccessTokenId,
    /// The account's epoch when it was made; it is void once that has moved on.
    pub credentials_epoch: i64,
    pub client: String,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
}

record!(RefreshTokenRecord {
    secret_hash,
    account_id,
    access_token_id,
    credentials_epoch,
    client,
    created_at,
    last_used_at,
});

pub async fn insert(tx: &mut Tx<'_>, new: &RefreshTokenRecord) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO refresh_tokens (secret_hash, account_id, access_token_id, credentials_epoch, \
         client, created_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.secret_hash)
    .bind(new.account_id)
    .bind(new.access_token_id)
    .bind(new.credentials_epoch)
    .bind(&new.client)
    .bind(new.created_at)
    .bind(new.last_used_at)
    .run()
    .await?;
    Ok(())
}

pub async fn find(
    tx: &mut Tx<'_>,
    secret_hash: &[u8; 32],
) -> Result<Option<RefreshTokenRecord>, DbError> {
    tx.sql(
        "SELECT secret_hash, account_id, access_token_id, credentials_epoch, client, created_at, \
         last_used_at FROM refresh_tokens WHERE secret_hash = $1",
    )
    .bind(secret_hash)
    .row()
    .await
}

/// Notes a use.
pub async fn touch(tx: &mut Tx<'_>, secret_hash: &[u8; 32], now: Timestamp) -> Result<(), DbError> {
    tx.sql("UPDATE refresh_tokens SET last_used_at = $2 WHERE secret_hash = $1")
        .bind(secret_hash)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx<'_>, secret_hash: &[u8; 32]) -> Result<bool, DbError> {
    let removed =
        tx.sql("DELETE FROM refresh_tokens WHERE secret_hash = $1").bind(secret_hash).run().await?;
    Ok(removed == 1)
}

/// Forgets those that were last used before `before`.
pub async fn delete_unused_since(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.sql("DELETE FROM refresh_tokens WHERE last_used_at < $1").bind(before).run().await
}
