//! The pages behind links in letters, and the one that asks for such a link.
//!
//! Opening a link changes nothing, because mail scanners open every link of a letter; its page has a
//! button. The code in the link and in the form is the proof, so nobody needs to be signed in.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{App, ClientAddress, Problem};
use roadstead_hub::accounts::{AccountError, Field};
use roadstead_types::Secret;
use serde::Deserialize;

use crate::frame::Frame;
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
struct VerifyPage {
    frame: Frame,
    code: String,
    name: String,
    email: String,
}

#[derive(Template)]
#[template(path = "link_reset.html")]
struct ResetPage {
    frame: Frame,
    code: String,
    name: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "forgot_password.html")]
struct ForgotPage {
    frame: Frame,
    email: String,
    error: Option<String>,
}

/// How something ended.
#[derive(Template)]
#[template(path = "link_end.html")]
struct EndPage {
    frame: Frame,
    title: &'static str,
    text: String,
    is_good: bool,
}

type Answer = Result<Response, Problem>;

pub async fn verify_form(State(app): State<App>, frame: Frame, Query(link): Query<Link>) -> Answer {
    match app.hub.find_address_link(&Secret::new(link.code.clone())).await {
        Ok(target) => {
            let name = target.name.to_string();
            let (code, email) = (link.code, target.email);
            let page = VerifyPage { frame, code, name, email };
            Ok(render(StatusCode::OK, &page))
        }
        Err(error) => refuse(frame, error),
    }
}

pub async fn verify(
    State(app): State<App>,
    frame: Frame,
    ClientAddress(from): ClientAddress,
    Form(link): Form<Link>,
) -> Answer {
    match app.hub.confirm_address(&Secret::new(link.code), from).await {
        Ok(account) => {
            let email = account.email.unwrap_or_default();
            let text = format!("{email} is now the verified address of {}.", account.name);
            Ok(end(StatusCode::OK, frame, "Your address is verified", text))
        }
        Err(error) => refuse(frame, error),
    }
}

pub async fn reset_form(State(app): State<App>, frame: Frame, Query(link): Query<Link>) -> Answer {
    show_reset(&app, frame, link.code, None).await
}

pub async fn reset(
    State(app): State<App>,
    frame: Frame,
    ClientAddress(from): ClientAddress,
    Form(typed): Form<NewPassword>,
) -> Answer {
    let (code, new) = (Secret::new(typed.code.clone()), Secret::new(typed.password));
    match app.hub.complete_password_reset(&code, &new, from).await {
        Ok(()) => {
            let text = "Everybody who was signed in with the old one is signed out. Sign in anew, also \
                        with docker login.";
            Ok(end(StatusCode::OK, frame, "Your password is changed", text.to_owned()))
        }
        Err(AccountError::Fields(errors)) => {
            let error = errors.get(Field::Password).map(str::to_owned);
            show_reset(&app, frame, typed.code, error).await
        }
        Err(error) => refuse(frame, error),
    }
}

async fn show_reset(app: &App, frame: Frame, code: String, error: Option<String>) -> Answer {
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    match app.hub.find_reset_link(&Secret::new(code.clone())).await {
        Ok(target) => {
            let name = target.name.to_string();
            Ok(render(status, &ResetPage { frame, code, name, error }))
        }
        Err(error) => refuse(frame, error),
    }
}

pub async fn forgot_form(frame: Frame) -> Response {
    forgot_page(StatusCode::OK, frame, String::new(), None)
}

pub async fn forgot(
    State(app): State<App>,
    frame: Frame,
    ClientAddress(from): ClientAddress,
    Form(typed): Form<Forgotten>,
) -> Answer {
    match app.hub.ask_password_reset(&typed.email, from).await {
        Ok(()) => {
            let text = "If an account has this verified address, a link was sent to it. The link works \
                        once, for one hour.";
            Ok(end(StatusCode::ACCEPTED, frame, "Look into your mail", text.to_owned()))
        }
        Err(AccountError::Fields(errors)) => {
            let error = errors.get(Field::Email).map(str::to_owned);
            Ok(forgot_page(StatusCode::UNPROCESSABLE_ENTITY, frame, typed.email, error))
        }
        Err(error) => refuse(frame, error),
    }
}

fn forgot_page(status: StatusCode, frame: Frame, email: String, error: Option<String>) -> Response {
    render(status, &ForgotPage { frame, email, error })
}

pub(crate) fn end(status: StatusCode, frame: Frame, title: &'static str, text: String) -> Response {
    render(status, &EndPage { frame, title, text, is_good: true })
}

fn refuse(frame: Frame, error: AccountError) -> Answer {
    let text = error.to_string();
    let (status, title) = match error {
        AccountError::BadLink => (StatusCode::NOT_FOUND, "This link does not work"),
        AccountError::AddressTaken => (StatusCode::CONFLICT, "This address is taken"),
        AccountError::IsVerified
        | AccountError::NoSuchSession
        | AccountError::IsAdministrator
        | AccountError::LastOwner(_)
        | AccountError::HasRepositories(_)
        | AccountError::SecondFactorIsOn
        | AccountError::NoSecondFactor
        | AccountError::NothingToConfirm => (StatusCode::CONFLICT, "Nothing to do"),
        AccountError::Busy
        | AccountError::Throttled { .. }
        | AccountError::TooManyLetters { .. } => (StatusCode::TOO_MANY_REQUESTS, "Not so fast"),
        AccountError::Fields(_) | AccountError::Profile { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, "This will not do")
        }
        AccountError::NeedsPassword | AccountError::WrongPassword | AccountError::WrongCode => {
            (StatusCode::FORBIDDEN, "This is not allowed")
        }
        AccountError::Store(error) => return Err(error.into()),
    };
    Ok(bad_end(status, frame, title, text))
}

pub(crate) fn bad_end(
    status: StatusCode,
    frame: Frame,
    title: &'static str,
    text: String,
) -> Response {
    render(status, &EndPage { frame, title, text, is_good: false })
}
