//! What teams may do with repositories.

use roadstead_types::time::Timestamp;
use roadstead_types::{RepositoryId, Role, TeamId};

use crate::sql::{in_lists, record};
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRecord {
    pub team_id: TeamId,
    pub team: String,
    pub role: Role,
}

record!(GrantRecord { team_id, team, role });

/// What one team may do with one repository, for showing many of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantCell {
    pub repository: RepositoryId,
    pub team: TeamId,
    pub role: Role,
}

record!(GrantCell { repository, team, role });

/// Grants a role on a repository, in place of what the team had there.
pub async fn set(
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

pub async fn find(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    team: TeamId,
) -> Result<Option<GrantRecord>, DbError> {
    tx.sql(
        "SELECT g.team_id, t.name, g.level FROM team_grants g JOIN teams t ON t.id = g.team_id \
         WHERE g.repository_id = $1 AND g.team_id = $2",
    )
    .bind(repository)
    .bind(team)
    .row()
    .await
}

/// A page of what teams were granted, by their names, and how many there are in all.
pub async fn list(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    offset: u64,
    limit: u32,
) -> Result<(Vec<GrantRecord>, u64), DbError> {
    let rows = tx
        .sql(
            "SELECT g.team_id, t.name, g.level FROM team_grants g JOIN teams t ON t.id = g.team_id \
             WHERE g.repository_id = $1 ORDER BY t.name, t.id LIMIT $2 OFFSET $3",
        )
        .bind(repository)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql("SELECT COUNT(*) FROM team_grants WHERE repository_id = $1")
        .bind(repository)
        .one()
        .await?;
    Ok((rows, total))
}

/// What some teams may do with some repositories.
pub async fn list_among(
    tx: &mut Tx<'_>,
    repositories: &[RepositoryId],
    teams: &[TeamId],
) -> Result<Vec<GrantCell>, DbError> {
    if repositories.is_empty() || teams.is_empty() {
        return Ok(Vec::new());
    }
    let head = "SELECT repository_id, team_id, level FROM team_grants WHERE repository_id IN ";
    let pieces = [(head, repositories.len()), (" AND team_id IN ", teams.len())];
    let mut statement = tx.sql(in_lists(&pieces, ""));
    for repository in repositories {
        statement.push(*repository);
    }
    for team in teams {
        statement.push(*team);
    }
    statement.rows().await
}

/// On how many repositories, those in the trash not counted, some teams have which role.
pub async fn count_by_role(
    tx: &mut Tx<'_>,
    teams: &[TeamId],
) -> Result<Vec<(TeamId, Role, u64)>, DbError> {
    if teams.is_empty() {
        return Ok(Vec::new());
    }
    let head = "SELECT g.team_id, g.level, COUNT(*) FROM team_grants g \
                JOIN repositories r ON r.id = g.repository_id \
                WHERE r.deleted_at IS NULL AND g.team_id IN ";
    let mut statement = tx.sql(in_lists(&[(head, teams.len())], " GROUP BY g.team_id, g.level"));
    for team in teams {
        statement.push(*team);
    }
    let mut rows: Vec<(TeamId, Role, u64)> = statement.rows().await?;
    rows.sort_by_key(|(team, role, _)| (*team, std::cmp::Reverse(*role)));
    Ok(rows)
}

/// Takes a grant back; `false` when there was none.
pub async fn delete(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    team: TeamId,
) -> Result<bool, DbError> {
    let removed = tx
        .sql("DELETE FROM team_grants WHERE repository_id = $1 AND team_id = $2")
        .bind(repository)
        .bind(team)
        .run()
        .await?;
    Ok(removed == 1)
}
