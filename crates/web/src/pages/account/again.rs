//! The password once more, before what is dangerous.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::accounts::PROOF_COUNTS;
use roadstead_types::Secret;
use serde::Deserialize;

use super::{barred, left_out, refused};
use crate::form::Errors;
use crate::frame::Frame;
use crate::own::Own;
use crate::page::{Caching, Page};
use crate::session;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    next: String,
}

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    current: String,
    code: String,
    next: String,
    mark: String,
}

#[derive(Template)]
#[template(path = "account/again.html")]
pub struct AgainPage {
    frame: Frame,
    next: String,
    has_second_factor: bool,
    minutes: u64,
    errors: Errors,
}

impl Page for AgainPage {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show(own: Own, Query(asked): Query<Asked>) -> Response {
    let made = make(&own, &asked.next, Errors::default()).await;
    own.visit.answer(made)
}

pub async fn submit(own: Own, Form(typed): Form<Typed>) -> Response {
    let made = match prove(&own, &typed).await {
        Ok(None) => return Redirect::to(session::next(&typed.next)).into_response(),
        Ok(Some(errors)) => make(&own, &typed.next, errors).await,
        Err(problem) => Err(problem),
    };
    own.visit.answer(made)
}

/// What is wrong with it, if anything is.
async fn prove(own: &Own, typed: &Typed) -> Result<Option<Errors>, Problem> {
    own.check(&typed.mark)?;
    if let Some(errors) = left_out(&own.visit.frame, &typed.current) {
        return Ok(Some(errors));
    }
    let (password, code) = (Secret::new(typed.current.clone()), typed.code.trim());
    let proved = own.visit.hub.prove_again(&own.who, &password, code, own.visit.address).await;
    proved.map_or_else(|error| refused(error).map(Some), |()| Ok(None))
}

async fn make(own: &Own, next: &str, errors: Errors) -> Result<AgainPage, Problem> {
    let factor = own.visit.hub.find_second_factor(&own.who).await.map_err(barred)?;
    Ok(AgainPage {
        frame: own.visit.frame.clone(),
        next: session::next(next).to_owned(),
        has_second_factor: factor.since.is_some(),
        minutes: PROOF_COUNTS.as_secs() / 60,
        errors,
    })
}

#[cfg(test)]
pub fn samples() -> Vec<AgainPage> {
    let page = |has_second_factor, errors| AgainPage {
        frame: Frame::sample("/signin/again", Some("alice")),
        next: "/settings/tokens".to_owned(),
        has_second_factor,
        minutes: 10,
        errors,
    };
    vec![page(false, Errors::default()), page(true, Errors::at("current", "Alice <b> is wrong"))]
}
