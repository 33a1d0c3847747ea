//! Official images, and the teams that maintain them.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Administrator, App, Problem, Routes};
use roadstead_hub::administration::Maintainer;
use roadstead_hub::repos::{CreateRepositoryError, RepositoryOrder, RepositoryQuery};
use roadstead_types::{AccountName, RepositoryName};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::refuse;
use crate::body::{Incoming, answer, bad_fields, no_content};
use crate::both;
use crate::page::Page;

pub fn routes(routes: Routes) -> Routes {
    const ADMIN: Access = Access::Administrator;
    let routes = both!(routes, GET "/api/v1/admin/official", ADMIN, list).tell(
        "Official repositories with the teams that maintain them. `search` is part of a name.",
    );
    let routes = both!(routes, POST "/api/v1/admin/official", ADMIN, create)
        .tell_taking::<Create>("Makes an empty official repository.");
    let routes = both!(
        routes, PUT "/api/v1/admin/official/{official}/maintainers/{org}/{maintainer}", ADMIN, hand
    )
    .tell("Hands an official repository to a team, which may then push to it and describe it.");
    both!(
        routes, DELETE "/api/v1/admin/official/{official}/maintainers/{org}/{maintainer}", ADMIN, take_back
    )
    .tell("Takes an official repository back from a team.")
}

#[derive(Deserialize, JsonSchema)]
struct Create {
    #[serde(default)]
    name: String,
}

async fn list(
    State(app): State<App>,
    Administrator(key): Administrator,
    page: Page,
) -> Result<Response, Problem> {
    let query = RepositoryQuery {
        name_part: page.field("search").map(ToOwned::to_owned),
        order: RepositoryOrder::Name,
        is_descending: false,
        offset: page.offset(),
        limit: page.size,
    };
    let maintainers = app.hub.list_maintainers(&key).await.map_err(refuse)?;
    let found = app.hub.list_official(&key, &query).await?;
    let row = |path: &RepositoryName, is_private: bool| {
        let teams = maintainers.iter().filter(|it| it.repository == *path);
        let teams: Vec<_> = teams.map(maintainer_json).collect();
        json!({ "name": path.name(), "is_private": is_private, "maintainers": teams })
    };
    let rows = found.repositories.iter().map(|it| row(&it.path, it.is_private)).collect();
    Ok(answer(StatusCode::OK, &page.render(found.total, rows)?))
}

async fn create(
    State(app): State<App>,
    Administrator(key): Administrator,
    Incoming(form): Incoming<Create>,
) -> Result<Response, Problem> {
    let name = RepositoryName::new(AccountName::LIBRARY, &form.name)
        .map_err(|error| bad_fields([("name", error.to_string())]))?;
    app.hub.create_official(&key, &name).await.map_err(|error| match error {
        CreateRepositoryError::Store(error) => error.into(),
        error => Problem::new(StatusCode::CONFLICT, error.to_string()),
    })?;
    Ok(answer(StatusCode::CREATED, &json!({ "name": name.name() })))
}

async fn hand(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path((official, org, team)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let name = parse(&official)?;
    app.hub.hand_official(&key, &name, &org, &team).await.map_err(refuse)?;
    let told = json!({ "name": name.name(), "organization": org, "team": team });
    Ok(answer(StatusCode::OK, &told))
}

async fn take_back(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path((official, org, team)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let name = parse(&official)?;
    app.hub.take_official_back(&key, &name, &org, &team).await.map_err(refuse)?;
    Ok(no_content())
}

fn parse(official: &str) -> Result<RepositoryName, Problem> {
    RepositoryName::new(AccountName::LIBRARY, official).map_err(|_| Problem::not_found())
}

fn maintainer_json(maintainer: &Maintainer) -> Value {
    json!({
        "organization": maintainer.organization.as_str(),
        "team": maintainer.team,
        "permission": maintainer.role.word(),
    })
}
