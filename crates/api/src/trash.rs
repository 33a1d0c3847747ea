//! The trash of a namespace.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use roadstead_http::{Access, App, Problem, Routes, SignedIn};
use roadstead_hub::Caller;
use roadstead_hub::access::Pull;
use roadstead_hub::repos::{TrashError, TrashedRepository};
use roadstead_types::{AccountName, Id, RepositoryName};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::{Incoming, answer, bad_fields};
use crate::both;
use crate::page::Page;
use crate::repositories::rendered;

pub fn routes(routes: Routes) -> Routes {
    let routes = both!(routes, GET "/api/v1/trash/{namespace}", Access::SignedIn, list)
        .tell("Deleted repositories that can still be restored.");
    let routes =
        both!(routes, POST "/api/v1/trash/{namespace}/{id}/restore", Access::SignedIn, restore)
    .tell_taking::<Restore>("Brings a repository back, under another name if one is given.");
    both!(routes, DELETE "/api/v1/trash/{namespace}/{id}", Access::SignedIn, purge)
        .tell("Removes a repository from the trash for good.")
}

#[derive(Deserialize, JsonSchema)]
struct Restore {
    /// Another name than it had.
    #[serde(default)]
    name: Option<String>,
}

async fn list(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(namespace): Path<String>,
    page: Page,
) -> Result<Response, Problem> {
    let namespace = account(&namespace)?;
    let found = app.hub.list_trash(&who, &namespace, page.offset(), page.size).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let results = found.repositories.iter().map(trashed_json).collect();
    Ok(answer(StatusCode::OK, &page.render(found.total, results)?))
}

async fn restore(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path((namespace, id)): Path<(String, String)>,
    Incoming(form): Incoming<Restore>,
) -> Result<Response, Problem> {
    let namespace = account(&namespace)?;
    if let Some(name) = &form.name {
        RepositoryName::new(namespace.as_str(), name)
            .map_err(|error| bad_fields([("name", error.to_string())]))?;
    }
    let (id, name) = (parse_id(&id)?, form.name.as_deref());
    let path = app.hub.restore_repository(&who, &namespace, id, name).await.map_err(refuse)?;
    let repo = app.hub.open::<Pull>(Caller::Identity(who), &path).await?;
    rendered(&repo, StatusCode::OK).await
}

async fn purge(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path((namespace, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let namespace = account(&namespace)?;
    app.hub.purge_repository(&who, &namespace, parse_id(&id)?).await.map_err(refuse)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn account(name: &str) -> Result<AccountName, Problem> {
    name.parse().map_err(|_| Problem::not_found())
}

fn parse_id(text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

fn refuse(error: TrashError) -> Problem {
    let text = error.to_string();
    match error {
        TrashError::NotFound => Problem::not_found(),
        TrashError::Taken(_) => Problem::new(StatusCode::CONFLICT, text),
        TrashError::NoPrivateSlot(_) => Problem::forbidden(text),
        TrashError::Store(error) => error.into(),
    }
}

/// The id is a text, because it has more digits than a number in JSON can be trusted with.
fn trashed_json(repository: &TrashedRepository) -> Value {
    json!({
        "id": repository.id.raw().to_string(),
        "namespace": repository.path.namespace(),
        "name": repository.path.name(),
        "is_private": repository.is_private,
        "deleted_at": repository.deleted_at.to_string(),
        "deleted_by": repository.deleted_by.as_ref().map(|name| name.as_str()),
        "purge_at": repository.purge_at.to_string(),
    })
}
