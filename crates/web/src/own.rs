//! Pages of whoever is signed in, and acts that ask who that is once more.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use roadstead_http::{App, Problem};
use roadstead_hub::Caller;
use roadstead_hub::access::Identity;
use roadstead_hub::accounts::AccountError;

use crate::frame::Visit;
use crate::ui;

/// A visit of somebody who is signed in; others are asked to do that first.
pub struct Own {
    pub who: Arc<Identity>,
    pub visit: Visit,
}

impl FromRequestParts<App> for Own {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, app).await?;
        match &visit.caller {
            Caller::Identity(who) => Ok(Self { who: Arc::clone(who), visit }),
            Caller::Anonymous | Caller::Token(_) => Err(visit.refuse(&Problem::unauthorized())),
        }
    }
}

impl Own {
    /// Makes sure that a form came from this site's own page.
    pub fn check(&self, mark: &str) -> Result<(), Problem> {
        self.visit.sender(mark).map(|_| ())
    }
}

impl Visit {
    /// Whoever is signed in, sends a form of this site's own, and has proved the password within the last
    /// minutes: for what cannot be undone, or gives access away. Else the answer that asks for what is
    /// missing, and then leads to `next`, the page that the form stands on.
    pub async fn proved(&self, mark: &str, next: &str) -> Result<Arc<Identity>, Response> {
        let refuse = |problem: &Problem| self.clone().refuse(problem);
        let who = match self.sender(mark) {
            Ok(Some(who)) => who,
            Ok(None) => return Err(refuse(&Problem::unauthorized())),
            Err(problem) => return Err(refuse(&problem)),
        };
        match self.hub.has_proved(who).await {
            Ok(true) => Ok(Arc::clone(who)),
            Ok(false) => Err(Redirect::to(&prove_first(next)).into_response()),
            Err(AccountError::Store(error)) => Err(refuse(&error.into())),
            Err(error) => Err(refuse(&Problem::forbidden(error.to_string()))),
        }
    }
}

/// The page that asks for the password once more, and then leads to `next`.
pub fn prove_first(next: &str) -> String {
    format!("/signin/again?{}", ui::query(&[("next", next)]))
}
