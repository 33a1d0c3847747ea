//! Who belongs to an organization, and as what.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, AccountName};

use crate::organizations::is_live;
use crate::sql::{Cells, FromRow, containing, record};
use crate::values::words;
use crate::{DbError, Tx};

/// What somebody is in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Membership {
    Member,
    /// May also make, change and delete repositories.
    Editor,
    Owner,
}

words!(Membership { Member = "member", Editor = "editor", Owner = "owner" });

/// What the account of the row `members e` is there.
macro_rules! role_of {
    () => {
        "CASE WHEN EXISTS (SELECT 1 FROM teams rt JOIN team_members rm ON rm.team_id = rt.id \
         WHERE rt.organization_id = e.organization_id AND rt.is_owners = TRUE \
         AND rm.account_id = e.account_id) THEN 'owner' \
         WHEN e.is_editor = TRUE THEN 'editor' ELSE 'member' END"
    };
}
pub(crate) use role_of;

/// What lists of people show of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: AccountId,
    pub uuid: String,
    pub name: AccountName,
    pub full_name: String,
    pub location: String,
    pub company: String,
    pub profile_url: String,
    pub email: Option<String>,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
}

record!(Person {
    id,
    uuid,
    name,
    full_name,
    location,
    company,
    profile_url,
    email,
    created_at,
    disabled_at,
});

/// The columns of a [`Person`] from `accounts a`.
macro_rules! person_columns {
    () => {
        "a.id, a.uuid, a.name, a.full_name, a.location, a.company, a.profile_url, a.email, \
         a.created_at, a.disabled_at"
    };
}
pub(crate) use person_columns;

/// Whether `accounts a` answers to a search for the pattern `$2`, which is empty for everybody.
macro_rules! person_matches {
    () => {
        "($2 = '' OR a.name LIKE $2 ESCAPE '!' OR LOWER(a.full_name) LIKE $2 ESCAPE '!')"
    };
}
pub(crate) use person_matches;

/// Somebody who belongs to an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRecord {
    pub person: Person,
    pub membership: Membership,
    pub joined_at: Timestamp,
}

impl FromRow for MemberRecord {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, DbError> {
        Ok(Self {
            person: FromRow::from_row(cells)?,
            membership: cells.next()?,
            joined_at: cells.next()?,
        })
    }
}

/// Which members a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the name or of the full name.
    pub search: String,
    pub membership: Option<Membership>,
}

/// The organization of that name, and what `account` is in it.
pub async fn find_membership(
    tx: &mut Tx<'_>,
    organization: &AccountName,
    account: AccountId,
) -> Result<Option<(AccountId, Option<Membership>)>, DbError> {
    tx.sql(concat!(
        "SELECT o.id, (SELECT ",
        role_of!(),
        " FROM members e WHERE e.organization_id = o.id AND e.account_id = $2) \
         FROM accounts o WHERE o.name = $1 AND ",
        is_live!()
    ))
    .bind(organization)
    .bind(account)
    .row()
    .await
}

/// What `account` is in an organization.
pub async fn find(
    tx: &mut Tx<'_>,
    organization: AccountId,
    account: AccountId,
) -> Result<Option<MemberRecord>, DbError> {
    tx.sql(concat!(
        "SELECT ",
        person_columns!(),
        ", ",
        role_of!(),
        ", e.joined_at FROM members e JOIN accounts a ON a.id = e.account_id \
         WHERE e.organization_id = $1 AND e.account_id = $2"
    ))
    .bind(organization)
    .bind(account)
    .row()
    .await
}

/// A page of the members by name, and how many there are in all.
pub async fn list(
    tx: &mut Tx<'_>,
    organization: AccountId,
    filter: &Filter,
    offset: u64,
    limit: u32,
) -> Result<(Vec<MemberRecord>, u64), DbError> {
    let pattern = containing(&filter.search);
    let role = filter.membership.map_or("", Membership::word);
    let rows = tx
        .sql(concat!(
            "SELECT ",
            person_columns!(),
            ", ",
            role_of!(),
            ", e.joined_at FROM members e JOIN accounts a ON a.id = e.account_id \
             WHERE e.organization_id = $1 AND ",
            person_matches!(),
            " AND ($3 = '' OR ",
            role_of!(),
            " = $3) ORDER BY a.name LIMIT $4 OFFSET $5"
        ))
        .bind(organization)
        .bind(&pattern)
        .bind(role)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql(concat!(
            "SELECT COUNT(*) FROM members e JOIN accounts a ON a.id = e.account_id \
             WHERE e.organization_id = $1 AND ",
            person_matches!(),
            " AND ($3 = '' OR ",
            role_of!(),
            " = $3)"
        ))
        .bind(organization)
        .bind(&pattern)
        .bind(role)
        .one()
        .await?;
    Ok((rows, total))
}

pub async fn count(tx: &mut Tx<'_>, organization: AccountId) -> Result<u64, DbError> {
    let (count,) = tx
        .sql("SELECT COUNT(*) FROM members WHERE organization_id = $1")
        .bind(organization)
        .one()
        .await?;
    Ok(count)
}

/// The organizations that somebody owns, alone or with others.
pub async fn list_owned(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Vec<(AccountId, AccountName)>, DbError> {
    tx.sql(
        "SELECT o.id, o.name FROM team_members m JOIN teams t ON t.id = m.team_id \
         JOIN accounts o ON o.id = t.organization_id \
         WHERE m.account_id = $1 AND t.is_owners = TRUE AND o.deleted_at IS NULL ORDER BY o.id",
    )
    .bind(account)
    .rows()
    .await
}

/// How many people who can sign in own the organization, not counting `account`.
pub async fn count_other_owners(
    tx: &mut Tx<'_>,
    organization: AccountId,
    account: AccountId,
) -> Result<u64, DbError> {
    let (count,) = tx
        .sql(
            "SELECT COUNT(*) FROM teams t JOIN team_members m ON m.team_id = t.id \
             JOIN accounts a ON a.id = m.account_id WHERE t.organization_id = $1 \
             AND t.is_owners = TRUE AND a.id <> $2 AND a.disabled_at IS NULL \
             AND a.deleted_at IS NULL",
        )
        .bind(organization)
        .bind(account)
        .one()
        .await?;
    Ok(count)
}

/// Makes somebody a member, or changes what kind of member they are.
pub async fn set(
    tx: &mut Tx<'_>,
    organization: AccountId,
    account: AccountId,
    is_editor: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO members (organization_id, account_id, is_editor, joined_at) \
         VALUES ($1, $2, $3, $4) \
         ON CONFLICT (organization_id, account_id) DO UPDATE SET is_editor = $3",
    )
    .bind(organization)
    .bind(account)
    .bind(is_editor)
    .bind(now)
    .run()
    .await?;
    Ok(())
}

/// Takes somebody out of an organization and all its teams; `false` when they were no member.
pub async fn remove(
    tx: &mut Tx<'_>,
    organization: AccountId,
    account: AccountId,
) -> Result<bool, DbError> {
    tx.sql(
        "DELETE FROM team_members WHERE account_id = $2 \
         AND team_id IN (SELECT t.id FROM teams t WHERE t.organization_id = $1)",
    )
    .bind(organization)
    .bind(account)
    .run()
    .await?;
    let removed = tx
        .sql("DELETE FROM members WHERE organization_id = $1 AND account_id = $2")
        .bind(organization)
        .bind(account)
        .run()
        .await?;
    Ok(removed == 1)
}
