//! The extractor that is both the look-up and the check: a handler that takes `Can<Push>` cannot
//! run for a caller who may not push. What the caller may not see is missing, for everybody and
//! every method; what it may see but not change is forbidden.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use roadstead_hub::access::{Pull, Repo, Right};
use roadstead_hub::{Caller, Hub, Refusal, StoreError};
use roadstead_types::RepositoryName;

use crate::app::App;
use crate::caller::api_caller;
use crate::problem::Problem;

/// A repository named by the path parameters `namespace` and `repository`, cleared for `R`, and the
/// caller it was cleared for.
pub struct Can<R: Right> {
    pub repo: Repo<R>,
    pub caller: Caller,
}

impl<R: Right> FromRequestParts<App> for Can<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path(path) = Path::<HashMap<String, String>>::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::not_found())?;
        let part = |name: &str| path.get(name).map_or("", String::as_str);
        let name = RepositoryName::new(part("namespace"), part("repository"))
            .map_err(|_| Problem::not_found())?;
        let caller = api_caller(parts, app).await?;
        let opened = open(&app.hub, &caller, &name).await;
        if opened.is_err() && R::ACTIONS != Pull::ACTIONS {
            note_denied(&app.hub, &caller, parts, &name).await;
        }
        Ok(Self { repo: opened?, caller })
    }
}

/// An act on somebody's repository that was refused, for its owners to see.
async fn note_denied(hub: &Hub, caller: &Caller, parts: &Parts, name: &RepositoryName) {
    if let Caller::Identity(who) = caller {
        let what = format!("{} {}", parts.method, parts.uri.path());
        hub.record_denied(who, &what, Some(name)).await;
    }
}

/// Clears a caller for `R`, or says what is to be answered: what may not be seen is missing.
pub async fn open<R: Right>(
    hub: &Hub,
    caller: &Caller,
    name: &RepositoryName,
) -> Result<Repo<R>, Problem> {
    let refusal = match hub.open::<R>(caller.clone(), name).await {
        Ok(repo) => return Ok(repo),
        Err(Refusal::Store(error)) => return Err(error.into()),
        Err(refusal) => refusal,
    };
    // Refused: forbidden or sign in first where the caller can see it, else not there.
    match may::<Pull>(hub, caller, name).await? {
        true => Err(refusal.into()),
        false => Err(Problem::not_found()),
    }
}

/// Whether the caller may, for showing; deciding is done anew on each request.
pub async fn may<R: Right>(
    hub: &Hub,
    caller: &Caller,
    name: &RepositoryName,
) -> Result<bool, StoreError> {
    match hub.open::<R>(caller.clone(), name).await {
        Ok(_) => Ok(true),
        Err(Refusal::Store(error)) => Err(error),
        Err(_) => Ok(false),
    }
}
