//! `/setup`: the first administrator, with the one-time code that the first start prints.
//!
//! The code stands in the query of the printed link and in the body of the form. No page names
//! another host and none sends a referrer, so it leaves this hub in neither way.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{App, Origin, Problem};
use roadstead_hub::accounts::{Field, FieldErrors, SetUp, SetUpError};
use roadstead_types::Secret;
use serde::Deserialize;

use crate::page::{VERSION, render};

#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    code: String,
}

/// What was typed. Absent fields are empty ones, so that the page can say which.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    code: String,
    name: String,
    email: String,
    password: String,
}

/// A field that is shown again with what was typed. The password is not.
#[derive(Default)]
struct Shown {
    value: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "setup.html")]
struct FormPage {
    version: &'static str,
    host: String,
    code: String,
    problem: Option<String>,
    name: Shown,
    email: Shown,
    password_error: Option<String>,
}

#[derive(Template)]
#[template(path = "setup_done.html")]
struct DonePage {
    version: &'static str,
    host: String,
    name: String,
}

#[derive(Template)]
#[template(path = "setup_closed.html")]
struct ClosedPage {
    version: &'static str,
    host: String,
    is_done: bool,
}

pub async fn form(
    State(app): State<App>,
    origin: Origin,
    Query(link): Query<Link>,
) -> Result<Response, Problem> {
    let code = Secret::new(link.code);
    match app.hub.check_setup_code(&code).await {
        Ok(()) => {
            let typed = Typed { code: code.expose().clone(), ..Typed::default() };
            let page = form_page(origin, typed, &FieldErrors::default(), None);
            Ok(render(StatusCode::OK, &page))
        }
        Err(error) => refuse(origin, Typed::default(), error),
    }
}

pub async fn submit(
    State(app): State<App>,
    origin: Origin,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let form = SetUp {
        code: Secret::new(typed.code.clone()),
        name: typed.name.clone(),
        email: typed.email.clone(),
        password: Secret::new(typed.password.clone()),
    };
    match app.hub.complete_setup(form).await {
        Ok(account) => {
            let name = account.name.to_string();
            let page = DonePage { version: VERSION, host: origin.authority, name };
            Ok(render(StatusCode::OK, &page))
        }
        Err(error) => refuse(origin, typed, error),
    }
}

fn refuse(origin: Origin, typed: Typed, error: SetUpError) -> Result<Response, Problem> {
    let problem = error.to_string();
    match error {
        SetUpError::Fields(errors) => {
            let page = form_page(origin, typed, &errors, None);
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        SetUpError::Busy => {
            let page = form_page(origin, typed, &FieldErrors::default(), Some(problem));
            Ok(render(StatusCode::TOO_MANY_REQUESTS, &page))
        }
        SetUpError::BadCode | SetUpError::Done => {
            let is_done = matches!(error, SetUpError::Done);
            let page = ClosedPage { version: VERSION, host: origin.authority, is_done };
            Ok(render(StatusCode::NOT_FOUND, &page))
        }
        SetUpError::Store(error) => Err(error.into()),
    }
}

fn form_page(
    origin: Origin,
    typed: Typed,
    errors: &FieldErrors,
    problem: Option<String>,
) -> FormPage {
    let error = |field| errors.get(field).map(str::to_owned);
    FormPage {
        version: VERSION,
        host: origin.authority,
        code: typed.code,
        problem,
        name: Shown { value: typed.name, error: error(Field::Name) },
        email: Shown { value: typed.email, error: error(Field::Email) },
        password_error: error(Field::Password),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_shown_again_as_text_and_the_password_is_not() {
        let origin: Origin = "http://127.0.0.1:5000".parse().unwrap();
        let typed = Typed {
            code: "\"><script>1</script>".to_owned(),
            name: "<b>al\"ice".to_owned(),
            email: "a@b".to_owned(),
            password: "correct horse".to_owned(),
        };
        let errors = FieldErrors::one(Field::Name, "`<b>` is no name");

        let html = form_page(origin, typed, &errors, None).render().unwrap();

        assert!(!html.contains("<script>") && !html.contains("<b>"), "{html}");
        assert!(html.contains("aria-invalid=\"true\""));
        assert!(!html.contains("correct horse"));
    }
}
