//! Work that was given up, and work that waits.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::jobs::QueuedJob;
use roadstead_types::{Id, JobId};
use serde::Deserialize;

use super::{Desk, SIZE, Sent};
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::ui::{self, Markup};

const PATH: &str = "/admin/jobs";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `waiting`, or those that were given up.
    state: String,
    page: String,
}

#[derive(Clone, Debug)]
pub struct Row {
    id: String,
    kind: String,
    attempts: u64,
    most: u64,
    is_running: bool,
    error: Option<String>,
    made: Markup,
    next: String,
}

#[derive(Template)]
#[template(path = "admin/jobs.html")]
pub struct Jobs {
    frame: Frame,
    is_waiting: bool,
    given_up: u64,
    waiting: u64,
    rows: Vec<Row>,
    pager: Pager,
}

impl Page for Jobs {
    const CACHING: Caching = Caching::Ask;
}

pub async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    let made = make(&desk, &asked).await;
    desk.visit.answer(made)
}

async fn make(desk: &Desk, asked: &Asked) -> Result<Jobs, Problem> {
    let (number, is_waiting) = (pager::number(&asked.page), asked.state == "waiting");
    let offset = (number - 1) * u64::from(SIZE);
    let (found, total) = desk.hub().list_jobs(&desk.key, !is_waiting, offset, SIZE).await?;
    let (_, others) = desk.hub().list_jobs(&desk.key, is_waiting, 0, 1).await?;
    let (given_up, waiting) = if is_waiting { (others, total) } else { (total, others) };
    let frame = desk.frame().clone();
    Ok(Jobs {
        rows: found.iter().map(|it| Row::new(&frame, it)).collect(),
        pager: Pager::new(PATH, &ui::query(&[("state", &asked.state)]), number, total, SIZE),
        frame,
        is_waiting,
        given_up,
        waiting,
    })
}

impl Row {
    fn new(frame: &Frame, it: &QueuedJob) -> Self {
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        Self {
            id: it.id.to_string(),
            kind: it.kind.clone(),
            attempts: count(it.attempts),
            most: count(it.max_attempts),
            is_running: it.is_running,
            error: it.last_error.clone(),
            made: frame.ago(it.created_at),
            next: ui::minute(it.run_at),
        }
    }
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn retry(Path(id): Path<String>, Sent { desk, .. }: Sent<Nothing>) -> Response {
    let Ok(id) = id.parse() else { return desk.visit.refuse(&Problem::not_found()) };
    match desk.hub().retry_job(&desk.key, JobId::from_raw(id)).await {
        Ok(true) => desk.visit.done(PATH, &desk.frame().t("admin-jobs-retried")),
        Ok(false) => desk.visit.done(PATH, &desk.frame().t("admin-jobs-moved-on")),
        Err(error) => desk.visit.refuse(&error.into()),
    }
}

pub async fn delete(Path(id): Path<String>, Sent { desk, .. }: Sent<Nothing>) -> Response {
    let Ok(id) = id.parse() else { return desk.visit.refuse(&Problem::not_found()) };
    match desk.hub().delete_job(&desk.key, JobId::from_raw(id)).await {
        Ok(true) => desk.visit.done(PATH, &desk.frame().t("admin-jobs-deleted")),
        Ok(false) => desk.visit.done(PATH, &desk.frame().t("admin-jobs-moved-on")),
        Err(error) => desk.visit.refuse(&error.into()),
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Jobs> {
    let frame = Frame::sample(PATH, Some("keeper"));
    let row = |is_running, error: Option<&str>| Row {
        id: "7".to_owned(),
        kind: "letter".to_owned(),
        attempts: 20,
        most: 20,
        is_running,
        error: error.map(str::to_owned),
        made: frame.ago(frame.now),
        next: "2026-11-20 13:16 UTC".to_owned(),
    };
    let page = |is_waiting, rows: Vec<Row>| Jobs {
        frame: frame.clone(),
        is_waiting,
        given_up: 1,
        waiting: 1204,
        pager: Pager::new(PATH, "", 1, 60, SIZE),
        rows,
    };
    vec![
        page(false, vec![row(false, Some("the server said <telemetry>"))]),
        page(true, vec![row(true, None), row(false, Some("later"))]),
        page(false, Vec::new()),
        page(true, Vec::new()),
    ]
}
