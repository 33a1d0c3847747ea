//! Repositories: make, show, change, hide, delete (hub-api, section 5).

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, App, Problem, Routes, SignedIn};
use roadstead_hub::access::{Administer, Allows, Describe, Pull, Repo};
use roadstead_hub::repos::{CreateRepositoryError, EditError, RepositoryDetails, Texts};
use roadstead_hub::{Caller, Hub};
use roadstead_types::RepositoryName;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::{Incoming, answer, bad_fields};
use crate::both;
use roadstead_http::Can;

use crate::permissions::Permissions;

macro_rules! one {
    ($routes:expr, $path:literal) => {{
        let routes = both!($routes, GET $path, Access::needs::<Pull>(), show);
        let routes = both!(routes, PATCH $path, Access::needs::<Describe>(), change);
        both!(routes, DELETE $path, Access::needs::<Administer>(), delete)
    }};
}

pub fn routes(routes: Routes) -> Routes {
    let routes = both!(routes, POST "/v2/repositories", Access::SignedIn, create);
    let routes = both!(routes, POST "/v2/repositories/{namespace}", Access::SignedIn, create_in);
    let routes =
        both!(routes, POST "/v2/namespaces/{namespace}/repositories", Access::SignedIn, create_in);
    let routes = one!(routes, "/v2/repositories/{namespace}/{repository}");
    let routes = one!(routes, "/v2/namespaces/{namespace}/repositories/{repository}");
    both!(
        routes,
        POST "/v2/repositories/{namespace}/{repository}/privacy",
        Access::needs::<Administer>(),
        set_privacy
    )
}

#[derive(Deserialize)]
struct Create {
    #[serde(default)]
    name: String,
    #[serde(default)]
    namespace: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    full_description: Option<String>,
    #[serde(default)]
    is_private: Option<bool>,
}

/// What is absent or null stays as it is.
#[derive(Deserialize)]
struct Change {
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    full_description: Option<String>,
    #[serde(default)]
    is_private: Option<bool>,
}

#[derive(Deserialize)]
struct Privacy {
    #[serde(default)]
    is_private: Option<bool>,
}

async fn create(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Incoming(form): Incoming<Create>,
) -> Result<Response, Problem> {
    let namespace = form.namespace.clone().unwrap_or_default();
    make(&app.hub, Caller::Identity(who), &namespace, form).await
}

async fn create_in(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(namespace): Path<String>,
    Incoming(form): Incoming<Create>,
) -> Result<Response, Problem> {
    if form.namespace.as_ref().is_some_and(|other| !other.is_empty() && *other != namespace) {
        let text = format!("the path says `{namespace}`; say the same here or nothing");
        return Err(bad_fields([("namespace", text)]));
    }
    make(&app.hub, Caller::Identity(who), &namespace, form).await
}

async fn make(
    hub: &Hub,
    caller: Caller,
    namespace: &str,
    form: Create,
) -> Result<Response, Problem> {
    let Caller::Identity(who) = &caller else { return Err(Problem::unauthorized()) };
    let name = RepositoryName::new(namespace, &form.name)
        .map_err(|error| bad_fields([("name", error.to_string())]))?;
    let description = form.description.as_deref().unwrap_or_default();
    let is_private = form.is_private.unwrap_or(false);
    hub.create_repository(who, &name, description, is_private).await.map_err(refuse_create)?;
    if let Some(text) = form.full_description.filter(|text| !text.is_empty()) {
        let repo = hub.open::<Describe>(caller.clone(), &name).await?;
        let texts = Texts { description: None, full_description: Some(text) };
        repo.describe(texts).await.map_err(refuse_edit)?;
    }
    let repo = hub.open::<Pull>(caller.clone(), &name).await?;
    rendered(hub, &caller, &repo, StatusCode::CREATED).await
}

async fn show(
    State(app): State<App>,
    Can { repo, caller }: Can<Pull>,
) -> Result<Response, Problem> {
    rendered(&app.hub, &caller, &repo, StatusCode::OK).await
}

async fn change(
    State(app): State<App>,
    Can { repo, caller }: Can<Describe>,
    Incoming(form): Incoming<Change>,
) -> Result<Response, Problem> {
    // Cleared before anything changes, so that a refusal leaves all as it was.
    let visibility = match form.is_private {
        Some(is_private) => {
            Some((app.hub.open::<Administer>(caller.clone(), repo.name()).await?, is_private))
        }
        None => None,
    };
    let texts = Texts { description: form.description, full_description: form.full_description };
    if texts.description.is_some() || texts.full_description.is_some() {
        repo.describe(texts).await.map_err(refuse_edit)?;
    }
    if let Some((repo, is_private)) = visibility {
        repo.set_private(is_private).await.map_err(refuse_edit)?;
    }
    rendered(&app.hub, &caller, &repo, StatusCode::OK).await
}

async fn set_privacy(
    State(app): State<App>,
    Can { repo, caller }: Can<Administer>,
    Incoming(form): Incoming<Privacy>,
) -> Result<Response, Problem> {
    let text = "say true or false".to_owned();
    let is_private = form.is_private.ok_or_else(|| bad_fields([("is_private", text)]))?;
    repo.set_private(is_private).await.map_err(refuse_edit)?;
    rendered(&app.hub, &caller, &repo, StatusCode::OK).await
}

/// Docker Hub answers 202; clients take any 2xx.
async fn delete(Can { repo, .. }: Can<Administer>) -> Result<Response, Problem> {
    repo.delete().await.map_err(refuse_edit)?;
    Ok(answer(StatusCode::ACCEPTED, &json!({})))
}

async fn rendered<R: Allows<Pull>>(
    hub: &Hub,
    caller: &Caller,
    repo: &Repo<R>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let details = repo.details().await?.ok_or_else(Problem::not_found)?;
    let permissions = Permissions::of(hub, caller, &details.path).await?;
    let mut object = details_json(&details, &permissions);
    object["full_description"] = repo.readme().await?.into();
    Ok(answer(status, &object))
}

fn refuse_create(error: CreateRepositoryError) -> Problem {
    let text = error.to_string();
    match error {
        CreateRepositoryError::Taken(_) => Problem::new(StatusCode::CONFLICT, text),
        CreateRepositoryError::NotYours { .. } | CreateRepositoryError::NoPrivateSlot(_) => {
            Problem::forbidden(text)
        }
        CreateRepositoryError::DescriptionTooLong { .. } => bad_fields([("description", text)]),
        CreateRepositoryError::Store(error) => error.into(),
    }
}

fn refuse_edit(error: EditError) -> Problem {
    let text = error.to_string();
    match error {
        EditError::DescriptionTooLong { .. } => bad_fields([("description", text)]),
        EditError::FullDescriptionTooLong { .. } => bad_fields([("full_description", text)]),
        EditError::NoPrivateSlot(_) => Problem::forbidden(text),
        EditError::Gone => Problem::not_found(),
        EditError::Store(error) => error.into(),
    }
}

/// The detail object. Members of features that are not there yet have their neutral value, because
/// clients require them.
fn details_json(details: &RepositoryDetails, permissions: &Permissions) -> Value {
    let Permissions { write, admin } = *permissions;
    json!({
        "user": details.path.namespace(),
        "namespace": details.path.namespace(),
        "name": details.path.name(),
        "repository_type": "image",
        "status": 1,
        "status_description": "active",
        "description": details.description,
        "is_private": details.is_private,
        "is_automated": details.is_automated,
        "is_official": details.is_official,
        "is_migrated": false,
        "can_edit": admin,
        "star_count": details.stars,
        "has_starred": false,
        "pull_count": details.pulls,
        "collaborator_count": 0,
        "last_updated": details.pushed_at.map(|time| time.to_string()),
        "last_modified": details.updated_at.to_string(),
        "date_registered": details.created_at.to_string(),
        "affiliation": admin.then_some("owner"),
        "hub_user": null,
        "permissions": { "read": true, "write": write, "admin": admin },
        "media_types": [],
        "content_types": ["image"],
        "categories": [],
        "immutable_tags_settings": { "enabled": false, "rules": [] },
        "storage_size": null,
        "source": null,
    })
}
