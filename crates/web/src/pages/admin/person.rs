//! One account, with what it has and what may be done to it: a person, or an organization.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::accounts::Person;
use roadstead_hub::plans::Use;
use serde::Deserialize;

use super::act::Act;
use super::confirm::Confirm;
use super::people::{Kind, plan_names};
use super::refused::{Refused, problem, told};
use super::{Desk, Sent};
use crate::form::Errors;
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::ui::Markup;

/// Something to do, as a row.
#[derive(Clone, Debug)]
pub struct Choice {
    act: Act,
    label: String,
    text: String,
}

#[derive(Template)]
#[template(path = "admin/person.html")]
pub struct PersonPage {
    frame: Frame,
    kind: Kind,
    name: String,
    email: Option<String>,
    is_admin: bool,
    is_verified: bool,
    is_disabled: bool,
    since: String,
    seen: Option<Markup>,
    repositories: u64,
    organizations: u64,
    members: u64,
    teams: u64,
    tokens: u64,
    private: (u64, Option<u64>),
    bytes: (u64, Option<u64>),
    plan: String,
    plans: Vec<String>,
    choices: Vec<Choice>,
    /// The new name as it was typed.
    typed: String,
    errors: Errors,
}

impl Page for PersonPage {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show_person(desk: Desk, Path(name): Path<String>) -> Response {
    show(desk, Kind::Person, &name).await
}

pub async fn show_organization(desk: Desk, Path(name): Path<String>) -> Response {
    show(desk, Kind::Organization, &name).await
}

async fn show(desk: Desk, kind: Kind, name: &str) -> Response {
    let made = make(&desk, kind, name, String::new(), Errors::default()).await;
    desk.visit.answer(made)
}

async fn find(desk: &Desk, kind: Kind, name: &str) -> Result<Person, Problem> {
    let found = match kind {
        Kind::Person => desk.hub().find_person(&desk.key, name).await.map_err(Refused::from),
        Kind::Organization => {
            desk.hub().examine_organization(&desk.key, name).await.map_err(Refused::from)
        }
    };
    found.map_err(problem)
}

async fn make(
    desk: &Desk,
    kind: Kind,
    name: &str,
    typed: String,
    errors: Errors,
) -> Result<PersonPage, Problem> {
    let person = find(desk, kind, name).await?;
    let held = desk.hub().use_of(&desk.who, person.account.name.as_str()).await;
    let held = held.map_err(problem)?;
    let plans = plan_names(desk).await?;
    let page = PersonPage::new(desk.frame(), kind, person, &held, plans);
    Ok(PersonPage { typed, errors, ..page })
}

impl PersonPage {
    fn new(frame: &Frame, kind: Kind, it: Person, held: &Use, plans: Vec<String>) -> Self {
        let Person { account, plan, holdings } = it;
        let choices = choices(frame, kind, &account);
        Self {
            kind,
            name: account.name.to_string(),
            email: account.email,
            is_admin: account.is_admin,
            is_verified: account.is_verified || account.is_organization,
            is_disabled: account.is_disabled,
            since: frame.date(account.created_at),
            seen: holdings.last_seen_at.map(|time| frame.ago(time)),
            repositories: holdings.repositories,
            organizations: holdings.organizations,
            members: holdings.members,
            teams: holdings.teams,
            tokens: holdings.access_tokens,
            private: (held.private_repositories, held.plan.private_repositories),
            bytes: (held.storage.total(), held.plan.storage_bytes),
            plan,
            plans,
            choices,
            typed: String::new(),
            errors: Errors::default(),
            frame: frame.clone(),
        }
    }

    fn path(&self) -> String {
        format!("{}/{}", self.kind.path(), self.name)
    }
}

/// What makes sense for an account as it is.
fn choices(frame: &Frame, kind: Kind, account: &roadstead_hub::accounts::Account) -> Vec<Choice> {
    let lock = if account.is_disabled { Act::Enable } else { Act::Disable };
    let office = if account.is_admin { Act::Dismiss } else { Act::Promote };
    let acts = match kind {
        Kind::Organization => vec![lock, Act::Delete],
        Kind::Person if !account.is_verified => {
            vec![Act::Verify, Act::SignOut, Act::RemoveTwoFactor, office, lock, Act::Delete]
        }
        Kind::Person => {
            vec![Act::NewPassword, Act::SignOut, Act::RemoveTwoFactor, office, lock, Act::Delete]
        }
    };
    let choice = |act: Act| Choice { act, label: act.label(frame), text: act.text(frame, kind) };
    acts.into_iter().map(choice).collect()
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// A new name, or a plan.
    value: String,
}

pub async fn rename(Path(name): Path<String>, Sent { desk, typed }: Sent<Typed>) -> Response {
    match desk.hub().rename_user(&desk.key, &name, &typed.value).await {
        Ok(account) => {
            let there = format!("/admin/users/{}", account.name);
            let said = desk.frame().t1("admin-renamed", "name", account.name.as_str());
            desk.visit.done(&there, &said)
        }
        Err(error) => {
            let made = match told(error) {
                Ok(errors) => make(&desk, Kind::Person, &name, typed.value, errors).await,
                Err(problem) => Err(problem),
            };
            desk.visit.answer(made)
        }
    }
}

pub async fn plan_of_person(Path(name): Path<String>, sent: Sent<Typed>) -> Response {
    set_plan(sent, Kind::Person, &name).await
}

pub async fn plan_of_organization(Path(name): Path<String>, sent: Sent<Typed>) -> Response {
    set_plan(sent, Kind::Organization, &name).await
}

async fn set_plan(Sent { desk, typed }: Sent<Typed>, kind: Kind, name: &str) -> Response {
    match desk.hub().set_plan(&desk.key, name, &typed.value).await {
        Ok(()) => {
            let there = format!("{}/{name}", kind.path());
            let said = desk.frame().t2("admin-plan-given", "name", name, "plan", &typed.value);
            desk.visit.done(&there, &said)
        }
        Err(error) => desk.visit.refuse(&problem(error)),
    }
}

/// The page that asks first.
pub async fn ask_person(desk: Desk, Path((name, word)): Path<(String, String)>) -> Response {
    ask(desk, Kind::Person, &name, &word).await
}

pub async fn ask_organization(desk: Desk, Path((name, word)): Path<(String, String)>) -> Response {
    ask(desk, Kind::Organization, &name, &word).await
}

async fn ask(desk: Desk, kind: Kind, name: &str, word: &str) -> Response {
    let Some(act) = Act::find(kind, word) else {
        return desk.visit.refuse(&Problem::not_found());
    };
    let made = confirm(&desk, kind, name, act, Errors::default()).await;
    desk.visit.answer(made)
}

async fn confirm(
    desk: &Desk,
    kind: Kind,
    name: &str,
    act: Act,
    errors: Errors,
) -> Result<Confirm, Problem> {
    let name = find(desk, kind, name).await?.account.name.to_string();
    let (frame, back) = (desk.frame().clone(), format!("{}/{name}", kind.path()));
    Ok(Confirm {
        title: act.question(&frame, &name),
        text: act.text(&frame, kind),
        word: act.is_final().then(|| name.clone()),
        action: format!("{back}/{}", act.word()),
        button: act.label(&frame),
        back,
        errors,
        frame,
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Meant {
    word: String,
}

pub async fn act_on_person(
    Path((name, word)): Path<(String, String)>,
    sent: Sent<Meant>,
) -> Response {
    act_on(sent, Kind::Person, &name, &word).await
}

pub async fn act_on_organization(
    Path((name, word)): Path<(String, String)>,
    sent: Sent<Meant>,
) -> Response {
    act_on(sent, Kind::Organization, &name, &word).await
}

async fn act_on(Sent { desk, typed }: Sent<Meant>, kind: Kind, name: &str, word: &str) -> Response {
    let Some(act) = Act::find(kind, word) else {
        return desk.visit.refuse(&Problem::not_found());
    };
    let here = format!("{}/{name}/{}", kind.path(), act.word());
    if act.is_grave()
        && let Err(answer) = desk.prove(&here).await
    {
        return answer;
    }
    let done = match act.is_final() && typed.word.trim() != name {
        true => {
            let text = desk.frame().t1("admin-confirm-wrong", "word", name);
            Err(Refused::Told(Errors::at("word", text)))
        }
        false => act.carry_out(&desk, kind, name).await,
    };
    match done {
        Ok(()) => {
            let there = match act {
                Act::Delete => kind.path().to_owned(),
                _ => format!("{}/{name}", kind.path()),
            };
            let said =
                desk.frame().t2("admin-act-done", "act", act.label(desk.frame()), "name", name);
            desk.visit.done(&there, &said)
        }
        Err(refused) => {
            let made = match told(refused) {
                Ok(errors) => confirm(&desk, kind, name, act, errors).await,
                Err(problem) => Err(problem),
            };
            desk.visit.answer(made)
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<PersonPage> {
    let page = |kind: Kind, is_admin, errors| {
        let frame = Frame::sample(&format!("{}/alice", kind.path()), Some("keeper"));
        let act = |act: Act| Choice { act, label: act.label(&frame), text: act.text(&frame, kind) };
        PersonPage {
            kind,
            name: "alice".to_owned(),
            email: kind.is_person().then(|| "alice@<telemetry>.example".to_owned()),
            is_admin,
            is_verified: is_admin,
            is_disabled: !is_admin,
            since: "20 Nov 2026".to_owned(),
            seen: is_admin.then(|| frame.ago(frame.now)),
            repositories: 7,
            organizations: 2,
            members: 3,
            teams: 2,
            tokens: 1,
            private: (1, is_admin.then_some(5)),
            bytes: (4_200_000_000, is_admin.then_some(10_000_000_000)),
            plan: "crew".to_owned(),
            plans: vec!["default".to_owned(), "crew".to_owned()],
            choices: [Act::Enable, Act::Dismiss, Act::Delete].map(act).to_vec(),
            typed: "Alice <b>".to_owned(),
            errors,
            frame,
        }
    };
    vec![
        page(Kind::Person, true, Errors::default()),
        page(Kind::Person, false, Errors::at("", "`alice` is taken")),
        page(Kind::Organization, false, Errors::default()),
    ]
}
