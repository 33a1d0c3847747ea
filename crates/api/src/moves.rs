//! Renaming, transferring, archiving.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use roadstead_http::{Access, App, Can, Problem, Routes, SignedIn};
use roadstead_hub::access::{Administer, Own, Pull};
use roadstead_hub::repos::MoveError;
use roadstead_types::RepositoryName;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::{Incoming, answer, bad_fields};
use crate::both;
use crate::repositories::{refuse_edit, rendered};

pub fn routes(routes: Routes) -> Routes {
    let own = Access::needs::<Own>;
    let routes =
        both!(routes, POST "/api/v1/repositories/{namespace}/{repository}/rename", own(), rename)
    .tell_taking::<Rename>("Another name in the same namespace; the old one keeps pulling.");
    let routes = both!(
        routes,
        POST "/api/v1/repositories/{namespace}/{repository}/transfer",
        own(),
        transfer
    )
    .tell_taking::<Transfer>("Hands it over to another namespace of the caller's.");
    let routes = both!(
        routes,
        GET "/api/v1/repositories/{namespace}/{repository}/former-names",
        own(),
        former_names
    )
    .tell("Names it had, which still lead to it.");
    let routes = both!(
        routes,
        POST "/api/v1/repositories/{namespace}/{repository}/former-names/release",
        own(),
        release
    )
    .tell_taking::<Release>("Gives a former name up.");
    let routes = both!(
        routes,
        POST "/api/v1/repositories/{namespace}/{repository}/archive",
        Access::needs::<Administer>(),
        archive
    )
    .tell("Makes it read only.");
    both!(
        routes,
        DELETE "/api/v1/repositories/{namespace}/{repository}/archive",
        Access::needs::<Administer>(),
        unarchive
    )
    .tell("Brings it back from the archive.")
}

#[derive(Deserialize, JsonSchema)]
struct Rename {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize, JsonSchema)]
struct Transfer {
    #[serde(default)]
    namespace: String,
    /// The same name as now when not said.
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct Release {
    /// `namespace/name`.
    #[serde(default)]
    name: String,
}

async fn rename(
    State(app): State<App>,
    Can { repo, caller }: Can<Own>,
    Incoming(form): Incoming<Rename>,
) -> Result<Response, Problem> {
    let to = named(repo.name().namespace(), &form.name)?;
    repo.rename(&to).await.map_err(refuse)?;
    let repo = app.hub.open::<Pull>(caller, &to).await?;
    rendered(&repo, StatusCode::OK).await
}

async fn transfer(
    State(app): State<App>,
    Can { repo, caller }: Can<Own>,
    SignedIn(who): SignedIn,
    Incoming(form): Incoming<Transfer>,
) -> Result<Response, Problem> {
    let name = form.name.as_deref().unwrap_or_else(|| repo.name().name());
    let to = named(&form.namespace, name)?;
    repo.transfer(&who, &to).await.map_err(refuse)?;
    let repo = app.hub.open::<Pull>(caller, &to).await?;
    rendered(&repo, StatusCode::OK).await
}

async fn former_names(Can { repo, .. }: Can<Own>) -> Result<Response, Problem> {
    let names = repo.former_names().await?;
    let names = names
        .iter()
        .map(|former| json!({ "name": former.path.as_str(), "since": former.since.to_string() }));
    Ok(answer(StatusCode::OK, &json!({ "former_names": names.collect::<Vec<Value>>() })))
}

async fn release(
    Can { repo, .. }: Can<Own>,
    Incoming(form): Incoming<Release>,
) -> Result<Response, Problem> {
    let (namespace, name) = form.name.split_once('/').unwrap_or_default();
    repo.release_name(&named(namespace, name)?).await.map_err(refuse)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn archive(Can { repo, .. }: Can<Administer>) -> Result<Response, Problem> {
    repo.set_archived(true).await.map_err(refuse_edit)?;
    rendered(&repo, StatusCode::OK).await
}

async fn unarchive(Can { repo, .. }: Can<Administer>) -> Result<Response, Problem> {
    repo.set_archived(false).await.map_err(refuse_edit)?;
    rendered(&repo, StatusCode::OK).await
}

fn named(namespace: &str, name: &str) -> Result<RepositoryName, Problem> {
    RepositoryName::new(namespace, name).map_err(|error| bad_fields([("name", error.to_string())]))
}

fn refuse(error: MoveError) -> Problem {
    let text = error.to_string();
    match error {
        MoveError::Taken(_) | MoveError::Gone => Problem::new(StatusCode::CONFLICT, text),
        MoveError::NotYours { .. } => Problem::forbidden(text),
        MoveError::OtherNamespace | MoveError::Present(_) => bad_fields([("name", text)]),
        MoveError::NotFormer(_) => Problem::new(StatusCode::NOT_FOUND, text),
        MoveError::NoPrivateSlot(_) | MoveError::StorageFull(_) => Problem::forbidden(text),
        MoveError::Store(error) => error.into(),
    }
}
