//! `/organizations/new`: making an organization. The rules of its name are checked while it is typed.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::organizations::{NewOrganization, OrganizationError, Profile};
use serde::Deserialize;

use super::{sender, signed_in, told};
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    mark: String,
    name: String,
    full_name: String,
    /// `on` where repositories made by a push start private.
    private: String,
}

#[derive(Template)]
#[template(path = "organization/create.html", blocks = ["rules"])]
pub struct Create {
    frame: Frame,
    typed: Typed,
    /// What is wrong with the name, once one is typed.
    name_error: Option<String>,
    /// What is wrong otherwise.
    error: Option<String>,
    is_sent: bool,
    /// htmx asks about the name alone.
    is_rules: bool,
}

impl Page for Create {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        match self.is_sent {
            true => StatusCode::UNPROCESSABLE_ENTITY,
            false => StatusCode::OK,
        }
    }

    fn region(&self) -> Option<askama::Result<String>> {
        self.is_rules.then(|| self.as_rules().render())
    }
}

impl Create {
    fn new(visit: &Visit, typed: Typed) -> Self {
        let frame = visit.frame.clone();
        Self { frame, typed, name_error: None, error: None, is_sent: false, is_rules: false }
    }

    fn is_free(&self) -> bool {
        !self.typed.name.is_empty() && self.name_error.is_none()
    }
}

/// The form; with htmx and a name, what there is to say about that.
pub async fn form(visit: Visit, Query(typed): Query<Typed>) -> Response {
    let made = check(&visit, typed).await;
    visit.answer(made)
}

async fn check(visit: &Visit, typed: Typed) -> Result<Create, Problem> {
    signed_in(visit)?;
    let mut page = Create::new(visit, typed);
    page.is_rules = visit.is_partial;
    if !page.typed.name.is_empty() {
        let found = visit.hub.check_organization_name(&page.typed.name).await;
        page.name_error = found.err().map(told).transpose()?;
    }
    Ok(page)
}

pub async fn submit(visit: Visit, Form(typed): Form<Typed>) -> Response {
    match create(&visit, &typed).await {
        Ok(name) => {
            let said = visit.frame.t1("organization-made", "name", &name);
            visit.done(&format!("/{name}"), &said)
        }
        Err(Refused::Problem(problem)) => visit.refuse(&problem),
        Err(Refused::Name(error)) => {
            let page =
                Create { name_error: Some(error), is_sent: true, ..Create::new(&visit, typed) };
            visit.answer(Ok(page))
        }
        Err(Refused::Other(error)) => {
            let page = Create { error: Some(error), is_sent: true, ..Create::new(&visit, typed) };
            visit.answer(Ok(page))
        }
    }
}

enum Refused {
    Name(String),
    Other(String),
    Problem(Problem),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

async fn create(visit: &Visit, typed: &Typed) -> Result<String, Refused> {
    let who = sender(visit, &typed.mark)?;
    let profile = Profile {
        full_name: typed.full_name.clone(),
        default_private: !typed.private.is_empty(),
        ..Profile::default()
    };
    let new = NewOrganization { name: typed.name.clone(), profile };
    match visit.hub.create_organization(&who, new).await {
        Ok(made) => Ok(made.name.to_string()),
        Err(error @ (OrganizationError::Name(_) | OrganizationError::Taken(_))) => {
            Err(Refused::Name(told(error)?))
        }
        Err(error) => Err(Refused::Other(told(error)?)),
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Create> {
    let page = |name: &str, name_error: Option<&str>, error: Option<&str>| Create {
        frame: Frame::sample("/organizations/new", Some("alice")),
        typed: Typed { name: name.to_owned(), ..Typed::default() },
        name_error: name_error.map(str::to_owned),
        error: error.map(str::to_owned),
        is_sent: false,
        is_rules: false,
    };
    vec![
        page("", None, None),
        page("A=<b>", Some("Alice <b>"), None),
        page("harborworks", None, Some("Alice <b>")),
    ]
}
