//! Organizations: what they show of themselves, their names, their end.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, AccountName, RepositoryName};

use crate::members::{Membership, role_of};
use crate::sql::{Cells, FromRow, record};
use crate::{DbError, Tx, dialect};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationRecord {
    pub id: AccountId,
    pub uuid: String,
    pub name: AccountName,
    pub full_name: String,
    pub location: String,
    pub company: String,
    pub profile_url: String,
    /// Whether repositories made by a push start private.
    pub default_private: bool,
    /// `None` for the default plan.
    pub plan: Option<String>,
    pub created_at: Timestamp,
    pub teams: u64,
}

record!(OrganizationRecord {
    id,
    uuid,
    name,
    full_name,
    location,
    company,
    profile_url,
    default_private,
    plan,
    created_at,
    teams,
});

macro_rules! organization_columns {
    () => {
        "o.id, o.uuid, o.name, o.full_name, o.location, o.company, o.profile_url, \
         o.default_private, o.plan, o.created_at, \
         (SELECT COUNT(*) FROM teams ot WHERE ot.organization_id = o.id)"
    };
}

/// Whether `accounts o` is an organization that anybody can work with.
macro_rules! is_live {
    () => {
        "o.kind = 'organization' AND o.disabled_at IS NULL AND o.deleted_at IS NULL"
    };
}
pub(crate) use is_live;

/// What people may change about how a user or an organization shows itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub full_name: String,
    pub location: String,
    pub company: String,
    pub profile_url: String,
    pub default_private: bool,
}

/// An organization, and what somebody is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belonging {
    pub organization: OrganizationRecord,
    pub membership: Membership,
}

impl FromRow for Belonging {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, DbError> {
        Ok(Self { organization: FromRow::from_row(cells)?, membership: cells.next()? })
    }
}

/// Finds a live organization by its present name.
pub async fn find(
    tx: &mut Tx<'_>,
    name: &AccountName,
) -> Result<Option<OrganizationRecord>, DbError> {
    tx.sql(concat!(
        "SELECT ",
        organization_columns!(),
        " FROM accounts o WHERE o.name = $1 AND ",
        is_live!()
    ))
    .bind(name)
    .row()
    .await
}

/// Keeps everybody else from changing who belongs to the organization until this transaction ends;
/// `false` when it is gone.
pub async fn hold(tx: &mut Tx<'_>, id: AccountId) -> Result<bool, DbError> {
    let text = dialect::hold_organization(tx.engine());
    let row: Option<(AccountId,)> = tx.sql(text).bind(id).row().await?;
    Ok(row.is_some())
}

/// A page of the organizations somebody belongs to, by name, and how many there are in all.
pub async fn list_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    offset: u64,
    limit: u32,
) -> Result<(Vec<Belonging>, u64), DbError> {
    let rows = tx
        .sql(concat!(
            "SELECT ",
            organization_columns!(),
            ", ",
            role_of!(),
            " FROM members e JOIN accounts o ON o.id = e.organization_id \
             WHERE e.account_id = $1 AND ",
            is_live!(),
            " ORDER BY o.name LIMIT $2 OFFSET $3"
        ))
        .bind(account)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql(concat!(
            "SELECT COUNT(*) FROM members e JOIN accounts o ON o.id = e.organization_id \
             WHERE e.account_id = $1 AND ",
            is_live!()
        ))
        .bind(account)
        .one()
        .await?;
    Ok((rows, total))
}

/// How many members the plan of the organization allows; `None` without limit.
pub async fn member_limit(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<u64>, DbError> {
    let row: Option<(Option<i64>,)> = tx
        .sql(
            "SELECT p.members FROM accounts o JOIN plans p ON p.name = COALESCE(o.plan, 'default') \
             WHERE o.id = $1",
        )
        .bind(id)
        .row()
        .await?;
    Ok(row.and_then(|(members,)| members).and_then(|members| members.try_into().ok()))
}

/// Changes how a user or an organization shows itself.
pub async fn set_profile(
    tx: &mut Tx<'_>,
    id: AccountId,
    profile: &Profile,
) -> Result<bool, DbError> {
    let changed = tx
        .sql(
            "UPDATE accounts SET full_name = $2, location = $3, company = $4, profile_url = $5, \
             default_private = $6 WHERE id = $1 AND deleted_at IS NULL",
        )
        .bind(id)
        .bind(&profile.full_name)
        .bind(&profile.location)
        .bind(&profile.company)
        .bind(&profile.profile_url)
        .bind(profile.default_private)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Why a name cannot be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenameBar {
    /// Another account has or had it.
    Name,
    /// An old path of another repository would be in the way.
    Path(RepositoryName),
}

/// Gives an account another name, and all its repositories other paths. The old ones stay as paths to
/// pull from; the old name stays the account's, so it can go back to it.
pub async fn rename(
    tx: &mut Tx<'_>,
    id: AccountId,
    old: &AccountName,
    new: &AccountName,
    now: Timestamp,
) -> Result<Result<(), RenameBar>, DbError> {
    if !claim_name(tx, id, new, now).await? {
        return Ok(Err(RenameBar::Name));
    }
    // Where the part after the namespace begins, its slash included.
    let tail = i64::try_from(old.as_str().len() + 1).unwrap_or(i64::MAX);
    let in_the_way: Option<(RepositoryName,)> = tx
        .sql(
            "SELECT p.path FROM repositories r \
             JOIN repository_paths p ON p.path = $2 || substr(r.path, CAST($3 AS INTEGER)) \
             WHERE r.namespace_id = $1 AND r.deleted_at IS NULL AND p.repository_id <> r.id LIMIT 1",
        )
        .bind(id)
        .bind(new)
        .bind(tail)
        .row()
        .await?;
    if let Some((path,)) = in_the_way {
        return Ok(Err(RenameBar::Path(path)));
    }
    tx.sql("UPDATE accounts SET name = $2 WHERE id = $1").bind(id).bind(new).run().await?;
    move_paths(tx, id, new, tail, now).await?;
    Ok(Ok(()))
}

async fn claim_name(
    tx: &mut Tx<'_>,
    id: AccountId,
    name: &AccountName,
    now: Timestamp,
) -> Result<bool, DbError> {
    tx.sql(
        "INSERT INTO account_names (name, account_id, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO NOTHING",
    )
    .bind(name)
    .bind(id)
    .bind(now)
    .run()
    .await?;
    let holder: Option<(AccountId,)> =
        tx.sql("SELECT account_id FROM account_names WHERE name = $1").bind(name).row().await?;
    Ok(holder == Some((id,)))
}

async fn move_paths(
    tx: &mut Tx<'_>,
    namespace: AccountId,
    new: &AccountName,
    tail: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.sql(
        "UPDATE repository_paths SET is_current = FALSE WHERE is_current = TRUE AND repository_id IN \
         (SELECT r.id FROM repositories r WHERE r.namespace_id = $1 AND r.deleted_at IS NULL)",
    )
    .bind(namespace)
    .run()
    .await?;
    tx.sql(
        "INSERT INTO repository_paths (path, repository_id, is_current, created_at) \
         SELECT $2 || substr(r.path, CAST($3 AS INTEGER)), r.id, TRUE, $4 FROM repositories r \
         WHERE r.namespace_id = $1 AND r.deleted_at IS NULL \
         ON CONFLICT (path) DO UPDATE SET is_current = TRUE",
    )
    .bind(namespace)
    .bind(new)
    .bind(tail)
    .bind(now)
    .run()
    .await?;
    // Those in the trash too, so that they are restored into the namespace as it is called then.
    tx.sql(
        "UPDATE repositories SET path = $2 || substr(path, CAST($3 AS INTEGER)) \
         WHERE namespace_id = $1",
    )
    .bind(namespace)
    .bind(new)
    .bind(tail)
    .run()
    .await?;
    tx.sql(
        "INSERT INTO search_changes (repository_id) SELECT r.id FROM repositories r \
         WHERE r.namespace_id = $1 AND r.deleted_at IS NULL",
    )
    .bind(namespace)
    .run()
    .await?;
    Ok(())
}

/// How many repositories a namespace has, those in the trash not counted.
pub async fn count_repositories(tx: &mut Tx<'_>, namespace: AccountId) -> Result<u64, DbError> {
    let (count,) = tx
        .sql("SELECT COUNT(*) FROM repositories WHERE namespace_id = $1 AND deleted_at IS NULL")
        .bind(namespace)
        .one()
        .await?;
    Ok(count)
}

/// Ends an organization: nobody belongs to it any more, and what was handed out in its name is void.
/// The row stays, so its names stay reserved.
pub async fn delete(tx: &mut Tx<'_>, id: AccountId, now: Timestamp) -> Result<bool, DbError> {
    let changed = tx
        .sql(
            "UPDATE accounts SET deleted_at = $2, credentials_epoch = credentials_epoch + 1 \
             WHERE id = $1 AND kind = 'organization' AND deleted_at IS NULL",
        )
        .bind(id)
        .bind(now)
        .run()
        .await?;
    for people in [
        "DELETE FROM invitations WHERE organization_id = $1",
        "DELETE FROM teams WHERE organization_id = $1",
        "DELETE FROM members WHERE organization_id = $1",
    ] {
        tx.sql(people).bind(id).run().await?;
    }
    Ok(changed == 1)
}
