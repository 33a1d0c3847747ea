//! Tags, and the history of their moves.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, Digest, ManifestId, RepositoryId, Tag, TagMoveId};

use crate::manifests::ManifestHead;
use crate::sql::record;
use crate::{DbError, Tx};

/// One entry of a tag's history: made (no `from`), moved, removed (no `to`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagMove {
    pub id: TagMoveId,
    pub from: Option<Digest>,
    pub to: Option<Digest>,
    pub moved_at: Timestamp,
    pub moved_by: Option<AccountId>,
}

record!(TagMove { id, from, to, moved_at, moved_by });

/// Who moves a tag, and when.
#[derive(Clone, Copy, Debug)]
struct Mover {
    by: Option<AccountId>,
    now: Timestamp,
    move_id: TagMoveId,
}

/// Points a tag at a manifest of the same repository and returns what it pointed at before. Puts of
/// one tag go one after the other, so that the last to commit wins and the history has one order.
pub async fn put(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tag: &Tag,
    manifest: ManifestId,
    by: Option<AccountId>,
    now: Timestamp,
    move_id: TagMoveId,
) -> Result<Option<Digest>, DbError> {
    let mover = Mover { by, now, move_id };
    point(tx, repository, tag, manifest, mover).await?;
    // The row is held from here on, so the last entry of the history is the state before this put.
    // The row itself could not tell: who waited for it sees only what it is now.
    let (from, to): (Option<Digest>, Digest) = tx
        .sql(
            "SELECT (SELECT to_digest FROM tag_moves WHERE repository_id = $1 AND tag = $2 \
             ORDER BY position DESC LIMIT 1), digest FROM manifests WHERE id = $3",
        )
        .bind(repository)
        .bind(tag)
        .bind(manifest)
        .one()
        .await?;
    if from != Some(to) {
        log(tx, repository, tag, from, Some(to), mover).await?;
    }
    Ok(from)
}

/// Makes or moves a tag's row, and holds it until the end of the transaction.
async fn point(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tag: &Tag,
    manifest: ManifestId,
    mover: Mover,
) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO tags (repository_id, name, manifest_id, moved_at, moved_by) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (repository_id, name) DO UPDATE SET \
         manifest_id = excluded.manifest_id, \
         moved_at = CASE WHEN tags.manifest_id = excluded.manifest_id \
         THEN tags.moved_at ELSE excluded.moved_at END, \
         moved_by = CASE WHEN tags.manifest_id = excluded.manifest_id \
         THEN tags.moved_by ELSE excluded.moved_by END",
    )
    .bind(repository)
    .bind(tag)
    .bind(manifest)
    .bind(mover.now)
    .bind(mover.by)
    .run()
    .await?;
    Ok(())
}

async fn digest_of(tx: &mut Tx<'_>, manifest: ManifestId) -> Result<Digest, DbError> {
    let (digest,) =
        tx.sql("SELECT digest FROM manifests WHERE id = $1").bind(manifest).one().await?;
    Ok(digest)
}

/// Adds to the history. The tag's row is held, so the position is free.
async fn log(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tag: &Tag,
    from: Option<Digest>,
    to: Option<Digest>,
    mover: Mover,
) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO tag_moves (id, repository_id, tag, from_digest, to_digest, position, \
         moved_at, moved_by) SELECT $1, $2, $3, $4, $5, COALESCE(MAX(position), 0) + 1, $6, $7 \
         FROM tag_moves WHERE repository_id = $2 AND tag = $3",
    )
    .bind(mover.move_id)
    .bind(repository)
    .bind(tag)
    .bind(from)
    .bind(to)
    .bind(mover.now)
    .bind(mover.by)
    .run()
    .await?;
    Ok(())
}

/// Removes a tag; `false` when there is none.
pub async fn delete(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tag: &Tag,
    by: Option<AccountId>,
    now: Timestamp,
    move_id: TagMoveId,
) -> Result<bool, DbError> {
    let row: Option<(ManifestId,)> = tx
        .sql("DELETE FROM tags WHERE repository_id = $1 AND name = $2 RETURNING manifest_id")
        .bind(repository)
        .bind(tag)
        .row()
        .await?;
    let Some((manifest,)) = row else { return Ok(false) };
    let from = digest_of(tx, manifest).await?;
    log(tx, repository, tag, Some(from), None, Mover { by, now, move_id }).await?;
    Ok(true)
}

/// Enters in the history that a tag went away together with its manifest, in the same transaction.
pub async fn log_removal(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tag: &Tag,
    from: &Digest,
    by: Option<AccountId>,
    now: Timestamp,
    move_id: TagMoveId,
) -> Result<(), DbError> {
    log(tx, repository, tag, Some(*from), None, Mover { by, now, move_id }).await
}

/// The manifest behind a tag.
pub async fn find(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tag: &Tag,
) -> Result<Option<ManifestHead>, DbError> {
    tx.sql(
        "SELECT m.id, m.digest, m.media_type, m.size_bytes FROM tags t \
         JOIN manifests m ON m.id = t.manifest_id WHERE t.repository_id = $1 AND t.name = $2",
    )
    .bind(repository)
    .bind(tag)
    .row()
    .await
}

/// A page of the tags in byte order. `after` need not be a tag that exists, nor one at all.
pub async fn list(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Tag>, DbError> {
    let rows: Vec<(Tag,)> = tx
        .sql("SELECT name FROM tags WHERE repository_id = $1 AND name > $2 ORDER BY name LIMIT $3")
        .bind(repository)
        .bind(after.unwrap_or_default())
        .bind(i64::from(limit))
        .rows()
        .await?;
    Ok(rows.into_iter().map(|(tag,)| tag).collect())
}

/// The moves of a tag, newest first.
pub async fn history(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tag: &Tag,
    limit: u32,
) -> Result<Vec<TagMove>, DbError> {
    tx.sql(
        "SELECT id, from_digest, to_digest, moved_at, moved_by FROM tag_moves \
         WHERE repository_id = $1 AND tag = $2 ORDER BY position DESC LIMIT $3",
    )
    .bind(repository)
    .bind(tag)
    .bind(i64::from(limit))
    .rows()
    .await
}
