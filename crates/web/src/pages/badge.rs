//! Badges: small pictures with a number, for READMEs elsewhere.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use roadstead_http::{Can, Problem};
use roadstead_hub::access::{Pull, Repo};
use roadstead_hub::content::TagQuery;

use super::head::details;
use crate::ui;

/// Width of a letter of the badge's type, in units of the picture; a bit more than the truth, so that no
/// text touches the edge.
const LETTER: usize = 7;
const PADDING: usize = 12;

#[derive(Template)]
#[template(path = "badge.svg", escape = "html")]
struct Badge {
    label: &'static str,
    value: String,
    left: usize,
    right: usize,
}

pub async fn show(
    Can { repo, .. }: Can<Pull>,
    axum::extract::Path((_, _, file)): axum::extract::Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let kind = file.strip_suffix(".svg").ok_or_else(Problem::not_found)?;
    let (label, value) = told(&repo, kind).await?;
    let badge = Badge { label, left: width(label), right: width(&value), value };
    let picture = badge.render().unwrap_or_default();
    let cache = if repo.is_private() { "private, no-store" } else { "public, max-age=300" };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (CACHE_CONTROL, HeaderValue::from_static(cache)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'")),
    ];
    Ok((headers, picture).into_response())
}

async fn told(repo: &Repo<Pull>, kind: &str) -> Result<(&'static str, String), Problem> {
    let details = details(repo).await?;
    match kind {
        "pulls" => Ok(("pulls", ui::short(details.record.pulls))),
        "stars" => Ok(("stars", ui::short(details.record.stars))),
        "size" | "version" => newest(repo, kind).await,
        _ => Err(Problem::not_found()),
    }
}

/// Of the tag that moved last.
async fn newest(repo: &Repo<Pull>, kind: &str) -> Result<(&'static str, String), Problem> {
    let found = repo.list_tag_views(&TagQuery::newest(10)).await?;
    // A version says more than `latest`.
    let named = found.tags.iter().find(|tag| tag.row.name.as_str() != "latest");
    let tag = named.or_else(|| found.tags.first());
    Ok(match (kind, tag) {
        ("size", Some(tag)) => ("image size", ui::size(tag.full_size())),
        ("size", None) => ("image size", "nothing yet".to_owned()),
        (_, Some(tag)) => ("version", tag.row.name.to_string()),
        (_, None) => ("version", "nothing yet".to_owned()),
    })
}

fn width(text: &str) -> usize {
    text.chars().count() * LETTER + PADDING
}
