//! Organizations.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Administrator, App, Problem, Routes};
use roadstead_hub::accounts::{Account, Person};
use serde_json::{Value, json};

use super::query;
use crate::body::{answer, no_content};
use crate::both;
use crate::organizations::refuse;
use crate::page::Page;

pub fn routes(routes: Routes) -> Routes {
    const ADMIN: Access = Access::Administrator;
    let routes = both!(routes, GET "/api/v1/admin/orgs", ADMIN, list).tell(
        "All organizations, by name. `search` is part of a name; `disabled` filters with `true`.",
    );
    let routes = both!(routes, GET "/api/v1/admin/orgs/{organization}", ADMIN, show)
        .tell("One organization, and what it has.");
    let routes = both!(routes, POST "/api/v1/admin/orgs/{organization}/disable", ADMIN, disable)
        .tell("Closes an organization: nobody manages it or makes repositories in it, and its access tokens are void.");
    let routes = both!(routes, POST "/api/v1/admin/orgs/{organization}/enable", ADMIN, enable)
        .tell("Opens an organization again.");
    both!(routes, DELETE "/api/v1/admin/orgs/{organization}", ADMIN, delete)
        .tell("Deletes an organization that has no repositories. Its names stay reserved.")
}

async fn list(
    State(app): State<App>,
    Administrator(key): Administrator,
    page: Page,
) -> Result<Response, Problem> {
    let (found, total) = app.hub.search_organizations(&key, &query(&page)).await?;
    let rows = found.iter().map(|it| organization_json(&it.account, &it.plan)).collect();
    Ok(answer(StatusCode::OK, &page.render(total, rows)?))
}

async fn show(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(organization): Path<String>,
) -> Result<Response, Problem> {
    let found = app.hub.examine_organization(&key, &organization).await.map_err(refuse)?;
    let Person { account, plan, holdings } = &found;
    let mut object = organization_json(account, plan);
    object["repositories"] = json!(holdings.repositories);
    object["private_repositories"] = json!(holdings.private_repositories);
    object["members"] = json!(holdings.members);
    object["teams"] = json!(holdings.teams);
    object["access_tokens"] = json!(holdings.access_tokens);
    Ok(answer(StatusCode::OK, &object))
}

async fn disable(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(organization): Path<String>,
) -> Result<Response, Problem> {
    app.hub.disable_organization(&key, &organization).await.map_err(refuse)?;
    Ok(no_content())
}

async fn enable(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(organization): Path<String>,
) -> Result<Response, Problem> {
    app.hub.enable_organization(&key, &organization).await.map_err(refuse)?;
    Ok(no_content())
}

async fn delete(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(organization): Path<String>,
) -> Result<Response, Problem> {
    app.hub.delete_organization(&key, &organization).await.map_err(refuse)?;
    Ok(no_content())
}

fn organization_json(account: &Account, plan: &str) -> Value {
    json!({
        "id": account.uuid,
        "orgname": account.name.as_str(),
        "full_name": account.full_name,
        "is_disabled": account.is_disabled,
        "plan": plan,
        "created_at": account.created_at.to_string(),
    })
}
