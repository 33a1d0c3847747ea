//! A new account, as far as the operator's setting lets people make one.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::accounts::{SignIn, SignUp, SignUpError};
use roadstead_hub::settings::SignUp as Policy;
use roadstead_types::Secret;
use serde::Deserialize;

use super::field_name;
use crate::failure::sentence;
use crate::form::Errors;
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};
use crate::session::{self, Begun};
use crate::ui;

/// Where who has signed up goes, unless they were on their way elsewhere: there the letter is spoken of.
const AFTER: &str = "/settings/email";

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    invite: String,
    username: String,
    email: String,
    password: String,
    next: String,
}

/// What is said of a name while somebody types it.
pub struct Rule {
    is_free: bool,
    text: String,
}

#[derive(Template)]
#[template(path = "account/signup.html")]
pub struct SignUpPage {
    frame: Frame,
    is_closed: bool,
    needs_invite: bool,
    typed: Typed,
    rule: Option<Rule>,
    errors: Errors,
}

impl Page for SignUpPage {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

#[derive(Template)]
#[template(path = "account/name_rule.html")]
struct RulePage {
    rule: Option<Rule>,
}

impl Page for RulePage {
    const CACHING: Caching = Caching::Never;
}

pub async fn show(visit: Visit, Query(typed): Query<Typed>) -> Response {
    if visit.frame.viewer.is_some() {
        return Redirect::to(session::next(&typed.next)).into_response();
    }
    // A password in an address is nobody's wish.
    let typed = Typed { password: String::new(), ..typed };
    let page = SignUpPage::new(&visit, typed, Errors::default());
    visit.answer(Ok(page))
}

/// What stands in the way of a name, while it is typed.
pub async fn rules(visit: Visit, Query(typed): Query<Typed>) -> Response {
    let rule = match typed.username.as_str() {
        "" => None,
        name => match visit.hub.check_new_name(name).await {
            Ok(name) => {
                let text = visit.frame.t1("signin-up-free", "name", name.as_str()).into_owned();
                Some(Rule { is_free: true, text })
            }
            Err(SignUpError::Store(error)) => return visit.refuse(&error.into()),
            Err(error) => {
                Some(Rule { is_free: false, text: sentence(&error.to_string()).into_owned() })
            }
        },
    };
    visit.answer(Ok(RulePage { rule }))
}

pub async fn submit(visit: Visit, Form(typed): Form<Typed>) -> Response {
    match sign_up(&visit, &typed).await {
        Ok(Ok(begun)) => {
            let there = match session::next(&typed.next) {
                "/" => AFTER,
                next => next,
            };
            let said = visit.frame.t1("signin-up-done", "email", &typed.email);
            let mut response = visit.done(there, &said);
            begun.attach(&mut response);
            response
        }
        Ok(Err(errors)) => {
            let page = SignUpPage::new(&visit, typed, errors);
            visit.answer(Ok(page))
        }
        Err(problem) => visit.refuse(&problem),
    }
}

/// The new account's first session, or what is wrong.
async fn sign_up(visit: &Visit, typed: &Typed) -> Result<Result<Begun, Errors>, Problem> {
    let password = Secret::new(typed.password.clone());
    let form = SignUp {
        name: typed.username.clone(),
        email: typed.email.trim().to_owned(),
        password: password.clone(),
        invite: (!typed.invite.is_empty()).then(|| Secret::new(typed.invite.trim().to_owned())),
    };
    if let Err(error) = visit.hub.sign_up(form, visit.address).await {
        return refused(error).map(Err);
    }
    match visit.hub.begin_sign_in(&typed.username, &password, visit.address).await? {
        SignIn::Done(who) => Ok(Ok(session::begin(visit, &who).await?)),
        SignIn::NeedsCode(_) => Err(Problem::unauthorized()),
    }
}

/// Where a refusal of the hub belongs: into the form, or in place of the page.
fn refused(error: SignUpError) -> Result<Errors, Problem> {
    let text = error.to_string();
    Ok(match error {
        SignUpError::Fields(errors) => errors
            .iter()
            .fold(Errors::default(), |errors, (field, text)| errors.and(field_name(field), text)),
        SignUpError::Throttled { .. } | SignUpError::Busy => {
            Errors::of_form(text).with_status(StatusCode::TOO_MANY_REQUESTS)
        }
        SignUpError::Closed | SignUpError::NotSetUp => return Err(Problem::forbidden(text)),
        SignUpError::Store(error) => return Err(error.into()),
    })
}

impl SignUpPage {
    fn new(visit: &Visit, typed: Typed, errors: Errors) -> Self {
        let policy = visit.hub.sign_up_policy();
        Self {
            frame: visit.frame.clone(),
            is_closed: policy == Policy::Closed,
            needs_invite: policy == Policy::Invite,
            typed: Typed { next: session::next(&typed.next).to_owned(), ..typed },
            rule: None,
            errors,
        }
    }

    /// Where who has an account already goes.
    fn sign_in(&self) -> String {
        format!("/signin?{}", ui::query(&[("next", &self.typed.next)]))
    }
}

#[cfg(test)]
pub fn samples() -> Vec<SignUpPage> {
    let page = |is_closed, needs_invite, errors| SignUpPage {
        frame: Frame::sample("/signup", None),
        is_closed,
        needs_invite,
        typed: Typed {
            username: "Alice <b>".to_owned(),
            next: "/a".to_owned(),
            ..Typed::default()
        },
        rule: Some(Rule { is_free: false, text: "Alice <b> is taken".to_owned() }),
        errors,
    };
    vec![
        page(false, false, Errors::at("username", "`Alice <b>` is no name")),
        page(false, true, Errors::default()),
        page(true, false, Errors::default()),
    ]
}
