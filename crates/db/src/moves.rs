//! Paths that change: a repository takes a new one and keeps those it had.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, RepositoryId, RepositoryName};

use crate::sql::record;
use crate::{DbError, Tx, holdings, storage};

/// Where a repository goes.
#[derive(Clone, Debug)]
pub struct Destination {
    pub path: RepositoryName,
    /// The account that gets it, when it changes hands.
    pub namespace: Option<AccountId>,
}

/// What became of the wish to have a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    Made,
    /// The path leads to another repository.
    Taken,
    /// The repository is gone, or is not as it was when the right was weighed.
    Gone,
}

/// A path that still leads to a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerName {
    pub path: RepositoryName,
    pub since: Timestamp,
}

record!(FormerName { path, since });

/// Gives a repository its new path; the old one stays and is no longer current. A new namespace takes
/// away what others were granted, moves the generation on, takes the bytes over, and decides anew what is
/// official. What is not [`Claim::Made`] must be rolled back.
pub async fn relocate(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    generation: i64,
    destination: &Destination,
    now: Timestamp,
) -> Result<Claim, DbError> {
    let Some(from) = holdings::hold(tx, id).await? else { return Ok(Claim::Gone) };
    if !set_path(tx, id, generation, destination, now).await? {
        return Ok(Claim::Gone);
    }
    tx.sql("UPDATE repository_paths SET is_current = FALSE WHERE repository_id = $1")
        .bind(id)
        .run()
        .await?;
    if !claim(tx, id, &destination.path, now).await? {
        return Ok(Claim::Taken);
    }
    if let Some(to) = destination.namespace {
        for grants in [
            "DELETE FROM team_grants WHERE repository_id = $1",
            "DELETE FROM collaborators WHERE repository_id = $1",
        ] {
            tx.sql(grants).bind(id).run().await?;
        }
        tx.sql("UPDATE repository_counts SET namespace_id = $2 WHERE repository_id = $1")
            .bind(id)
            .bind(to)
            .run()
            .await?;
        let charges = holdings::hand_over(tx, id, from, to).await?;
        storage::settle(tx, &charges).await?;
    }
    Ok(Claim::Made)
}

async fn set_path(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    generation: i64,
    destination: &Destination,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .sql(
            "UPDATE repositories SET path = $3, updated_at = $4, \
             namespace_id = COALESCE($5, namespace_id), \
             generation = CASE WHEN $5 IS NULL THEN generation ELSE generation + 1 END, \
             is_official = EXISTS (SELECT 1 FROM accounts \
             WHERE id = COALESCE($5, namespace_id) AND kind = 'library') \
             WHERE id = $1 AND generation = $2 AND deleted_at IS NULL",
        )
        .bind(id)
        .bind(generation)
        .bind(&destination.path)
        .bind(now)
        .bind(destination.namespace)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Makes a path the current one of a repository; `false` when it leads to another.
pub(crate) async fn claim(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    path: &RepositoryName,
    now: Timestamp,
) -> Result<bool, DbError> {
    let claimed = tx
        .sql(
            "INSERT INTO repository_paths (path, repository_id, is_current, created_at) \
             VALUES ($1, $2, TRUE, $3) ON CONFLICT (path) DO UPDATE SET is_current = TRUE \
             WHERE repository_paths.repository_id = excluded.repository_id",
        )
        .bind(path)
        .bind(id)
        .bind(now)
        .run()
        .await?;
    Ok(claimed == 1)
}

/// The paths a repository had, which still lead to it.
pub async fn former(tx: &mut Tx<'_>, id: RepositoryId) -> Result<Vec<FormerName>, DbError> {
    tx.sql(
        "SELECT path, created_at FROM repository_paths \
         WHERE repository_id = $1 AND is_current = FALSE ORDER BY path",
    )
    .bind(id)
    .rows()
    .await
}

/// Gives a former path up; `false` when it is none of the repository's.
pub async fn release(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    path: &RepositoryName,
) -> Result<bool, DbError> {
    let released = tx
        .sql(
            "DELETE FROM repository_paths \
             WHERE repository_id = $1 AND path = $2 AND is_current = FALSE",
        )
        .bind(id)
        .bind(path)
        .run()
        .await?;
    Ok(released == 1)
}
