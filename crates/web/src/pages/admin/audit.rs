//! The audit log of the whole hub: who changed what, who was denied; as a page, and as a file.

use std::fmt::Write as _;

use askama::Template;
use axum::body::Body;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use roadstead_http::Problem;
use roadstead_hub::audit::{Action, AuditEvent, COLUMNS, Filter, Group, csv_line};
use roadstead_hub::{Hub, StoreError};
use roadstead_types::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Desk, SIZE};
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::ui::{self, Markup};

const PATH: &str = "/admin/audit";
/// Entries that a file is written in at once.
const CHUNK: u32 = 500;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    actor: String,
    target: String,
    action: String,
    /// Days, as `2026-11-20`, in UTC; both are included.
    from: String,
    to: String,
    page: String,
}

impl Asked {
    /// What is no day, or no action, asks for nothing.
    fn filter(&self) -> Filter {
        let wanted = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let day = |day: &str, clock: &str| Timestamp::parse(&format!("{day}T{clock}Z"));
        Filter {
            action: wanted(&self.action),
            actor: wanted(&self.actor),
            target: wanted(&self.target),
            since: day(&self.from, "00:00:00"),
            until: day(&self.to, "23:59:59"),
            before: None,
        }
    }

    fn query(&self) -> String {
        ui::query(&[
            ("actor", &self.actor),
            ("target", &self.target),
            ("action", &self.action),
            ("from", &self.from),
            ("to", &self.to),
        ])
    }
}

#[derive(Clone, Debug)]
pub struct Row {
    label: String,
    action: String,
    actor: String,
    target: String,
    credential: String,
    address: String,
    is_denied: bool,
    at: Markup,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/audit.html", blocks = ["rows"])]
pub struct Audit {
    frame: Frame,
    asked: Asked,
    rows: Vec<Row>,
    total: u64,
    pager: Pager,
}

impl Page for Audit {
    const CACHING: Caching = Caching::Ask;

    fn region(&self) -> Option<askama::Result<String>> {
        Some(self.as_rows().render())
    }
}

impl Audit {
    /// The file of what is shown.
    fn file(&self) -> String {
        format!("{PATH}.csv?{}", self.asked.query())
    }
}

pub async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    let made = make(&desk, asked).await;
    desk.visit.answer(made)
}

async fn make(desk: &Desk, asked: Asked) -> Result<Audit, Problem> {
    let number = pager::number(&asked.page);
    let (filter, offset) = (asked.filter(), (number - 1) * u64::from(SIZE));
    let found = desk.hub().list_whole_audit_log(&desk.key, &filter, offset, SIZE).await;
    let (events, total) = found?;
    let frame = desk.frame().clone();
    Ok(Audit {
        rows: events.into_iter().map(|event| Row::new(&frame, event)).collect(),
        pager: Pager::new(PATH, &asked.query(), number, total, SIZE),
        frame,
        asked,
        total,
    })
}

impl Row {
    fn new(frame: &Frame, event: AuditEvent) -> Self {
        let known = Action::ALL.iter().find(|action| action.word() == event.action);
        Self {
            label: known.map_or("", |action| action.label()).to_owned(),
            action: event.action,
            actor: event.actor,
            target: event.target,
            credential: event.credential,
            address: event.address,
            is_denied: event.is_denied,
            at: frame.ago(event.at),
            before: event.before.as_ref().map(told),
            after: event.after.as_ref().map(told),
        }
    }
}

/// `name: value, name: value`.
fn told(value: &Value) -> String {
    let Value::Object(members) = value else { return value.to_string() };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let members: Vec<_> =
        members.iter().map(|(name, value)| format!("{name}: {}", text(value))).collect();
    members.join(", ")
}

/// The same as a file, as long as it may be: it is read while it is sent.
pub async fn download(desk: Desk, Query(asked): Query<Asked>) -> Response {
    let begin = (desk, Some(asked.filter()), true);
    let chunks = stream::unfold(begin, |(desk, filter, is_first)| async move {
        let filter = filter?;
        let chunk = read(desk.hub(), &desk, filter, is_first).await;
        Some(match chunk {
            Ok((text, next)) => (Ok(text), (desk, next, false)),
            Err(error) => (Err(error), (desk, None, false)),
        })
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from_stream(chunks)).into_response()
}

/// Some lines, and what asks for those after them.
async fn read(
    hub: &Hub,
    desk: &Desk,
    filter: Filter,
    is_first: bool,
) -> Result<(String, Option<Filter>), StoreError> {
    let events = hub.walk_audit_log(&desk.key, &filter, CHUNK).await?;
    let mut text = String::new();
    if is_first {
        let _ = write!(text, "{}\r\n", COLUMNS.join(","));
    }
    for event in &events {
        let _ = write!(text, "{}\r\n", csv_line(event));
    }
    let next = events.last().filter(|_| events.len() == CHUNK as usize);
    Ok((text, next.map(|last| Filter { before: Some(last.id), ..filter })))
}

#[cfg(test)]
pub fn samples() -> Vec<Audit> {
    let frame = Frame::sample(PATH, Some("keeper"));
    let row = |is_denied, before: Option<&str>| Row {
        label: "Rights of a team changed".to_owned(),
        action: "repo.team.grant".to_owned(),
        actor: "Alice <b>".to_owned(),
        target: "harborworks/<telemetry>".to_owned(),
        credential: "password".to_owned(),
        address: "192.0.2.1".to_owned(),
        is_denied,
        at: frame.ago(frame.now),
        before: before.map(str::to_owned),
        after: Some("role: <telemetry>".to_owned()),
    };
    let page = |rows: Vec<Row>, total| Audit {
        frame: frame.clone(),
        asked: Asked { actor: "Alice <b>".to_owned(), ..Asked::default() },
        rows,
        total,
        pager: Pager::new(PATH, "", 1, total, SIZE),
    };
    vec![page(vec![row(false, Some("role: read")), row(true, None)], 80), page(Vec::new(), 0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_whole() {
        let asked = Asked { from: "2026-11-20".into(), to: "no day".into(), ..Asked::default() };
        let filter = asked.filter();

        assert_eq!(filter.since, Timestamp::parse("2026-11-20T00:00:00Z"));
        assert_eq!((filter.until, filter.actor), (None, None));
    }
}
