//! Which blobs the repositories of a namespace link. Links are made and removed here and nowhere else,
//! so that none goes uncounted: a blob is charged to a namespace with its first link there, and freed
//! with its last.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, BlobId, Digest, RepositoryId};

use crate::storage::Charges;
use crate::{DbError, Tx, dialect};

/// Holds a repository: it stays in its namespace, which is returned, and gets no link from others.
/// `None` when there is none.
pub(crate) async fn hold(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
) -> Result<Option<AccountId>, DbError> {
    let text = dialect::hold_repository(tx.engine());
    let row: Option<(AccountId,)> = tx.sql(text).bind(repository).row().await?;
    Ok(row.map(|(namespace,)| namespace))
}

/// Lets a blob be read through a repository.
pub async fn link(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    blob: BlobId,
    now: Timestamp,
) -> Result<Charges, DbError> {
    let made = tx
        .sql(
            "INSERT INTO repository_blobs (repository_id, blob_id, linked_at) VALUES ($1, $2, $3) \
             ON CONFLICT (repository_id, blob_id) DO NOTHING",
        )
        .bind(repository)
        .bind(blob)
        .bind(now)
        .run()
        .await?;
    if made == 0 {
        return Ok(Charges::default());
    }
    // The new row refers to the repository, which therefore stays in its namespace until we commit.
    let counted = count(tx, repository, blob, 1).await?;
    let is_first = counted.links == 1;
    let bytes = if is_first { counted.size } else { 0 };
    Ok(Charges::default().store(counted.namespace, bytes))
}

/// Takes the permission back; `None` when there was none. The caller holds the repository's row.
pub async fn unlink(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    digest: &Digest,
) -> Result<Option<Charges>, DbError> {
    let row: Option<(BlobId,)> = tx
        .sql(
            "DELETE FROM repository_blobs WHERE repository_id = $1 \
             AND blob_id = (SELECT id FROM blobs WHERE digest = $2) RETURNING blob_id",
        )
        .bind(repository)
        .bind(digest)
        .row()
        .await?;
    let Some((blob,)) = row else { return Ok(None) };
    let Counted { namespace, links, size } = count(tx, repository, blob, -1).await?;
    if links <= 0 {
        tx.sql("DELETE FROM namespace_blobs WHERE namespace_id = $1 AND blob_id = $2")
            .bind(namespace)
            .bind(blob)
            .run()
            .await?;
    }
    let bytes = if links == 0 { size } else { 0 };
    Ok(Some(Charges::default().free(namespace, bytes)))
}

struct Counted {
    namespace: AccountId,
    links: i64,
    size: u64,
}

/// Counts a link more or less to a blob in the namespace of the repository.
async fn count(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    blob: BlobId,
    by: i64,
) -> Result<Counted, DbError> {
    let (namespace, links, size) = tx
        .sql(
            "INSERT INTO namespace_blobs (namespace_id, blob_id, links) \
             SELECT r.namespace_id, $2, $3 FROM repositories r WHERE r.id = $1 \
             ON CONFLICT (namespace_id, blob_id) DO UPDATE \
             SET links = namespace_blobs.links + excluded.links \
             RETURNING namespace_id, links, (SELECT b.size_bytes FROM blobs b WHERE b.id = blob_id)",
        )
        .bind(repository)
        .bind(blob)
        .bind(by)
        .one()
        .await?;
    Ok(Counted { namespace, links, size })
}

/// Removes a part of the links of a repository that is held; `None` when there are none.
pub(crate) async fn unlink_some(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    namespace: AccountId,
    limit: u32,
) -> Result<Option<Charges>, DbError> {
    let counted = tx
        .sql(
            "INSERT INTO namespace_blobs (namespace_id, blob_id, links) \
             SELECT $3, blob_id, -1 FROM repository_blobs WHERE repository_id = $1 \
             ORDER BY blob_id LIMIT $2 ON CONFLICT (namespace_id, blob_id) DO UPDATE \
             SET links = namespace_blobs.links + excluded.links",
        )
        .bind(repository)
        .bind(i64::from(limit))
        .bind(namespace)
        .run()
        .await?;
    if counted == 0 {
        return Ok(None);
    }
    let freed = forget_unlinked(tx, repository, namespace, limit.into()).await?;
    tx.sql(
        "DELETE FROM repository_blobs WHERE repository_id = $1 AND blob_id IN \
         (SELECT blob_id FROM repository_blobs WHERE repository_id = $1 ORDER BY blob_id LIMIT $2)",
    )
    .bind(repository)
    .bind(i64::from(limit))
    .run()
    .await?;
    Ok(Some(Charges::default().free(namespace, freed)))
}

/// Removes the counts of those of the repository's first `limit` blobs that have no link left in the
/// namespace, and tells their bytes.
async fn forget_unlinked(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    namespace: AccountId,
    limit: i64,
) -> Result<u64, DbError> {
    let unlinked: Vec<(i64, u64)> = tx
        .sql(
            "DELETE FROM namespace_blobs WHERE namespace_id = $3 AND links <= 0 AND blob_id IN \
             (SELECT blob_id FROM repository_blobs WHERE repository_id = $1 \
             ORDER BY blob_id LIMIT $2) \
             RETURNING links, (SELECT b.size_bytes FROM blobs b WHERE b.id = blob_id)",
        )
        .bind(repository)
        .bind(limit)
        .bind(namespace)
        .rows()
        .await?;
    // A count below zero was wrong, and nothing was charged for it.
    Ok(unlinked.into_iter().filter(|(links, _)| *links == 0).map(|(_, size)| size).sum())
}

/// Removes every link to a blob.
pub(crate) async fn unlink_everywhere(tx: &mut Tx<'_>, blob: BlobId) -> Result<Charges, DbError> {
    let text = dialect::hold_blob(tx.engine());
    let row: Option<(u64,)> = tx.sql(text).bind(blob).row().await?;
    let Some((size,)) = row else { return Ok(Charges::default()) };
    tx.sql("DELETE FROM repository_blobs WHERE blob_id = $1").bind(blob).run().await?;
    let holders: Vec<(AccountId,)> = tx
        .sql("DELETE FROM namespace_blobs WHERE blob_id = $1 RETURNING namespace_id")
        .bind(blob)
        .rows()
        .await?;
    let free = |sum: Charges, (holder,): (AccountId,)| sum.free(holder, size);
    Ok(holders.into_iter().fold(Charges::default(), free))
}

/// Moves what a repository that is held holds to the books of the namespace that gets it.
pub(crate) async fn hand_over(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    from: AccountId,
    to: AccountId,
) -> Result<Charges, DbError> {
    if from == to {
        return Ok(Charges::default());
    }
    move_links(tx, repository, from, to).await?;
    let given = forget_unlinked(tx, repository, from, i64::MAX).await?;
    let (got, manifests): (u64, u64) = tx
        .sql(
            "SELECT CAST(COALESCE((SELECT SUM(b.size_bytes) FROM repository_blobs l \
             JOIN namespace_blobs n ON n.blob_id = l.blob_id AND n.namespace_id = $2 AND n.links = 1 \
             JOIN blobs b ON b.id = l.blob_id WHERE l.repository_id = $1), 0) AS BIGINT), \
             CAST(COALESCE((SELECT SUM(m.size_bytes) FROM manifests m \
             WHERE m.repository_id = $1), 0) AS BIGINT)",
        )
        .bind(repository)
        .bind(to)
        .one()
        .await?;
    let freed = Charges::default().free(from, given + manifests);
    Ok(freed.store(to, got + manifests))
}

/// Counts the links of a repository less on one side and more on the other, in one order.
async fn move_links(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    from: AccountId,
    to: AccountId,
) -> Result<(), DbError> {
    tx.sql(
        "WITH sides (namespace_id, links) AS (VALUES ($2, -1), ($3, 1)) \
         INSERT INTO namespace_blobs (namespace_id, blob_id, links) \
         SELECT s.namespace_id, l.blob_id, s.links FROM sides s CROSS JOIN repository_blobs l \
         WHERE l.repository_id = $1 ORDER BY s.namespace_id, l.blob_id \
         ON CONFLICT (namespace_id, blob_id) DO UPDATE \
         SET links = namespace_blobs.links + excluded.links",
    )
    .bind(repository)
    .bind(from)
    .bind(to)
    .run()
    .await?;
    Ok(())
}
