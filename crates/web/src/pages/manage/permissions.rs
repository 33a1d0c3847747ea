//! `/{namespace}/{repository}/permissions`: who else may use a repository. A user lets people in, an organization
//! its teams.

mod people;
mod teams;

use std::borrow::Cow;

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_http::can::open;
use roadstead_hub::access::{Administer, Own, Repo};
use roadstead_hub::organizations::OrganizationError;
use roadstead_types::{RepositoryName, Role};
use serde::Deserialize;

use super::{Refused, opened};
use crate::card::href;
use crate::form::Errors;
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::pages::head::{Head, Tab};
use crate::seen::Seen;
use people::People;
use teams::Teams;

const SIZE: u32 = 25;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
}

impl Asked {
    fn offset(&self) -> u64 {
        (pager::number(&self.page) - 1) * u64::from(SIZE)
    }
}

/// What a form of this page sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// `add`, `set`, or `remove`.
    what: String,
    user: String,
    team: String,
    role: String,
    mark: String,
}

#[derive(Clone, Debug)]
enum Others {
    People(People),
    Teams(Teams),
}

#[derive(Template)]
#[template(path = "manage/permissions.html")]
pub struct Permissions {
    frame: Frame,
    head: Head,
    others: Others,
    pager: Pager,
    sent: Sent,
    errors: Errors,
}

impl Page for Permissions {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show(seen: Seen<Administer>, Query(asked): Query<Asked>) -> Response {
    let made = make(&seen.visit, &seen.repo, &asked).await;
    seen.visit.answer(made)
}

/// Lets somebody in, or shuts them out.
pub async fn submit_person(seen: Seen<Own>, Form(sent): Form<Sent>) -> Response {
    let changed = people::change(&seen, &sent).await;
    finish(seen.visit, seen.repo.name(), sent, changed).await
}

/// Gives a team a role, or takes it away.
pub async fn submit_team(seen: Seen<Administer>, Form(sent): Form<Sent>) -> Response {
    let changed = teams::change(&seen, &sent).await;
    finish(seen.visit, seen.repo.name(), sent, changed).await
}

async fn finish(
    visit: Visit,
    name: &RepositoryName,
    sent: Sent,
    changed: Result<String, Refused>,
) -> Response {
    match changed {
        Ok(said) => visit.done(&format!("{}/permissions", href(name)), &said),
        Err(Refused::Answer(answer)) => answer,
        Err(Refused::Problem(problem)) => visit.refuse(&problem),
        Err(Refused::Form(errors)) => {
            let made = again(&visit, name).await;
            let made = made.map(|page| Permissions { sent, errors, ..page });
            visit.answer(made)
        }
    }
}

async fn again(visit: &Visit, name: &RepositoryName) -> Result<Permissions, Problem> {
    let repo = open::<Administer>(&visit.hub, &visit.caller, name).await?;
    make(visit, &repo, &Asked::default()).await
}

async fn make(
    visit: &Visit,
    repo: &Repo<Administer>,
    asked: &Asked,
) -> Result<Permissions, Problem> {
    let (details, head) = opened(&visit.frame, repo, Tab::Permissions).await?;
    let is_users = !details.record.in_organization() && !repo.name().is_library();
    let (others, total) = match is_users {
        true => people::list(visit, repo.name(), asked).await?,
        false => teams::list(visit, repo, asked).await?,
    };
    let path = format!("{}/permissions", head.card.href);
    Ok(Permissions {
        frame: visit.frame.clone(),
        pager: Pager::new(&path, "", pager::number(&asked.page), total, SIZE),
        head,
        others,
        sent: Sent::default(),
        errors: Errors::default(),
    })
}

fn refuse(field: &'static str) -> impl FnOnce(OrganizationError) -> Refused {
    move |error| match error {
        OrganizationError::Store(error) => Problem::from(error).into(),
        error => Errors::at(field, error.to_string()).into(),
    }
}

impl Permissions {
    fn role(&self, role: &Role) -> Cow<'static, str> {
        match role {
            Role::Read => self.frame.t("manage-role-read"),
            Role::Write => self.frame.t("manage-role-write"),
            Role::Admin | Role::Owner => self.frame.t("manage-role-admin"),
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Permissions> {
    let page = |others, errors| Permissions {
        frame: Frame::sample("/harborworks/tidewatch/permissions", Some("alice")),
        head: Head::sample(Tab::Permissions),
        others,
        pager: Pager::new("/harborworks/tidewatch/permissions", "", 1, 60, SIZE),
        sent: Sent { user: "Alice <b>".to_owned(), ..Sent::default() },
        errors,
    };
    let wrong = |field| Errors::at(field, "there is no user `Alice <b>`");
    vec![
        page(Others::People(People::sample(true)), Errors::default()),
        page(Others::People(People::sample(false)), wrong("user")),
        page(Others::Teams(Teams::sample(true)), Errors::default()),
        page(Others::Teams(Teams::sample(false)), wrong("team")),
    ]
}
