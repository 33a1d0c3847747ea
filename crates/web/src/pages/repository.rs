//! The overview of a repository: what its people say of it, and how to pull it.

use askama::Template;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::Pull;
use roadstead_hub::content::{TagQuery, TagView};
use roadstead_types::Timestamp;

use super::chart::Chart;
use super::head::{Head, Tab, details};
use super::tags::platform;
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::seen::Seen;
use crate::ui::Markup;

/// Tags beside the text.
const RECENT: u32 = 5;
/// Days of the small chart; with pulls on fewer than these it is left out.
const DAYS: i64 = 30;
const TELLING_DAYS: usize = 7;

#[derive(Template)]
#[template(path = "repository.html")]
pub struct Overview {
    frame: Frame,
    head: Head,
    readme: Markup,
    chart: Option<Chart>,
    /// The tag that the commands name, and what is pulled by it.
    shown: Option<Shown>,
    recent: Vec<String>,
    topics: Vec<String>,
    stored_bytes: u64,
    created_at: Timestamp,
    pulled_at: Option<Timestamp>,
}

struct Shown {
    tag: String,
    size: u64,
    platform: String,
}

impl Page for Overview {
    const CACHING: Caching = Caching::Ask;
}

pub async fn show(seen: Seen<Pull>) -> Response {
    let made = make(&seen).await;
    seen.visit.answer(made)
}

async fn make(Seen { repo, visit, .. }: &Seen<Pull>) -> Result<Overview, Problem> {
    let (details, tags) =
        (details(repo).await?, repo.list_tag_views(&TagQuery::newest(RECENT)).await?);
    let pulls = repo.pull_statistics(DAYS).await?;
    let chart = Chart::of_days(&pulls.days, DAYS, visit.frame.now);
    Ok(Overview {
        head: Head::new(&visit.frame, &details, tags.total, Tab::Overview),
        frame: visit.frame.clone(),
        readme: visit.markdown(&details.particulars.readme),
        chart: (pulls.days.len() >= TELLING_DAYS).then_some(chart),
        shown: shown(&tags.tags),
        recent: tags.tags.iter().map(|tag| tag.row.name.to_string()).collect(),
        topics: details.record.topics.clone(),
        stored_bytes: details.particulars.stored_bytes,
        created_at: details.record.created_at,
        pulled_at: details.record.pulled_at,
    })
}

/// `latest` where it is among the recent ones, else the most recent.
fn shown(tags: &[TagView]) -> Option<Shown> {
    let latest = tags.iter().find(|tag| tag.row.name.as_str() == "latest");
    let tag = latest.or_else(|| tags.first())?;
    let first = tag.images.first().and_then(platform);
    Some(Shown {
        tag: tag.row.name.to_string(),
        size: tag.full_size(),
        platform: first.unwrap_or_default(),
    })
}

impl Overview {
    /// The same image for other programs.
    fn commands(&self) -> Vec<(&'static str, String)> {
        self.head.other_commands(self.shown.as_ref().map_or("latest", |shown| shown.tag.as_str()))
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Overview> {
    let now = Timestamp::parse("2026-11-20T13:16:00Z").unwrap();
    let page = |viewer, readme: &str| Overview {
        frame: Frame::sample("/harborworks/tidewatch", viewer),
        head: Head::sample(Tab::Overview),
        readme: crate::markdown::render(readme),
        chart: None,
        shown: None,
        recent: Vec::new(),
        topics: Vec::new(),
        stored_bytes: 0,
        created_at: now,
        pulled_at: None,
    };
    let full = Overview {
        chart: Some(Chart::sample()),
        shown: Some(Shown {
            tag: "2.4".to_owned(),
            size: 38_400_000,
            platform: "linux/amd64".to_owned(),
        }),
        recent: vec!["latest".to_owned(), "2.4".to_owned()],
        topics: vec!["tides".to_owned()],
        stored_bytes: 1_600_000_000,
        pulled_at: Some(now),
        ..page(Some("alice"), "# Tidewatch\n\n<script>alert(1)</script>\n")
    };
    let mut unread = page(None, "");
    unread.head.may_push = false;
    vec![full, page(Some("alice"), ""), unread]
}
