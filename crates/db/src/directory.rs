//! Accounts as administrators look for them.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, AccountName, RepositoryName, Role};

use crate::accounts::{AccountKind, AccountRecord, account_columns};
use crate::sql::{Cells, FromRow, Statement, containing, record};
use crate::{DbError, Tx};

/// Which accounts a list holds.
#[derive(Clone, Debug)]
pub struct Filter {
    pub kind: AccountKind,
    /// Part of the name or of the address.
    pub search: String,
    pub only_disabled: bool,
    pub only_administrators: bool,
    pub only_unverified: bool,
    /// Those who were given this plan; `""` stands for the default one.
    pub plan: Option<String>,
}

/// The conditions of a [`Filter`], bound from `$1` on.
macro_rules! passes {
    () => {
        "a.kind = $1 AND a.deleted_at IS NULL \
         AND ($2 = '' OR a.name LIKE $2 ESCAPE '!' OR LOWER(a.email) LIKE $2 ESCAPE '!') \
         AND ($3 = FALSE OR a.disabled_at IS NOT NULL) AND ($4 = FALSE OR a.is_admin = TRUE) \
         AND ($5 = FALSE OR a.email_verified_at IS NULL) \
         AND ($6 IS NULL OR COALESCE(a.plan, '') = $6)"
    };
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAccount {
    pub account: AccountRecord,
    /// `None` for the default plan.
    pub plan: Option<String>,
}

impl FromRow for ListedAccount {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, DbError> {
        Ok(Self { account: FromRow::from_row(cells)?, plan: cells.next()? })
    }
}

/// A page by name, and how many there are in all.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &Filter,
    offset: u64,
    limit: u32,
) -> Result<(Vec<ListedAccount>, u64), DbError> {
    let page = concat!(
        "SELECT ",
        account_columns!(),
        ", a.plan FROM accounts a WHERE ",
        passes!(),
        " ORDER BY a.name LIMIT $7 OFFSET $8"
    );
    let statement = filtered(tx.sql(page), filter).bind(i64::from(limit)).bind(offset);
    let rows = statement.patient().rows().await?;
    let count = concat!("SELECT COUNT(*) FROM accounts a WHERE ", passes!());
    let (total,) = filtered(tx.sql(count), filter).patient().one().await?;
    Ok((rows, total))
}

fn filtered<'t, 'c>(statement: Statement<'t, 'c>, filter: &Filter) -> Statement<'t, 'c> {
    statement
        .bind(filter.kind)
        .bind(containing(&filter.search))
        .bind(filter.only_disabled)
        .bind(filter.only_administrators)
        .bind(filter.only_unverified)
        .bind(filter.plan.clone())
}

/// What one account has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// `None` for the default plan.
    pub plan: Option<String>,
    pub repositories: u64,
    pub private_repositories: u64,
    /// Organizations that a user belongs to.
    pub organizations: u64,
    /// Members and teams of an organization.
    pub members: u64,
    pub teams: u64,
    pub access_tokens: u64,
    /// When a credential that was handed out was last used.
    pub last_seen_at: Option<Timestamp>,
}

record!(Holdings {
    plan,
    repositories,
    private_repositories,
    organizations,
    members,
    teams,
    access_tokens,
    last_seen_at,
});

/// What an account has; `None` when it is gone.
pub async fn holdings(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Holdings>, DbError> {
    tx.sql(
        "SELECT a.plan, \
         (SELECT COUNT(*) FROM repositories r WHERE r.namespace_id = a.id AND r.deleted_at IS NULL), \
         (SELECT COUNT(*) FROM repositories r WHERE r.namespace_id = a.id AND r.deleted_at IS NULL \
         AND r.is_private = TRUE), \
         (SELECT COUNT(*) FROM members m WHERE m.account_id = a.id), \
         (SELECT COUNT(*) FROM members m WHERE m.organization_id = a.id), \
         (SELECT COUNT(*) FROM teams t WHERE t.organization_id = a.id), \
         (SELECT COUNT(*) FROM access_tokens k WHERE k.account_id = a.id), \
         (SELECT MAX(seen.at) FROM \
         (SELECT last_used_at AS at FROM access_tokens WHERE account_id = $1 \
         UNION ALL SELECT last_used_at FROM refresh_tokens WHERE account_id = $1 \
         UNION ALL SELECT last_used_at FROM sessions WHERE account_id = $1) seen) \
         FROM accounts a WHERE a.id = $1 AND a.deleted_at IS NULL",
    )
    .bind(account)
    .row()
    .await
}

/// Whether somebody else administers the hub and can sign in.
pub async fn exists_other_administrator(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<bool, DbError> {
    let row: Option<(AccountId,)> = tx
        .sql(
            "SELECT id FROM accounts WHERE is_admin = TRUE AND disabled_at IS NULL \
             AND deleted_at IS NULL AND id <> $1 LIMIT 1",
        )
        .bind(account)
        .row()
        .await?;
    Ok(row.is_some())
}

/// A team as a maintainer of an official repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaintainerRecord {
    pub repository: RepositoryName,
    pub organization: AccountName,
    pub team: String,
    pub role: Role,
}

record!(MaintainerRecord { repository, organization, team, role });

/// The teams that have a right on a repository of a namespace, by its path.
pub async fn maintainers(
    tx: &mut Tx<'_>,
    namespace: AccountId,
    limit: u32,
) -> Result<Vec<MaintainerRecord>, DbError> {
    tx.sql(
        "SELECT r.path, o.name, t.name, g.level FROM repositories r \
         JOIN team_grants g ON g.repository_id = r.id JOIN teams t ON t.id = g.team_id \
         JOIN accounts o ON o.id = t.organization_id \
         WHERE r.namespace_id = $1 AND r.deleted_at IS NULL \
         ORDER BY r.path, o.name, t.name LIMIT $2",
    )
    .bind(namespace)
    .bind(i64::from(limit))
    .rows()
    .await
}
