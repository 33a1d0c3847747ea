//! Errors of the JSON surfaces: one flat object with `message` and `detail`, both the same text,
//! because Docker Hub's clients look for either (hub-api, "Errors").

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use roadstead_hub::accounts::SignInError;
use roadstead_hub::error::StoreErrorKind;
use roadstead_hub::{Refusal, StoreError};
use serde_json::{Value, json};

use crate::caller::CallerError;

/// An answer that is not a success.
#[derive(Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub body: Value,
    pub retry_after_secs: Option<u64>,
}

impl Problem {
    pub fn new(status: StatusCode, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { status, body: json!({ "message": text, "detail": text }), retry_after_secs: None }
    }

    /// An answer with a body of the caller's own shape.
    pub fn with_body(status: StatusCode, body: Value) -> Self {
        Self { status, body, retry_after_secs: None }
    }

    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Authentication credentials were not provided.")
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "object not found")
    }

    pub fn forbidden(text: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, text)
    }

    #[must_use]
    pub fn retry_after(mut self, secs: u64) -> Self {
        self.retry_after_secs = Some(secs);
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(secs) = self.retry_after_secs {
            headers.insert(RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(cause = %error, "request failed");
        match error.kind() {
            StoreErrorKind::Unavailable => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "the hub is busy; try again in a moment")
                    .retry_after(5)
            }
            StoreErrorKind::Full => {
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "the hub has no space left")
                    .retry_after(60)
            }
            StoreErrorKind::Internal => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "something went wrong here; the log has the details under this request's id",
            ),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::SignInFirst { .. } | Refusal::OtherTokenNeeded { .. } => Self::unauthorized(),
            Refusal::Hidden { .. } | Refusal::Missing => Self::not_found(),
            Refusal::Denied(reason) => Self::forbidden(reason.to_string()),
            Refusal::TakenDown(why) => Self::forbidden(why.to_string()),
            Refusal::Store(error) => error.into(),
        }
    }
}

impl From<CallerError> for Problem {
    fn from(error: CallerError) -> Self {
        match error {
            CallerError::Malformed | CallerError::Token(_) => Self::new(
                StatusCode::UNAUTHORIZED,
                "these credentials cannot be used here; sign in again",
            ),
            CallerError::SignIn(error) => error.into(),
            CallerError::Store(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => {
                Self::new(StatusCode::UNAUTHORIZED, "Incorrect authentication credentials")
            }
            SignInError::NeedsToken => Self::new(StatusCode::UNAUTHORIZED, error.to_string()),
            SignInError::Throttled { retry_after } => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too many failed sign-ins; wait before the next",
            )
            .retry_after(retry_after.as_secs().max(1)),
            SignInError::Busy => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too many sign-ins at once; try again")
                    .retry_after(2)
            }
            SignInError::Store(error) => error.into(),
        }
    }
}
