//! The extractor behind every page of a repository: the visit, and the right to what it looks at.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Redirect, Response};
use http::Method;
use http::request::Parts;
use roadstead_http::can::open;
use roadstead_http::{App, Problem};
use roadstead_hub::Caller;
use roadstead_hub::access::{Pull, Repo, Right};
use roadstead_types::{AccountName, RepositoryName};

use crate::card::href;
use crate::frame::Visit;

/// What stands in place of a namespace in the address of an official image.
const OFFICIAL: &str = "_";

/// A repository that the visitor may see: `/{namespace}/{repository}..`.
pub struct Seen<R: Right> {
    pub repo: Repo<R>,
    pub visit: Visit,
    /// The parameters of the path.
    pub path: HashMap<String, String>,
}

impl<R: Right> FromRequestParts<App> for Seen<R> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let path = path.map(|Path(path)| path).unwrap_or_default();
        let visit = Visit::from_request_parts(parts, app).await?;
        Self::find(parts, visit, path).await
    }
}

impl<R: Right> Seen<R> {
    /// The repository that the parameters name, or what is to be answered instead.
    pub async fn find(
        parts: &Parts,
        visit: Visit,
        path: HashMap<String, String>,
    ) -> Result<Self, Response> {
        let repo = match find(&visit, &path).await {
            Ok(repo) => repo,
            Err(problem) => return Err(visit.refuse(&problem)),
        };
        match moved(parts, repo.name()) {
            Some(there) => Err(there),
            None => Ok(Self { repo, visit, path }),
        }
    }
}

async fn find<R: Right>(visit: &Visit, path: &HashMap<String, String>) -> Result<Repo<R>, Problem> {
    let namespace = path.get("namespace").map_or("", String::as_str);
    let namespace = if namespace == OFFICIAL { AccountName::LIBRARY } else { namespace };
    let name = path.get("repository").map_or("", String::as_str);
    let name = RepositoryName::new(namespace, name).map_err(|_| Problem::not_found())?;
    let opened = open(&visit.hub, &visit.caller, &name).await;
    if opened.is_err() && R::ACTIONS != Pull::ACTIONS {
        note_denied(visit, &name).await;
    }
    opened
}

/// A page for those who look after a repository that was refused, for its owners to see.
async fn note_denied(visit: &Visit, name: &RepositoryName) {
    if let Caller::Identity(who) = &visit.caller {
        visit.hub.record_denied(who, &format!("page {}", visit.frame.path), Some(name)).await;
    }
}

/// Where a page is now that was asked for under a former name, or under `library`.
fn moved(parts: &Parts, name: &RepositoryName) -> Option<Response> {
    let (path, here) = (parts.uri.path(), href(name));
    let is_here = path == here || path.starts_with(&format!("{here}/"));
    if is_here || parts.method != Method::GET {
        return None;
    }
    let rest: String = path.splitn(4, '/').skip(3).map(|rest| format!("/{rest}")).collect();
    let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(Redirect::to(&format!("{here}{rest}{query}")).into_response())
}
