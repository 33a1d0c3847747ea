//! Rows of bytes: where they lie, and through which repositories they may be read.

use std::collections::HashSet;

use roadstead_types::time::Timestamp;
use roadstead_types::{BlobId, Digest, RepositoryId};

use crate::repos::{Visibility, is_visible};
use crate::sql::{in_list, padded, record};
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobRecord {
    pub id: BlobId,
    pub digest: Digest,
    pub size: u64,
    /// Where the store keeps the bytes.
    pub locator: String,
    pub created_at: Timestamp,
    /// Until when it is safe from collection, whoever links it.
    pub protected_until: Timestamp,
}

record!(BlobRecord { id, digest, size, locator, created_at, protected_until });

/// The columns of a [`BlobRecord`] from `blobs b`.
macro_rules! blob_columns {
    () => {
        "b.id, b.digest, b.size_bytes, b.locator, b.created_at, b.protected_until"
    };
}

#[derive(Clone, Debug)]
pub struct NewBlob {
    pub id: BlobId,
    pub digest: Digest,
    pub size: u64,
    pub locator: String,
    pub created_at: Timestamp,
    /// Until then the bytes stay, even while nothing refers to them.
    pub protected_until: Timestamp,
}

/// What stands after [`publish`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub record: BlobRecord,
    /// The offered locator, when bytes of the same digest were there first: these are to be removed.
    pub superfluous: Option<String>,
}

pub async fn find(tx: &mut Tx<'_>, digest: &Digest) -> Result<Option<BlobRecord>, DbError> {
    tx.sql(concat!("SELECT ", blob_columns!(), " FROM blobs b WHERE b.digest = $1"))
        .bind(digest)
        .row()
        .await
}

/// Makes bytes known that are durable in the store. Bytes known under the same digest stay, and are
/// protected for as long as the new ones would have been.
pub async fn publish(tx: &mut Tx<'_>, new: &NewBlob) -> Result<Published, DbError> {
    let record: BlobRecord = tx
        .sql(
            "INSERT INTO blobs (id, digest, size_bytes, locator, created_at, protected_until) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (digest) DO UPDATE SET protected_until = \
             CASE WHEN blobs.protected_until < excluded.protected_until \
             THEN excluded.protected_until ELSE blobs.protected_until END \
             RETURNING id, digest, size_bytes, locator, created_at, protected_until",
        )
        .bind(new.id)
        .bind(new.digest)
        .bind(new.size)
        .bind(&new.locator)
        .bind(new.created_at)
        .bind(new.protected_until)
        .one()
        .await?;
    let superfluous = (record.locator != new.locator).then(|| new.locator.clone());
    Ok(Published { record, superfluous })
}

pub async fn find_linked(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    digest: &Digest,
) -> Result<Option<BlobRecord>, DbError> {
    tx.sql(concat!(
        "SELECT ",
        blob_columns!(),
        " FROM blobs b JOIN repository_blobs l ON l.blob_id = b.id AND l.repository_id = $1 \
         WHERE b.digest = $2"
    ))
    .bind(repository)
    .bind(digest)
    .row()
    .await
}

/// Finds a blob that the caller may read through any repository.
pub async fn find_readable(
    tx: &mut Tx<'_>,
    digest: &Digest,
    eyes: &Visibility,
) -> Result<Option<BlobRecord>, DbError> {
    tx.sql(concat!(
        "SELECT ",
        blob_columns!(),
        " FROM blobs b WHERE b.digest = $3 AND EXISTS (SELECT 1 FROM repository_blobs l \
         JOIN repositories r ON r.id = l.repository_id JOIN accounts n ON n.id = r.namespace_id \
         WHERE l.blob_id = b.id AND r.deleted_at IS NULL AND ",
        is_visible!(),
        ")"
    ))
    .bind(eyes.account)
    .bind(eyes.admin)
    .bind(digest)
    .row()
    .await
}

/// Whether the caller may read a blob through another repository of the same namespace.
pub async fn is_readable_beside(
    tx: &mut Tx<'_>,
    digest: &Digest,
    eyes: &Visibility,
    repository: RepositoryId,
) -> Result<bool, DbError> {
    let (found,) = tx
        .sql(concat!(
            "SELECT EXISTS (SELECT 1 FROM blobs b JOIN repository_blobs l ON l.blob_id = b.id \
             JOIN repositories r ON r.id = l.repository_id JOIN accounts n ON n.id = r.namespace_id \
             WHERE b.digest = $3 AND r.id <> $4 AND r.deleted_at IS NULL AND r.namespace_id = \
             (SELECT t.namespace_id FROM repositories t WHERE t.id = $4) AND ",
            is_visible!(),
            ")"
        ))
        .bind(eyes.account)
        .bind(eyes.admin)
        .bind(digest)
        .bind(repository)
        .one()
        .await?;
    Ok(found)
}

/// Keeps the bytes until `until` at least; `false` when they are gone.
pub async fn protect(tx: &mut Tx<'_>, blob: BlobId, until: Timestamp) -> Result<bool, DbError> {
    let found = tx
        .sql(
            "UPDATE blobs SET protected_until = CASE WHEN protected_until < $2 THEN $2 \
             ELSE protected_until END WHERE id = $1",
        )
        .bind(blob)
        .bind(until)
        .run()
        .await?;
    Ok(found == 1)
}

/// Which of `digests` are not linked in the repository, each once, in the order given.
pub async fn missing(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    digests: &[Digest],
) -> Result<Vec<Digest>, DbError> {
    let mut seen = HashSet::new();
    for chunk in digests.chunks(256) {
        let count = chunk.len().next_power_of_two();
        let mut statement = tx
            .sql(in_list(
                "SELECT b.digest FROM blobs b JOIN repository_blobs l ON l.blob_id = b.id \
                 AND l.repository_id = $1 WHERE b.digest IN ",
                2,
                count,
            ))
            .bind(repository);
        padded(chunk, count).for_each(|digest| statement.push(digest));
        let rows: Vec<(Digest,)> = statement.rows().await?;
        seen.extend(rows.into_iter().map(|(digest,)| digest));
    }
    Ok(digests.iter().filter(|digest| seen.insert(**digest)).copied().collect())
}

/// Whether a live manifest of the repository needs the blob as its config or a layer.
pub async fn is_referenced(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    digest: &Digest,
) -> Result<bool, DbError> {
    let row: Option<(i64,)> = tx
        .sql(
            "SELECT manifest_id FROM manifest_references WHERE repository_id = $1 \
             AND digest = $2 AND kind IN ('config', 'layer') LIMIT 1",
        )
        .bind(repository)
        .bind(digest)
        .row()
        .await?;
    Ok(row.is_some())
}

/// A page of all blobs, by id.
pub async fn walk(
    tx: &mut Tx<'_>,
    after: Option<BlobId>,
    limit: u32,
) -> Result<Vec<BlobRecord>, DbError> {
    tx.sql(concat!(
        "SELECT ",
        blob_columns!(),
        " FROM blobs b WHERE b.id > COALESCE($1, -1) ORDER BY b.id LIMIT $2"
    ))
    .bind(after)
    .bind(i64::from(limit))
    .rows()
    .await
}

/// Which of `locators` some row points at.
pub async fn known_locators(
    tx: &mut Tx<'_>,
    locators: &[String],
) -> Result<HashSet<String>, DbError> {
    let mut known = HashSet::new();
    for chunk in locators.chunks(256) {
        let count = chunk.len().next_power_of_two();
        let mut statement =
            tx.sql(in_list("SELECT locator FROM blobs WHERE locator IN ", 1, count));
        padded(chunk, count).for_each(|locator| statement.push(locator));
        let rows: Vec<(String,)> = statement.rows().await?;
        known.extend(rows.into_iter().map(|(locator,)| locator));
    }
    Ok(known)
}
