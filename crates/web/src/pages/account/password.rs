//! Another password.

use askama::Template;
use axum::Form;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_types::Secret;
use serde::Deserialize;

use super::{left_out, refused};
use crate::form::Errors;
use crate::frame::Frame;
use crate::own::Own;
use crate::page::{Caching, Page};
use crate::session::{self, Begun};

const HERE: &str = "/settings/password";

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    current: String,
    password: String,
    mark: String,
}

#[derive(Template)]
#[template(path = "account/password.html")]
pub struct PasswordPage {
    frame: Frame,
    errors: Errors,
}

impl Page for PasswordPage {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

impl PasswordPage {
    fn new(own: &Own, errors: Errors) -> Self {
        Self { frame: own.visit.frame.clone(), errors }
    }
}

pub async fn show(own: Own) -> Response {
    let page = PasswordPage::new(&own, Errors::default());
    own.visit.answer(Ok(page))
}

pub async fn submit(own: Own, Form(typed): Form<Typed>) -> Response {
    match change(&own, &typed).await {
        Ok(Ok(begun)) => {
            let said = own.visit.frame.t("account-password-changed");
            let mut response = own.visit.done(HERE, &said);
            begun.attach(&mut response);
            response
        }
        Ok(Err(errors)) => {
            let page = PasswordPage::new(&own, errors);
            own.visit.answer(Ok(page))
        }
        Err(problem) => own.visit.refuse(&problem),
    }
}

/// The session that goes on, because all that there were have ended; or what is wrong.
async fn change(own: &Own, typed: &Typed) -> Result<Result<Begun, Errors>, Problem> {
    own.check(&typed.mark)?;
    if let Some(errors) = left_out(&own.visit.frame, &typed.current) {
        return Ok(Err(errors));
    }
    let (current, new) = (Secret::new(typed.current.clone()), Secret::new(typed.password.clone()));
    let (hub, from) = (&own.visit.hub, own.visit.address);
    match hub.change_password(&own.who, &current, &new, from).await {
        Ok(who) => Ok(Ok(session::begin(&own.visit, &who).await?)),
        Err(error) => refused(error).map(Err),
    }
}

#[cfg(test)]
pub fn samples() -> Vec<PasswordPage> {
    let page = |errors| PasswordPage { frame: Frame::sample(HERE, Some("alice")), errors };
    vec![page(Errors::default()), page(Errors::at("password", "too short"))]
}
