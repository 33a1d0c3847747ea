//! Plans: what a namespace may have, and how many accounts have each.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::plans::{DEFAULT, Plan};
use serde::Deserialize;

use super::confirm::Confirm;
use super::refused::told;
use super::{Desk, Sent, quantity};
use crate::form::Errors;
use crate::frame::Frame;
use crate::page::{Caching, Page};

const PATH: &str = "/admin/plans";

#[derive(Clone, Debug)]
pub struct Row {
    name: String,
    private: Option<u64>,
    bytes: Option<u64>,
    members: Option<u64>,
    pulls: Option<u64>,
    accounts: u64,
    /// The configuration describes it.
    is_default: bool,
}

#[derive(Template)]
#[template(path = "admin/plans.html")]
pub struct Plans {
    frame: Frame,
    rows: Vec<Row>,
}

impl Page for Plans {
    const CACHING: Caching = Caching::Ask;
}

pub async fn show(desk: Desk) -> Response {
    let made = make(&desk).await;
    desk.visit.answer(made)
}

async fn make(desk: &Desk) -> Result<Plans, Problem> {
    let plans = desk.hub().list_plans(&desk.key).await?;
    let accounts = desk.hub().accounts_by_plan(&desk.key).await?;
    let plans = [desk.hub().default_plan()].into_iter().chain(plans);
    let row = |plan: Plan| Row {
        accounts: accounts.get(&plan.name).copied().unwrap_or_default(),
        is_default: plan.name == DEFAULT,
        name: plan.name,
        private: plan.private_repositories,
        bytes: plan.storage_bytes,
        members: plan.members,
        pulls: plan.pulls,
    };
    Ok(Plans { rows: plans.map(row).collect(), frame: desk.frame().clone() })
}

/// A plan as it is typed; what is left empty is without limit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    name: String,
    private: String,
    bytes: String,
    members: String,
    pulls: String,
}

#[derive(Template)]
#[template(path = "admin/plan.html")]
pub struct PlanPage {
    frame: Frame,
    /// The plan that is changed; a new one where there is none.
    name: Option<String>,
    typed: Typed,
    errors: Errors,
}

impl Page for PlanPage {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn begin(desk: Desk) -> Response {
    let typed = Typed { private: "5".to_owned(), ..Typed::default() };
    let page = form(&desk, None, typed, Errors::default());
    desk.visit.answer(Ok(page))
}

pub async fn edit(desk: Desk, Path(name): Path<String>) -> Response {
    let made = match find(&desk, &name).await {
        Ok(plan) => Ok(form(&desk, Some(name), Typed::from(&plan), Errors::default())),
        Err(problem) => Err(problem),
    };
    desk.visit.answer(made)
}

fn form(desk: &Desk, name: Option<String>, typed: Typed, errors: Errors) -> PlanPage {
    PlanPage { frame: desk.frame().clone(), name, typed, errors }
}

async fn find(desk: &Desk, name: &str) -> Result<Plan, Problem> {
    let plans = desk.hub().list_plans(&desk.key).await?;
    plans.into_iter().find(|plan| plan.name == name).ok_or_else(Problem::not_found)
}

impl From<&Plan> for Typed {
    fn from(plan: &Plan) -> Self {
        let text = |limit: Option<u64>| limit.map(|limit| limit.to_string()).unwrap_or_default();
        Self {
            name: plan.name.clone(),
            private: text(plan.private_repositories),
            bytes: plan.storage_bytes.map(quantity::exact).unwrap_or_default(),
            members: text(plan.members),
            pulls: text(plan.pulls),
        }
    }
}

pub async fn create(Sent { desk, typed }: Sent<Typed>) -> Response {
    match find(&desk, &typed.name).await {
        Ok(_) => {
            let text = desk.frame().t1("admin-plans-taken", "name", &typed.name).into_owned();
            let page = form(&desk, None, typed, Errors::at("name", text));
            desk.visit.answer(Ok(page))
        }
        Err(problem) if problem.status == StatusCode::NOT_FOUND => save(desk, None, typed).await,
        Err(problem) => desk.visit.refuse(&problem),
    }
}

pub async fn change(Path(name): Path<String>, Sent { desk, typed }: Sent<Typed>) -> Response {
    if let Err(problem) = find(&desk, &name).await {
        return desk.visit.refuse(&problem);
    }
    let typed = Typed { name: name.clone(), ..typed };
    save(desk, Some(name), typed).await
}

async fn save(desk: Desk, name: Option<String>, typed: Typed) -> Response {
    let plan = match read(desk.frame(), &typed) {
        Ok(plan) => plan,
        Err(errors) => {
            let page = form(&desk, name, typed, errors);
            return desk.visit.answer(Ok(page));
        }
    };
    match desk.hub().put_plan(&desk.key, plan).await {
        Ok(()) => {
            let said = desk.frame().t1("admin-plans-saved", "name", &typed.name);
            desk.visit.done(PATH, &said)
        }
        Err(error) => {
            let made = told(error).map(|errors| form(&desk, name, typed, errors));
            desk.visit.answer(made)
        }
    }
}

fn read(frame: &Frame, typed: &Typed) -> Result<Plan, Errors> {
    let count = |field: &'static str, text: &str| {
        quantity::count(text).ok_or_else(|| Errors::at(field, frame.t("admin-plans-bad-number")))
    };
    Ok(Plan {
        name: typed.name.trim().to_owned(),
        private_repositories: count("private", &typed.private)?,
        storage_bytes: quantity::bytes(&typed.bytes)
            .ok_or_else(|| Errors::at("bytes", frame.t("admin-plans-bad-size")))?,
        members: count("members", &typed.members)?,
        pulls: count("pulls", &typed.pulls)?,
    })
}

pub async fn ask(desk: Desk, Path(name): Path<String>) -> Response {
    let made = confirm(&desk, &name, Errors::default()).await;
    desk.visit.answer(made)
}

async fn confirm(desk: &Desk, name: &str, errors: Errors) -> Result<Confirm, Problem> {
    let plan = find(desk, name).await?;
    let frame = desk.frame().clone();
    Ok(Confirm {
        title: frame.t1("admin-plans-delete-title", "name", &plan.name).into_owned(),
        text: frame.t("admin-plans-delete-text").into_owned(),
        word: None,
        action: format!("{PATH}/{}/delete", plan.name),
        button: frame.t("admin-plans-delete").into_owned(),
        back: format!("{PATH}/{}", plan.name),
        errors,
        frame,
    })
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn delete(Path(name): Path<String>, Sent { desk, .. }: Sent<Nothing>) -> Response {
    match desk.hub().delete_plan(&desk.key, &name).await {
        Ok(()) => {
            let said = desk.frame().t1("admin-plans-deleted", "name", &name);
            desk.visit.done(PATH, &said)
        }
        Err(error) => {
            let made = match told(error) {
                Ok(errors) => confirm(&desk, &name, errors).await,
                Err(problem) => Err(problem),
            };
            desk.visit.answer(made)
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Plans> {
    let row = |name: &str, limit: Option<u64>| Row {
        name: name.to_owned(),
        private: limit,
        bytes: limit.map(|limit| limit * 1_000_000_000),
        members: limit,
        pulls: limit,
        accounts: 451,
        is_default: name == DEFAULT,
    };
    let frame = Frame::sample(PATH, Some("keeper"));
    vec![Plans { frame, rows: vec![row(DEFAULT, Some(1)), row("crew", None)] }]
}

#[cfg(test)]
pub fn form_samples() -> Vec<PlanPage> {
    let frame = Frame::sample("/admin/plans/crew", Some("keeper"));
    let page = |name: Option<&str>, errors| PlanPage {
        frame: frame.clone(),
        name: name.map(str::to_owned),
        typed: Typed { name: "Alice <b>".to_owned(), ..Typed::default() },
        errors,
    };
    vec![
        page(Some("crew"), Errors::default()),
        page(None, Errors::at("bytes", "write a size such as 200 GB")),
    ]
}
