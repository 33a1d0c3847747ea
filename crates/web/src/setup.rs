//! `/setup`: the first administrator, with the one-time code that the first start prints.
//!
//! The code stands in the query of the printed link and in the body of the form. No page names
//! another host and none sends a referrer, so it leaves this hub in neither way.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{App, Problem};
use roadstead_hub::accounts::{Field, FieldErrors, SetUp, SetUpError};
use roadstead_hub::settings::SignUp;
use roadstead_types::Secret;
use serde::Deserialize;

use crate::frame::Frame;
use crate::page::render;

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
    sign_up: String,
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
    frame: Frame,
    code: String,
    problem: Option<String>,
    name: Shown,
    email: Shown,
    password_error: Option<String>,
    sign_up: SignUp,
    /// What people reach the hub at, where the operator told it.
    public_url: Option<String>,
    mail_server: Option<String>,
}

#[derive(Template)]
#[template(path = "setup_done.html")]
struct DonePage {
    frame: Frame,
    name: String,
    has_mail: bool,
}

#[derive(Template)]
#[template(path = "setup_closed.html")]
struct ClosedPage {
    frame: Frame,
    is_done: bool,
}

pub async fn form(
    State(app): State<App>,
    frame: Frame,
    Query(link): Query<Link>,
) -> Result<Response, Problem> {
    let code = Secret::new(link.code);
    match app.hub.check_setup_code(&code).await {
        Ok(()) => {
            let typed = Typed { code: code.expose().clone(), ..Typed::default() };
            let page = form_page(&app, frame, typed, &FieldErrors::default(), None);
            Ok(render(StatusCode::OK, &page))
        }
        Err(error) => refuse(&app, frame, Typed::default(), error),
    }
}

pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let form = SetUp {
        code: Secret::new(typed.code.clone()),
        name: typed.name.clone(),
        email: typed.email.clone(),
        password: Secret::new(typed.password.clone()),
        sign_up: Some(typed.sign_up.clone()),
    };
    match app.hub.complete_setup(form).await {
        Ok(account) => {
            let name = account.name.to_string();
            let has_mail = app.hub.settings().mail_server.is_some();
            let page = DonePage { frame, name, has_mail };
            Ok(render(StatusCode::OK, &page))
        }
        Err(error) => refuse(&app, frame, typed, error),
    }
}

fn refuse(app: &App, frame: Frame, typed: Typed, error: SetUpError) -> Result<Response, Problem> {
    let problem = error.to_string();
    match error {
        SetUpError::Fields(errors) => {
            let page = form_page(app, frame, typed, &errors, None);
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        SetUpError::Busy => {
            let page = form_page(app, frame, typed, &FieldErrors::default(), Some(problem));
            Ok(render(StatusCode::TOO_MANY_REQUESTS, &page))
        }
        SetUpError::BadCode | SetUpError::Done => {
            let is_done = matches!(error, SetUpError::Done);
            let page = ClosedPage { frame, is_done };
            Ok(render(StatusCode::NOT_FOUND, &page))
        }
        SetUpError::Store(error) => Err(error.into()),
    }
}

fn form_page(
    app: &App,
    frame: Frame,
    typed: Typed,
    errors: &FieldErrors,
    problem: Option<String>,
) -> FormPage {
    let sign_up = chosen(&typed.sign_up).unwrap_or_else(|| app.hub.sign_up_policy());
    FormPage {
        sign_up,
        public_url: app.public_url.as_ref().map(ToString::to_string),
        mail_server: app.hub.settings().mail_server.clone(),
        ..FormPage::new(frame, typed, errors, problem)
    }
}

fn chosen(word: &str) -> Option<SignUp> {
    match word {
        "open" => Some(SignUp::Open),
        "invite" => Some(SignUp::Invite),
        "closed" => Some(SignUp::Closed),
        _ => None,
    }
}

impl FormPage {
    fn new(frame: Frame, typed: Typed, errors: &FieldErrors, problem: Option<String>) -> Self {
        let error = |field| errors.get(field).map(str::to_owned);
        Self {
            frame,
            code: typed.code,
            problem,
            name: Shown { value: typed.name, error: error(Field::Name) },
            email: Shown { value: typed.email, error: error(Field::Email) },
            password_error: error(Field::Password),
            sign_up: SignUp::Closed,
            public_url: None,
            mail_server: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_shown_again_as_text_and_the_password_is_not() {
        let frame = Frame::sample("/setup", None);
        let typed = Typed {
            code: "\"><script>1</script>".to_owned(),
            name: "<b>al\"ice".to_owned(),
            email: "a@b".to_owned(),
            password: "correct horse".to_owned(),
            sign_up: "open".to_owned(),
        };
        let errors = FieldErrors::one(Field::Name, "`<b>` is no name");

        let html = FormPage::new(frame, typed, &errors, None).render().unwrap();

        assert!(!html.contains("<script>") && !html.contains("<b>"), "{html}");
        assert!(html.contains("aria-invalid=\"true\""));
        assert!(!html.contains("correct horse"));
    }
}
