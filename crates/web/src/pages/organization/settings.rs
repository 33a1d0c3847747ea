//! `/{organization}/settings`: what the organization shows of itself, its name, its end.

use askama::Template;
use axum::Form;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::access::Owner;
use roadstead_hub::organizations::{Organization, OrganizationError, ProfileChange};
use serde::Deserialize;

use super::confirm::Confirm;
use super::{Entered, Head, Tab, sender, told};
use crate::frame::Frame;
use crate::page::{Caching, Page};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    mark: String,
    full_name: String,
    company: String,
    location: String,
    profile_url: String,
    /// `on` where repositories made by a push start private.
    private: String,
    /// The new name, or the present one typed again.
    name: String,
}

/// An error, and the field it stands beside; `""` stands above all.
type FieldError = (&'static str, String);

#[derive(Template)]
#[template(path = "organization/settings.html")]
pub struct Settings {
    frame: Frame,
    head: Head,
    typed: Typed,
    error: Option<FieldError>,
}

impl Page for Settings {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        match self.error {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        }
    }
}

impl Settings {
    fn error_of(&self, field: &str) -> Option<&str> {
        self.error.as_ref().filter(|(of, _)| *of == field).map(|(_, text)| text.as_str())
    }
}

impl From<&Organization> for Typed {
    fn from(organization: &Organization) -> Self {
        Self {
            mark: String::new(),
            full_name: organization.full_name.clone(),
            company: organization.company.clone(),
            location: organization.location.clone(),
            profile_url: organization.profile_url.clone(),
            private: if organization.default_private { "on".to_owned() } else { String::new() },
            name: organization.name.to_string(),
        }
    }
}

pub async fn form(entered: Entered<Owner>) -> Response {
    let typed = Typed::from(&entered.organization);
    let made = make(&entered, typed, None).await;
    entered.visit.answer(made)
}

pub async fn submit(entered: Entered<Owner>, Form(typed): Form<Typed>) -> Response {
    if let Err(problem) = sender(&entered.visit, &typed.mark) {
        return entered.visit.refuse(&problem);
    }
    let change = ProfileChange {
        full_name: Some(typed.full_name.clone()),
        location: Some(typed.location.clone()),
        company: Some(typed.company.clone()),
        profile_url: Some(typed.profile_url.clone()),
        default_private: Some(!typed.private.is_empty()),
    };
    match entered.org.change_profile(change).await {
        Ok(_) => {
            let said = entered.visit.frame.t("organization-settings-saved");
            entered.visit.done(&entered.at("/settings"), &said)
        }
        Err(error) => {
            let name = entered.organization.name.to_string();
            again(entered, Typed { name, ..typed }, error).await
        }
    }
}

/// Gives the organization another name.
pub async fn rename(entered: Entered<Owner>, Form(typed): Form<Typed>) -> Response {
    if let Err(problem) = sender(&entered.visit, &typed.mark) {
        return entered.visit.refuse(&problem);
    }
    match entered.org.rename(typed.name.trim()).await {
        Ok(renamed) => {
            let said =
                entered.visit.frame.t1("organization-renamed", "name", renamed.name.as_str());
            entered.visit.done(&format!("/{}/settings", renamed.name), &said)
        }
        Err(error) => {
            let typed = Typed { name: typed.name, ..Typed::from(&entered.organization) };
            again(entered, typed, error).await
        }
    }
}

/// The page once more, with what was typed and the error beside it.
async fn again(entered: Entered<Owner>, typed: Typed, error: OrganizationError) -> Response {
    let field = match &error {
        OrganizationError::Field { field, .. } => field,
        OrganizationError::Name(_)
        | OrganizationError::Taken(_)
        | OrganizationError::PathTaken(_) => "name",
        _ => "",
    };
    let made = match told(error) {
        Ok(text) => make(&entered, typed, Some((field, text))).await,
        Err(problem) => Err(problem),
    };
    entered.visit.answer(made)
}

async fn make(
    entered: &Entered<Owner>,
    typed: Typed,
    error: Option<FieldError>,
) -> Result<Settings, Problem> {
    let Entered { org, organization, visit, .. } = entered;
    Ok(Settings {
        frame: visit.frame.clone(),
        head: Head::for_member(visit, organization, org, Tab::Settings).await?,
        typed,
        error,
    })
}

pub async fn delete_form(entered: Entered<Owner>) -> Response {
    let made = ask(&entered, None).await;
    entered.visit.answer(made)
}

/// Ends the organization, once its name was typed.
pub async fn delete(entered: Entered<Owner>, Form(typed): Form<Typed>) -> Response {
    let (visit, name) = (&entered.visit, entered.organization.name.as_str());
    if typed.name.trim() != name {
        let error = visit.frame.t1("organization-delete-type", "name", name).into_owned();
        let made = ask(&entered, Some(error)).await;
        return entered.visit.answer(made);
    }
    if let Err(answer) = visit.proved(&typed.mark, &entered.at("/settings/delete")).await {
        return answer;
    }
    match entered.org.delete().await.map_err(told) {
        Ok(()) => {
            visit.done("/organizations", &visit.frame.t1("organization-deleted", "name", name))
        }
        Err(Err(problem)) => entered.visit.refuse(&problem),
        Err(Ok(error)) => {
            let made = ask(&entered, Some(error)).await;
            entered.visit.answer(made)
        }
    }
}

async fn ask(entered: &Entered<Owner>, error: Option<String>) -> Result<Confirm, Problem> {
    let Entered { org, organization, visit, .. } = entered;
    let (frame, name) = (&visit.frame, organization.name.as_str());
    let head = Head::for_member(visit, organization, org, Tab::Settings).await?;
    let people = head.inside.as_ref().map_or(0, |inside| inside.people);
    Ok(Confirm {
        title: frame.t1("organization-delete-title", "name", name).into_owned(),
        texts: vec![
            frame.t1("organization-delete-people", "count", people).into_owned(),
            frame.t1("organization-delete-name", "name", name).into_owned(),
        ],
        action: entered.at("/settings/delete"),
        hidden: Vec::new(),
        word: Some(name.to_owned()),
        button: frame.t("organization-delete").into_owned(),
        back: entered.at("/settings"),
        keep: frame.t("organization-delete-keep").into_owned(),
        frame: frame.clone(),
        head,
        error,
    })
}

#[cfg(test)]
pub fn samples() -> Vec<Settings> {
    use roadstead_hub::organizations::Membership;

    let page = |error: Option<FieldError>| Settings {
        frame: Frame::sample("/harborworks/settings", Some("alice")),
        head: Head::sample(Tab::Settings, Some(Membership::Owner)),
        typed: Typed { full_name: "Alice <b>".to_owned(), ..Typed::default() },
        error,
    };
    vec![
        page(None),
        page(Some(("name", "Alice <b>".to_owned()))),
        page(Some(("", "Alice <b>".to_owned()))),
        page(Some(("profile_url", "Alice <b>".to_owned()))),
    ]
}
