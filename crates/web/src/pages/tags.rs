//! The tags of a repository: what each stands for, how large it is, and who put it there.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::{Allows, Pull, Repo};
use roadstead_hub::content::{ImageView, TagOrder, TagQuery, TagView};
use serde::Deserialize;

use super::head::{Head, Tab, details};
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::seen::Seen;
use crate::ui::{self, Markup};

const SIZE: u32 = 25;
/// Platforms that are named in a row.
const PLATFORMS: usize = 4;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    /// `newest` or `name`.
    sort: String,
    page: String,
}

/// A tag as a row.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    pub digest: String,
    pub brief: String,
    pub platforms: Vec<String>,
    /// How many platforms are not named.
    pub more: usize,
    pub size: u64,
    pub pushed: Markup,
    pub mover: Option<String>,
    pub kind: &'static str,
}

#[derive(Template)]
#[template(path = "tags.html", blocks = ["rows"])]
pub struct Tags {
    frame: Frame,
    head: Head,
    asked: Asked,
    rows: Vec<Row>,
    total: u64,
    pager: Pager,
}

impl Page for Tags {
    const CACHING: Caching = Caching::Ask;

    fn region(&self) -> Option<askama::Result<String>> {
        Some(self.as_rows().render())
    }
}

pub async fn show(seen: Seen<Pull>, Query(asked): Query<Asked>) -> Response {
    let made = make(&seen, asked).await;
    seen.visit.answer(made)
}

async fn make(Seen { repo, visit, .. }: &Seen<Pull>, asked: Asked) -> Result<Tags, Problem> {
    let number = pager::number(&asked.page);
    let by_name = asked.sort == "name";
    let query = TagQuery {
        name_part: (!asked.q.is_empty()).then(|| asked.q.clone()),
        os: None,
        architecture: None,
        order: if by_name { TagOrder::Name } else { TagOrder::Moved },
        is_descending: !by_name,
        offset: (number - 1) * u64::from(SIZE),
        limit: SIZE,
    };
    let (details, found) = (details(repo).await?, repo.list_tag_views(&query).await?);
    let total = if asked.q.is_empty() { found.total } else { count(repo).await? };
    let head = Head::new(&visit.frame, &details, total, Tab::Tags);
    let path = format!("{}/tags", head.card.href);
    let asking = ui::query(&[("q", &asked.q), ("sort", &asked.sort)]);
    Ok(Tags {
        rows: found.tags.iter().map(|tag| Row::new(tag, visit)).collect(),
        pager: Pager::new(&path, &asking, number, found.total, SIZE),
        total: found.total,
        frame: visit.frame.clone(),
        head,
        asked,
    })
}

/// All tags, whatever is asked for.
pub async fn count<R: Allows<Pull>>(repo: &Repo<R>) -> Result<u64, Problem> {
    Ok(repo.list_tag_views(&TagQuery::newest(1)).await?.total)
}

impl Row {
    fn new(tag: &TagView, visit: &Visit) -> Self {
        let mut platforms: Vec<String> = tag.images.iter().filter_map(platform).collect();
        platforms.dedup();
        let more = platforms.len().saturating_sub(PLATFORMS);
        platforms.truncate(PLATFORMS);
        Self {
            name: tag.row.name.to_string(),
            digest: tag.row.digest.to_string(),
            brief: ui::brief(&tag.row.digest),
            platforms,
            more,
            size: tag.full_size(),
            pushed: visit.frame.ago(tag.row.moved_at),
            mover: tag.row.mover.as_ref().map(ToString::to_string),
            kind: tag.content_type,
        }
    }
}

/// `os/arch[/variant]`, of an image that says it.
pub fn platform(image: &ImageView) -> Option<String> {
    if image.os == "unknown" {
        return None;
    }
    Some(match &image.variant {
        Some(variant) => format!("{}/{}/{variant}", image.os, image.architecture),
        None => format!("{}/{}", image.os, image.architecture),
    })
}

#[cfg(test)]
pub fn samples() -> Vec<Tags> {
    let frame = Frame::sample("/harborworks/tidewatch/tags", None);
    let row = Row {
        name: "2.4.1".to_owned(),
        digest: "sha256:9b1f4e07c2aa".to_owned(),
        brief: "9b1f4e07c2aa".to_owned(),
        platforms: vec!["linux/amd64".to_owned(), "linux/arm64".to_owned()],
        more: 2,
        size: 38_400_000,
        pushed: frame.ago(frame.now),
        mover: Some("alice".to_owned()),
        kind: "image",
    };
    let page = |rows: Vec<Row>, q: &str, total| Tags {
        frame: frame.clone(),
        head: Head::sample(Tab::Tags),
        asked: Asked { q: q.to_owned(), ..Asked::default() },
        rows,
        total,
        pager: Pager::new("/harborworks/tidewatch/tags", "", 1, total, SIZE),
    };
    vec![page(vec![row], "", 80), page(Vec::new(), "9.9", 0), page(Vec::new(), "", 0)]
}
