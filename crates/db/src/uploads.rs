//! Upload sessions and the lease that lets one request at a time append.

use std::collections::HashSet;

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, RepositoryId, UploadId};

use crate::sql::{in_list, padded, record};
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRecord {
    pub id: UploadId,
    pub repository_id: RepositoryId,
    pub account_id: AccountId,
    /// Bytes acknowledged.
    pub offset: u64,
    /// The running hash over them, as the store keeps it.
    pub hash: Vec<u8>,
    /// What the store needs to go on.
    pub staged: Vec<u8>,
    /// Who appends just now, until when.
    pub writer: Option<String>,
    pub writer_until: Option<Timestamp>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

record!(UploadRecord {
    id,
    repository_id,
    account_id,
    offset,
    hash,
    staged,
    writer,
    writer_until,
    created_at,
    expires_at,
});

macro_rules! upload_columns {
    () => {
        "id, repository_id, account_id, offset_bytes, hash, staged, writer, writer_until, \
         created_at, expires_at"
    };
}

/// What a request acknowledges: all bytes up to `offset` are durable.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    pub offset: u64,
    pub hash: &'a [u8],
    pub staged: &'a [u8],
    pub expires_at: Timestamp,
}

pub async fn insert(tx: &mut Tx<'_>, new: &UploadRecord) -> Result<(), DbError> {
    tx.sql(concat!(
        "INSERT INTO uploads (",
        upload_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    ))
    .bind(new.id)
    .bind(new.repository_id)
    .bind(new.account_id)
    .bind(new.offset)
    .bind(&new.hash)
    .bind(&new.staged)
    .bind(new.writer.as_ref())
    .bind(new.writer_until)
    .bind(new.created_at)
    .bind(new.expires_at)
    .run()
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx<'_>, id: UploadId) -> Result<Option<UploadRecord>, DbError> {
    tx.sql(concat!("SELECT ", upload_columns!(), " FROM uploads WHERE id = $1"))
        .bind(id)
        .row()
        .await
}

/// Takes the lease, if nobody holds it at `now`.
pub async fn lease(
    tx: &mut Tx<'_>,
    id: UploadId,
    writer: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<UploadRecord>, DbError> {
    tx.sql(concat!(
        "UPDATE uploads SET writer = $2, writer_until = $4 \
         WHERE id = $1 AND (writer IS NULL OR writer_until <= $3) RETURNING ",
        upload_columns!()
    ))
    .bind(id)
    .bind(writer)
    .bind(now)
    .bind(until)
    .row()
    .await
}

/// Takes the lease of `dead`, a writer that has ended without giving it back, if it still is its.
pub async fn take_over(
    tx: &mut Tx<'_>,
    id: UploadId,
    dead: &str,
    writer: &str,
    until: Timestamp,
) -> Result<Option<UploadRecord>, DbError> {
    tx.sql(concat!(
        "UPDATE uploads SET writer = $3, writer_until = $4 WHERE id = $1 AND writer = $2 RETURNING ",
        upload_columns!()
    ))
    .bind(id)
    .bind(dead)
    .bind(writer)
    .bind(until)
    .row()
    .await
}

/// Prolongs a lease; `false` when it was lost.
pub async fn renew(
    tx: &mut Tx<'_>,
    id: UploadId,
    writer: &str,
    until: Timestamp,
) -> Result<bool, DbError> {
    let renewed = tx
        .sql("UPDATE uploads SET writer_until = $3 WHERE id = $1 AND writer = $2")
        .bind(id)
        .bind(writer)
        .bind(until)
        .run()
        .await?;
    Ok(renewed == 1)
}

/// How many sessions an account has open.
pub async fn count_of(tx: &mut Tx<'_>, account: AccountId) -> Result<u64, DbError> {
    let row: Option<(u64,)> =
        tx.sql("SELECT COUNT(*) FROM uploads WHERE account_id = $1").bind(account).row().await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// Records what is durable and ends the lease; `false`, and nothing recorded, when it was lost.
pub async fn acknowledge(
    tx: &mut Tx<'_>,
    id: UploadId,
    writer: &str,
    progress: Progress<'_>,
) -> Result<bool, DbError> {
    let recorded = tx
        .sql(
            "UPDATE uploads SET offset_bytes = $3, hash = $4, staged = $5, expires_at = $6, \
             writer = NULL, writer_until = NULL WHERE id = $1 AND writer = $2",
        )
        .bind(id)
        .bind(writer)
        .bind(progress.offset)
        .bind(progress.hash)
        .bind(progress.staged)
        .bind(progress.expires_at)
        .run()
        .await?;
    Ok(recorded == 1)
}

/// Ends a lease and leaves the session as it was.
pub async fn release(tx: &mut Tx<'_>, id: UploadId, writer: &str) -> Result<bool, DbError> {
    let released = tx
        .sql(
            "UPDATE uploads SET writer = NULL, writer_until = NULL \
             WHERE id = $1 AND writer = $2",
        )
        .bind(id)
        .bind(writer)
        .run()
        .await?;
    Ok(released == 1)
}

pub async fn delete(tx: &mut Tx<'_>, id: UploadId) -> Result<bool, DbError> {
    Ok(tx.sql("DELETE FROM uploads WHERE id = $1").bind(id).run().await? == 1)
}

/// Ends a session whose lease `writer` holds; `false` when it was lost.
pub async fn finish(tx: &mut Tx<'_>, id: UploadId, writer: &str) -> Result<bool, DbError> {
    let ended = tx
        .sql("DELETE FROM uploads WHERE id = $1 AND writer = $2")
        .bind(id)
        .bind(writer)
        .run()
        .await?;
    Ok(ended == 1)
}

/// Removes sessions that have expired and that nobody is appending to, and returns them, so that their
/// bytes can follow.
pub async fn take_expired(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<UploadRecord>, DbError> {
    tx.sql(concat!(
        "DELETE FROM uploads WHERE id IN (SELECT id FROM uploads WHERE expires_at <= $1 \
         AND (writer IS NULL OR writer_until <= $1) ORDER BY expires_at LIMIT $2) \
         AND expires_at <= $1 AND (writer IS NULL OR writer_until <= $1) RETURNING ",
        upload_columns!()
    ))
    .bind(now)
    .bind(i64::from(limit))
    .rows()
    .await
}

/// Which of `ids` are sessions that are there.
pub async fn known_among(tx: &mut Tx<'_>, ids: &[UploadId]) -> Result<HashSet<UploadId>, DbError> {
    let mut known = HashSet::new();
    for chunk in ids.chunks(256) {
        let count = chunk.len().next_power_of_two();
        let mut statement = tx.sql(in_list("SELECT id FROM uploads WHERE id IN ", 1, count));
        padded(chunk, count).for_each(|id| statement.push(id));
        let rows: Vec<(UploadId,)> = statement.rows().await?;
        known.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(known)
}

/// Frees the leases whose writer's name starts with `prefix`: those of a node's earlier life.
pub async fn free_leases_of(tx: &mut Tx<'_>, prefix: &str) -> Result<u64, DbError> {
    tx.sql(
        "UPDATE uploads SET writer = NULL, writer_until = NULL \
         WHERE substr(writer, 1, CAST($2 AS INTEGER)) = $1",
    )
    .bind(prefix)
    .bind(prefix.chars().count() as u64)
    .run()
    .await
}
