//! Deleted repositories that can still be brought back.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, AccountName, RepositoryId, RepositoryName};

use crate::accounts::AccountKind;
use crate::moves::claim;
use crate::sql::record;
use crate::{DbError, Tx, holdings, manifests, storage};

/// A repository in the trash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrashRecord {
    pub id: RepositoryId,
    pub namespace_id: AccountId,
    pub namespace_kind: AccountKind,
    /// The path it had last.
    pub path: RepositoryName,
    pub is_private: bool,
    pub is_automated: bool,
    pub is_archived: bool,
    pub deleted_by: Option<AccountName>,
    pub deleted_at: Timestamp,
    pub purge_at: Timestamp,
}

record!(TrashRecord {
    id,
    namespace_id,
    namespace_kind,
    path,
    is_private,
    is_automated,
    is_archived,
    deleted_by,
    deleted_at,
    purge_at,
});

macro_rules! trash_rows {
    () => {
        "SELECT r.id, r.namespace_id, n.kind, r.path, r.is_private, r.is_automated, r.is_archived, \
         d.name, t.deleted_at, t.purge_at FROM trash t JOIN repositories r ON r.id = t.repository_id \
         JOIN accounts n ON n.id = r.namespace_id LEFT JOIN accounts d ON d.id = t.deleted_by "
    };
}

/// Puts a live repository into the trash: its paths are free, its tokens void, nobody finds it. `false`
/// when there is none.
pub async fn put(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    by: Option<AccountId>,
    now: Timestamp,
    purge_at: Timestamp,
) -> Result<bool, DbError> {
    let gone = tx
        .sql(
            "UPDATE repositories SET deleted_at = $2, updated_at = $2, generation = generation + 1 \
             WHERE id = $1 AND deleted_at IS NULL",
        )
        .bind(id)
        .bind(now)
        .run()
        .await?;
    if gone == 0 {
        return Ok(false);
    }
    // The present one too: it is a former one when the namespace is renamed before it comes back.
    let old: Vec<(String,)> = tx
        .sql("DELETE FROM repository_paths WHERE repository_id = $1 RETURNING path")
        .bind(id)
        .rows()
        .await?;
    tx.sql(
        "INSERT INTO trash (repository_id, namespace_id, old_paths, deleted_by, deleted_at, purge_at) \
         SELECT id, namespace_id, $2, $3, $4, $5 FROM repositories WHERE id = $1",
    )
    .bind(id)
    .bind(old.into_iter().map(|(path,)| path).collect::<Vec<_>>())
    .bind(by)
    .bind(now)
    .bind(purge_at)
    .run()
    .await?;
    Ok(true)
}

/// One that may still be brought back.
pub async fn find(
    tx: &mut Tx<'_>,
    namespace: AccountId,
    id: RepositoryId,
    now: Timestamp,
) -> Result<Option<TrashRecord>, DbError> {
    tx.sql(concat!(
        trash_rows!(),
        "WHERE t.repository_id = $1 AND t.namespace_id = $2 AND t.purge_at > $3"
    ))
    .bind(id)
    .bind(namespace)
    .bind(now)
    .row()
    .await
}

/// What a namespace has in the trash, the newest first, and how much that is.
pub async fn list(
    tx: &mut Tx<'_>,
    namespace: AccountId,
    now: Timestamp,
    offset: u64,
    limit: u32,
) -> Result<(Vec<TrashRecord>, u64), DbError> {
    let rows = tx
        .sql(concat!(
            trash_rows!(),
            "WHERE t.namespace_id = $1 AND t.purge_at > $2 \
             ORDER BY t.deleted_at DESC, t.repository_id LIMIT $3 OFFSET $4"
        ))
        .bind(namespace)
        .bind(now)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql("SELECT COUNT(*) FROM trash WHERE namespace_id = $1 AND purge_at > $2")
        .bind(namespace)
        .bind(now)
        .one()
        .await?;
    Ok((rows, total))
}

/// What became of the wish to bring one back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restored {
    Yes,
    /// The path leads to another repository by now.
    Taken,
    /// It is not in the trash any more.
    Gone,
}

/// Brings a repository back under `path`, and with it those of the paths it had that are still free.
/// What is not [`Restored::Yes`] must be rolled back.
pub async fn restore(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    path: &RepositoryName,
    now: Timestamp,
) -> Result<Restored, DbError> {
    let row: Option<(Vec<String>,)> = tx
        .sql("DELETE FROM trash WHERE repository_id = $1 AND purge_at > $2 RETURNING old_paths")
        .bind(id)
        .bind(now)
        .row()
        .await?;
    let Some((old_paths,)) = row else { return Ok(Restored::Gone) };
    tx.sql(
        "UPDATE repositories SET deleted_at = NULL, path = $2, updated_at = $3, \
         generation = generation + 1 WHERE id = $1",
    )
    .bind(id)
    .bind(path)
    .bind(now)
    .run()
    .await?;
    if !claim(tx, id, path, now).await? {
        return Ok(Restored::Taken);
    }
    for old in old_paths {
        tx.sql(
            "INSERT INTO repository_paths (path, repository_id, is_current, created_at) \
             VALUES ($1, $2, FALSE, $3) ON CONFLICT (path) DO NOTHING",
        )
        .bind(old)
        .bind(id)
        .bind(now)
        .run()
        .await?;
    }
    Ok(Restored::Yes)
}

/// Ends the time in which one could be brought back; `false` when it is not in the trash.
pub async fn expire(tx: &mut Tx<'_>, id: RepositoryId, now: Timestamp) -> Result<bool, DbError> {
    let changed = tx
        .sql("UPDATE trash SET purge_at = $2 WHERE repository_id = $1 AND purge_at > $2")
        .bind(id)
        .bind(now)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Repositories whose time in the trash is over.
pub async fn expired(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<RepositoryId>, DbError> {
    let rows: Vec<(RepositoryId,)> = tx
        .sql("SELECT repository_id FROM trash WHERE purge_at <= $1 ORDER BY purge_at LIMIT $2")
        .bind(now)
        .bind(i64::from(limit))
        .rows()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes a part of what an expired repository held away; `true` when nothing is left of it but the
/// row that keeps its id from being used again.
pub async fn purge_some(tx: &mut Tx<'_>, id: RepositoryId, rows: u32) -> Result<bool, DbError> {
    let Some(namespace) = holdings::hold(tx, id).await? else { return Ok(true) };
    for part in [
        "DELETE FROM tags WHERE repository_id = $1 AND name IN \
         (SELECT name FROM tags WHERE repository_id = $1 ORDER BY name LIMIT $2)",
        "DELETE FROM tag_moves WHERE id IN \
         (SELECT id FROM tag_moves WHERE repository_id = $1 LIMIT $2)",
        "DELETE FROM daily_pulls WHERE repository_id = $1 AND day IN \
         (SELECT day FROM daily_pulls WHERE repository_id = $1 ORDER BY day LIMIT $2)",
        "DELETE FROM stars WHERE repository_id = $1 AND account_id IN \
         (SELECT account_id FROM stars WHERE repository_id = $1 ORDER BY account_id LIMIT $2)",
    ] {
        let removed = tx.sql(part).bind(id).bind(i64::from(rows)).run().await?;
        if removed > 0 {
            return Ok(false);
        }
    }
    let mut freed = manifests::delete_some(tx, id, namespace, rows).await?;
    if freed.is_none() {
        freed = holdings::unlink_some(tx, id, namespace, rows).await?;
    }
    if let Some(freed) = freed {
        storage::settle(tx, &freed).await?;
        return Ok(false);
    }
    for rest in [
        "DELETE FROM readmes WHERE repository_id = $1",
        "DELETE FROM team_grants WHERE repository_id = $1",
        "DELETE FROM collaborators WHERE repository_id = $1",
        "DELETE FROM trash WHERE repository_id = $1",
    ] {
        tx.sql(rest).bind(id).run().await?;
    }
    Ok(true)
}
