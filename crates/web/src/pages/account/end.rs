//! The end of one's account.

use askama::Template;
use axum::Form;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
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
pub struct Typed {
    /// The account's name, typed to say that it is meant.
    name: String,
    current: String,
    code: String,
    mark: String,
}

#[derive(Template)]
#[template(path = "account/end.html")]
pub struct EndPage {
    frame: Frame,
    has_second_factor: bool,
    errors: Errors,
}

impl Page for EndPage {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show(own: Own) -> Response {
    let made = make(&own, Errors::default()).await;
    own.visit.answer(made)
}

async fn make(own: &Own, errors: Errors) -> Result<EndPage, Problem> {
    let factor = own.visit.hub.find_second_factor(&own.who).await.map_err(barred)?;
    let has_second_factor = factor.since.is_some();
    Ok(EndPage { frame: own.visit.frame.clone(), has_second_factor, errors })
}

pub async fn submit(own: Own, Form(typed): Form<Typed>) -> Response {
    let made = match end(&own, &typed).await {
        Ok(None) => {
            let said = own.visit.frame.t("account-ended");
            let mut response = own.visit.done("/", &said);
            session::forget(&own.visit.frame, &mut response);
            return response;
        }
        Ok(Some(errors)) => make(&own, errors).await,
        Err(problem) => Err(problem),
    };
    own.visit.answer(made)
}

/// What is wrong with it, if anything is.
async fn end(own: &Own, typed: &Typed) -> Result<Option<Errors>, Problem> {
    own.check(&typed.mark)?;
    let (visit, who) = (&own.visit, &own.who);
    if typed.name != who.name.as_str() {
        return Ok(Some(Errors::at("name", visit.frame.t("account-end-mistyped"))));
    }
    if let Some(errors) = left_out(&visit.frame, &typed.current) {
        return Ok(Some(errors));
    }
    let (password, code) = (Secret::new(typed.current.clone()), typed.code.trim());
    let ended = visit.hub.delete_own_account(who, &password, code, visit.address).await;
    ended.map_or_else(|error| refused(error).map(Some), |()| Ok(None))
}

#[cfg(test)]
pub fn samples() -> Vec<EndPage> {
    let page = |has_second_factor, errors| EndPage {
        frame: Frame::sample("/settings/account", Some("alice")),
        has_second_factor,
        errors,
    };
    vec![page(false, Errors::default()), page(true, Errors::at("name", "type the name"))]
}
