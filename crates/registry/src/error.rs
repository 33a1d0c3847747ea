//! The protocol's errors, in the form and words that docker shows well.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use roadstead_hub::error::StoreErrorKind;
use roadstead_hub::{StorageFull, StoreError};
use roadstead_oci::ErrorCode;
use serde_json::{Value, json};

/// An answer that is not a success.
#[derive(Debug)]
pub struct RegistryError {
    code: ErrorCode,
    status: StatusCode,
    message: String,
    details: Vec<Value>,
    headers: HeaderMap,
}

impl RegistryError {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            status: StatusCode::from_u16(code.status())
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            message: message.into(),
            details: Vec::new(),
            headers: HeaderMap::new(),
        }
    }

    /// Adds one entry of the answer's `errors`.
    #[must_use]
    pub fn detail(mut self, detail: Value) -> Self {
        self.details.push(detail);
        self
    }

    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Adds a header, if its value can stand in one.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Adds headers of a finished kind.
    #[must_use]
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.headers.extend(headers);
        self
    }

    #[must_use]
    pub fn retry_after(self, secs: u64) -> Self {
        self.header(RETRY_AFTER, &secs.to_string())
    }
}

impl IntoResponse for RegistryError {
    fn into_response(self) -> Response {
        // An entry without detail makes docker forget the message and, on a push, try again for
        // 50 seconds (docker 20.10 to 28; clients/docker tests pin it).
        let details = if self.details.is_empty() { vec![json!({})] } else { self.details };
        let errors: Vec<Value> = details
            .into_iter()
            .map(|detail| json!({ "code": self.code.word(), "message": self.message, "detail": detail }))
            .collect();
        let mut response = Response::new(Body::from(json!({ "errors": errors }).to_string()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl From<StorageFull> for RegistryError {
    /// DENIED, because docker tries again for 50 seconds on most other words.
    fn from(full: StorageFull) -> Self {
        let detail = json!({
            "plan": full.plan,
            "stored": full.stored,
            "reserved": full.reserved,
            "limit": full.limit,
            "needed": full.needed,
        });
        Self::new(ErrorCode::Denied, full.to_string()).detail(detail)
    }
}

impl From<StoreError> for RegistryError {
    fn from(error: StoreError) -> Self {
        match error.kind() {
            StoreErrorKind::Unavailable => {
                tracing::warn!(cause = %error, "a store is not available");
                Self::new(ErrorCode::Unavailable, "the hub is busy; try again in a moment")
                    .retry_after(5)
            }
            StoreErrorKind::Full => {
                tracing::error!(cause = %error, "no space left");
                Self::new(ErrorCode::Full, "the hub has no space left; tell its administrator")
                    .retry_after(60)
            }
            StoreErrorKind::Internal => {
                tracing::error!(cause = %error, "request failed");
                Self::new(
                    ErrorCode::Internal,
                    "something went wrong in the hub; the log tells more under this request's id",
                )
                .retry_after(5)
            }
        }
    }
}
