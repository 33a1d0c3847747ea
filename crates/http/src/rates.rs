//! The rate limit of the API: Docker Hub's headers on every answer, and its 429 (hub-api, 1.7).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::HeaderName;
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use roadstead_hub::rates::RequestStanding;
use roadstead_types::AccountId;

use crate::app::App;
use crate::caller::Presented;
use crate::origin::ClientAddress;
use crate::problem::Problem;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
/// An older spelling of `Retry-After`: a time, not a duration.
const X_RETRY_AFTER: HeaderName = HeaderName::from_static("x-retry-after");

/// The layer itself.
pub async fn limit_requests(State(app): State<App>, request: Request, next: Next) -> Response {
    if app.hub.settings().limits.api_requests.is_none() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let standing = app.hub.count_request(account(&parts, &app), ClientAddress::of(&parts, &app).0);
    let request = Request::from_parts(parts, body);
    let Some(standing) = standing else { return next.run(request).await };
    let mut response = match standing.is_refused {
        true => refuse(&standing),
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(LIMIT, HeaderValue::from(standing.limit));
    headers.insert(REMAINING, HeaderValue::from(standing.remaining));
    headers.insert(RESET, HeaderValue::from(standing.resets_at.unix_secs()));
    response
}

/// The account of whoever shows a token of ours. Passwords are not looked at here: checking one is what a
/// flood would be after.
fn account(parts: &Parts, app: &App) -> Option<AccountId> {
    match Presented::read(parts) {
        Ok(Presented::Token(token)) => app.hub.account_of_api_token(token),
        _ => None,
    }
}

fn refuse(standing: &RequestStanding) -> Response {
    let secs = standing.wait.as_secs() + 1;
    let text = format!(
        "Rate limit exceeded: {} requests a minute are allowed; try again in {secs} s",
        standing.limit
    );
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, text).retry_after(secs);
    let mut response = problem.into_response();
    let again_at = HeaderValue::from(standing.resets_at.unix_secs());
    response.headers_mut().insert(X_RETRY_AFTER, again_at);
    response
}
