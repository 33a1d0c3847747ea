//! Deleting a tag: what goes, what stays, and the button. With script the same question is a dialog of the image's page.

use askama::Template;
use axum::Form;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::access::{Allows, Delete, Pull, Repo};
use roadstead_hub::content::{DeleteTagError, Precondition, TagView};
use roadstead_types::Digest;
use serde::Deserialize;

use super::named;
use crate::failure::sentence;
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::pages::head::{Head, Tab, details};
use crate::pages::tags::{Also, count};
use crate::seen::Seen;
use crate::ui;

/// Other tags at the digest that are named.
const OTHERS: usize = 10;

/// What the question says.
#[derive(Clone, Debug)]
pub struct Question {
    pub tag: String,
    /// Where the tag stands; it is deleted from there and from nowhere else.
    pub digest: String,
    pub brief: String,
    /// Tags that stay, and with them what they stand for.
    pub others: Also,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    digest: String,
    mark: String,
}

#[derive(Template)]
#[template(path = "tag_delete.html")]
pub struct DeleteTag {
    frame: Frame,
    head: Head,
    question: Question,
    error: Option<String>,
}

impl Page for DeleteTag {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        if self.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
    }
}

impl Question {
    pub async fn of<R: Allows<Pull>>(repo: &Repo<R>, view: &TagView) -> Result<Self, Problem> {
        let together = repo.list_tags_at(&[view.row.manifest], Also::asked(OTHERS)).await?;
        Ok(Self {
            tag: view.row.name.to_string(),
            digest: view.row.digest.to_string(),
            brief: ui::brief(&view.row.digest),
            others: Also::of(view, &together, OTHERS),
        })
    }
}

pub async fn form(seen: Seen<Delete>) -> Response {
    let made = make(&seen, None).await;
    seen.visit.answer(made)
}

pub async fn submit(seen: Seen<Delete>, Form(sent): Form<Sent>) -> Response {
    match delete(&seen, &sent).await {
        Ok(()) => {
            let (name, tag) = (seen.repo.name(), seen.path.get("tag").map_or("", String::as_str));
            let said = seen.visit.frame.t1("tags-deleted", "tag", tag);
            seen.visit.done(&format!("{}/tags", crate::card::href(name)), &said)
        }
        Err(Refused::Form(error)) => {
            let made = make(&seen, Some(error)).await;
            seen.visit.answer(made)
        }
        Err(Refused::Request(problem)) => seen.visit.refuse(&problem),
    }
}

/// Why nothing was deleted: said on the form, or instead of it.
enum Refused {
    Form(String),
    Request(Problem),
}

impl<P: Into<Problem>> From<P> for Refused {
    fn from(problem: P) -> Self {
        Self::Request(problem.into())
    }
}

async fn delete(Seen { repo, visit, path }: &Seen<Delete>, sent: &Sent) -> Result<(), Refused> {
    visit.sender(&sent.mark)?.ok_or_else(Problem::unauthorized)?;
    let tag = named(path)?;
    let frame = &visit.frame;
    let seen_at: Result<Digest, _> = sent.digest.parse();
    let seen_at = seen_at.map_err(|_| Refused::Form(frame.t("tags-moved-meanwhile").into()))?;
    let deleted = repo.delete_tag(&tag, Some(Precondition::MustBe(seen_at))).await;
    deleted.map_err(|error| match error {
        DeleteTagError::NotFound => Refused::Request(Problem::not_found()),
        DeleteTagError::PreconditionFailed => Refused::Form(frame.t("tags-moved-meanwhile").into()),
        DeleteTagError::Immutable(_) => {
            let text = sentence(&error.to_string());
            Refused::Form(format!("{text} {}", frame.t("tags-immutable-hint")))
        }
        DeleteTagError::DeletesOff => Refused::Form(sentence(&error.to_string()).into_owned()),
        DeleteTagError::Store(error) => Refused::Request(error.into()),
    })
}

async fn make(seen: &Seen<Delete>, error: Option<String>) -> Result<DeleteTag, Problem> {
    let (repo, frame) = (&seen.repo, &seen.visit.frame);
    let view = repo.find_tag_view(&named(&seen.path)?).await?.ok_or_else(Problem::not_found)?;
    let details = details(repo).await?;
    Ok(DeleteTag {
        head: Head::new(frame, &details, count(repo).await?, Tab::Tags),
        question: Question::of(repo, &view).await?,
        frame: frame.clone(),
        error,
    })
}

#[cfg(test)]
impl Question {
    pub fn sample(tags: &[&str]) -> Self {
        let tags: Vec<String> = tags.iter().map(ToString::to_string).collect();
        Self {
            tag: "2.4.1".to_owned(),
            digest: "sha256:9b1f4e07c2aa".to_owned(),
            brief: "9b1f4e07c2aa".to_owned(),
            others: Also { has_more: tags.len() > 1, tags },
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<DeleteTag> {
    let page = |others: &[&str], error: Option<&str>| DeleteTag {
        frame: Frame::sample("/harborworks/tidewatch/tags/2.4.1/delete", Some("alice")),
        head: Head::sample(Tab::Tags),
        question: Question::sample(others),
        error: error.map(str::to_owned),
    };
    let why = "tag 2.4.1 is immutable and cannot be deleted <telemetry>";
    vec![page(&["latest", "2.4"], None), page(&["latest"], Some(why)), page(&[], None)]
}
