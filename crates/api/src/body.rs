//! JSON in and out.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use roadstead_http::body::{ReadError, read_all};
use roadstead_http::{App, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Bytes of a request. A full description of a mebibyte may double when it is escaped.
const MAX_BYTES: usize = 4 << 20;

/// The body of a request. The content type is not looked at: old clients send none.
pub struct Incoming<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Incoming<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let read = read_all(request.into_body(), MAX_BYTES, app.shutdown.clone()).await;
        let bytes = read.map_err(|error| match error {
            ReadError::TooLarge => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "the request is larger than 4 MiB")
            }
            ReadError::Broken(_) => bad_request("the request did not arrive whole"),
        })?;
        // An empty body asks for nothing in particular; fields that are needed are told by name.
        let bytes: &[u8] = if bytes.trim_ascii().is_empty() { b"{}" } else { &bytes };
        let value = serde_json::from_slice(bytes);
        value
            .map(Self)
            .map_err(|error| bad_request(format!("the request is not as expected: {error}")))
    }
}

pub fn bad_request(text: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, text)
}

/// What is wrong with fields, in the shape of the older endpoints: each member names a field.
pub fn bad_fields<'a>(errors: impl IntoIterator<Item = (&'a str, String)>) -> Problem {
    let mut body = json!({});
    let mut texts = Vec::new();
    for (field, text) in errors {
        body[field] = json!([text]);
        texts.push(text);
    }
    body["detail"] = Value::from(texts.join("; "));
    Problem::with_body(StatusCode::BAD_REQUEST, body)
}

/// The same in the shape of the newer endpoints.
pub fn bad_field(field: &str, text: &str) -> Problem {
    let body = json!({ "fields": { field: [text] }, "text": text, "detail": text });
    Problem::with_body(StatusCode::BAD_REQUEST, body)
}

/// An answer that no cache may keep: all of them may hold what only the caller may see.
pub fn answer(status: StatusCode, value: &impl Serialize) -> Response {
    let Ok(text) = serde_json::to_string(value) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// Done, and nothing to show for it.
pub fn no_content() -> Response {
    let no_store = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (StatusCode::NO_CONTENT, no_store).into_response()
}
