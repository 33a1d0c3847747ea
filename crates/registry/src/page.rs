//! Paging: `n`, `last`, and the `Link` to the next page.

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CONTENT_TYPE, LINK};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use roadstead_oci::ErrorCode;

use crate::call::Call;
use crate::error::RegistryError;

/// What may stand unescaped in a query value.
const QUERY_VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `n`, where there is one. Too large a number is cut later, never refused: clients ask for 1000
/// and more.
pub fn limit(call: &Call) -> Result<Option<u32>, RegistryError> {
    let Some(text) = call.query_value("n") else { return Ok(None) };
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(RegistryError::new(
            ErrorCode::PageInvalid,
            "`n` must be a whole number, 0 or more",
        ));
    }
    Ok(Some(text.parse().unwrap_or(u32::MAX)))
}

/// Bytes of `last` that are looked at; every tag and every repository's name is shorter, so the rest
/// changes no order.
const MAX_MARKER: usize = 512;

/// `last`: where the page before ended. Any text has its place in the order, whether or not anything
/// has that name.
pub fn last(call: &Call) -> Option<String> {
    let mut last = call.query_value("last")?;
    // PostgreSQL holds no text with a NUL, and no name has one: the order is the same without.
    let end = last.find('\0').unwrap_or(last.len());
    last.truncate(last.floor_char_boundary(end.min(MAX_MARKER)));
    Some(last)
}

pub fn encode(value: &str) -> String {
    utf8_percent_encode(value, QUERY_VALUE).to_string()
}

/// A JSON answer, with a link when there is more.
pub fn respond(content_type: &'static str, body: String, next: Option<String>) -> Response {
    let mut response = ([(CONTENT_TYPE, content_type)], body).into_response();
    let link = next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
    if let Some(link) = link {
        response.headers_mut().insert(LINK, link);
    }
    response
}
