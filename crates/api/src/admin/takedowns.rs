//! Digests that are served and accepted nowhere.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Administrator, App, Problem, Routes};
use roadstead_hub::administration::Takedown;
use roadstead_types::Digest;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::refuse;
use crate::body::{Incoming, answer, bad_fields, no_content};
use crate::both;
use crate::page::Page;

pub fn routes(routes: Routes) -> Routes {
    const ADMIN: Access = Access::Administrator;
    let routes = both!(routes, GET "/api/v1/admin/blocked", ADMIN, list)
        .tell("Digests that are taken down, the newest first.");
    let routes = both!(routes, POST "/api/v1/admin/blocked", ADMIN, block).tell_taking::<Block>(
        "Takes a manifest or blob down in all repositories. Clients are shown the reason.",
    );
    both!(routes, DELETE "/api/v1/admin/blocked/{digest}", ADMIN, allow)
        .tell("Allows a digest again.")
}

#[derive(Deserialize, JsonSchema)]
struct Block {
    #[serde(default)]
    digest: String,
    #[serde(default)]
    reason: String,
}

async fn list(
    State(app): State<App>,
    Administrator(key): Administrator,
    page: Page,
) -> Result<Response, Problem> {
    let found = app.hub.list_takedowns(&key, page.offset(), page.size).await;
    let (takedowns, total) = found.map_err(refuse)?;
    let rows = takedowns.iter().map(takedown_json).collect();
    Ok(answer(StatusCode::OK, &page.render(total, rows)?))
}

async fn block(
    State(app): State<App>,
    Administrator(key): Administrator,
    Incoming(form): Incoming<Block>,
) -> Result<Response, Problem> {
    let digest = form.digest.parse::<Digest>();
    let digest = digest.map_err(|error| bad_fields([("digest", error.to_string())]))?;
    app.hub.take_down(&key, &digest, &form.reason).await.map_err(refuse)?;
    let told = json!({ "digest": digest.to_string(), "reason": form.reason });
    Ok(answer(StatusCode::CREATED, &told))
}

async fn allow(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(digest): Path<String>,
) -> Result<Response, Problem> {
    let digest = digest.parse::<Digest>().map_err(|_| Problem::not_found())?;
    app.hub.allow_again(&key, &digest).await.map_err(refuse)?;
    Ok(no_content())
}

fn takedown_json(takedown: &Takedown) -> Value {
    json!({
        "digest": takedown.digest.to_string(),
        "reason": takedown.reason,
        "blocked_by": takedown.blocked_by.as_ref().map(|name| name.as_str()),
        "created_at": takedown.created_at.to_string(),
    })
}
