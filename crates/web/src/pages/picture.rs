//! Pictures of other hosts in READMEs: fetched by this hub, under addresses that only it can make.
//!
//! The mark in the address proves that a page of this hub named the picture. Without it the hub would fetch for
//! anybody whatever they like.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use roadstead_http::{App, Problem};
use roadstead_hub::Hub;
use roadstead_outbound::{Picture, PictureError};
use serde::Deserialize;

use crate::ui;

/// What the marks are for.
const CONTEXT: &str = "picture";
/// Letters of an address that is fetched; no picture needs more.
const LONGEST: usize = 2_000;
/// An SVG opened by itself is a document: it may look like itself, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    url: String,
}

/// Where this hub shows the picture at `url`; nothing for what it would not fetch.
pub fn address(hub: &Hub, url: &str) -> Option<String> {
    let is_remote = ["http://", "https://"].iter().any(|scheme| url.starts_with(scheme));
    let mark = || hub.mark_of(CONTEXT, url);
    (is_remote && url.len() <= LONGEST)
        .then(|| format!("/image-proxy/{}?{}", mark(), ui::query(&[("url", url)])))
}

pub async fn show(
    State(app): State<App>,
    Path(mark): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let is_own = app.hub.is_marked(CONTEXT, &asked.url, &mark);
    let pictures = app.pictures.filter(|_| is_own).ok_or_else(Problem::not_found)?;
    let picture = pictures.get(&asked.url).await.map_err(refuse)?;
    Ok(answer(picture))
}

fn answer(picture: Picture) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(picture.kind.media_type())),
        (CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, picture.bytes).into_response()
}

fn refuse(error: PictureError) -> Problem {
    let status = match error {
        PictureError::Busy => StatusCode::SERVICE_UNAVAILABLE,
        PictureError::Status(_) | PictureError::Unknown | PictureError::Outbound(_) => {
            StatusCode::BAD_GATEWAY
        }
    };
    Problem::new(status, error.to_string())
}
