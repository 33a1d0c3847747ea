//! `/repositories/trash`: deleted repositories of a namespace, to be restored or deleted for good.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::repos::{TRASH_DAYS, TrashError, TrashedRepository};
use roadstead_types::{AccountName, Id, RepositoryName, Timestamp};
use serde::Deserialize;

use super::Refused;
use super::desk::Desk;
use crate::card::href;
use crate::form::Errors;
use crate::frame::Frame;
use crate::own::Own;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::ui::{self, Markup};

const SIZE: u32 = 20;
const PATH: &str = "/repositories/trash";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    ns: String,
    page: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// `restore`, or `purge`.
    what: String,
    ns: String,
    id: String,
    /// To be restored under; the name to be typed for a purge.
    name: String,
    mark: String,
}

#[derive(Clone, Debug)]
struct Row {
    id: String,
    path: String,
    name: String,
    is_private: bool,
    deleted_at: Timestamp,
    deleted_by: Option<String>,
    purge_at: Timestamp,
}

#[derive(Template)]
#[template(path = "manage/trash.html")]
pub struct Trash {
    frame: Frame,
    desk: Desk,
    namespace: String,
    namespaces: Vec<String>,
    rows: Vec<Row>,
    pager: Pager,
    days: u64,
    sent: Sent,
    errors: Errors,
}

impl Page for Trash {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show(own: Own, Query(asked): Query<Asked>) -> Response {
    let made = make(&own, &asked).await;
    own.visit.answer(made)
}

pub async fn submit(own: Own, Form(sent): Form<Sent>) -> Response {
    match change(&own, &sent).await {
        Ok(answer) | Err(Refused::Answer(answer)) => answer,
        Err(Refused::Problem(problem)) => own.visit.refuse(&problem),
        Err(Refused::Form(errors)) => {
            let asked = Asked { ns: sent.ns.clone(), ..Asked::default() };
            let made = make(&own, &asked).await;
            let made = made.map(|page| Trash { sent, errors, ..page });
            own.visit.answer(made)
        }
    }
}

async fn make(Own { visit, who }: &Own, asked: &Asked) -> Result<Trash, Problem> {
    let namespace = if asked.ns.is_empty() { who.name.clone() } else { account(&asked.ns)? };
    let number = pager::number(&asked.page);
    let offset = (number - 1) * u64::from(SIZE);
    let found = visit.hub.list_trash(who, &namespace, offset, SIZE).await?;
    // Whoever may make no repository anywhere has nothing in the trash either.
    let (repositories, total) =
        found.map_or_else(Default::default, |found| (found.repositories, found.total));
    let namespaces = visit.hub.list_namespaces_of(who).await?;
    let asking = ui::query(&[("ns", namespace.as_str())]);
    Ok(Trash {
        frame: visit.frame.clone(),
        desk: Desk::Trash,
        namespace: namespace.to_string(),
        namespaces: namespaces.iter().map(ToString::to_string).collect(),
        rows: repositories.iter().map(Row::from).collect(),
        pager: Pager::new(PATH, &asking, number, total, SIZE),
        days: TRASH_DAYS,
        sent: Sent::default(),
        errors: Errors::default(),
    })
}

async fn change(own: &Own, sent: &Sent) -> Result<Response, Refused> {
    own.check(&sent.mark)?;
    match sent.what.as_str() {
        "restore" => restore(own, sent).await,
        "purge" => purge(own, sent).await,
        _ => Err(Errors::at("name", own.visit.frame.t("manage-choose")).into()),
    }
}

async fn restore(Own { visit, who }: &Own, sent: &Sent) -> Result<Response, Refused> {
    let namespace = account(&sent.ns)?;
    RepositoryName::new(namespace.as_str(), &sent.name)
        .map_err(|error| Errors::at("name", error.to_string()))?;
    let id = parse_id(&sent.id)?;
    let restored = visit.hub.restore_repository(who, &namespace, id, Some(&sent.name)).await;
    let path = restored.map_err(refuse)?;
    let said = visit.frame.t1("manage-trash-restored", "name", path.as_str());
    Ok(visit.done(&href(&path), &said))
}

async fn purge(Own { visit, who }: &Own, sent: &Sent) -> Result<Response, Refused> {
    let (namespace, id) = (account(&sent.ns)?, parse_id(&sent.id)?);
    let found = visit.hub.find_trashed(who, &namespace, id).await.map_err(refuse)?;
    if found.path.as_str() != sent.name.trim() {
        let text = visit.frame.t1("manage-type-name", "name", found.path.as_str());
        return Err(Errors::at("confirm", text).into());
    }
    let here = format!("{PATH}?{}", ui::query(&[("ns", namespace.as_str())]));
    visit.proved(&sent.mark, &here).await.map_err(Refused::Answer)?;
    visit.hub.purge_repository(who, &namespace, id).await.map_err(refuse)?;
    Ok(visit.done(&here, &visit.frame.t1("manage-trash-purged", "name", found.path.as_str())))
}

fn account(name: &str) -> Result<AccountName, Problem> {
    name.parse().map_err(|_| Problem::not_found())
}

fn parse_id(text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

fn refuse(error: TrashError) -> Refused {
    match error {
        TrashError::NotFound => Problem::not_found().into(),
        TrashError::Store(error) => Problem::from(error).into(),
        error => Errors::at("name", error.to_string()).into(),
    }
}

impl From<&TrashedRepository> for Row {
    fn from(found: &TrashedRepository) -> Self {
        Self {
            id: found.id.raw().to_string(),
            path: found.path.to_string(),
            name: found.path.name().to_owned(),
            is_private: found.is_private,
            deleted_at: found.deleted_at,
            deleted_by: found.deleted_by.as_ref().map(ToString::to_string),
            purge_at: found.purge_at,
        }
    }
}

impl Trash {
    fn is_sent(&self, row: &Row) -> bool {
        self.sent.id == row.id
    }

    /// What is wrong with a field of this row's forms.
    fn error(&self, row: &Row, field: &str) -> Markup {
        if self.is_sent(row) { self.errors.text(field) } else { Markup::default() }
    }

    fn marks(&self, row: &Row, field: &str) -> Markup {
        if self.is_sent(row) { self.errors.marks(field, "") } else { Markup::default() }
    }

    /// The name to restore it under, as it was typed.
    fn name_for<'a>(&'a self, row: &'a Row) -> &'a str {
        match self.is_sent(row) && self.sent.what == "restore" {
            true => &self.sent.name,
            false => &row.name,
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Trash> {
    let time = Frame::sample("/", None).now;
    let row = Row {
        id: "7".to_owned(),
        path: "alice/tides".to_owned(),
        name: "tides".to_owned(),
        is_private: true,
        deleted_at: time,
        deleted_by: Some("Alice <b>".to_owned()),
        purge_at: time,
    };
    let page = |rows: Vec<Row>| Trash {
        frame: Frame::sample(PATH, Some("alice")),
        desk: Desk::Trash,
        namespace: "alice".to_owned(),
        namespaces: vec!["alice".to_owned(), "harborworks".to_owned()],
        pager: Pager::new(PATH, "ns=alice", 1, 60, SIZE),
        rows,
        days: TRASH_DAYS,
        sent: Sent::default(),
        errors: Errors::default(),
    };
    let sent = Sent { id: "7".to_owned(), name: "Tides <b>".to_owned(), ..Sent::default() };
    let errors = Errors::at("name", "`Alice <b>` is taken");
    vec![page(Vec::new()), page(vec![row.clone()]), Trash { sent, errors, ..page(vec![row]) }]
}
