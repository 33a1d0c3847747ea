//! The address of one's account: whether it is verified, and another one.

use askama::Template;
use axum::Form;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::accounts::Address;
use roadstead_types::Secret;
use serde::Deserialize;

use super::{Marked, barred, left_out, refused};
use crate::form::Errors;
use crate::frame::Frame;
use crate::own::Own;
use crate::page::{Caching, Page};

const HERE: &str = "/settings/email";

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    email: String,
    current: String,
    mark: String,
}

#[derive(Template)]
#[template(path = "account/email.html")]
pub struct EmailPage {
    frame: Frame,
    address: Address,
    /// What was typed.
    email: String,
    errors: Errors,
}

impl Page for EmailPage {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

impl EmailPage {
    /// The address that a link was sent to and nobody has followed yet.
    fn waiting(&self) -> Option<&str> {
        let unverified = self.address.email.as_deref().filter(|_| !self.address.is_verified);
        self.address.pending.as_deref().or(unverified)
    }
}

pub async fn show(own: Own) -> Response {
    let made = make(&own, String::new(), Errors::default()).await;
    own.visit.answer(made)
}

async fn make(own: &Own, email: String, errors: Errors) -> Result<EmailPage, Problem> {
    let address = own.visit.hub.find_address(&own.who).await.map_err(barred)?;
    let frame = own.visit.frame.clone();
    Ok(EmailPage { frame, address, email, errors })
}

pub async fn submit(own: Own, Form(typed): Form<Typed>) -> Response {
    let made = match change(&own, &typed).await {
        Ok(None) => {
            let said = own.visit.frame.t1("account-email-sent", "email", &typed.email);
            return own.visit.done(HERE, &said);
        }
        Ok(Some(errors)) => make(&own, typed.email, errors).await,
        Err(problem) => Err(problem),
    };
    own.visit.answer(made)
}

/// What is wrong with it, if anything is.
async fn change(own: &Own, typed: &Typed) -> Result<Option<Errors>, Problem> {
    own.check(&typed.mark)?;
    if let Some(errors) = left_out(&own.visit.frame, &typed.current) {
        return Ok(Some(errors));
    }
    let password = Secret::new(typed.current.clone());
    let (hub, from) = (&own.visit.hub, own.visit.address);
    let changed = hub.change_address(&own.who, &password, typed.email.trim(), from).await;
    changed.map_or_else(|error| refused(error).map(Some), |()| Ok(None))
}

/// Sends the link once more.
pub async fn resend(own: Own, Form(sent): Form<Marked>) -> Response {
    let done = match own.check(&sent.mark) {
        Ok(()) => own.visit.hub.resend_verification(&own.who, own.visit.address).await,
        Err(problem) => return own.visit.refuse(&problem),
    };
    let made = match done.map_err(refused) {
        Ok(()) => return own.visit.done(HERE, &own.visit.frame.t("account-email-resent")),
        Err(Ok(errors)) => make(&own, String::new(), errors).await,
        Err(Err(problem)) => Err(problem),
    };
    own.visit.answer(made)
}

#[cfg(test)]
pub fn samples() -> Vec<EmailPage> {
    let page = |is_verified, pending: Option<&str>, errors| EmailPage {
        frame: Frame::sample(HERE, Some("alice")),
        address: Address {
            email: Some("alice@mail.example".to_owned()),
            is_verified,
            pending: pending.map(str::to_owned),
        },
        email: String::new(),
        errors,
    };
    vec![
        page(false, None, Errors::default()),
        page(true, Some("Alice <b>@mail.example"), Errors::at("current", "the password is wrong")),
        page(true, None, Errors::of_form("too many letters were asked for")),
    ]
}
