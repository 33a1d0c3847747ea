//! Sessions: sign-ins by password, each to be listed and ended by itself. Of their secrets only the
//! SHA-256 is stored.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, SessionId};

use crate::sql::record;
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    pub id: SessionId,
    /// 32 hex digits; what its owner calls it by.
    pub uuid: String,
    pub account_id: AccountId,
    /// The account's epoch when it began; it is void once that has moved on.
    pub credentials_epoch: i64,
    /// What the client called itself.
    pub client: String,
    /// Where it was last used from.
    pub address: String,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    pub expires_at: Timestamp,
    /// When whoever keeps it last proved the password.
    pub proved_at: Timestamp,
}

record!(SessionRecord {
    id,
    uuid,
    account_id,
    credentials_epoch,
    client,
    address,
    created_at,
    last_used_at,
    expires_at,
    proved_at,
});

macro_rules! session_columns {
    () => {
        "id, uuid, account_id, credentials_epoch, client, address, created_at, last_used_at, \
         expires_at, proved_at"
    };
}

pub async fn insert(
    tx: &mut Tx<'_>,
    new: &SessionRecord,
    secret_hash: &[u8; 32],
) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO sessions (id, uuid, account_id, credentials_epoch, client, address, \
         created_at, last_used_at, expires_at, proved_at, secret_hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(new.id)
    .bind(&new.uuid)
    .bind(new.account_id)
    .bind(new.credentials_epoch)
    .bind(&new.client)
    .bind(&new.address)
    .bind(new.created_at)
    .bind(new.last_used_at)
    .bind(new.expires_at)
    .bind(new.proved_at)
    .bind(secret_hash)
    .run()
    .await?;
    Ok(())
}

/// Ends those that were not used for longest, beyond so many of an account.
pub async fn trim(tx: &mut Tx<'_>, account: AccountId, most: u32) -> Result<u64, DbError> {
    tx.sql(
        "DELETE FROM sessions WHERE account_id = $1 AND last_used_at <= (SELECT last_used_at \
         FROM sessions WHERE account_id = $1 ORDER BY last_used_at DESC LIMIT 1 OFFSET $2)",
    )
    .bind(account)
    .bind(i64::from(most))
    .run()
    .await
}

pub async fn find(tx: &mut Tx<'_>, id: SessionId) -> Result<Option<SessionRecord>, DbError> {
    tx.sql(concat!("SELECT ", session_columns!(), " FROM sessions WHERE id = $1"))
        .bind(id)
        .row()
        .await
}

pub async fn find_by_secret(
    tx: &mut Tx<'_>,
    secret_hash: &[u8; 32],
) -> Result<Option<SessionRecord>, DbError> {
    tx.sql(concat!("SELECT ", session_columns!(), " FROM sessions WHERE secret_hash = $1"))
        .bind(secret_hash)
        .row()
        .await
}

/// A page of somebody's sessions, the last used first, and how many there are.
pub async fn list(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
    offset: u64,
    limit: u32,
) -> Result<(Vec<SessionRecord>, u64), DbError> {
    let rows = tx
        .sql(concat!(
            "SELECT ",
            session_columns!(),
            " FROM sessions WHERE account_id = $1 AND expires_at > $2 \
             ORDER BY last_used_at DESC, id DESC LIMIT $3 OFFSET $4"
        ))
        .bind(account)
        .bind(now)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql("SELECT COUNT(*) FROM sessions WHERE account_id = $1 AND expires_at > $2")
        .bind(account)
        .bind(now)
        .one()
        .await?;
    Ok((rows, total))
}

/// Notes a use, and when the session ends from now on.
pub async fn touch(
    tx: &mut Tx<'_>,
    id: SessionId,
    now: Timestamp,
    address: &str,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    tx.sql("UPDATE sessions SET last_used_at = $2, address = $3, expires_at = $4 WHERE id = $1")
        .bind(id)
        .bind(now)
        .bind(address)
        .bind(expires_at)
        .run()
        .await?;
    Ok(())
}

/// Notes that whoever keeps the session has proved the password again.
pub async fn prove(tx: &mut Tx<'_>, id: SessionId, now: Timestamp) -> Result<(), DbError> {
    tx.sql("UPDATE sessions SET proved_at = $2 WHERE id = $1").bind(id).bind(now).run().await?;
    Ok(())
}

/// Ends one of somebody's sessions.
pub async fn delete(tx: &mut Tx<'_>, account: AccountId, uuid: &str) -> Result<bool, DbError> {
    let ended = tx
        .sql("DELETE FROM sessions WHERE account_id = $1 AND uuid = $2")
        .bind(account)
        .bind(uuid)
        .run()
        .await?;
    Ok(ended == 1)
}

/// Ends all of somebody's sessions but `kept`. Returns how many.
pub async fn delete_others(
    tx: &mut Tx<'_>,
    account: AccountId,
    kept: Option<SessionId>,
) -> Result<u64, DbError> {
    tx.sql("DELETE FROM sessions WHERE account_id = $1 AND ($2 IS NULL OR id <> $2)")
        .bind(account)
        .bind(kept)
        .run()
        .await
}

/// Removes those that have expired.
pub async fn purge(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, DbError> {
    tx.sql("DELETE FROM sessions WHERE expires_at <= $1").bind(now).run().await
}
