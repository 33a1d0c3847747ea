//! Around every request: an id, a line in the log, and the metrics.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{HeaderName, HeaderValue};
use http::{Method, StatusCode};
use tracing::Instrument;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request: in the log, in a header of the answer, and in the text of a 5xx.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The pattern of the route that answered, put on the response by dispatchers of their own.
#[derive(Clone, Copy, Debug)]
pub struct RoutePattern(pub &'static str);

/// The layer itself.
pub async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = uuid::Uuid::new_v4().simple().to_string();
    let method = request.method().clone();
    let path = loggable_path(request.uri().path());
    let matched = request.extensions().get::<MatchedPath>().cloned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id = %id, %method, path = %path);
    let mut response = next.run(request).instrument(span.clone()).await;
    let pattern = response.extensions().get::<RoutePattern>().map(|pattern| pattern.0);
    let route = pattern.or(matched.as_ref().map(MatchedPath::as_str)).unwrap_or("other");
    let elapsed = started.elapsed();
    record(&method, route, response.status(), elapsed);
    span.in_scope(|| log(&method, response.status(), elapsed));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    response
}

/// Paths are cut, because they are the client's to choose. Queries are never logged: they may
/// carry one-time codes.
fn loggable_path(path: &str) -> String {
    path.chars().take(300).collect()
}

fn record(method: &Method, route: &str, status: StatusCode, elapsed: Duration) {
    let class = match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    };
    let method = method_label(method);
    let route = route.to_owned();
    metrics::counter!("roadstead_http_requests_total", "method" => method, "route" => route.clone(), "status" => class)
        .increment(1);
    metrics::histogram!("roadstead_http_request_seconds", "method" => method, "route" => route)
        .record(elapsed.as_secs_f64());
}

/// Methods are the client's to invent; labels must not be.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Reads that succeed are many and tell little: they go to `debug`.
fn log(method: &Method, status: StatusCode, elapsed: Duration) {
    let ms = elapsed.as_micros() as f64 / 1000.0;
    let status_code = status.as_u16();
    if status.is_server_error() {
        tracing::error!(status = status_code, ms, "answered");
    } else if *method == Method::GET || *method == Method::HEAD {
        tracing::debug!(status = status_code, ms, "answered");
    } else {
        tracing::info!(status = status_code, ms, "answered");
    }
}
