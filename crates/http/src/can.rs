//! The extractor that is both the look-up and the check: a handler that takes `Can<Push>` cannot
//! run for a caller who may not push.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use roadstead_hub::access::{Repo, Right};
use roadstead_types::RepositoryName;

use crate::app::App;
use crate::caller::api_caller;
use crate::problem::Problem;

/// A repository named by the path parameters `namespace` and `repository`, cleared for `R`.
pub struct Can<R: Right>(pub Repo<R>);

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
        Ok(Self(app.hub.open(caller, &name).await.map_err(Problem::from)?))
    }
}
