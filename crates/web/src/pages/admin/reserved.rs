//! Names that nobody takes.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::administration::ReservedName;
use serde::Deserialize;

use super::refused::{problem, told};
use super::{Desk, SIZE, Sent};
use crate::form::Errors;
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::ui::Markup;

const PATH: &str = "/admin/reserved";

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    name: String,
    reason: String,
}

#[derive(Clone, Debug)]
pub struct Row {
    name: String,
    reason: String,
    since: Markup,
}

#[derive(Template)]
#[template(path = "admin/reserved.html")]
pub struct Reserved {
    frame: Frame,
    rows: Vec<Row>,
    total: u64,
    pager: Pager,
    typed: Typed,
    errors: Errors,
}

impl Page for Reserved {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    let number = pager::number(&asked.page);
    let made = make(&desk, number, Typed::default(), Errors::default()).await;
    desk.visit.answer(made)
}

pub async fn reserve(Sent { desk, typed }: Sent<Typed>) -> Response {
    match desk.hub().reserve_name(&desk.key, typed.name.trim(), &typed.reason).await {
        Ok(made) => {
            let said = desk.frame().t1("admin-reserved-made", "name", &made.name);
            desk.visit.done(PATH, &said)
        }
        Err(error) => {
            let made = match told(error) {
                Ok(errors) => make(&desk, 1, typed, errors).await,
                Err(problem) => Err(problem),
            };
            desk.visit.answer(made)
        }
    }
}

pub async fn release(Sent { desk, typed }: Sent<Typed>) -> Response {
    match desk.hub().release_name(&desk.key, &typed.name).await {
        Ok(()) => {
            let said = desk.frame().t1("admin-reserved-gone", "name", &typed.name);
            desk.visit.done(PATH, &said)
        }
        Err(error) => desk.visit.refuse(&problem(error)),
    }
}

async fn make(desk: &Desk, number: u64, typed: Typed, errors: Errors) -> Result<Reserved, Problem> {
    let offset = (number - 1) * u64::from(SIZE);
    let found = desk.hub().list_reserved_names(&desk.key, offset, SIZE).await;
    let (names, total) = found.map_err(problem)?;
    let frame = desk.frame().clone();
    Ok(Reserved {
        rows: names.into_iter().map(|it| Row::new(&frame, it)).collect(),
        pager: Pager::new(PATH, "", number, total, SIZE),
        frame,
        total,
        typed,
        errors,
    })
}

impl Row {
    fn new(frame: &Frame, it: ReservedName) -> Self {
        Self { name: it.name, reason: it.reason, since: frame.ago(it.created_at) }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Reserved> {
    let frame = Frame::sample(PATH, Some("keeper"));
    let row = Row {
        name: "acme*".to_owned(),
        reason: "a brand of <telemetry>".to_owned(),
        since: frame.ago(frame.now),
    };
    let page = |rows: Vec<Row>, total, errors| Reserved {
        frame: frame.clone(),
        rows,
        total,
        pager: Pager::new(PATH, "", 1, total, SIZE),
        typed: Typed { name: "Alice <b>".to_owned(), reason: String::new() },
        errors,
    };
    vec![
        page(vec![row], 60, Errors::default()),
        page(Vec::new(), 0, Errors::at("name", "it is no name")),
    ]
}
