//! `/new`: making a repository.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::repos::CreateRepositoryError;
use roadstead_types::RepositoryName;
use serde::Deserialize;

use super::Refused;
use super::name_rules::NameRules;
use crate::card::href;
use crate::form::Errors;
use crate::frame::Frame;
use crate::own::Own;
use crate::page::{Caching, Page};
use crate::slots::Slots;

/// What was typed, or what the address asks to begin with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    #[serde(alias = "ns")]
    namespace: String,
    name: String,
    description: String,
    /// `public`, or `private`.
    visibility: String,
    mark: String,
}

#[derive(Template)]
#[template(path = "manage/create.html", blocks = ["visibility"])]
pub struct Create {
    frame: Frame,
    typed: Typed,
    namespaces: Vec<String>,
    slots: Option<Slots>,
    rules: NameRules,
    is_verified: bool,
    errors: Errors,
}

impl Page for Create {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }

    /// What the namespace leaves to choose from.
    fn region(&self) -> Option<askama::Result<String>> {
        Some(self.as_visibility().render())
    }
}

pub async fn form(own: Own, Query(typed): Query<Typed>) -> Response {
    let made = make(&own, typed, Errors::default()).await;
    own.visit.answer(made)
}

pub async fn submit(own: Own, Form(typed): Form<Typed>) -> Response {
    match create(&own, &typed).await {
        Ok(answer) | Err(Refused::Answer(answer)) => answer,
        Err(Refused::Problem(problem)) => own.visit.refuse(&problem),
        Err(Refused::Form(errors)) => {
            let made = make(&own, typed, errors).await;
            own.visit.answer(made)
        }
    }
}

/// The rules alone, while the name is being typed.
pub async fn rules(own: Own, Query(typed): Query<Typed>) -> Response {
    let made = NameRules::check(&own, &typed.namespace, &typed.name).await;
    own.visit.answer(made)
}

async fn make(own: &Own, mut typed: Typed, errors: Errors) -> Result<Create, Problem> {
    let Own { visit, who } = own;
    let namespaces = visit.hub.list_namespaces_of(who).await?;
    if typed.namespace.is_empty() {
        typed.namespace = who.name.to_string();
    }
    let slots = Slots::of(&visit.hub, who, &typed.namespace).await?;
    if typed.visibility.is_empty() {
        let starts_private = slots.as_ref().is_some_and(|it| it.starts_private && !it.is_full());
        typed.visibility = if starts_private { "private" } else { "public" }.to_owned();
    }
    Ok(Create {
        frame: visit.frame.clone(),
        rules: NameRules::check(own, &typed.namespace, &typed.name).await?,
        namespaces: namespaces.iter().map(ToString::to_string).collect(),
        slots,
        is_verified: who.is_verified,
        typed,
        errors,
    })
}

async fn create(own: &Own, typed: &Typed) -> Result<Response, Refused> {
    let Own { visit, who } = own;
    own.check(&typed.mark)?;
    let name = RepositoryName::new(&typed.namespace, &typed.name)
        .map_err(|error| Errors::at("name", error.to_string()))?;
    let is_private = match typed.visibility.as_str() {
        "public" => false,
        "private" => true,
        _ => {
            let text = visit.frame.t("manage-new-choose-visibility");
            return Err(Errors::at("visibility", text).into());
        }
    };
    let description = typed.description.trim();
    visit.hub.create_repository(who, &name, description, is_private).await.map_err(refuse)?;
    Ok(visit.done(&href(&name), &visit.frame.t1("manage-new-done", "name", name.as_str())))
}

fn refuse(error: CreateRepositoryError) -> Refused {
    let text = error.to_string();
    let field = match error {
        CreateRepositoryError::Store(error) => return Problem::from(error).into(),
        CreateRepositoryError::Taken(_) => "name",
        CreateRepositoryError::NotYours { .. } => "namespace",
        CreateRepositoryError::DescriptionTooLong { .. } => "description",
        CreateRepositoryError::NoPrivateSlot(_) => "visibility",
    };
    Errors::at(field, text).into()
}

impl Create {
    /// What stands in the commands while there is no name.
    fn shown_name(&self) -> &str {
        if self.typed.name.is_empty() { "NAME" } else { &self.typed.name }
    }

    fn is_full(&self) -> bool {
        self.slots.as_ref().is_some_and(Slots::is_full)
    }

    fn description_length(&self) -> usize {
        self.typed.description.chars().count()
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Create> {
    let page = |name: &str, slots, errors| Create {
        frame: Frame::sample("/new", Some("alice")),
        typed: Typed {
            namespace: "alice".to_owned(),
            name: name.to_owned(),
            description: "Tide & weather <telemetry>".to_owned(),
            visibility: "public".to_owned(),
            ..Typed::default()
        },
        namespaces: vec!["alice".to_owned(), "harborworks".to_owned()],
        slots,
        rules: NameRules::sample(name),
        is_verified: !name.is_empty(),
        errors,
    };
    let wrong = Errors::at("name", "`A=<b>` is no repository name");
    let full = Errors::at("visibility", "1 of 1 private repositories are in use");
    vec![
        page("", Some(Slots::sample(1, Some(4))), Errors::default()),
        page("A=<b>", None, wrong),
        page("tides", Some(Slots::sample(1, Some(1))), full),
        page("tides", Some(Slots::sample(1, None)), Errors::default()),
    ]
}
