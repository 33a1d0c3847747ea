//! Signing in with a browser: name and password, a code where the account has a second factor, and out again.

use std::borrow::Cow;
use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use roadstead_http::Problem;
use roadstead_hub::access::{Credential, Identity};
use roadstead_hub::accounts::{SignIn, SignInError};
use roadstead_types::Secret;
use serde::Deserialize;

use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};
use crate::{session, ui};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    next: String,
}

/// What was typed. Absent fields are empty ones, so that the page can say which.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    username: String,
    password: String,
    /// The first step of two that was done, and the code of the second.
    pending: String,
    code: String,
    next: String,
    mark: String,
}

#[derive(Template)]
#[template(path = "signin.html")]
pub struct SignInPage {
    frame: Frame,
    username: String,
    next: String,
    /// There is a second step to do.
    pending: String,
    error: Option<Cow<'static, str>>,
    status: StatusCode,
}

impl Page for SignInPage {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        self.status
    }
}

pub async fn form(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let next = session::next(&asked.next).to_owned();
    if visit.frame.viewer.is_some() {
        return Redirect::to(&next).into_response();
    }
    let page = SignInPage::new(&visit, Typed { next, ..Typed::default() }, None);
    visit.answer(Ok(page))
}

pub async fn submit(visit: Visit, Form(typed): Form<Typed>) -> Response {
    if typed.username.is_empty() || typed.password.is_empty() {
        let text = visit.frame.t("signin-empty");
        return again(visit, typed, text);
    }
    let password = Secret::new(typed.password.clone());
    match visit.hub.begin_sign_in(&typed.username, &password, visit.address).await {
        // A token may do less than its owner, and a session may do all: it does not open one.
        Ok(SignIn::Done(who)) if who.credential != Credential::Password => {
            let text = visit.frame.t("signin-token");
            again(visit, typed, text)
        }
        Ok(SignIn::Done(who)) => open(visit, &who, &typed.next).await,
        Ok(SignIn::NeedsCode(pending)) => {
            let typed = Typed { pending: pending.expose().clone(), ..typed };
            let page = SignInPage::new(&visit, typed, None);
            visit.answer(Ok(page))
        }
        Err(error) => refuse(visit, typed, error),
    }
}

pub async fn submit_code(visit: Visit, Form(typed): Form<Typed>) -> Response {
    let pending = Secret::new(typed.pending.clone());
    match visit.hub.finish_sign_in(&pending, typed.code.trim(), visit.address).await {
        Ok(who) => open(visit, &who, &typed.next).await,
        Err(SignInError::Wrong) => {
            let text = visit.frame.t("signin-code-wrong");
            again(visit, typed, text)
        }
        Err(error) => refuse(visit, typed, error),
    }
}

/// Signs out this browser; others stay signed in.
pub async fn leave(visit: Visit, Form(typed): Form<Typed>) -> Response {
    let ended = match visit.sender(&typed.mark) {
        Ok(Some(who)) => visit.hub.log_out(who).await.map_err(Problem::from),
        Ok(None) => Ok(()),
        Err(problem) => Err(problem),
    };
    match ended {
        Ok(()) => {
            let mut response = Redirect::to("/").into_response();
            session::forget(&visit.frame, &mut response);
            response
        }
        Err(problem) => visit.refuse(&problem),
    }
}

async fn open(visit: Visit, who: &Identity, next: &str) -> Response {
    match session::begin(&visit, who).await {
        Ok(begun) => {
            let mut response = Redirect::to(session::next(next)).into_response();
            begun.attach(&mut response);
            response
        }
        Err(error) => visit.refuse(&error.into()),
    }
}

fn refuse(visit: Visit, typed: Typed, error: SignInError) -> Response {
    match error {
        SignInError::Wrong => {
            let text = visit.frame.t("signin-wrong");
            again(visit, typed, text)
        }
        SignInError::Throttled { retry_after } => later(visit, typed, retry_after),
        error => visit.refuse(&error.into()),
    }
}

/// The form once more, with what was typed and why it is not enough. The password is not shown.
fn again(visit: Visit, typed: Typed, error: Cow<'static, str>) -> Response {
    let page = SignInPage::new(&visit, typed, Some(error));
    visit.answer(Ok(page))
}

/// There were too many wrong tries: when the next may be.
fn later(visit: Visit, typed: Typed, wait: Duration) -> Response {
    let (secs, status) = (wait.as_secs().max(1), StatusCode::TOO_MANY_REQUESTS);
    let text = visit.frame.t1("signin-throttled", "minutes", secs.div_ceil(60));
    let page = SignInPage { status, ..SignInPage::new(&visit, typed, Some(text)) };
    let mut response = visit.answer(Ok(page));
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(secs));
    response
}

impl SignInPage {
    /// In place of a page that is only for who is signed in; leads there.
    pub fn first(visit: &Visit) -> Self {
        let typed = Typed { next: visit.frame.here.clone(), ..Typed::default() };
        Self { status: StatusCode::UNAUTHORIZED, ..Self::new(visit, typed, None) }
    }

    fn new(visit: &Visit, typed: Typed, error: Option<Cow<'static, str>>) -> Self {
        let status = match error {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        };
        Self {
            frame: visit.frame.clone(),
            username: typed.username,
            next: session::next(&typed.next).to_owned(),
            pending: typed.pending,
            error,
            status,
        }
    }

    /// Where who has no account yet makes one.
    fn sign_up(&self) -> String {
        format!("/signup?{}", ui::query(&[("next", &self.next)]))
    }
}

#[cfg(test)]
pub fn samples() -> Vec<SignInPage> {
    let page = |pending: &str, error: Option<&'static str>| SignInPage {
        frame: Frame::sample("/signin", None),
        username: "alice".to_owned(),
        next: "/alice/web".to_owned(),
        pending: pending.to_owned(),
        error: error.map(Cow::Borrowed),
        status: StatusCode::OK,
    };
    vec![page("", None), page("", Some("no match")), page("rsd_otc_x", None)]
}
