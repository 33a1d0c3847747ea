//! The extractors of every page of administration: who asks is an administrator, and a form is this site's own.

use std::sync::Arc;

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use http::request::Parts;
use roadstead_http::{App, Problem};
use roadstead_hub::access::Identity;
use roadstead_hub::accounts::{AccountError, SystemKey};
use roadstead_hub::{Caller, Hub};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::frame::{Frame, Visit};
use crate::own::prove_first;

/// An administrator who looks. To everybody else the page is missing, and the log keeps who tried.
pub struct Desk {
    pub visit: Visit,
    pub key: SystemKey,
    pub who: Arc<Identity>,
}

impl FromRequestParts<App> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, app).await?;
        let Caller::Identity(who) = &visit.caller else {
            return Err(visit.refuse(&Problem::not_found()));
        };
        let who = Arc::clone(who);
        if let Some(key) = SystemKey::of(&who) {
            return Ok(Self { visit, key, who });
        }
        let what = format!("{} {}", parts.method, parts.uri.path());
        app.hub.record_denied(&who, &what, None).await;
        Err(visit.refuse(&Problem::not_found()))
    }
}

impl Desk {
    pub fn hub(&self) -> &Hub {
        &self.visit.hub
    }

    pub fn frame(&self) -> &Frame {
        &self.visit.frame
    }

    /// Lets through whoever has proved the password within the last minutes, for what is grave; others are
    /// asked for it, and then led to `next`, the page that the form stands on.
    pub async fn prove(&self, next: &str) -> Result<(), Response> {
        match self.hub().has_proved(&self.who).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Redirect::to(&prove_first(next)).into_response()),
            Err(AccountError::Store(error)) => Err(self.visit.clone().refuse(&error.into())),
            Err(error) => Err(self.visit.clone().refuse(&Problem::forbidden(error.to_string()))),
        }
    }
}

/// A form that an administrator sent from a page of this site.
pub struct Sent<T> {
    pub desk: Desk,
    pub typed: T,
}

/// The form, and the mark that only this site's pages know.
#[derive(Deserialize)]
struct Marked<T> {
    #[serde(default)]
    mark: String,
    #[serde(flatten)]
    typed: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let desk = Desk::from_request_parts(&mut parts, app).await?;
        let request = Request::from_parts(parts, body);
        let Ok(Form(Marked { mark, typed })) = Form::<Marked<T>>::from_request(request, app).await
        else {
            let text = desk.visit.frame.t("error-form");
            let problem = Problem::new(StatusCode::BAD_REQUEST, text);
            return Err(desk.visit.refuse(&problem));
        };
        match desk.visit.sender(&mark) {
            Ok(_) => Ok(Self { desk, typed }),
            Err(problem) => Err(desk.visit.refuse(&problem)),
        }
    }
}
