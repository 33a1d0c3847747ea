//! What a form did, said once on the page that follows it. It waits in a cookie of some seconds, because the page
//! comes with another request, perhaps from another node.

use std::borrow::Cow;

use axum::response::Response;
use http::header::SET_COOKIE;
use http::request::Parts;

use crate::cookie;

const COOKIE: &str = "notice";
/// Long enough for a slow page, short enough to be forgotten when that page never comes.
const MAX_AGE_SECS: u32 = 20;
/// Letters that are kept.
const LENGTH: usize = 300;

pub fn of(parts: &Parts) -> Option<String> {
    let coded = format!("text={}", cookie::of(parts, COOKIE)?);
    let text = form_urlencoded::parse(coded.as_bytes()).next().map(|(_, text)| text)?;
    let text: String = text.chars().take(LENGTH).filter(|letter| !letter.is_control()).collect();
    (!text.is_empty()).then_some(text)
}

pub fn keep(response: &mut Response, scheme: &str, text: &str) {
    let text: Cow<'_, str> = text.chars().take(LENGTH).collect();
    let coded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    set(response, scheme, &coded, MAX_AGE_SECS);
}

pub fn forget(response: &mut Response, scheme: &str) {
    set(response, scheme, "", 0);
}

fn set(response: &mut Response, scheme: &str, value: &str, max_age: u32) {
    if let Some(cookie) = cookie::set(scheme, COOKIE, value, max_age) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
