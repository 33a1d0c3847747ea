//! The look-up and check of a repository in this surface's words: what the caller may not see is
//! missing, for everybody and every method; what it may see but not change is forbidden.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use roadstead_http::caller::api_caller;
use roadstead_http::{App, Problem};
use roadstead_hub::access::{Administer, Pull, Push, Repo, Right};
use roadstead_hub::{Caller, Hub, Refusal, StoreError};
use roadstead_types::RepositoryName;

/// A repository named by the path parameters `namespace` and `repository`, cleared for `R`, and the
/// caller it was cleared for.
pub struct Cleared<R: Right> {
    pub repo: Repo<R>,
    pub caller: Caller,
}

impl<R: Right> FromRequestParts<App> for Cleared<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path(path) = Path::<HashMap<String, String>>::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::not_found())?;
        let part = |name: &str| path.get(name).map_or("", String::as_str);
        let name = RepositoryName::new(part("namespace"), part("repository"))
            .map_err(|_| Problem::not_found())?;
        let caller = api_caller(parts, app).await?;
        let repo = open(&app.hub, &caller, &name).await?;
        Ok(Self { repo, caller })
    }
}

async fn open<R: Right>(
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

async fn may<R: Right>(
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

/// What the caller may do, for showing; deciding is done anew on each request.
pub struct Permissions {
    pub write: bool,
    pub admin: bool,
}

impl Permissions {
    pub async fn of(hub: &Hub, caller: &Caller, name: &RepositoryName) -> Result<Self, StoreError> {
        Ok(Self {
            write: may::<Push>(hub, caller, name).await?,
            admin: may::<Administer>(hub, caller, name).await?,
        })
    }
}
