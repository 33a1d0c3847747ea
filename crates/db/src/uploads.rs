//! Upload sessions and the lease that lets one request at a time append.

use std::collections::HashSet;

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, RepositoryId, UploadId};

use crate::sql::{in_list, padded, record};
use crate::storage::Charges;
use crate::{DbError, Tx, storage};

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
    /// Whose room is reserved; `None` until some is.
    pub namespace_id: Option<AccountId>,
    pub reserved: u64,
}

/// The room that a session has taken for its bytes, and whose. Only who holds the lease changes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reservation {
    /// `None` until the first is made.
    pub namespace: Option<AccountId>,
    pub bytes: u64,
}

impl UploadRecord {
    pub const fn reservation(&self) -> Reservation {
        Reservation { namespace: self.namespace_id, bytes: self.reserved }
    }
}

impl Reservation {
    /// What is left of it when no more than `bytes` are needed.
    #[must_use]
    pub fn shrunk_to(self, bytes: u64) -> Self {
        Self { bytes: self.bytes.min(bytes), ..self }
    }

    /// What changes when `self` takes the place of `old`.
    fn instead_of(self, old: Self) -> Charges {
        let mut charges = Charges::default();
        if let Some(namespace) = old.namespace {
            charges = charges.release(namespace, old.bytes);
        }
        if let Some(namespace) = self.namespace {
            charges = charges.reserve(namespace, self.bytes);
        }
        charges
    }

    fn released(self) -> Charges {
        Self::default().instead_of(self)
    }
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
    namespace_id,
    reserved,
});

macro_rules! upload_columns {
    () => {
        "id, repository_id, account_id, offset_bytes, hash, staged, writer, writer_until, \
         created_at, expires_at, namespace_id, reserved_bytes"
    };
}

/// What a request acknowledges: all bytes up to `offset` are durable.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    pub offset: u64,
    pub hash: &'a [u8],
    pub staged: &'a [u8],
    pub expires_at: Timestamp,
    /// What was reserved; what goes beyond `offset` is given back.
    pub reservation: Reservation,
}

/// Opens a session, which has reserved nothing yet.
pub async fn insert(tx: &mut Tx<'_>, new: &UploadRecord) -> Result<(), DbError> {
    tx.sql(concat!(
        "INSERT INTO uploads (",
        upload_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
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
    .bind(new.namespace_id)
    .bind(new.reserved)
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

/// Puts another reservation in the place of the one a writer knows of; `None` when its lease was lost. A
/// commit that broke off may have taken effect, so that the writer knows of an older one.
pub async fn reserve(
    tx: &mut Tx<'_>,
    id: UploadId,
    writer: &str,
    known: Reservation,
    new: Reservation,
) -> Result<Option<Charges>, DbError> {
    if exchange(tx, id, writer, known, new).await? {
        return Ok(Some(new.instead_of(known)));
    }
    let row: Option<(Option<AccountId>, u64)> = tx
        .sql("SELECT namespace_id, reserved_bytes FROM uploads WHERE id = $1 AND writer = $2")
        .bind(id)
        .bind(writer)
        .row()
        .await?;
    let Some((namespace, bytes)) = row else { return Ok(None) };
    let actual = Reservation { namespace, bytes };
    Ok(exchange(tx, id, writer, actual, new).await?.then(|| new.instead_of(actual)))
}

async fn exchange(
    tx: &mut Tx<'_>,
    id: UploadId,
    writer: &str,
    old: Reservation,
    new: Reservation,
) -> Result<bool, DbError> {
    let changed = tx
        .sql(
            "UPDATE uploads SET namespace_id = $3, reserved_bytes = $4 \
             WHERE id = $1 AND writer = $2 AND reserved_bytes = $6 \
             AND COALESCE(namespace_id, 0) = COALESCE($5, 0)",
        )
        .bind(id)
        .bind(writer)
        .bind(new.namespace)
        .bind(new.bytes)
        .bind(old.namespace)
        .bind(old.bytes)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Gives back what a writer has reserved beyond `bytes`; `false` when its lease was lost.
async fn shrink(
    tx: &mut Tx<'_>,
    id: UploadId,
    writer: &str,
    reserved: Reservation,
    bytes: u64,
) -> Result<bool, DbError> {
    let left = reserved.shrunk_to(bytes);
    if left == reserved {
        return Ok(true);
    }
    let charges = reserve(tx, id, writer, reserved, left).await?;
    if let Some(charges) = &charges {
        storage::settle(tx, charges).await?;
    }
    Ok(charges.is_some())
}

/// Records what is durable and ends the lease; `false`, and nothing recorded, when it was lost.
pub async fn acknowledge(
    tx: &mut Tx<'_>,
    id: UploadId,
    writer: &str,
    progress: Progress<'_>,
) -> Result<bool, DbError> {
    if !shrink(tx, id, writer, progress.reservation, progress.offset).await? {
        return Ok(false);
    }
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

/// Ends a lease and leaves the session as it was, with no more than `bytes` of what was reserved.
pub async fn release(
    tx: &mut Tx<'_>,
    id: UploadId,
    writer: &str,
    reserved: Reservation,
    bytes: u64,
) -> Result<bool, DbError> {
    if !shrink(tx, id, writer, reserved, bytes).await? {
        return Ok(false);
    }
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
    let ended: Option<(Option<AccountId>, u64)> = tx
        .sql("DELETE FROM uploads WHERE id = $1 RETURNING namespace_id, reserved_bytes")
        .bind(id)
        .row()
        .await?;
    let Some((namespace, bytes)) = ended else { return Ok(false) };
    storage::settle(tx, &Reservation { namespace, bytes }.released()).await?;
    Ok(true)
}

/// Ends a session whose lease `writer` holds; `None` when it was lost.
pub async fn finish(
    tx: &mut Tx<'_>,
    id: UploadId,
    writer: &str,
) -> Result<Option<Charges>, DbError> {
    let ended: Option<(Option<AccountId>, u64)> = tx
        .sql(
            "DELETE FROM uploads WHERE id = $1 AND writer = $2 \
             RETURNING namespace_id, reserved_bytes",
        )
        .bind(id)
        .bind(writer)
        .row()
        .await?;
    Ok(ended.map(|(namespace, bytes)| Reservation { namespace, bytes }.released()))
}

/// Removes sessions that have expired and that nobody is appending to, and returns them, so that their
/// bytes can follow.
pub async fn take_expired(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<UploadRecord>, DbError> {
    let expired: Vec<UploadRecord> = tx
        .sql(concat!(
            "DELETE FROM uploads WHERE id IN (SELECT id FROM uploads WHERE expires_at <= $1 \
             AND (writer IS NULL OR writer_until <= $1) ORDER BY expires_at LIMIT $2) \
             AND expires_at <= $1 AND (writer IS NULL OR writer_until <= $1) RETURNING ",
            upload_columns!()
        ))
        .bind(now)
        .bind(i64::from(limit))
        .rows()
        .await?;
    let released = expired.iter().map(|record| record.reservation().released());
    storage::settle(tx, &released.fold(Charges::default(), Charges::and)).await?;
    Ok(expired)
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
