//! The pages behind links in letters, and the one that asks for such a link.
//!
//! Opening a link changes nothing, because mail scanners open every link of a letter; its page has a
//! button. The code in the link and in the form is the proof, so nobody needs to be signed in.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_hub::accounts::{AccountError, Field};
use roadstead_types::Secret;
use serde::Deserialize;

use crate::failure::sentence;
use crate::form::Errors;
use crate::frame::{Frame, Visit};
use crate::page::render;

#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    pub(crate) code: String,
}

/// What was typed. Absent fields are empty ones, so that the page can say which.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewPassword {
    code: String,
    password: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Forgotten {
    email: String,
}

#[derive(Template)]
#[template(path = "link_verify.html")]
pub struct VerifyPage {
    frame: Frame,
    code: String,
    name: String,
    email: String,
}

#[derive(Template)]
#[template(path = "link_reset.html")]
pub struct ResetPage {
    frame: Frame,
    code: String,
    name: String,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "forgot_password.html")]
pub struct ForgotPage {
    frame: Frame,
    email: String,
    errors: Errors,
}

/// How something ended.
#[derive(Template)]
#[template(path = "link_end.html")]
pub struct EndPage {
    frame: Frame,
    title: String,
    text: String,
    is_good: bool,
    next: Next,
}

/// Where to go from there.
struct Next {
    href: &'static str,
    label: String,
}

pub async fn verify_form(visit: Visit, Query(link): Query<Link>) -> Response {
    match visit.hub.find_address_link(&Secret::new(link.code.clone())).await {
        Ok(target) => {
            let (name, email) = (target.name.to_string(), target.email);
            let page = VerifyPage { frame: visit.frame, code: link.code, name, email };
            render(StatusCode::OK, &page)
        }
        Err(error) => refuse(visit, error),
    }
}

pub async fn verify(visit: Visit, Form(link): Form<Link>) -> Response {
    match visit.hub.confirm_address(&Secret::new(link.code), visit.address).await {
        Ok(account) => {
            let (frame, email) = (visit.frame, account.email.unwrap_or_default());
            let text = frame.t2("account-verified", "email", email, "name", account.name.as_str());
            let (title, text) = (frame.t("account-verified-title").into_owned(), text.into_owned());
            end(frame, title, text)
        }
        Err(error) => refuse(visit, error),
    }
}

pub async fn reset_form(visit: Visit, Query(link): Query<Link>) -> Response {
    show_reset(visit, link.code, Errors::default()).await
}

pub async fn reset(visit: Visit, Form(typed): Form<NewPassword>) -> Response {
    let (code, new) = (Secret::new(typed.code.clone()), Secret::new(typed.password));
    match visit.hub.complete_password_reset(&code, &new, visit.address).await {
        Ok(()) => {
            let frame = visit.frame;
            let title = frame.t("account-reset-done-title").into_owned();
            let text = frame.t("account-reset-done").into_owned();
            end(frame, title, text)
        }
        Err(AccountError::Fields(errors)) => {
            let text = errors.get(Field::Password).unwrap_or_default();
            show_reset(visit, typed.code, Errors::at("password", text)).await
        }
        Err(error) => refuse(visit, error),
    }
}

async fn show_reset(visit: Visit, code: String, errors: Errors) -> Response {
    match visit.hub.find_reset_link(&Secret::new(code.clone())).await {
        Ok(target) => {
            let (status, name) = (errors.status, target.name.to_string());
            render(status, &ResetPage { frame: visit.frame, code, name, errors })
        }
        Err(error) => refuse(visit, error),
    }
}

pub async fn forgot_form(visit: Visit) -> Response {
    forgot_page(visit.frame, String::new(), Errors::default())
}

pub async fn forgot(visit: Visit, Form(typed): Form<Forgotten>) -> Response {
    match visit.hub.ask_password_reset(&typed.email, visit.address).await {
        Ok(()) => {
            let frame = visit.frame;
            let title = frame.t("account-forgot-sent-title").into_owned();
            let text = frame.t("account-forgot-sent").into_owned();
            let page = EndPage { next: Next::front(&frame), frame, title, text, is_good: true };
            render(StatusCode::ACCEPTED, &page)
        }
        Err(AccountError::Fields(errors)) => {
            let text = errors.get(Field::Email).unwrap_or_default().to_owned();
            forgot_page(visit.frame, typed.email, Errors::at("email", text))
        }
        Err(error) => refuse(visit, error),
    }
}

fn forgot_page(frame: Frame, email: String, errors: Errors) -> Response {
    render(errors.status, &ForgotPage { frame, email, errors })
}

impl Next {
    fn front(frame: &Frame) -> Self {
        Self { href: "/", label: frame.t("account-link-front").into_owned() }
    }

    /// A new link in place of one that does not work: for an address when signed in, else for a password.
    fn another(frame: &Frame) -> Self {
        match frame.viewer {
            Some(_) => {
                Self { href: "/settings/email", label: frame.t("account-link-email").into_owned() }
            }
            None => {
                let label = frame.t("account-link-password").into_owned();
                Self { href: "/account/forgot-password", label }
            }
        }
    }
}

pub(crate) fn end(frame: Frame, title: String, text: String) -> Response {
    let next = Next::front(&frame);
    render(StatusCode::OK, &EndPage { frame, title, text, is_good: true, next })
}

fn refuse(visit: Visit, error: AccountError) -> Response {
    let (frame, text) = (&visit.frame, error.to_string());
    let (status, title) = match error {
        AccountError::BadLink => (StatusCode::NOT_FOUND, frame.t("account-link-bad")),
        AccountError::AddressTaken => (StatusCode::CONFLICT, frame.t("account-link-taken")),
        AccountError::Busy
        | AccountError::Throttled { .. }
        | AccountError::TooManyLetters { .. } => {
            (StatusCode::TOO_MANY_REQUESTS, frame.t("account-link-too-often"))
        }
        AccountError::Store(error) => return visit.refuse(&error.into()),
        _ => (StatusCode::CONFLICT, frame.t("account-link-not-possible")),
    };
    let (title, next) = (title.into_owned(), Next::another(frame));
    bad_end(status, EndPage { title, text, is_good: false, next, frame: visit.frame })
}

/// The link does not do what it was for; where an invitation is at fault, nothing is sent anew here.
pub(crate) fn not_possible(
    status: StatusCode,
    frame: Frame,
    title: String,
    text: String,
) -> Response {
    let next = Next::front(&frame);
    bad_end(status, EndPage { frame, title, text, is_good: false, next })
}

fn bad_end(status: StatusCode, page: EndPage) -> Response {
    render(status, &EndPage { text: sentence(&page.text).into_owned(), ..page })
}

#[cfg(test)]
pub mod samples {
    use super::*;

    fn frame() -> Frame {
        Frame::sample("/account/verify", None)
    }

    pub fn verify() -> Vec<VerifyPage> {
        let (name, email) = ("alice".to_owned(), "Alice <b>@mail.example".to_owned());
        vec![VerifyPage { frame: frame(), code: "x".to_owned(), name, email }]
    }

    pub fn reset() -> Vec<ResetPage> {
        let (code, name) = ("x".to_owned(), "Alice <b>".to_owned());
        vec![ResetPage { frame: frame(), code, name, errors: Errors::at("password", "too short") }]
    }

    pub fn forgot() -> Vec<ForgotPage> {
        vec![ForgotPage {
            frame: frame(),
            email: "Alice <b>".to_owned(),
            errors: Errors::default(),
        }]
    }

    pub fn end() -> Vec<EndPage> {
        let page = |is_good| EndPage {
            next: Next::another(&frame()),
            frame: frame(),
            title: "Done".to_owned(),
            text: "Alice <b>".to_owned(),
            is_good,
        };
        vec![page(true), page(false)]
    }
}
