//! Accounts as an administrator looks for them: people, and organizations.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::accounts::{ListedPerson, PeopleQuery};
use roadstead_hub::plans::DEFAULT;
use serde::Deserialize;

use super::{Desk, SIZE};
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::pennant::pennant;
use crate::ui::{self, Markup};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Person,
    Organization,
}

impl Kind {
    pub const fn path(self) -> &'static str {
        match self {
            Self::Person => "/admin/users",
            Self::Organization => "/admin/orgs",
        }
    }

    pub fn is_person(self) -> bool {
        self == Self::Person
    }

    pub fn flag(self, name: &str) -> Markup {
        pennant(name, if self.is_person() { "flag sm round" } else { "flag sm" })
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    /// `disabled`, `administrators` or `unverified`.
    only: String,
    plan: String,
    page: String,
}

#[derive(Clone, Debug)]
pub struct Row {
    name: String,
    email: Option<String>,
    plan: String,
    is_admin: bool,
    is_verified: bool,
    is_disabled: bool,
    since: String,
}

#[derive(Template)]
#[template(path = "admin/people.html", blocks = ["rows"])]
pub struct People {
    frame: Frame,
    kind: Kind,
    asked: Asked,
    plans: Vec<String>,
    rows: Vec<Row>,
    total: u64,
    pager: Pager,
}

impl Page for People {
    const CACHING: Caching = Caching::Ask;

    fn region(&self) -> Option<askama::Result<String>> {
        Some(self.as_rows().render())
    }
}

pub async fn show_people(desk: Desk, Query(asked): Query<Asked>) -> Response {
    let made = make(&desk, Kind::Person, asked).await;
    desk.visit.answer(made)
}

pub async fn show_organizations(desk: Desk, Query(asked): Query<Asked>) -> Response {
    let made = make(&desk, Kind::Organization, asked).await;
    desk.visit.answer(made)
}

async fn make(desk: &Desk, kind: Kind, asked: Asked) -> Result<People, Problem> {
    let number = pager::number(&asked.page);
    let query = PeopleQuery {
        search: asked.q.clone(),
        only_disabled: asked.only == "disabled",
        only_administrators: asked.only == "administrators",
        only_unverified: asked.only == "unverified",
        plan: Some(asked.plan.clone()).filter(|plan| !plan.is_empty()),
        offset: (number - 1) * u64::from(SIZE),
        limit: SIZE,
    };
    let (found, total) = match kind {
        Kind::Person => desk.hub().search_people(&desk.key, &query).await?,
        Kind::Organization => desk.hub().search_organizations(&desk.key, &query).await?,
    };
    let asking = ui::query(&[("q", &asked.q), ("only", &asked.only), ("plan", &asked.plan)]);
    let frame = desk.frame().clone();
    Ok(People {
        rows: found.iter().map(|it| Row::new(&frame, it)).collect(),
        plans: plan_names(desk).await?,
        pager: Pager::new(kind.path(), &asking, number, total, SIZE),
        frame,
        kind,
        asked,
        total,
    })
}

/// Every plan that somebody may have.
pub async fn plan_names(desk: &Desk) -> Result<Vec<String>, Problem> {
    let plans = desk.hub().list_plans(&desk.key).await?;
    let names = plans.into_iter().map(|plan| plan.name);
    Ok([DEFAULT.to_owned()].into_iter().chain(names).collect())
}

impl Row {
    fn new(frame: &Frame, it: &ListedPerson) -> Self {
        let account = &it.account;
        Self {
            name: account.name.to_string(),
            email: account.email.clone(),
            plan: it.plan.clone(),
            is_admin: account.is_admin,
            is_verified: account.is_verified || account.is_organization,
            is_disabled: account.is_disabled,
            since: frame.date(account.created_at),
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<People> {
    let row = |name: &str, is_verified, is_disabled| Row {
        name: name.to_owned(),
        email: Some(format!("{name}@<telemetry>.example")),
        plan: "crew".to_owned(),
        is_admin: is_verified,
        is_verified,
        is_disabled,
        since: "20 Nov 2026".to_owned(),
    };
    let page = |kind: Kind, rows: Vec<Row>, q: &str, total| People {
        frame: Frame::sample(kind.path(), Some("keeper")),
        kind,
        asked: Asked { q: q.to_owned(), ..Asked::default() },
        plans: vec!["default".to_owned(), "crew".to_owned()],
        rows,
        total,
        pager: Pager::new(kind.path(), "", 1, total, SIZE),
    };
    let rows = vec![row("alice", true, false), row("jonas", false, false), row("low", true, true)];
    vec![
        page(Kind::Person, rows.clone(), "", 90),
        page(Kind::Person, Vec::new(), "Alice <b>", 0),
        page(Kind::Organization, rows, "", 3),
        page(Kind::Organization, Vec::new(), "", 0),
    ]
}
