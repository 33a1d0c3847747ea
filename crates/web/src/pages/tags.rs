//! The tags of a repository: what each stands for, how large it is, and who put it there.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::{Allows, Pull, Repo};
use roadstead_hub::content::{ImageView, TagOrder, TagQuery, TagView};
use roadstead_types::{Actions, ManifestId, Tag};
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
/// Other tags at the same digest that are named in a row.
const ALSO: usize = 4;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    /// `newest`, `name` or `version`.
    sort: String,
    page: String,
}

/// A tag as a row.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    pub digest: String,
    pub brief: String,
    /// Other tags that stand there.
    pub also: Also,
    pub platforms: Vec<String>,
    /// How many platforms are not named.
    pub more: usize,
    pub size: u64,
    pub pushed: Markup,
    pub mover: Option<String>,
    pub kind: &'static str,
}

/// Tags beside another one at its digest, and whether there are more than these.
#[derive(Clone, Debug, Default)]
pub struct Also {
    pub tags: Vec<String>,
    pub has_more: bool,
}

#[derive(Template)]
#[template(path = "tags.html", blocks = ["rows"])]
pub struct Tags {
    frame: Frame,
    head: Head,
    asked: Asked,
    rows: Vec<Row>,
    total: u64,
    may_delete: bool,
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
    let order = match asked.sort.as_str() {
        "name" => TagOrder::Name,
        "version" => TagOrder::Version,
        _ => TagOrder::Moved,
    };
    let query = TagQuery {
        name_part: (!asked.q.is_empty()).then(|| asked.q.clone()),
        os: None,
        architecture: None,
        order,
        is_descending: order != TagOrder::Name,
        offset: (number - 1) * u64::from(SIZE),
        limit: SIZE,
    };
    let (details, found) = (details(repo).await?, repo.list_tag_views(&query).await?);
    let total = if asked.q.is_empty() { found.total } else { count(repo).await? };
    let head = Head::new(&visit.frame, &details, total, Tab::Tags);
    let path = format!("{}/tags", head.card.href);
    let asking = ui::query(&[("q", &asked.q), ("sort", &asked.sort)]);
    let manifests: Vec<_> = found.tags.iter().map(|tag| tag.row.manifest).collect();
    let together = repo.list_tags_at(&manifests, Also::asked(ALSO)).await?;
    let row = |tag: &TagView| Row::new(tag, Also::of(tag, &together, ALSO), visit);
    Ok(Tags {
        rows: found.tags.iter().map(row).collect(),
        may_delete: details.granted.actions.contains(Actions::DELETE),
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

impl Also {
    /// How many to ask for: the tag itself is among them, and one beyond tells that there are more.
    pub fn asked(most: usize) -> u32 {
        u32::try_from(most + 2).unwrap_or(u32::MAX)
    }

    pub fn of(view: &TagView, together: &HashMap<ManifestId, Vec<Tag>>, most: usize) -> Self {
        let all = together.get(&view.row.manifest).map_or(&[][..], Vec::as_slice);
        let others = all.iter().filter(|tag| **tag != view.row.name).map(ToString::to_string);
        let mut tags: Vec<String> = others.collect();
        let has_more = tags.len() > most;
        tags.truncate(most);
        Self { tags, has_more }
    }
}

impl Row {
    fn new(tag: &TagView, also: Also, visit: &Visit) -> Self {
        let mut platforms: Vec<String> = tag.images.iter().filter_map(platform).collect();
        platforms.dedup();
        let more = platforms.len().saturating_sub(PLATFORMS);
        platforms.truncate(PLATFORMS);
        Self {
            name: tag.row.name.to_string(),
            digest: tag.row.digest.to_string(),
            brief: ui::brief(&tag.row.digest),
            also,
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
        also: Also { tags: vec!["2.4".to_owned(), "latest".to_owned()], has_more: true },
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
        may_delete: true,
        pager: Pager::new("/harborworks/tidewatch/tags", "", 1, total, SIZE),
    };
    vec![page(vec![row], "", 80), page(Vec::new(), "9.9", 0), page(Vec::new(), "", 0)]
}
