//! Where one is signed in by password, and the end of that.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::accounts::Session;
use serde::Deserialize;

use super::{Marked, barred};
use crate::frame::Frame;
use crate::own::Own;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};

const HERE: &str = "/settings/sessions";
const SIZE: u32 = 25;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
}

#[derive(Template)]
#[template(path = "account/sessions.html")]
pub struct SessionsPage {
    frame: Frame,
    sessions: Vec<Session>,
    total: u64,
    pager: Pager,
}

impl Page for SessionsPage {
    const CACHING: Caching = Caching::Never;
}

pub async fn show(own: Own, Query(asked): Query<Asked>) -> Response {
    let made = make(&own, pager::number(&asked.page)).await;
    own.visit.answer(made)
}

async fn make(own: &Own, number: u64) -> Result<SessionsPage, Problem> {
    let offset = (number - 1) * u64::from(SIZE);
    let found = own.visit.hub.list_sessions(&own.who, offset, SIZE).await;
    let (sessions, total) = found.map_err(barred)?;
    let pager = Pager::new(HERE, "", number, total, SIZE);
    Ok(SessionsPage { frame: own.visit.frame.clone(), sessions, total, pager })
}

pub async fn end(own: Own, Path(id): Path<String>, Form(sent): Form<Marked>) -> Response {
    match end_one(&own, &id, &sent.mark).await {
        Ok(()) => own.visit.done(HERE, &own.visit.frame.t("account-session-ended")),
        Err(problem) => own.visit.refuse(&problem),
    }
}

async fn end_one(own: &Own, id: &str, mark: &str) -> Result<(), Problem> {
    own.check(mark)?;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    own.visit.hub.end_session(&own.who, id).await.map_err(barred)
}

pub async fn end_others(own: Own, Form(sent): Form<Marked>) -> Response {
    match end_all(&own, &sent.mark).await {
        Ok(ended) => {
            let said = own.visit.frame.t1("account-sessions-ended", "count", ended);
            own.visit.done(HERE, &said)
        }
        Err(problem) => own.visit.refuse(&problem),
    }
}

async fn end_all(own: &Own, mark: &str) -> Result<u64, Problem> {
    own.check(mark)?;
    own.visit.hub.end_other_sessions(&own.who).await.map_err(barred)
}

#[cfg(test)]
pub fn samples() -> Vec<SessionsPage> {
    let frame = Frame::sample(HERE, Some("alice"));
    let session = |client: &str, is_current| Session {
        uuid: uuid::Uuid::from_u128(3),
        client: client.to_owned(),
        address: "198.51.100.24".to_owned(),
        created_at: frame.now,
        last_used_at: frame.now,
        expires_at: frame.now,
        is_current,
    };
    let sessions = vec![session("<telemetry> Firefox", true), session("", false)];
    let pager = Pager::new(HERE, "", 1, 2, SIZE);
    vec![SessionsPage { frame: frame.clone(), sessions, total: 2, pager }]
}
