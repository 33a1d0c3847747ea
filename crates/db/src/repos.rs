//! Repositories, the paths they answer to, and which of them somebody may see.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, RepositoryId, RepositoryName};

use crate::accounts::AccountKind;
use crate::sql::{Bind, record};
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryRecord {
    pub id: RepositoryId,
    pub namespace_id: AccountId,
    pub namespace_kind: AccountKind,
    /// The current path, also when it was found by an old one.
    pub path: RepositoryName,
    pub is_private: bool,
    pub is_automated: bool,
    /// Vetted by the hub's administrators.
    pub is_official: bool,
    /// Read only.
    pub is_archived: bool,
    pub description: String,
    /// Slugs of the hub's own categories.
    pub categories: Vec<String>,
    /// Words of the owner's choice.
    pub topics: Vec<String>,
    /// Patterns of tags that cannot move, an empty list for all; `None` where all may.
    pub immutable_tags: Option<Vec<String>>,
    /// Moves on when tokens handed out before must not count any more.
    pub generation: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub pushed_at: Option<Timestamp>,
    pub pushed_by: Option<AccountId>,
    pub stars: u64,
    pub pulls: u64,
    pub pulled_at: Option<Timestamp>,
}

record!(RepositoryRecord {
    id,
    namespace_id,
    namespace_kind,
    path,
    is_private,
    is_automated,
    is_official,
    is_archived,
    description,
    categories,
    topics,
    immutable_tags,
    generation,
    created_at,
    updated_at,
    pushed_at,
    pushed_by,
    stars,
    pulls,
    pulled_at,
});

impl RepositoryRecord {
    pub fn in_organization(&self) -> bool {
        self.namespace_kind == AccountKind::Organization
    }
}

/// The columns of a [`RepositoryRecord`] from [`repository_tables!`].
macro_rules! repository_columns {
    () => {
        "r.id, r.namespace_id, n.kind, r.path, r.is_private, r.is_automated, r.is_official, \
         r.is_archived, r.description, r.categories, r.topics, r.immutable_tags, r.generation, r.created_at, r.updated_at, r.pushed_at, \
         r.pushed_by, c.stars, c.pulls, c.pulled_at"
    };
}

pub(crate) use repository_columns;

/// A repository with its namespace and counts.
macro_rules! repository_tables {
    () => {
        "repositories r JOIN accounts n ON n.id = r.namespace_id \
         JOIN repository_counts c ON c.repository_id = r.id"
    };
}

pub(crate) use repository_tables;

/// Whether `repositories r` of namespace `n` may be read by a [`Visibility`] bound as `$1` and `$2`.
/// The same rule as [`crate::lookups::roles`] tells for one repository.
macro_rules! is_visible {
    () => {
        "(r.is_private = FALSE OR r.namespace_id = $1 OR ($2 = TRUE AND n.kind = 'library') \
         OR EXISTS (SELECT 1 FROM team_grants vg JOIN team_members vm ON vm.team_id = vg.team_id \
         WHERE vg.repository_id = r.id AND vm.account_id = $1) \
         OR EXISTS (SELECT 1 FROM collaborators vc \
         WHERE vc.repository_id = r.id AND vc.account_id = $1) \
         OR EXISTS (SELECT 1 FROM teams vt JOIN team_members vm ON vm.team_id = vt.id \
         WHERE vt.organization_id = r.namespace_id AND vt.is_owners = TRUE AND vm.account_id = $1) \
         OR EXISTS (SELECT 1 FROM members ve WHERE ve.organization_id = r.namespace_id \
         AND ve.account_id = $1 AND ve.is_editor = TRUE))"
    };
}
pub(crate) use is_visible;

#[derive(Clone, Debug)]
pub struct NewRepository {
    pub id: RepositoryId,
    pub namespace_id: AccountId,
    pub path: RepositoryName,
    pub is_private: bool,
    pub is_automated: bool,
    pub is_official: bool,
    pub description: String,
    pub created_at: Timestamp,
}

/// Whose eyes a list is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visibility {
    /// Sees the private repositories of this namespace, and those it was given a role on.
    pub account: Option<AccountId>,
    /// Sees the private repositories of `library`.
    pub admin: bool,
}

impl Visibility {
    /// What everybody sees.
    pub const PUBLIC: Self = Self { account: None, admin: false };

    pub const fn of(account: AccountId, admin: bool) -> Self {
        Self { account: Some(account), admin }
    }
}

/// Finds a live repository by any path it answers to.
pub async fn find_by_path(
    tx: &mut Tx<'_>,
    path: &RepositoryName,
) -> Result<Option<RepositoryRecord>, DbError> {
    tx.sql(concat!(
        "SELECT ",
        repository_columns!(),
        " FROM ",
        repository_tables!(),
        " JOIN repository_paths p ON p.repository_id = r.id \
         WHERE p.path = $1 AND r.deleted_at IS NULL"
    ))
    .bind(path)
    .row()
    .await
}

pub async fn find_by_id(
    tx: &mut Tx<'_>,
    id: RepositoryId,
) -> Result<Option<RepositoryRecord>, DbError> {
    tx.sql(concat!(
        "SELECT ",
        repository_columns!(),
        " FROM ",
        repository_tables!(),
        " WHERE r.id = $1 AND r.deleted_at IS NULL"
    ))
    .bind(id)
    .row()
    .await
}

/// Adds a repository; `false` when its path leads to another one.
pub async fn insert(tx: &mut Tx<'_>, new: &NewRepository) -> Result<bool, DbError> {
    insert_row(tx, new).await?;
    let claimed = tx
        .sql(
            "INSERT INTO repository_paths (path, repository_id, is_current, created_at) \
             VALUES ($1, $2, TRUE, $3) ON CONFLICT (path) DO NOTHING",
        )
        .bind(&new.path)
        .bind(new.id)
        .bind(new.created_at)
        .run()
        .await?;
    if claimed == 0 {
        tx.sql("DELETE FROM repositories WHERE id = $1").bind(new.id).run().await?;
        return Ok(false);
    }
    tx.sql(
        "INSERT INTO repository_counts (repository_id, namespace_id, stars, pulls) \
         VALUES ($1, $2, 0, 0)",
    )
    .bind(new.id)
    .bind(new.namespace_id)
    .run()
    .await?;
    Ok(true)
}

async fn insert_row(tx: &mut Tx<'_>, new: &NewRepository) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO repositories (id, namespace_id, path, is_private, is_automated, is_official, \
         description, generation, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)",
    )
    .bind(new.id)
    .bind(new.namespace_id)
    .bind(&new.path)
    .bind(new.is_private)
    .bind(new.is_automated)
    .bind(new.is_official)
    .bind(&new.description)
    .bind(new.created_at)
    .run()
    .await?;
    Ok(())
}

/// Changes who may see it; `false` when that is how it was. Tokens handed out before are void.
pub async fn set_private(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    is_private: bool,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .sql(
            "UPDATE repositories SET is_private = $2, updated_at = $3, generation = generation + 1 \
             WHERE id = $1 AND is_private <> $2 AND deleted_at IS NULL",
        )
        .bind(id)
        .bind(is_private)
        .bind(now)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Makes it read only or brings it back; `false` when that is how it was. Tokens handed out before are
/// void.
pub async fn set_archived(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    is_archived: bool,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .sql(
            "UPDATE repositories SET is_archived = $2, updated_at = $3, generation = generation + 1 \
             WHERE id = $1 AND is_archived <> $2 AND deleted_at IS NULL",
        )
        .bind(id)
        .bind(is_archived)
        .bind(now)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Sets one column of a live repository.
macro_rules! set_column {
    ($column:literal) => {
        concat!(
            "UPDATE repositories SET ",
            $column,
            " = $2, updated_at = $3 WHERE id = $1 AND deleted_at IS NULL"
        )
    };
}

async fn set(
    tx: &mut Tx<'_>,
    statement: &'static str,
    id: RepositoryId,
    value: impl Bind,
    now: Timestamp,
) -> Result<bool, DbError> {
    Ok(tx.sql(statement).bind(id).bind(value).bind(now).run().await? == 1)
}

/// Sets the rules for tags that cannot move; `false` when there is no such repository.
pub async fn set_immutable_tags(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    rules: Option<&Vec<String>>,
    now: Timestamp,
) -> Result<bool, DbError> {
    set(tx, set_column!("immutable_tags"), id, rules, now).await
}

/// The rules for tags that cannot move.
pub async fn immutable_tags(
    tx: &mut Tx<'_>,
    id: RepositoryId,
) -> Result<Option<Vec<String>>, DbError> {
    let row: Option<(Option<Vec<String>>,)> =
        tx.sql("SELECT immutable_tags FROM repositories WHERE id = $1").bind(id).row().await?;
    Ok(row.and_then(|(rules,)| rules))
}

/// Notes a push, which also holds the row until the end of the transaction; `false` when the repository
/// is not any more what the right to push was weighed for.
pub async fn set_pushed(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    generation: i64,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .sql(
            "UPDATE repositories SET pushed_at = $2, pushed_by = $3, updated_at = $2 \
             WHERE id = $1 AND generation = $4 AND deleted_at IS NULL",
        )
        .bind(id)
        .bind(now)
        .bind(by)
        .bind(generation)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Marks a change of the repository's content, which also holds its row until the end of the
/// transaction; `false` when there is none.
pub async fn touch(tx: &mut Tx<'_>, id: RepositoryId, now: Timestamp) -> Result<bool, DbError> {
    let changed = tx
        .sql("UPDATE repositories SET updated_at = $2 WHERE id = $1 AND deleted_at IS NULL")
        .bind(id)
        .bind(now)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Sets the short description; `false` when there is no such repository.
pub async fn describe(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    description: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    set(tx, set_column!("description"), id, description, now).await
}

/// Sets the categories; `false` when there is no such repository.
pub async fn set_categories(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    slugs: &Vec<String>,
    now: Timestamp,
) -> Result<bool, DbError> {
    set(tx, set_column!("categories"), id, slugs, now).await
}

/// Sets the topics; `false` when there is no such repository.
pub async fn set_topics(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    topics: &Vec<String>,
    now: Timestamp,
) -> Result<bool, DbError> {
    set(tx, set_column!("topics"), id, topics, now).await
}

/// The full description; empty when none was written.
pub async fn readme(tx: &mut Tx<'_>, id: RepositoryId) -> Result<String, DbError> {
    let found: Option<(String,)> =
        tx.sql("SELECT text FROM readmes WHERE repository_id = $1").bind(id).row().await?;
    Ok(found.map_or_else(String::new, |(text,)| text))
}

/// Writes the full description; `false` when there is no such repository.
pub async fn set_readme(
    tx: &mut Tx<'_>,
    id: RepositoryId,
    text: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    if !touch(tx, id, now).await? {
        return Ok(false);
    }
    tx.sql(
        "INSERT INTO readmes (repository_id, updated_at, text) VALUES ($1, $2, $3) \
         ON CONFLICT (repository_id) DO UPDATE SET updated_at = $2, text = $3",
    )
    .bind(id)
    .bind(now)
    .bind(text)
    .run()
    .await?;
    Ok(true)
}

/// A page of what somebody may see, in the byte order of the paths.
pub async fn list_visible(
    tx: &mut Tx<'_>,
    eyes: &Visibility,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<RepositoryName>, DbError> {
    let rows: Vec<(RepositoryName,)> = tx
        .sql(concat!(
            "SELECT p.path FROM repository_paths p JOIN repositories r ON r.id = p.repository_id \
             JOIN accounts n ON n.id = r.namespace_id \
             WHERE p.path > $3 AND p.is_current = TRUE AND ",
            is_visible!(),
            " ORDER BY p.path LIMIT $4"
        ))
        .bind(eyes.account)
        .bind(eyes.admin)
        .bind(after.unwrap_or_default())
        .bind(i64::from(limit))
        .rows()
        .await?;
    Ok(rows.into_iter().map(|(path,)| path).collect())
}

/// How many private repositories a namespace has.
pub async fn count_private(tx: &mut Tx<'_>, namespace: AccountId) -> Result<u64, DbError> {
    let (count,) = tx
        .sql(
            "SELECT COUNT(*) FROM repositories \
             WHERE namespace_id = $1 AND is_private = TRUE AND deleted_at IS NULL",
        )
        .bind(namespace)
        .one()
        .await?;
    Ok(count)
}

/// Makes every token for a repository that was handed out before void.
pub async fn void_tokens(tx: &mut Tx<'_>, id: RepositoryId) -> Result<bool, DbError> {
    let changed = tx
        .sql("UPDATE repositories SET generation = generation + 1 WHERE id = $1")
        .bind(id)
        .run()
        .await?;
    Ok(changed == 1)
}
