//! A form with a long text in it, and with fields that come more than once.

use axum::body::{Body, to_bytes};
use http::StatusCode;
use roadstead_http::Problem;

/// A README of 1 MiB, each byte of which may be sent as three, and the other fields.
const MOST_BYTES: usize = (3 << 20) + (64 << 10);

#[derive(Debug)]
pub struct LongForm(Vec<(String, String)>);

impl LongForm {
    pub async fn read(body: Body) -> Result<Self, Problem> {
        let bytes = to_bytes(body, MOST_BYTES).await;
        let bytes = bytes.map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too long"))?;
        Ok(Self(form_urlencoded::parse(&bytes).into_owned().collect()))
    }

    /// The field's text; empty where it was not sent.
    pub fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        let of_name = self.0.iter().filter(|(key, _)| key == name);
        of_name.map(|(_, value)| value.clone()).collect()
    }
}
