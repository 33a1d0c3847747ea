//! What teams may do with a repository of their organization.

use roadstead_http::Problem;
use roadstead_hub::access::{Administer, Member, Repo};
use roadstead_hub::organizations::{Grant, TeamQuery};
use roadstead_types::{Id, Role, TeamId};

use super::{Asked, Others, SIZE, Sent, refuse};
use crate::form::Errors;
use crate::frame::Visit;
use crate::pages::manage::Refused;
use crate::seen::Seen;

/// As many as an organization may have.
const MOST_TEAMS: u32 = 1000;

/// What can be given here; owners own whatever they were given.
pub const ROLES: [Role; 3] = [Role::Read, Role::Write, Role::Admin];

#[derive(Clone, Debug)]
pub struct Teams {
    /// Nothing for official images, which administrators hand to teams.
    pub organization: Option<String>,
    pub rows: Vec<Row>,
    /// Teams that could be added: those that the person may see.
    pub choices: Vec<(i64, String)>,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub id: i64,
    pub name: String,
    pub role: Role,
}

impl From<&Grant> for Row {
    fn from(grant: &Grant) -> Self {
        Self { id: grant.team_id.raw(), name: grant.team.clone(), role: grant.role }
    }
}

pub async fn list(
    visit: &Visit,
    repo: &Repo<Administer>,
    asked: &Asked,
) -> Result<(Others, u64), Problem> {
    let (grants, total) = repo.grants(asked.offset(), SIZE).await?;
    let name = repo.name();
    let teams = Teams {
        organization: (!name.is_library()).then(|| name.namespace().to_owned()),
        rows: grants.iter().map(Row::from).collect(),
        choices: choices(visit, repo).await?,
    };
    Ok((Others::Teams(teams), total))
}

/// Teams of the organization that have no role here yet. Owners choose among all, others among their own.
async fn choices(visit: &Visit, repo: &Repo<Administer>) -> Result<Vec<(i64, String)>, Problem> {
    let organization = repo.name().namespace();
    let Ok(organization) = visit.hub.open_organization::<Member>(&visit.caller, organization).await
    else {
        return Ok(Vec::new());
    };
    let (granted, _) = repo.grants(0, MOST_TEAMS).await?;
    let has_role = |id: TeamId| granted.iter().any(|grant| grant.team_id == id);
    let all = organization.teams(&TeamQuery::default(), 0, MOST_TEAMS).await;
    let (teams, _) = all.map_err(|error| Problem::forbidden(error.to_string()))?;
    let open = teams.into_iter().filter(|team| !team.is_owners && !has_role(team.id));
    Ok(open.map(|team| (team.id.raw(), team.name)).collect())
}

pub async fn change(
    Seen { repo, visit, .. }: &Seen<Administer>,
    sent: &Sent,
) -> Result<String, Refused> {
    visit.sender(&sent.mark)?;
    let team = sent.team.parse();
    let team = team.map_err(|_| Errors::at("team", visit.frame.t("manage-team-choose")))?;
    if sent.what == "remove" {
        repo.revoke_grant(team).await.map_err(refuse("team"))?;
        return Ok(visit.frame.t("manage-team-removed").into());
    }
    let role: Role = sent
        .role
        .parse()
        .map_err(|error: roadstead_types::RoleError| Errors::at("team", error.to_string()))?;
    let granted = repo.set_grant(team, role).await.map_err(refuse("team"))?;
    Ok(visit.frame.t1("manage-team-set", "team", granted.team).into())
}

#[cfg(test)]
impl Teams {
    pub fn sample(is_organizations: bool) -> Self {
        let row = |id, role| Row { id, name: "Alice <b>".to_owned(), role };
        Self {
            organization: is_organizations.then(|| "harborworks".to_owned()),
            rows: vec![row(1, Role::Read), row(2, Role::Write), row(3, Role::Admin)],
            choices: vec![(4, "Harbour office".to_owned())],
        }
    }
}
