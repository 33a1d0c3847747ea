//! `/{namespace}/{repository}/settings`: who sees a repository, which tags stay, where it is, and its end.
//!
//! What cannot be taken back lightly has a form of its own: in a dialog, or at `?ask=` where there is no script.

mod acts;
mod immutable;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_http::can::{may, open};
use roadstead_hub::Caller;
use roadstead_hub::access::{Administer, Allows, Own, Pull, Repo};
use roadstead_types::RepositoryName;
use serde::Deserialize;

use super::{Refused, opened};
use crate::card::href;
use crate::form::Errors;
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};
use crate::pages::head::{Head, Tab};
use crate::seen::Seen;
use crate::slots::Slots;

pub use acts::{archive, delete, release, rename, transfer, visibility};
pub use immutable::submit as immutable;

use immutable::Rules;

/// What needs a form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    Visibility,
    Rename,
    Transfer,
    Archive,
    Delete,
}

impl Ask {
    const ALL: [Self; 5] =
        [Self::Visibility, Self::Rename, Self::Transfer, Self::Archive, Self::Delete];

    const fn word(self) -> &'static str {
        match self {
            Self::Visibility => "visibility",
            Self::Rename => "rename",
            Self::Transfer => "transfer",
            Self::Archive => "archive",
            Self::Delete => "delete",
        }
    }

    fn is(self, word: &str) -> bool {
        self.word() == word
    }

    /// What only owners do.
    const fn is_for_owners(self) -> bool {
        matches!(self, Self::Rename | Self::Transfer)
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    ask: String,
}

/// What a form of this page sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// `private` or `public`, `archived` or `active`.
    to: String,
    namespace: String,
    name: String,
    /// The repository's name, typed by who means it.
    confirm: String,
    mark: String,
}

#[derive(Template)]
#[template(path = "manage/settings.html", blocks = ["matching"])]
pub struct Settings {
    frame: Frame,
    head: Head,
    rules: Rules,
    /// The acts there are for this person, and the one whose form is the page.
    asks: Vec<Ask>,
    ask: Option<Ask>,
    slots: Option<Slots>,
    /// Where it could go.
    namespaces: Vec<String>,
    former: Vec<String>,
    sent: Sent,
    errors: Errors,
}

impl Page for Settings {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }

    fn region(&self) -> Option<askama::Result<String>> {
        Some(self.as_matching().render())
    }
}

pub async fn show(seen: Seen<Administer>, Query(asked): Query<Asked>) -> Response {
    let made = make(&seen.visit, &seen.repo).await;
    let made = made.map(|page| {
        let ask = page.asks.iter().find(|ask| ask.is(&asked.ask)).copied();
        Settings { ask, ..page }
    });
    seen.visit.answer(made)
}

async fn make<R>(visit: &Visit, repo: &Repo<R>) -> Result<Settings, Problem>
where
    R: Allows<Administer> + Allows<Pull>,
{
    let (details, head) = opened(&visit.frame, repo, Tab::Settings).await?;
    let is_owner = may::<Own>(&visit.hub, &visit.caller, repo.name()).await?;
    let asks = Ask::ALL.into_iter().filter(|ask| is_owner || !ask.is_for_owners());
    let Caller::Identity(who) = &visit.caller else { return Err(Problem::unauthorized()) };
    let namespace = repo.name().namespace();
    let (namespaces, former) = match is_owner {
        true => (elsewhere(visit, namespace).await?, former(visit, repo.name()).await?),
        false => Default::default(),
    };
    Ok(Settings {
        frame: visit.frame.clone(),
        rules: Rules::from(details.record.immutable_tags.as_ref()),
        head,
        asks: asks.collect(),
        ask: None,
        slots: Slots::of(&visit.hub, who, namespace).await?,
        namespaces,
        former,
        sent: Sent::default(),
        errors: Errors::default(),
    })
}

/// Other namespaces in which the person may make repositories.
async fn elsewhere(visit: &Visit, here: &str) -> Result<Vec<String>, Problem> {
    let Caller::Identity(who) = &visit.caller else { return Err(Problem::unauthorized()) };
    let names = visit.hub.list_namespaces_of(who).await?;
    Ok(names.iter().map(ToString::to_string).filter(|name| name != here).collect())
}

async fn former(visit: &Visit, name: &RepositoryName) -> Result<Vec<String>, Problem> {
    let repo = open::<Own>(&visit.hub, &visit.caller, name).await?;
    let names = repo.former_names().await?;
    Ok(names
        .iter()
        .map(|former| former.path.to_string())
        .filter(|it| it != name.as_str())
        .collect())
}

/// What a form of the page is answered with: where to go then and what to say there, or the form once more.
async fn finish<R>(
    seen: Seen<R>,
    sent: Sent,
    ask: Option<Ask>,
    done: Result<(String, String), Refused>,
) -> Response
where
    R: Allows<Administer> + Allows<Pull>,
{
    match done {
        Ok((there, said)) => seen.visit.done(&there, &said),
        Err(Refused::Answer(answer)) => answer,
        Err(Refused::Problem(problem)) => seen.visit.refuse(&problem),
        Err(Refused::Form(errors)) => {
            let made = make(&seen.visit, &seen.repo).await;
            let made = made.map(|page| Settings { sent, ask, errors, ..page });
            seen.visit.answer(made)
        }
    }
}

/// The settings of a repository, or one of their forms.
fn address(name: &RepositoryName, ask: Option<Ask>) -> String {
    let page = format!("{}/settings", href(name));
    ask.map_or_else(|| page.clone(), |ask| format!("{page}?ask={}", ask.word()))
}

impl Settings {
    fn has(&self, word: &str) -> bool {
        self.asks.iter().any(|ask| ask.is(word))
    }

    /// Whether this form is the page, not a dialog of it.
    fn asks_for(&self, word: &str) -> bool {
        self.ask.is_some_and(|ask| ask.is(word))
    }

    /// Making it private needs a free place of the plan.
    fn is_full(&self) -> bool {
        !self.head.card.is_private && self.slots.as_ref().is_some_and(Slots::is_full)
    }

    fn new_name(&self) -> &str {
        if self.sent.name.is_empty() { &self.head.card.name } else { &self.sent.name }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Settings> {
    let page = |ask| Settings {
        frame: Frame::sample("/harborworks/tidewatch/settings", Some("alice")),
        head: Head::sample(Tab::Settings),
        rules: Rules::sample(),
        asks: Ask::ALL.to_vec(),
        ask,
        slots: Some(Slots::sample(1, Some(4))),
        namespaces: vec!["alice".to_owned()],
        former: vec!["harborworks/tides".to_owned()],
        sent: Sent { name: "A=<b>".to_owned(), ..Sent::default() },
        errors: Errors::default(),
    };
    let mut all = vec![page(None)];
    for ask in Ask::ALL {
        let errors = Errors::at("confirm", "type `Alice <b>`");
        all.extend([page(Some(ask)), Settings { errors, ..page(Some(ask)) }]);
    }
    let mut limited = page(None);
    limited.asks.retain(|ask| !ask.is_for_owners());
    (limited.slots, limited.former) = (Some(Slots::sample(1, Some(1))), Vec::new());
    limited.errors = Errors::at("rules", "`(` is no pattern for tags");
    all.push(limited);
    all
}
