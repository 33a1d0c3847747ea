//! `GET /`: the program runs, and how to begin.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{App, Origin, Problem};

use crate::page::{VERSION, render};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    version: &'static str,
    host: String,
    is_set_up: bool,
}

pub async fn show(State(app): State<App>, origin: Origin) -> Result<Response, Problem> {
    let is_set_up = app.hub.is_set_up().await?;
    Ok(render(StatusCode::OK, &Home { version: VERSION, host: origin.authority, is_set_up }))
}
