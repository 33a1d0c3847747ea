//! Every move of a tag: who, when, from where and to where; and the way back.

use std::collections::HashSet;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::Pull;
use roadstead_hub::content::TagMove;
use roadstead_types::Digest;
use serde::Deserialize;

use super::named;
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::pages::head::{Head, Tab, details};
use crate::pages::tags::count;
use crate::seen::Seen;
use crate::ui::{self, Markup};

const SIZE: u32 = 25;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
}

/// A place where the tag stood.
#[derive(Clone, Debug)]
pub struct Place {
    pub digest: String,
    pub brief: String,
}

/// One move as a row.
#[derive(Clone, Debug)]
pub struct Step {
    /// Nothing for the first.
    pub from: Option<Place>,
    /// Nothing where the tag was deleted.
    pub to: Option<Place>,
    pub moved: Markup,
    pub mover: Option<String>,
    /// Both places are here still, so that they can be laid side by side.
    pub can_compare: bool,
    pub can_restore: bool,
}

#[derive(Template)]
#[template(path = "tag_history.html")]
pub struct History {
    frame: Frame,
    head: Head,
    tag: String,
    /// The tag is there now.
    is_there: bool,
    steps: Vec<Step>,
    total: u64,
    pager: Pager,
}

impl Page for History {
    const CACHING: Caching = Caching::Ask;
}

pub async fn show(seen: Seen<Pull>, Query(asked): Query<Asked>) -> Response {
    let made = make(&seen, &asked).await;
    seen.visit.answer(made)
}

async fn make(seen: &Seen<Pull>, asked: &Asked) -> Result<History, Problem> {
    let (repo, frame, tag) = (&seen.repo, &seen.visit.frame, named(&seen.path)?);
    let number = pager::number(&asked.page);
    let found = repo.tag_history(&tag, (number - 1) * u64::from(SIZE), SIZE).await?;
    if found.total == 0 {
        return Err(Problem::not_found());
    }
    let now = repo.find_tag_view(&tag).await?.map(|view| view.row.digest);
    let details = details(repo).await?;
    let head = Head::new(frame, &details, count(repo).await?, Tab::Tags);
    let path = format!("{}/tags/{tag}/history", head.card.href);
    let here = found.moves.iter().filter(|step| step.is_here).filter_map(|step| step.to).collect();
    let step = |step| Step::new(frame, step, &here, head.may_push, now);
    Ok(History {
        steps: found.moves.iter().map(step).collect(),
        frame: frame.clone(),
        tag: tag.to_string(),
        is_there: now.is_some(),
        total: found.total,
        pager: Pager::new(&path, "", number, found.total, SIZE),
        head,
    })
}

impl Step {
    /// `here` are the places on this page that can still be pulled; `now` is where the tag stands.
    pub fn new(
        frame: &Frame,
        step: &TagMove,
        here: &HashSet<Digest>,
        may_push: bool,
        now: Option<Digest>,
    ) -> Self {
        let place =
            |digest: Digest| Place { digest: digest.to_string(), brief: ui::brief(&digest) };
        let is_here = |digest: Option<Digest>| digest.is_some_and(|digest| here.contains(&digest));
        Self {
            from: step.from.map(place),
            to: step.to.map(place),
            moved: frame.ago(step.moved_at),
            mover: step.mover.as_ref().map(ToString::to_string),
            can_compare: is_here(step.from) && is_here(step.to),
            can_restore: may_push && step.is_here && step.to != now,
        }
    }
}

#[cfg(test)]
impl Step {
    pub fn samples(frame: &Frame) -> Vec<Self> {
        let place = |brief: &str| {
            Some(Place { digest: format!("sha256:{brief}"), brief: brief.to_owned() })
        };
        let first = Self {
            from: None,
            to: place("9b1f4e07c2aa"),
            moved: frame.ago(frame.now),
            mover: Some("alice".to_owned()),
            can_compare: false,
            can_restore: true,
        };
        let second = Self {
            from: place("9b1f4e07c2aa"),
            to: place("e07d55b1349c"),
            can_compare: true,
            can_restore: false,
            mover: None,
            ..first.clone()
        };
        let gone = Self { from: second.to.clone(), to: None, can_compare: false, ..second.clone() };
        vec![gone, second, first]
    }
}

#[cfg(test)]
pub fn samples() -> Vec<History> {
    let page = |viewer: Option<&str>, is_there| {
        let frame = Frame::sample("/harborworks/tidewatch/tags/2.4/history", viewer);
        History {
            steps: Step::samples(&frame),
            head: Head::sample(Tab::Tags),
            tag: "2.4".to_owned(),
            is_there,
            total: 3,
            pager: Pager::new("/harborworks/tidewatch/tags/2.4/history", "", 1, 80, SIZE),
            frame,
        }
    };
    vec![page(None, true), page(Some("alice"), false)]
}
