//! Teams of an organization and who is in them.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, TeamId};

use crate::members::{Person, person_columns, person_matches};
use crate::sql::{containing, in_list, record};
use crate::{DbError, Tx};

#[derive(Clone, Debug)]
pub struct NewTeam {
    pub id: TeamId,
    pub uuid: String,
    pub organization_id: AccountId,
    pub name: String,
    pub description: String,
    /// Its members own the organization. Each organization has one such team, made with it.
    pub is_owners: bool,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRecord {
    pub id: TeamId,
    pub uuid: String,
    pub organization_id: AccountId,
    pub name: String,
    pub description: String,
    pub is_owners: bool,
    pub created_at: Timestamp,
    pub members: u64,
}

record!(TeamRecord {
    id,
    uuid,
    organization_id,
    name,
    description,
    is_owners,
    created_at,
    members,
});

macro_rules! team_columns {
    () => {
        "t.id, t.uuid, t.organization_id, t.name, t.description, t.is_owners, t.created_at, \
         (SELECT COUNT(*) FROM team_members tm WHERE tm.team_id = t.id)"
    };
}

/// Which teams a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the name.
    pub search: String,
    /// Only teams that all of these are in.
    pub of: Option<AccountId>,
    pub and_of: Option<AccountId>,
}

macro_rules! team_matches {
    () => {
        "t.organization_id = $1 AND ($2 = '' OR t.name LIKE $2 ESCAPE '!') \
         AND ($3 IS NULL OR EXISTS (SELECT 1 FROM team_members f \
         WHERE f.team_id = t.id AND f.account_id = $3)) \
         AND ($4 IS NULL OR EXISTS (SELECT 1 FROM team_members f \
         WHERE f.team_id = t.id AND f.account_id = $4))"
    };
}

/// Adds a team; `false` when the organization has one of that name.
pub async fn insert(tx: &mut Tx<'_>, new: &NewTeam) -> Result<bool, DbError> {
    let made = tx
        .sql(
            "INSERT INTO teams \
             (id, uuid, organization_id, name, description, is_owners, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organization_id, name) DO NOTHING",
        )
        .bind(new.id)
        .bind(&new.uuid)
        .bind(new.organization_id)
        .bind(&new.name)
        .bind(&new.description)
        .bind(new.is_owners)
        .bind(new.created_at)
        .run()
        .await?;
    Ok(made == 1)
}

pub async fn find(
    tx: &mut Tx<'_>,
    organization: AccountId,
    name: &str,
) -> Result<Option<TeamRecord>, DbError> {
    tx.sql(concat!(
        "SELECT ",
        team_columns!(),
        " FROM teams t WHERE t.organization_id = $1 AND t.name = $2"
    ))
    .bind(organization)
    .bind(name)
    .row()
    .await
}

/// The team whose members own the organization.
pub async fn find_owners(
    tx: &mut Tx<'_>,
    organization: AccountId,
) -> Result<Option<TeamRecord>, DbError> {
    tx.sql(concat!(
        "SELECT ",
        team_columns!(),
        " FROM teams t WHERE t.organization_id = $1 AND t.is_owners = TRUE"
    ))
    .bind(organization)
    .row()
    .await
}

pub async fn find_by_id(tx: &mut Tx<'_>, id: TeamId) -> Result<Option<TeamRecord>, DbError> {
    tx.sql(concat!("SELECT ", team_columns!(), " FROM teams t WHERE t.id = $1"))
        .bind(id)
        .row()
        .await
}

/// A page of the teams by name, and how many there are in all.
pub async fn list(
    tx: &mut Tx<'_>,
    organization: AccountId,
    filter: &Filter,
    offset: u64,
    limit: u32,
) -> Result<(Vec<TeamRecord>, u64), DbError> {
    let pattern = containing(&filter.search);
    let rows = tx
        .sql(concat!(
            "SELECT ",
            team_columns!(),
            " FROM teams t WHERE ",
            team_matches!(),
            " ORDER BY t.name LIMIT $5 OFFSET $6"
        ))
        .bind(organization)
        .bind(&pattern)
        .bind(filter.of)
        .bind(filter.and_of)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql(concat!("SELECT COUNT(*) FROM teams t WHERE ", team_matches!()))
        .bind(organization)
        .bind(&pattern)
        .bind(filter.of)
        .bind(filter.and_of)
        .one()
        .await?;
    Ok((rows, total))
}

/// Gives a team another name and description; `false` when the organization has one of that name.
pub async fn update(
    tx: &mut Tx<'_>,
    id: TeamId,
    name: &str,
    description: &str,
) -> Result<bool, DbError> {
    let changed = tx
        .sql(
            "UPDATE teams SET name = $2, description = $3 WHERE id = $1 AND NOT EXISTS \
             (SELECT 1 FROM teams o WHERE o.organization_id = teams.organization_id \
             AND o.name = $2 AND o.id <> $1)",
        )
        .bind(id)
        .bind(name)
        .bind(description)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Deletes a team with what it was granted and the invitations to it.
pub async fn delete(tx: &mut Tx<'_>, id: TeamId) -> Result<bool, DbError> {
    Ok(tx.sql("DELETE FROM teams WHERE id = $1").bind(id).run().await? == 1)
}

/// Adds somebody to a team; `false` when they are in it.
pub async fn add_member(
    tx: &mut Tx<'_>,
    team: TeamId,
    account: AccountId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let made = tx
        .sql(
            "INSERT INTO team_members (team_id, account_id, joined_at) VALUES ($1, $2, $3) \
             ON CONFLICT (team_id, account_id) DO NOTHING",
        )
        .bind(team)
        .bind(account)
        .bind(now)
        .run()
        .await?;
    Ok(made == 1)
}

/// Takes somebody out of a team; `false` when they were not in it.
pub async fn remove_member(
    tx: &mut Tx<'_>,
    team: TeamId,
    account: AccountId,
) -> Result<bool, DbError> {
    let removed = tx
        .sql("DELETE FROM team_members WHERE team_id = $1 AND account_id = $2")
        .bind(team)
        .bind(account)
        .run()
        .await?;
    Ok(removed == 1)
}

/// Whether somebody is in a team.
pub async fn has_member(
    tx: &mut Tx<'_>,
    team: TeamId,
    account: AccountId,
) -> Result<bool, DbError> {
    let row: Option<(i64,)> = tx
        .sql("SELECT joined_at FROM team_members WHERE team_id = $1 AND account_id = $2")
        .bind(team)
        .bind(account)
        .row()
        .await?;
    Ok(row.is_some())
}

/// A page of the people in a team by name, and how many there are in all.
pub async fn list_members(
    tx: &mut Tx<'_>,
    team: TeamId,
    search: &str,
    offset: u64,
    limit: u32,
) -> Result<(Vec<Person>, u64), DbError> {
    let pattern = containing(search);
    let rows = tx
        .sql(concat!(
            "SELECT ",
            person_columns!(),
            " FROM team_members m JOIN accounts a ON a.id = m.account_id WHERE m.team_id = $1 AND ",
            person_matches!(),
            " ORDER BY a.name LIMIT $3 OFFSET $4"
        ))
        .bind(team)
        .bind(&pattern)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql(concat!(
            "SELECT COUNT(*) FROM team_members m JOIN accounts a ON a.id = m.account_id \
             WHERE m.team_id = $1 AND ",
            person_matches!()
        ))
        .bind(team)
        .bind(&pattern)
        .one()
        .await?;
    Ok((rows, total))
}

/// The names of the teams that some people are in, in whatever organizations.
pub async fn list_names_of(
    tx: &mut Tx<'_>,
    accounts: &[AccountId],
) -> Result<Vec<(AccountId, AccountId, String)>, DbError> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = tx.sql(in_list(
        "SELECT m.account_id, t.organization_id, t.name FROM team_members m \
         JOIN teams t ON t.id = m.team_id WHERE m.account_id IN ",
        1,
        accounts.len(),
    ));
    for account in accounts {
        statement.push(*account);
    }
    let mut rows: Vec<(AccountId, AccountId, String)> = statement.rows().await?;
    rows.sort();
    Ok(rows)
}
