//! Names that nobody takes.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Administrator, App, Problem, Routes};
use roadstead_hub::administration::ReservedName;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::refuse;
use crate::body::{Incoming, answer, no_content};
use crate::both;
use crate::page::Page;

pub fn routes(routes: Routes) -> Routes {
    const ADMIN: Access = Access::Administrator;
    let routes = both!(routes, GET "/api/v1/admin/reserved", ADMIN, list)
        .tell("Names that administrators have reserved.");
    let routes = both!(routes, POST "/api/v1/admin/reserved", ADMIN, reserve)
        .tell_taking::<Reserve>(
            "Reserves a name, or with `*` at its end all names that begin so. Who has one already keeps it.",
        );
    both!(routes, DELETE "/api/v1/admin/reserved/{name}", ADMIN, release)
        .tell("Lets people take a name again.")
}

#[derive(Deserialize, JsonSchema)]
struct Reserve {
    #[serde(default)]
    name: String,
    #[serde(default)]
    reason: String,
}

async fn list(
    State(app): State<App>,
    Administrator(key): Administrator,
    page: Page,
) -> Result<Response, Problem> {
    let found = app.hub.list_reserved_names(&key, page.offset(), page.size).await;
    let (names, total) = found.map_err(refuse)?;
    let rows = names.iter().map(name_json).collect();
    Ok(answer(StatusCode::OK, &page.render(total, rows)?))
}

async fn reserve(
    State(app): State<App>,
    Administrator(key): Administrator,
    Incoming(form): Incoming<Reserve>,
) -> Result<Response, Problem> {
    let made = app.hub.reserve_name(&key, &form.name, &form.reason).await.map_err(refuse)?;
    Ok(answer(StatusCode::CREATED, &name_json(&made)))
}

async fn release(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    app.hub.release_name(&key, &name).await.map_err(refuse)?;
    Ok(no_content())
}

fn name_json(name: &ReservedName) -> Value {
    json!({
        "name": name.name,
        "reason": name.reason,
        "created_at": name.created_at.to_string(),
    })
}
