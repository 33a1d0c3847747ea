//! The extractor for organizations: a handler that takes `InOrg<Owner>` cannot run for anybody else. That
//! an organization exists is public, so whoever is refused is told why.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use http::StatusCode;
use http::request::Parts;
use roadstead_hub::Caller;
use roadstead_hub::access::{Org, OrgRefusal, OrgRight};

use crate::app::App;
use crate::caller::api_caller;
use crate::problem::Problem;

/// The organization named by the path parameter `org`, cleared for `R`.
pub struct InOrg<R: OrgRight>(pub Org<R>);

impl<R: OrgRight> FromRequestParts<App> for InOrg<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path(path) = Path::<HashMap<String, String>>::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::not_found())?;
        let name = path.get("org").map_or("", String::as_str);
        let caller = api_caller(parts, app).await?;
        let opened = app.hub.open_organization::<R>(&caller, name).await;
        if let (Err(OrgRefusal::NotOwner(_)), Caller::Identity(who)) = (&opened, &caller) {
            let what = format!("{} {}", parts.method, parts.uri.path());
            app.hub.record_denied(who, &what, None).await;
        }
        Ok(Self(opened?))
    }
}

impl From<OrgRefusal> for Problem {
    fn from(refusal: OrgRefusal) -> Self {
        let text = refusal.to_string();
        match refusal {
            OrgRefusal::SignInFirst => Self::unauthorized(),
            OrgRefusal::Missing(_) => Self::new(StatusCode::NOT_FOUND, text),
            OrgRefusal::NotMember(_)
            | OrgRefusal::NotOwner(_)
            | OrgRefusal::Unverified(_)
            | OrgRefusal::SmallCredential(_) => Self::forbidden(text),
            OrgRefusal::Store(error) => error.into(),
        }
    }
}
