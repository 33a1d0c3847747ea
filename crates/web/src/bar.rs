//! Announcements above every page, until whoever reads them puts them away.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use http::request::Parts;
use roadstead_hub::Hub;
use roadstead_hub::administration::{Announcement, Level};
use serde::Deserialize;

use crate::cookie;
use crate::frame::Visit;
use crate::session;

/// A browser forgets in time what has long ended.
const MAX_AGE_SECS: u32 = 90 * 24 * 3600;

/// What a visitor is told and has not put away.
pub fn announcements(parts: &Parts, hub: &Hub) -> Vec<Announcement> {
    let mut told = hub.current_announcements();
    told.retain(|it| cookie::of(parts, &name(it)).is_none());
    told
}

fn name(announcement: &Announcement) -> String {
    format!("dismissed-{}", announcement.id)
}

/// The class of a level, and its picture.
pub fn look(level: &Level) -> (&'static str, &'static str) {
    match level {
        Level::Info => ("", "info"),
        Level::Warning => (" warn", "warn"),
        Level::Critical => (" bad", "warn"),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    next: String,
}

/// Puts one away, in this browser.
pub async fn dismiss(Path(id): Path<String>, visit: Visit, Form(typed): Form<Typed>) -> Response {
    let mut response = Redirect::to(session::next(&typed.next)).into_response();
    let told = visit.hub.current_announcements();
    let found = told.iter().find(|it| it.id.to_string() == id);
    let kept = found.and_then(|it| cookie::set(visit.frame.scheme, &name(it), "1", MAX_AGE_SECS));
    if let Some(cookie) = kept {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
