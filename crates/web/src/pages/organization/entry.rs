//! The extractor behind the pages of an organization: the visit, and what the visitor is there. That an
//! organization exists is public, so whoever is refused is told why.
//!
//! The pages stand at `/{organization}/people` and the like, where a person may have a repository of that
//! name: there it is shown. In an organization the page comes first, and a repository of such a name is at
//! `/{namespace}/{repository}/overview`.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Redirect, Response};
use http::Method;
use http::request::Parts;
use roadstead_http::{App, Problem};
use roadstead_hub::Caller;
use roadstead_hub::access::{Org, OrgRefusal, OrgRight, Pull};
use roadstead_hub::organizations::Organization;
use roadstead_types::AccountName;

use crate::frame::Visit;
use crate::pages::repository;
use crate::seen::Seen;

/// An organization named by the path parameter `namespace`, cleared for `R`.
pub struct Entered<R: OrgRight> {
    pub org: Org<R>,
    pub organization: Organization,
    pub visit: Visit,
    /// The parameters of the path.
    pub path: HashMap<String, String>,
}

impl<R: OrgRight> FromRequestParts<App> for Entered<R> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let path = path.map(|Path(path)| path).unwrap_or_default();
        let visit = Visit::from_request_parts(parts, app).await?;
        let name = path.get("namespace").map_or("", String::as_str);
        match visit.hub.find_organization(name).await {
            Ok(Some(organization)) => match open(parts, &visit, &organization).await {
                Ok(org) => Ok(Self { org, organization, visit, path }),
                Err(problem) => Err(visit.refuse(&problem)),
            },
            Ok(None) => Err(elsewhere(parts, visit, path).await),
            Err(error) => Err(visit.refuse(&error.into())),
        }
    }
}

impl<R: OrgRight> Entered<R> {
    /// A parameter of the path.
    pub fn named(&self, parameter: &str) -> &str {
        self.path.get(parameter).map_or("", String::as_str)
    }

    /// `/{organization}{rest}`.
    pub fn at(&self, rest: &str) -> String {
        format!("/{}{rest}", self.organization.name)
    }
}

/// Clears the visitor; an owner's act that was refused is written down for the owners.
async fn open<R: OrgRight>(
    parts: &Parts,
    visit: &Visit,
    organization: &Organization,
) -> Result<Org<R>, Problem> {
    let opened = visit.hub.open_organization::<R>(&visit.caller, organization.name.as_str()).await;
    if let (Err(OrgRefusal::NotOwner(_)), Caller::Identity(who)) = (&opened, &visit.caller) {
        let what = format!("{} {}", parts.method, parts.uri.path());
        visit.hub.record_denied(who, &what, None).await;
    }
    Ok(opened?)
}

/// What is at an address that no organization has: the page under its present name, or a repository.
async fn elsewhere(parts: &Parts, visit: Visit, mut path: HashMap<String, String>) -> Response {
    if parts.method != Method::GET {
        return visit.refuse(&Problem::not_found());
    }
    match renamed(&visit, &path).await {
        Ok(Some(name)) => return Redirect::to(&format!("/{name}{}", rest(parts))).into_response(),
        Ok(None) => {}
        Err(problem) => return visit.refuse(&problem),
    }
    let page = rest(parts).trim_matches('/').to_owned();
    path.insert("repository".to_owned(), page);
    match Seen::<Pull>::find(parts, visit, path).await {
        Ok(seen) => repository::show(seen).await,
        Err(response) => response,
    }
}

/// The present name of an organization that is asked for by a former one.
async fn renamed(
    visit: &Visit,
    path: &HashMap<String, String>,
) -> Result<Option<AccountName>, Problem> {
    let Some(Ok(name)) = path.get("namespace").map(|name| name.parse::<AccountName>()) else {
        return Ok(None);
    };
    let account = visit.hub.find_account(&name).await?;
    let moved = account.filter(|account| account.is_organization && account.name != name);
    Ok(moved.map(|account| account.name))
}

/// The path behind its first part.
fn rest(parts: &Parts) -> String {
    parts.uri.path().splitn(3, '/').skip(2).map(|rest| format!("/{rest}")).collect()
}
