//! Take-downs: digests that are served and accepted nowhere on this hub.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::administration::Takedown;
use roadstead_types::Digest;
use serde::Deserialize;

use super::refused::{Refused, problem, told};
use super::{Desk, SIZE, Sent};
use crate::form::Errors;
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::ui::{self, Markup};

const PATH: &str = "/admin/takedowns";

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    digest: String,
    reason: String,
}

#[derive(Clone, Debug)]
pub struct Row {
    digest: String,
    brief: String,
    reason: String,
    /// Nobody where the operator did it.
    by: Option<String>,
    since: Markup,
}

#[derive(Template)]
#[template(path = "admin/takedowns.html")]
pub struct Takedowns {
    frame: Frame,
    rows: Vec<Row>,
    total: u64,
    pager: Pager,
    typed: Typed,
    errors: Errors,
}

impl Page for Takedowns {
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

pub async fn take_down(Sent { desk, typed }: Sent<Typed>) -> Response {
    if let Err(answer) = desk.prove(PATH).await {
        return answer;
    }
    match block(&desk, &typed).await {
        Ok(()) => desk.visit.done(PATH, &desk.frame().t("admin-takedowns-made")),
        Err(refused) => {
            let made = match told(refused) {
                Ok(errors) => make(&desk, 1, typed, errors).await,
                Err(problem) => Err(problem),
            };
            desk.visit.answer(made)
        }
    }
}

async fn block(desk: &Desk, typed: &Typed) -> Result<(), Refused> {
    let digest: Digest =
        typed.digest.trim().parse().map_err(|error: roadstead_types::DigestError| {
            Refused::Told(Errors::at("digest", error.to_string()))
        })?;
    Ok(desk.hub().take_down(&desk.key, &digest, &typed.reason).await?)
}

pub async fn lift(Sent { desk, typed }: Sent<Typed>) -> Response {
    let Ok(digest) = typed.digest.parse::<Digest>() else {
        return desk.visit.refuse(&Problem::not_found());
    };
    match desk.hub().allow_again(&desk.key, &digest).await {
        Ok(()) => desk.visit.done(PATH, &desk.frame().t("admin-takedowns-lifted")),
        Err(error) => desk.visit.refuse(&problem(error)),
    }
}

async fn make(
    desk: &Desk,
    number: u64,
    typed: Typed,
    errors: Errors,
) -> Result<Takedowns, Problem> {
    let offset = (number - 1) * u64::from(SIZE);
    let found = desk.hub().list_takedowns(&desk.key, offset, SIZE).await;
    let (found, total) = found.map_err(problem)?;
    let frame = desk.frame().clone();
    Ok(Takedowns {
        rows: found.into_iter().map(|it| Row::new(&frame, it)).collect(),
        pager: Pager::new(PATH, "", number, total, SIZE),
        frame,
        total,
        typed,
        errors,
    })
}

impl Row {
    fn new(frame: &Frame, it: Takedown) -> Self {
        Self {
            digest: it.digest.to_string(),
            brief: ui::brief(&it.digest),
            reason: it.reason,
            by: it.blocked_by.map(|name| name.to_string()),
            since: frame.ago(it.created_at),
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Takedowns> {
    let frame = Frame::sample(PATH, Some("keeper"));
    let row = |by: Option<&str>| Row {
        digest: "sha256:9b1f4e07c2aa".to_owned(),
        brief: "9b1f4e07c2aa".to_owned(),
        reason: "mines <telemetry>".to_owned(),
        by: by.map(str::to_owned),
        since: frame.ago(frame.now),
    };
    let page = |rows: Vec<Row>, total, errors| Takedowns {
        frame: frame.clone(),
        rows,
        total,
        pager: Pager::new(PATH, "", 1, total, SIZE),
        typed: Typed { digest: "Alice <b>".to_owned(), reason: String::new() },
        errors,
    };
    vec![
        page(vec![row(None), row(Some("keeper"))], 60, Errors::default()),
        page(Vec::new(), 0, Errors::at("digest", "it is no digest")),
    ]
}
