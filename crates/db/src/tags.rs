//! Tags, and the history of their moves.

use std::collections::HashMap;

use roadstead_types::time::Timestamp;
use roadstead_types::version::order_key;
use roadstead_types::{AccountId, Digest, ManifestId, RepositoryId, Tag, TagMoveId};

use crate::manifests::ManifestHead;
use crate::sql::{in_list, padded, record, rows_list, rows_list_after};
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

/// Tags in one statement; each takes six values.
const TAGS: usize = 128;

/// Points tags at a manifest of the same repository, each given with the id of its next entry in the
/// history. However many they are, it takes the same few statements. Puts of one tag go one after the
/// other, so that the last to commit wins and the history has one order.
///
/// The tags must be sorted and distinct: two puts that share several would else wait for one another.
pub async fn put(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tags: &[(Tag, TagMoveId)],
    manifest: ManifestId,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<(), DbError> {
    debug_assert!(tags.is_sorted_by(|(one, _), (next, _)| one < next));
    for tags in tags.chunks(TAGS) {
        point(tx, repository, tags, manifest, by, now).await?;
        log_puts(tx, repository, tags, manifest, by, now).await?;
    }
    Ok(())
}

/// Makes or moves the rows of tags, and holds them until the end of the transaction.
async fn point(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tags: &[(Tag, TagMoveId)],
    manifest: ManifestId,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut statement = tx.sql(rows_list(
        "INSERT INTO tags (repository_id, name, manifest_id, moved_at, moved_by, version_key) VALUES ",
        6,
        tags.len(),
        " ON CONFLICT (repository_id, name) DO UPDATE SET \
         manifest_id = excluded.manifest_id, version_key = excluded.version_key, \
         moved_at = CASE WHEN tags.manifest_id = excluded.manifest_id \
         THEN tags.moved_at ELSE excluded.moved_at END, \
         moved_by = CASE WHEN tags.manifest_id = excluded.manifest_id \
         THEN tags.moved_by ELSE excluded.moved_by END",
    ));
    for (tag, _) in tags {
        statement.push(repository);
        statement.push(tag);
        statement.push(manifest);
        statement.push(now);
        statement.push(by);
        statement.push(order_key(tag));
    }
    statement.run().await?;
    Ok(())
}

/// Enters in the history which tags moved. Their rows are held, so the last entry of each is the state
/// before this put. The row itself could not tell: who waited for it sees only what it is now.
async fn log_puts(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tags: &[(Tag, TagMoveId)],
    manifest: ManifestId,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut statement = tx.sql(rows_list_after(
        "WITH puts (id, tag) AS (VALUES ",
        5,
        2,
        tags.len(),
        ") INSERT INTO tag_moves (id, repository_id, tag, from_digest, to_digest, position, \
         moved_at, moved_by) SELECT p.id, $1, p.tag, last.to_digest, m.digest, \
         COALESCE(last.position, 0) + 1, $3, $4 FROM puts p JOIN manifests m ON m.id = $2 \
         LEFT JOIN tag_moves last ON last.repository_id = $1 AND last.tag = p.tag \
         AND last.position = (SELECT MAX(position) FROM tag_moves \
         WHERE repository_id = $1 AND tag = p.tag) \
         WHERE last.to_digest IS NULL OR last.to_digest <> m.digest",
    ));
    statement.push(repository);
    statement.push(manifest);
    statement.push(now);
    statement.push(by);
    for (tag, move_id) in tags {
        statement.push(*move_id);
        statement.push(tag);
    }
    statement.run().await?;
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

/// The digests behind those of `names` that are tags.
pub async fn find_many(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    names: &[Tag],
) -> Result<HashMap<Tag, Digest>, DbError> {
    let mut found = HashMap::new();
    for chunk in names.chunks(TAGS) {
        let count = chunk.len().next_power_of_two();
        let mut statement = tx.sql(in_list(
            "SELECT t.name, m.digest FROM tags t JOIN manifests m ON m.id = t.manifest_id \
             WHERE t.repository_id = $1 AND t.name IN ",
            2,
            count,
        ));
        statement.push(repository);
        padded(chunk, count).for_each(|name| statement.push(name));
        found.extend(statement.rows::<(Tag, Digest)>().await?);
    }
    Ok(found)
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

/// Gives a part of the tags that have none their place among the versions, and says how many that were.
pub async fn add_version_keys(tx: &mut Tx<'_>, limit: u32) -> Result<u64, DbError> {
    let rows: Vec<(RepositoryId, Tag)> = tx
        .sql(
            "SELECT repository_id, name FROM tags WHERE version_key IS NULL \
             ORDER BY repository_id, name LIMIT $1",
        )
        .bind(i64::from(limit))
        .patient()
        .rows()
        .await?;
    for (repository, tag) in &rows {
        tx.sql("UPDATE tags SET version_key = $3 WHERE repository_id = $1 AND name = $2")
            .bind(*repository)
            .bind(tag)
            .bind(order_key(tag))
            .run()
            .await?;
    }
    Ok(rows.len() as u64)
}
