//! What everybody is told for a time: announced, and taken back.

use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::administration::{Announcement, Level, NewAnnouncement};
use roadstead_types::Timestamp;
use serde::Deserialize;

use super::refused::{problem, told};
use super::{Desk, Sent};
use crate::form::Errors;
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::ui::{self, Markup};

const PATH: &str = "/admin/announcements";
/// Hours that an announcement may be shown for; none is until it is taken back.
const HOURS: [u64; 4] = [1, 24, 168, 720];

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    text: String,
    level: String,
    hours: String,
}

#[derive(Clone, Debug)]
pub struct Row {
    id: String,
    text: String,
    level: Level,
    is_now: bool,
    began: Markup,
    ends: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/announcements.html")]
pub struct Announcements {
    frame: Frame,
    rows: Vec<Row>,
    typed: Typed,
    errors: Errors,
}

impl Page for Announcements {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show(desk: Desk) -> Response {
    let made = make(&desk, Typed::default(), Errors::default()).await;
    desk.visit.answer(made)
}

pub async fn announce(Sent { desk, typed }: Sent<Typed>) -> Response {
    let hours = typed.hours.parse::<u64>().ok().filter(|hours| HOURS.contains(hours));
    let ends_at = hours.map(|hours| desk.hub().now().plus(Duration::from_secs(hours * 3600)));
    let (text, level) = (typed.text.clone(), typed.level.clone());
    let new = NewAnnouncement { text, level, starts_at: None, ends_at };
    match desk.hub().announce(&desk.key, new).await {
        Ok(_) => desk.visit.done(PATH, &desk.frame().t("admin-announcements-made")),
        Err(error) => {
            let made = match told(error) {
                Ok(errors) => make(&desk, typed, errors).await,
                Err(problem) => Err(problem),
            };
            desk.visit.answer(made)
        }
    }
}

/// The form says nothing but which.
#[derive(Deserialize)]
pub struct Nothing {}

pub async fn remove(Path(id): Path<String>, Sent { desk, .. }: Sent<Nothing>) -> Response {
    let Ok(id) = id.parse() else { return desk.visit.refuse(&Problem::not_found()) };
    match desk.hub().remove_announcement(&desk.key, id).await {
        Ok(()) => desk.visit.done(PATH, &desk.frame().t("admin-announcements-gone")),
        Err(error) => desk.visit.refuse(&problem(error)),
    }
}

async fn make(desk: &Desk, typed: Typed, errors: Errors) -> Result<Announcements, Problem> {
    let all = desk.hub().list_announcements(&desk.key).await?;
    let frame = desk.frame().clone();
    let rows = all.iter().map(|it| Row::new(&frame, it)).collect();
    Ok(Announcements { frame, rows, typed, errors })
}

impl Row {
    fn new(frame: &Frame, it: &Announcement) -> Self {
        Self {
            id: it.id.to_string(),
            text: it.text.clone(),
            level: it.level,
            is_now: is_now(frame.now, it),
            began: frame.ago(it.starts_at),
            ends: it.ends_at.map(ui::minute),
        }
    }
}

fn is_now(now: Timestamp, it: &Announcement) -> bool {
    it.starts_at <= now && it.ends_at.is_none_or(|end| now < end)
}

#[cfg(test)]
pub fn samples() -> Vec<Announcements> {
    let frame = Frame::sample(PATH, Some("keeper"));
    let row = |is_now, ends: Option<&str>| Row {
        id: "7".to_owned(),
        text: "Down on <telemetry> Sunday".to_owned(),
        level: Level::Warning,
        is_now,
        began: frame.ago(frame.now),
        ends: ends.map(str::to_owned),
    };
    let page = |rows, errors| Announcements {
        frame: frame.clone(),
        rows,
        typed: Typed { text: "Alice <b>".to_owned(), ..Typed::default() },
        errors,
    };
    vec![
        page(vec![row(true, None), row(false, Some("2026-11-20 13:16 UTC"))], Errors::default()),
        page(Vec::new(), Errors::at("text", "write 1 to 500 characters on one line")),
    ]
}
