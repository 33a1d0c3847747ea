//! An Atom feed of a repository's tags, for those who wait for a new version.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use roadstead_http::Problem;
use roadstead_hub::access::Pull;
use roadstead_hub::content::TagQuery;

use crate::card::href;
use crate::seen::Seen;
use crate::ui;

const ENTRIES: u32 = 50;

#[derive(Template)]
#[template(path = "tags.atom", escape = "html")]
struct Feed {
    /// `https://host`.
    origin: String,
    page: String,
    name: String,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    tag: String,
    digest: String,
    size: String,
    moved: String,
    mover: String,
}

pub async fn show(seen: Seen<Pull>) -> Response {
    match make(&seen).await {
        Ok(feed) => {
            let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
            let cache =
                if seen.repo.is_private() { "private, no-store" } else { "public, max-age=60" };
            let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, HeaderValue::from_static(cache))];
            (headers, feed.render().unwrap_or_default()).into_response()
        }
        Err(problem) => seen.visit.refuse(&problem),
    }
}

async fn make(Seen { repo, visit, .. }: &Seen<Pull>) -> Result<Feed, Problem> {
    let found = repo.list_tag_views(&TagQuery::newest(ENTRIES)).await?;
    let entries = found.tags.iter().map(|tag| Entry {
        tag: tag.row.name.to_string(),
        digest: tag.row.digest.to_string(),
        size: ui::size(tag.full_size()),
        moved: tag.row.moved_at.to_string(),
        mover: tag.row.mover.as_ref().map_or_else(|| "somebody".to_owned(), ToString::to_string),
    });
    let newest = found.tags.first().map_or(visit.frame.now, |tag| tag.row.moved_at);
    Ok(Feed {
        origin: format!("{}://{}", visit.frame.scheme, visit.frame.host),
        page: href(repo.name()),
        name: repo.name().short().to_owned(),
        updated: newest.to_string(),
        entries: entries.collect(),
    })
}
