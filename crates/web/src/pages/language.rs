//! Choosing the language of the site.

use axum::Form;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use serde::Deserialize;

use crate::frame::Visit;
use crate::session;
use crate::words::Language;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    language: String,
    next: String,
}

/// Back to where the choice was made, in the new language. One that the site does not have changes nothing.
pub async fn choose(visit: Visit, Form(chosen): Form<Chosen>) -> Response {
    let mut response = Redirect::to(session::next(&chosen.next)).into_response();
    let cookie = Language::parse(&chosen.language)
        .and_then(|language| Language::keep(visit.frame.scheme, Some(language)));
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
