//! Teams of an organization, who is in them, and what they were granted.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, RepositoryId, Role, TeamId};

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

/// Grants a role on a repository, in place of what the team had there.
pub async fn set_grant(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    team: TeamId,
    role: Role,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO team_grants (repository_id, team_id, level, granted_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (repository_id, team_id) DO UPDATE SET level = $3",
    )
    .bind(repository)
    .bind(team)
    .bind(role)
    .bind(now)
    .run()
    .await?;
    Ok(())
}
