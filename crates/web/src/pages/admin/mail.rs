//! Mail: how letters leave, and a test letter to see whether they arrive.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::jobs::QueuedJob;
use roadstead_types::{Id, JobId};
use serde::Deserialize;

use super::refused::told;
use super::{Desk, Sent};
use crate::form::Errors;
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::ui;

const PATH: &str = "/admin/mail";

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The test letter that was ordered.
    letter: String,
}

/// What became of the test letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it, or the file is written.
    Sent,
    OnItsWay,
    /// It is tried again at that time.
    Delayed {
        why: String,
        next: String,
    },
    GivenUp {
        why: String,
    },
}

#[derive(Template)]
#[template(path = "admin/mail.html")]
pub struct Mail {
    frame: Frame,
    server: Option<String>,
    letter: String,
    outcome: Option<Outcome>,
    errors: Errors,
}

impl Page for Mail {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    let made = make(&desk, asked.letter).await;
    desk.visit.answer(made)
}

async fn make(desk: &Desk, letter: String) -> Result<Mail, Problem> {
    let outcome = match letter.parse() {
        Ok(id) => Some(outcome(desk, JobId::from_raw(id)).await?),
        Err(_) => None,
    };
    Ok(Mail { outcome, letter, ..begin(desk, Errors::default()) })
}

fn begin(desk: &Desk, errors: Errors) -> Mail {
    let server = desk.hub().settings().mail_server.clone();
    Mail { frame: desk.frame().clone(), server, letter: String::new(), outcome: None, errors }
}

/// Jobs that are done are gone.
async fn outcome(desk: &Desk, id: JobId) -> Result<Outcome, Problem> {
    let found = desk.hub().find_job(&desk.key, id).await?;
    Ok(found.map_or(Outcome::Sent, Outcome::from))
}

impl From<QueuedJob> for Outcome {
    fn from(job: QueuedJob) -> Self {
        match (job.given_up_at, job.last_error) {
            (Some(_), why) => Self::GivenUp { why: why.unwrap_or_default() },
            (None, Some(why)) if !job.is_running => {
                Self::Delayed { why, next: ui::minute(job.run_at) }
            }
            (None, _) => Self::OnItsWay,
        }
    }
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn send(Sent { desk, .. }: Sent<Nothing>) -> Response {
    match desk.hub().order_test_letter(&desk.key, desk.who.name.as_str()).await {
        Ok(id) => {
            let there = format!("{PATH}?letter={id}");
            desk.visit.done(&there, &desk.frame().t("admin-mail-ordered"))
        }
        Err(error) => {
            let made = told(error).map(|errors| begin(&desk, errors));
            desk.visit.answer(made)
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Mail> {
    let page = |server: Option<&str>, outcome: Option<Outcome>, errors| Mail {
        frame: Frame::sample(PATH, Some("keeper")),
        server: server.map(str::to_owned),
        letter: "7".to_owned(),
        outcome,
        errors,
    };
    let why = "the server said <telemetry>".to_owned();
    let delayed = Outcome::Delayed { why: why.clone(), next: "2026-11-20 13:16 UTC".to_owned() };
    vec![
        page(None, None, Errors::default()),
        page(Some("mail.example:587"), Some(Outcome::Sent), Errors::default()),
        page(Some("mail.example:587"), Some(Outcome::OnItsWay), Errors::default()),
        page(Some("mail.example:587"), Some(delayed), Errors::default()),
        page(Some("mail.example:587"), Some(Outcome::GivenUp { why }), Errors::default()),
        page(None, None, Errors::at("", "no verified address")),
    ]
}
