//! All routes of the program: those of the surfaces, and those for whoever runs it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use roadstead_http::{Access, App, Routes};
use roadstead_types::Secret;
use roadstead_web::Visit;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use crate::telemetry::metrics::Metrics;

/// The table of everything the main listener answers, except metrics.
pub fn all() -> Routes {
    let routes = roadstead_registry::routes()
        .merge(roadstead_api::routes())
        .merge(roadstead_web::routes())
        .merge(health());
    let reference = reference(&routes);
    routes.merge(reference)
}

/// What the other routes are, for programs and for people.
fn reference(routes: &Routes) -> Routes {
    const PROGRAM: Access =
        Access::Public("tells what the program can do, and nothing of what is in it");
    let document = Arc::new(roadstead_api::openapi::document(routes));
    let page = Arc::clone(&document);
    Routes::new()
        .get("/api/openapi.json", PROGRAM, async move || Json(Value::clone(&document)))
        .get("/api/docs", PROGRAM, async move |visit: Visit| {
            roadstead_web::reference(&page, visit.frame)
        })
}

fn health() -> Routes {
    let harmless = Access::Public("tells that the hub works and nothing about what is in it");
    Routes::new().get("/healthz", harmless, alive).get("/readyz", harmless, ready)
}

/// Alive: this process answers. Does not ask the database, so that a database that is away does not
/// get every node restarted.
async fn alive() -> Response {
    no_store("ok\n")
}

/// Ready: this node can do its work.
async fn ready(State(app): State<App>) -> Response {
    let found = app.hub.readiness().await;
    let word = |answers: bool| if answers { "ok" } else { "away" };
    let is_stopping = app.shutdown.has_begun();
    let is_ready = found.database && found.store && !is_stopping;
    let body = json!({
        "ready": is_ready,
        "database": word(found.database),
        "store": word(found.store),
        "stopping": is_stopping,
    });
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, no_store(Json(body))).into_response()
}

fn no_store(body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `/metrics` for everybody who reaches the listener.
pub fn metrics_for_all(metrics: Metrics) -> Router {
    Router::new().route("/metrics", get(async move || exposition(&metrics)))
}

/// `/metrics` for whoever sends the token; to others it is not there.
pub fn metrics_with_token(metrics: Metrics, token: Secret) -> Router<App> {
    let answer = async move |headers: HeaderMap| {
        if knows(&headers, &token) {
            exposition(&metrics)
        } else {
            StatusCode::NOT_FOUND.into_response()
        }
    };
    Router::new().route("/metrics", get(answer))
}

fn knows(headers: &HeaderMap, token: &Secret) -> bool {
    let given =
        headers.get(AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    given.is_some_and(|given| given.ct_eq(token.expose().as_bytes()).into())
}

fn exposition(metrics: &Metrics) -> Response {
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(CONTENT_TYPE, text)], no_store(metrics.render())).into_response()
}
