//! Who else may use one repository: teams and collaborators (hub-api, section 9).

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, App, Can, Problem, Routes, SignedIn};
use roadstead_hub::access::{Administer, Own};
use roadstead_hub::organizations::Grant;
use roadstead_types::{Id, RepositoryName, Role};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::{Incoming, answer, bad_fields, no_content};
use crate::both;
use crate::organizations::refuse;
use crate::page::Page;

pub fn routes(routes: Routes) -> Routes {
    const ADMINISTER: Access = Access::needs::<Administer>();
    const OWN: Access = Access::needs::<Own>();
    let routes = both!(
        routes, GET "/v2/repositories/{namespace}/{repository}/groups", ADMINISTER, list_grants
    );
    let routes = both!(
        routes, POST "/v2/repositories/{namespace}/{repository}/groups", ADMINISTER, grant
    );
    let routes = both!(
        routes, GET "/v2/repositories/{namespace}/{repository}/groups/{group}", ADMINISTER, show_grant
    );
    let routes = both!(
        routes, PATCH "/v2/repositories/{namespace}/{repository}/groups/{group}", ADMINISTER, change_grant
    );
    let routes = both!(
        routes, DELETE "/v2/repositories/{namespace}/{repository}/groups/{group}", ADMINISTER, revoke
    );
    let routes = both!(
        routes, GET "/v2/repositories/{namespace}/{repository}/collaborators", OWN, list_collaborators
    );
    let routes = both!(
        routes, POST "/v2/repositories/{namespace}/{repository}/collaborators", OWN, add_collaborator
    );
    let routes = both!(
        routes,
        DELETE "/v2/repositories/{namespace}/{repository}/collaborators/{collaborator}",
        OWN,
        remove_collaborator
    );
    both!(
        routes,
        POST "/api/v1/repositories/{namespace}/{repository}/leave",
        Access::SignedIn,
        leave
    )
    .tell("A collaborator gives up the right on a repository.")
}

#[derive(Deserialize)]
struct NewGrant {
    #[serde(default, alias = "groupid")]
    group_id: i64,
    #[serde(default)]
    permission: String,
}

#[derive(Deserialize)]
struct Permission {
    #[serde(default)]
    permission: String,
}

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    user: String,
}

type OfRepository = (String, String, String);

async fn list_grants(Can { repo, .. }: Can<Administer>, page: Page) -> Result<Response, Problem> {
    let (grants, total) = repo.grants(page.offset(), page.size).await?;
    let results = grants.iter().map(grant_json).collect();
    Ok(answer(StatusCode::OK, &page.render(total, results)?))
}

async fn grant(
    Can { repo, .. }: Can<Administer>,
    Incoming(form): Incoming<NewGrant>,
) -> Result<Response, Problem> {
    let role = parse_permission(&form.permission)?;
    let granted = repo.set_grant(form.group_id, role).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &grant_json(&granted)))
}

async fn show_grant(
    Can { repo, .. }: Can<Administer>,
    Path((_, _, group)): Path<OfRepository>,
) -> Result<Response, Problem> {
    let found = repo.grant(parse_group(&group)?).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &grant_json(&found)))
}

/// The id in the body is not read: a known client sends 0 there.
async fn change_grant(
    Can { repo, .. }: Can<Administer>,
    Path((_, _, group)): Path<OfRepository>,
    Incoming(form): Incoming<Permission>,
) -> Result<Response, Problem> {
    let group = parse_group(&group)?;
    let role = parse_permission(&form.permission)?;
    repo.grant(group).await.map_err(refuse)?;
    let granted = repo.set_grant(group, role).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &grant_json(&granted)))
}

async fn revoke(
    Can { repo, .. }: Can<Administer>,
    Path((_, _, group)): Path<OfRepository>,
) -> Result<Response, Problem> {
    repo.revoke_grant(parse_group(&group)?).await.map_err(refuse)?;
    Ok(no_content())
}

async fn list_collaborators(Can { repo, .. }: Can<Own>, page: Page) -> Result<Response, Problem> {
    let (people, total) = repo.collaborators(page.offset(), page.size).await?;
    let results = people.iter().map(|person| json!({ "user": person.name.as_str() })).collect();
    Ok(answer(StatusCode::OK, &page.render(total, results)?))
}

async fn add_collaborator(
    Can { repo, .. }: Can<Own>,
    Incoming(form): Incoming<User>,
) -> Result<Response, Problem> {
    let added = repo.add_collaborator(&form.user).await.map_err(refuse)?;
    Ok(answer(StatusCode::CREATED, &json!({ "user": added.as_str() })))
}

async fn remove_collaborator(
    Can { repo, .. }: Can<Own>,
    Path((_, _, collaborator)): Path<OfRepository>,
) -> Result<Response, Problem> {
    repo.remove_collaborator(&collaborator).await.map_err(refuse)?;
    Ok(no_content())
}

async fn leave(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path((namespace, repository)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let name = RepositoryName::new(&namespace, &repository).map_err(|_| Problem::not_found())?;
    app.hub.leave_repository(&who, &name).await.map_err(refuse)?;
    Ok(no_content())
}

fn parse_group(text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

fn parse_permission(text: &str) -> Result<Role, Problem> {
    text.parse().map_err(|error: roadstead_types::RoleError| {
        bad_fields([("permission", error.to_string())])
    })
}

/// With both spellings of the team's members: clients read one or the other.
fn grant_json(grant: &Grant) -> Value {
    json!({
        "group_id": grant.team_id.raw(),
        "groupid": grant.team_id.raw(),
        "group_name": grant.team,
        "groupname": grant.team,
        "permission": grant.role.word(),
    })
}
