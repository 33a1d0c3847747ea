//! Digests that are served and accepted nowhere.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, AccountName, Digest};

use crate::sql::record;
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakedownRecord {
    pub digest: Digest,
    pub reason: String,
    /// `None` when the operator did it.
    pub blocked_by: Option<AccountName>,
    pub created_at: Timestamp,
}

record!(TakedownRecord { digest, reason, blocked_by, created_at });

/// Takes a digest down; `false` when it is already.
pub async fn insert(
    tx: &mut Tx<'_>,
    digest: &Digest,
    reason: &str,
    blocked_by: Option<AccountId>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let inserted = tx
        .sql(
            "INSERT INTO blocked_digests (digest, reason, blocked_by, created_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO NOTHING",
        )
        .bind(digest)
        .bind(reason)
        .bind(blocked_by)
        .bind(now)
        .run()
        .await?;
    Ok(inserted == 1)
}

/// Allows a digest again and returns why it was taken down.
pub async fn delete(tx: &mut Tx<'_>, digest: &Digest) -> Result<Option<String>, DbError> {
    let row: Option<(String,)> = tx
        .sql("DELETE FROM blocked_digests WHERE digest = $1 RETURNING reason")
        .bind(digest)
        .row()
        .await?;
    Ok(row.map(|(reason,)| reason))
}

pub async fn count(tx: &mut Tx<'_>) -> Result<u64, DbError> {
    let (count,) = tx.sql("SELECT COUNT(*) FROM blocked_digests").one().await?;
    Ok(count)
}

/// A page, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    offset: u64,
    limit: u32,
) -> Result<Vec<TakedownRecord>, DbError> {
    tx.sql(
        "SELECT b.digest, b.reason, a.name, b.created_at FROM blocked_digests b \
         LEFT JOIN accounts a ON a.id = b.blocked_by \
         ORDER BY b.created_at DESC, b.digest LIMIT $1 OFFSET $2",
    )
    .bind(i64::from(limit))
    .bind(offset)
    .rows()
    .await
}

/// All of them with their reasons, in no order.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<(Digest, String)>, DbError> {
    tx.sql("SELECT digest, reason FROM blocked_digests").patient().rows().await
}
