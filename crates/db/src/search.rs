//! What an index of repositories is made from, and which of them changed since.
//!
//! A position is where a reader goes on. On SQLite it is an id: there is one writer, so rows are committed
//! in the order of their ids. On PostgreSQL a transaction may commit after others that began later, so ids
//! tell nothing. There a position is the oldest transaction that was still running when the reader looked
//! ([`settled`]): whatever it could not see was written by that one or a later one, and is read next
//! time. Rows that were seen may come again, which does no harm.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, RepositoryId, RepositoryName};

use crate::accounts::AccountKind;
use crate::repos::{
    RepositoryRecord, Visibility, is_visible, repository_columns, repository_tables,
};
use crate::sql::{in_list, padded, record};
use crate::{DbError, Tx, dialect};

/// Which database an index is of, and which rebuild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub database_id: String,
    pub edition: i64,
    /// Changes before this position are no longer kept.
    pub forgotten: i64,
}

record!(Source { database_id, edition, forgotten });

/// A change of one repository. Rows may come again; the id tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    pub id: i64,
    pub repository_id: RepositoryId,
}

record!(ChangeRow { id, repository_id });

/// A repository, as far as it can be searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Searchable {
    pub id: RepositoryId,
    pub namespace_id: AccountId,
    pub namespace_kind: AccountKind,
    pub path: RepositoryName,
    pub is_private: bool,
    pub is_automated: bool,
    pub is_official: bool,
    pub is_archived: bool,
    pub description: String,
    pub topics: Vec<String>,
    pub updated_at: Timestamp,
    pub stars: u64,
    pub pulls: u64,
    /// The beginning of the full description: 4096 characters.
    pub readme: String,
}

record!(Searchable {
    id,
    namespace_id,
    namespace_kind,
    path,
    is_private,
    is_automated,
    is_official,
    is_archived,
    description,
    topics,
    updated_at,
    stars,
    pulls,
    readme,
});

macro_rules! searchable {
    ($condition:literal) => {
        concat!(
            "SELECT r.id, r.namespace_id, n.kind, r.path, r.is_private, r.is_automated, \
             r.is_official, r.is_archived, r.description, r.topics, r.updated_at, c.stars, c.pulls, \
             COALESCE(SUBSTR(m.text, 1, 4096), '') FROM ",
            repository_tables!(),
            " LEFT JOIN readmes m ON m.repository_id = r.id WHERE r.deleted_at IS NULL AND ",
            $condition
        )
    };
}

/// Notes, in the transaction of the change itself, that something which search shows of a repository
/// has changed.
pub async fn changed(tx: &mut Tx<'_>, repository: RepositoryId) -> Result<(), DbError> {
    tx.sql("INSERT INTO search_changes (repository_id) VALUES ($1)").bind(repository).run().await?;
    Ok(())
}

pub async fn source(tx: &mut Tx<'_>) -> Result<Source, DbError> {
    tx.sql("SELECT database_id, edition, forgotten FROM search_source").one().await
}

/// Makes every node build its index anew.
pub async fn ask_for_rebuild(tx: &mut Tx<'_>) -> Result<(), DbError> {
    tx.sql("UPDATE search_source SET edition = edition + 1").run().await?;
    Ok(())
}

/// The position of whoever has seen everything that is committed now. Ask before reading, not after.
pub async fn settled(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    let text = dialect::settled_search_changes(tx.engine());
    let (position,) = tx.sql(text).one().await?;
    Ok(position)
}

/// Changes from a position on, in no order; with one more than `most` there are too many to tell.
pub async fn changes_since(
    tx: &mut Tx<'_>,
    position: i64,
    most: u32,
) -> Result<Vec<ChangeRow>, DbError> {
    let text = dialect::search_changes_since(tx.engine());
    tx.sql(text).bind(position).bind(i64::from(most) + 1).rows().await
}

/// Forgets all but about the last `keep` changes, and notes which positions have lost some. The very last
/// is always kept: SQLite counts on from it.
pub async fn forget_changes(tx: &mut Tx<'_>, keep: u64) -> Result<u64, DbError> {
    tx.sql(dialect::forget_search_changes(tx.engine())).bind(keep.max(1)).run().await?;
    tx.sql("DELETE FROM search_changes WHERE id <= (SELECT MAX(id) FROM search_changes) - $1")
        .bind(keep.max(1))
        .run()
        .await
}

/// Those of the repositories that are live.
pub async fn find_searchable(
    tx: &mut Tx<'_>,
    ids: &[RepositoryId],
) -> Result<Vec<Searchable>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let count = ids.len().next_power_of_two();
    let mut statement = tx.sql(in_list(searchable!("r.id IN "), 1, count)).patient();
    for id in padded(ids, count) {
        statement.push(*id);
    }
    statement.rows().await
}

/// The next live repositories in the order of their ids.
pub async fn list_searchable(
    tx: &mut Tx<'_>,
    after: RepositoryId,
    limit: u32,
) -> Result<Vec<Searchable>, DbError> {
    tx.sql(searchable!("r.id > $1 ORDER BY r.id LIMIT $2"))
        .bind(after)
        .bind(i64::from(limit))
        .patient()
        .rows()
        .await
}

/// The platforms of the images in a range of repositories, as `os/architecture[/variant]`.
pub async fn list_platforms(
    tx: &mut Tx<'_>,
    first: RepositoryId,
    last: RepositoryId,
) -> Result<Vec<(RepositoryId, String)>, DbError> {
    tx.sql(
        "SELECT DISTINCT repository_id, platform FROM manifest_references \
         WHERE repository_id >= $1 AND repository_id <= $2 AND platform IS NOT NULL",
    )
    .bind(first)
    .bind(last)
    .patient()
    .rows()
    .await
}

/// The namespaces of which an account may read everything: the same rule as `is_visible!` in
/// `db::repos`.
pub async fn readable_namespaces(
    tx: &mut Tx<'_>,
    eyes: &Visibility,
) -> Result<Vec<AccountId>, DbError> {
    let rows: Vec<(AccountId,)> = tx
        .sql(
            "SELECT id FROM accounts WHERE id = $1 OR ($2 = TRUE AND kind = 'library') \
             UNION SELECT t.organization_id FROM teams t JOIN team_members m ON m.team_id = t.id \
             WHERE t.is_owners = TRUE AND m.account_id = $1 \
             UNION SELECT organization_id FROM members WHERE account_id = $1 AND is_editor = TRUE",
        )
        .bind(eyes.account)
        .bind(eyes.admin)
        .rows()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The private repositories that an account was given a role on.
pub async fn readable_repositories(
    tx: &mut Tx<'_>,
    eyes: &Visibility,
) -> Result<Vec<RepositoryId>, DbError> {
    let rows: Vec<(RepositoryId,)> = tx
        .sql(
            "SELECT g.repository_id FROM team_members m JOIN team_grants g ON g.team_id = m.team_id \
             JOIN repositories r ON r.id = g.repository_id \
             WHERE m.account_id = $1 AND r.is_private = TRUE \
             UNION SELECT c.repository_id FROM collaborators c \
             JOIN repositories r ON r.id = c.repository_id \
             WHERE c.account_id = $1 AND r.is_private = TRUE",
        )
        .bind(eyes.account)
        .rows()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Those of the repositories that somebody may see, in no order.
pub async fn find_visible(
    tx: &mut Tx<'_>,
    eyes: &Visibility,
    ids: &[RepositoryId],
) -> Result<Vec<RepositoryRecord>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let count = ids.len().next_power_of_two();
    let text = concat!(
        "SELECT ",
        repository_columns!(),
        " FROM ",
        repository_tables!(),
        " WHERE r.deleted_at IS NULL AND ",
        is_visible!(),
        " AND r.id IN "
    );
    let mut statement = tx.sql(in_list(text, 3, count)).bind(eyes.account).bind(eyes.admin);
    for id in padded(ids, count) {
        statement.push(*id);
    }
    statement.rows().await
}
