//! `/api/v1/account/sessions`: where one is signed in; and `POST /v2/logout` (hub-api, section 2).

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use roadstead_http::{Access, Anyone, App, Problem, Routes, SignedIn};
use roadstead_hub::Caller;
use roadstead_hub::accounts::Session;
use serde_json::{Value, json};

use crate::account::refuse;
use crate::body::{answer, no_content};
use crate::both;
use crate::page::Page;

pub fn routes(routes: Routes) -> Routes {
    const OWN: Access = Access::SignedIn;
    const LOG_OUT: Access = Access::Public("ends what it is asked with, and nothing else");
    let routes = both!(routes, GET "/api/v1/account/sessions", OWN, list)
        .tell("Lists where one is signed in by password, the last used first");
    let routes = both!(routes, DELETE "/api/v1/account/sessions", OWN, end_others)
        .tell("Signs one out everywhere but here");
    let routes = both!(routes, DELETE "/api/v1/account/sessions/{session}", OWN, end)
        .tell("Ends one session; its tokens are void at once");
    both!(routes, POST "/v2/logout", LOG_OUT, log_out)
}

async fn list(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    page: Page,
) -> Result<Response, Problem> {
    let (found, total) =
        app.hub.list_sessions(&who, page.offset(), page.size).await.map_err(refuse)?;
    let results = found.iter().map(session_json).collect();
    Ok(answer(StatusCode::OK, &page.render(total, results)?))
}

async fn end_others(State(app): State<App>, SignedIn(who): SignedIn) -> Result<Response, Problem> {
    let ended = app.hub.end_other_sessions(&who).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &json!({ "ended": ended })))
}

async fn end(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(session): Path<String>,
) -> Result<Response, Problem> {
    let uuid = session.parse().map_err(|_| Problem::not_found())?;
    app.hub.end_session(&who, uuid).await.map_err(refuse)?;
    Ok(no_content())
}

/// An empty answer: a client reads any `detail` as a failure.
async fn log_out(State(app): State<App>, Anyone(caller): Anyone) -> Result<Response, Problem> {
    if let Caller::Identity(who) = caller {
        app.hub.log_out(&who).await?;
    }
    Ok(StatusCode::OK.into_response())
}

fn session_json(session: &Session) -> Value {
    json!({
        "id": session.uuid.hyphenated().to_string(),
        "client": session.client,
        "address": session.address,
        "created_at": session.created_at.to_string(),
        "last_used_at": session.last_used_at.to_string(),
        "expires_at": session.expires_at.to_string(),
        "is_current": session.is_current,
    })
}
