//! Teams, which Docker Hub calls groups (hub-api, section 8).

use axum::extract::{Path, Query};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, InOrg, Problem, Routes};
use roadstead_hub::access::{Member, Owner};
use roadstead_hub::organizations::{Added, Outcome, Team, TeamChange, TeamQuery};
use roadstead_types::Id;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::agent::Agent;
use crate::body::{Incoming, answer, bad_fields, no_content};
use crate::both;
use crate::invitations::invitation_json;
use crate::members::person_json;
use crate::organizations::refuse;
use crate::page::Page;

/// People of a team told at once to a client that reads no pages.
const BARE: u32 = 1000;

pub fn routes(routes: Routes) -> Routes {
    const SEES: Access = Access::of::<Member>();
    const OWNS: Access = Access::of::<Owner>();
    let routes = both!(routes, GET "/v2/orgs/{org}/groups", SEES, list);
    let routes = both!(routes, POST "/v2/orgs/{org}/groups", OWNS, create);
    let routes = both!(routes, GET "/v2/orgs/{org}/groups/{team}", SEES, show);
    let routes = both!(routes, PUT "/v2/orgs/{org}/groups/{team}", OWNS, change);
    let routes = both!(routes, PATCH "/v2/orgs/{org}/groups/{team}", OWNS, change);
    let routes = both!(routes, DELETE "/v2/orgs/{org}/groups/{team}", OWNS, delete);
    let routes = both!(routes, GET "/v2/orgs/{org}/groups/{team}/members", SEES, members);
    let routes = both!(routes, POST "/v2/orgs/{org}/groups/{team}/members", OWNS, add);
    both!(routes, DELETE "/v2/orgs/{org}/groups/{team}/members/{member}", OWNS, remove)
}

#[derive(Deserialize)]
struct Narrow {
    #[serde(default)]
    search: Option<String>,
    #[serde(default)]
    username: Option<String>,
}

#[derive(Deserialize)]
struct Form {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    description: Option<String>,
}

#[derive(Deserialize)]
struct Add {
    #[serde(default)]
    member: String,
}

async fn list(
    InOrg(org): InOrg<Member>,
    Query(narrow): Query<Narrow>,
    page: Page,
) -> Result<Response, Problem> {
    let username = narrow.username.filter(|name| !name.is_empty());
    let query = TeamQuery { search: narrow.search.unwrap_or_default(), username };
    let (teams, total) = org.teams(&query, page.offset(), page.size).await.map_err(refuse)?;
    let results = teams.iter().map(team_json).collect();
    Ok(answer(StatusCode::OK, &page.render(total, results)?))
}

async fn create(
    InOrg(org): InOrg<Owner>,
    Incoming(form): Incoming<Form>,
) -> Result<Response, Problem> {
    let name = form.name.unwrap_or_default();
    let description = form.description.unwrap_or_default();
    let team = org.create_team(&name, &description).await.map_err(refuse_name)?;
    Ok(answer(StatusCode::CREATED, &team_json(&team)))
}

async fn show(
    InOrg(org): InOrg<Member>,
    Path((_, team)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let team = org.team(&team).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &team_json(&team)))
}

/// Clients that change only the description send an empty name along.
async fn change(
    InOrg(org): InOrg<Owner>,
    Path((_, team)): Path<(String, String)>,
    Incoming(form): Incoming<Form>,
) -> Result<Response, Problem> {
    let name = form.name.filter(|name| !name.is_empty());
    let change = TeamChange { name, description: form.description };
    let team = org.change_team(&team, change).await.map_err(refuse_name)?;
    Ok(answer(StatusCode::OK, &team_json(&team)))
}

async fn delete(
    InOrg(org): InOrg<Owner>,
    Path((_, team)): Path<(String, String)>,
) -> Result<Response, Problem> {
    org.delete_team(&team).await.map_err(refuse)?;
    Ok(no_content())
}

/// A page as documented; hub-tool expects a bare list from the same address (hub-api, section 8).
async fn members(
    InOrg(org): InOrg<Member>,
    Path((_, team)): Path<(String, String)>,
    Query(narrow): Query<Narrow>,
    Agent(agent): Agent,
    page: Page,
) -> Result<Response, Problem> {
    let team = org.team(&team).await.map_err(refuse)?;
    let search = narrow.search.unwrap_or_default();
    if agent.starts_with("hub-tool/") {
        let (people, _) = org.team_members(&team, &search, 0, BARE).await?;
        return Ok(answer(StatusCode::OK, &people.iter().map(person_json).collect::<Vec<_>>()));
    }
    let (people, total) = org.team_members(&team, &search, page.offset(), page.size).await?;
    let results = people.iter().map(person_json).collect();
    Ok(answer(StatusCode::OK, &page.render(total, results)?))
}

/// Whoever is no member yet is invited: 202 instead of 200, and the answer says so.
async fn add(
    InOrg(org): InOrg<Owner>,
    Path((_, team)): Path<(String, String)>,
    Incoming(form): Incoming<Add>,
) -> Result<Response, Problem> {
    let needed = || bad_fields([("member", "name a user, or write an e-mail address".to_owned())]);
    let invitee = Some(form.member.trim()).filter(|text| !text.is_empty()).ok_or_else(needed)?;
    match org.add_to_team(&team, invitee).await.map_err(refuse)? {
        Added::InTeam(person) => Ok(answer(StatusCode::OK, &person_json(&person))),
        Added::Invited(invited) if invited.outcome == Outcome::Unknown => {
            let text = format!("there is no user `{}`", invited.invitee);
            Err(Problem::new(StatusCode::NOT_FOUND, text))
        }
        Added::Invited(invited) => {
            let text = format!(
                "`{}` is no member yet and was invited; the team gets them when they accept",
                invited.invitee
            );
            let body = json!({
                "message": text,
                "status": invited.outcome.word(),
                "invite": invited.invitation.as_ref().map(invitation_json),
            });
            Ok(answer(StatusCode::ACCEPTED, &body))
        }
    }
}

async fn remove(
    InOrg(org): InOrg<Owner>,
    Path((_, team, member)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    org.remove_from_team(&team, &member).await.map_err(refuse)?;
    Ok(no_content())
}

/// Names that are refused here are names of teams.
fn refuse_name(error: roadstead_hub::organizations::OrganizationError) -> Problem {
    match error {
        roadstead_hub::organizations::OrganizationError::Name(error) => {
            bad_fields([("name", error.to_string())])
        }
        other => refuse(other),
    }
}

fn team_json(team: &Team) -> Value {
    json!({
        "id": team.id.raw(),
        "uuid": team.uuid,
        "name": team.name,
        "description": team.description,
        "member_count": team.members,
    })
}
