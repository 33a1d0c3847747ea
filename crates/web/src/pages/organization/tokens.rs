//! `/{organization}/tokens`: access tokens that belong to the organization. A new one's secret is in the answer to
//! the form that asked for it, and nowhere else.

use std::borrow::Cow;
use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use http::header::USER_AGENT;
use http::{HeaderMap, StatusCode};
use roadstead_http::{ClientAddress, Problem};
use roadstead_hub::access::{LimitError, Limits, Owner};
use roadstead_hub::accounts::{
    AccessTokenError, MadeBy, NewOrganizationToken, OrganizationToken, OrganizationTokenChange,
    OrganizationTokenError,
};
use roadstead_types::{Secret, Timestamp};
use serde::Deserialize;
use uuid::Uuid;

use super::confirm::Confirm;
use super::{Entered, Head, Tab, sender, signed_in};
use crate::failure::sentence;
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::ui::{self, Markup};

const SIZE: u32 = 25;
const DAY: Duration = Duration::from_secs(24 * 3600);
/// From so many days before its end on, a token is marked.
const WARN_DAYS: u32 = 14;
/// How long a token lasts where nobody chose.
const USUAL_DAYS: u32 = 90;
const MOST_DAYS: u32 = 3650;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
    /// The token that is to be revoked.
    token: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    mark: String,
    label: String,
    description: String,
    /// Repositories and patterns, one a line.
    places: String,
    /// `pull`, `push`, `delete` or `admin`.
    access: String,
    /// Days, or `never`.
    days: String,
    /// An existing token, and what becomes of it: `on`, `off`.
    token: String,
    what: String,
    sure: String,
}

#[derive(Clone, Debug)]
struct Row {
    id: String,
    label: String,
    description: String,
    maker: Option<String>,
    made: String,
    /// A pattern, and what may be done there.
    places: Vec<(String, String)>,
    used: Option<Markup>,
    used_from: String,
    ends: Option<String>,
    is_over: bool,
    is_ending: bool,
    is_active: bool,
}

/// A token that was just made.
struct Fresh {
    label: String,
    secret: String,
}

#[derive(Template)]
#[template(path = "organization/tokens.html")]
pub struct Tokens {
    frame: Frame,
    head: Head,
    rows: Vec<Row>,
    total: u64,
    pager: Pager,
    typed: Typed,
    /// What each choice of days would come to.
    ends: Vec<(&'static str, Cow<'static, str>)>,
    fresh: Option<Fresh>,
    error: Option<String>,
}

impl Page for Tokens {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        match (&self.error, &self.fresh) {
            (Some(_), _) => StatusCode::UNPROCESSABLE_ENTITY,
            (None, Some(_)) => StatusCode::CREATED,
            (None, None) => StatusCode::OK,
        }
    }
}

impl Tokens {
    fn is_access(&self, word: &str) -> bool {
        self.typed.access == word
    }

    fn copy(&self, secret: &str) -> Markup {
        ui::copy_button(secret, self.frame.t("organization-token-copy-button"))
    }

    fn login(&self) -> Markup {
        let login = format!("docker login {} -u {}", self.frame.host, self.head.name);
        self.frame.small_command(&login)
    }
}

pub async fn show(entered: Entered<Owner>, Query(asked): Query<Asked>) -> Response {
    let made = make(&entered, &asked.page).await;
    entered.visit.answer(made)
}

pub async fn submit(
    entered: Entered<Owner>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Response {
    if !typed.token.is_empty() {
        return switch(entered, &typed).await;
    }
    if let Err(answer) = entered.visit.proved(&typed.mark, &entered.at("/tokens")).await {
        return answer;
    }
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let by = MadeBy { address: Some(address), agent: agent.to_owned() };
    let made = match create(&entered, &typed, by).await {
        Ok(fresh) => make(&entered, "").await.map(|page| Tokens { fresh: Some(fresh), ..page }),
        Err(Refused::Said(error)) => {
            let page = make(&entered, "").await;
            page.map(|page| Tokens { error: Some(error), typed, ..page })
        }
        Err(Refused::Problem(problem)) => Err(problem),
    };
    entered.visit.answer(made)
}

enum Refused {
    /// To be said beside the form.
    Said(String),
    Problem(Problem),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<OrganizationTokenError> for Refused {
    fn from(error: OrganizationTokenError) -> Self {
        use OrganizationTokenError as E;
        match error {
            E::NotFound | E::Token(AccessTokenError::NotFound) => Problem::not_found().into(),
            E::NotOwner(_)
            | E::Token(AccessTokenError::NeedsPassword | AccessTokenError::Unverified) => {
                Problem::forbidden(error.to_string()).into()
            }
            E::Token(AccessTokenError::Store(error)) => Self::Problem(error.into()),
            E::TooMany | E::Description | E::Foreign(_) | E::Token(_) => {
                Self::Said(sentence(&error.to_string()).into_owned())
            }
        }
    }
}

impl From<LimitError> for Refused {
    fn from(error: LimitError) -> Self {
        Self::Said(sentence(&error.to_string()).into_owned())
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Said(text) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, text),
            Refused::Problem(problem) => problem,
        }
    }
}

async fn create(entered: &Entered<Owner>, typed: &Typed, by: MadeBy) -> Result<Fresh, Refused> {
    let who = sender(&entered.visit, &typed.mark)?;
    let new = NewOrganizationToken {
        label: typed.label.trim().to_owned(),
        description: typed.description.trim().to_owned(),
        limits: limits(typed)?,
        expires_at: end(entered.visit.frame.now, &typed.days),
    };
    let organization = entered.organization.name.as_str();
    let made = entered.visit.hub.create_organization_token(&who, organization, new, by).await;
    let (made, secret): (OrganizationToken, Secret) = made?;
    Ok(Fresh { label: made.token.label, secret: secret.expose().clone() })
}

fn limits(typed: &Typed) -> Result<Limits, LimitError> {
    let words: &[&str] = match typed.access.as_str() {
        "push" => &["push"],
        "delete" => &["push", "delete"],
        "admin" => &["push", "delete", "describe", "admin"],
        _ => &["pull"],
    };
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let places = typed.places.split_whitespace();
    Limits::default().to_repositories(places.map(|place| (place.to_owned(), Some(words.clone()))))
}

/// The end of a token that is to last so many days. Only who chooses it gets one without an end.
fn end(now: Timestamp, days: &str) -> Option<Timestamp> {
    if days == "never" {
        return None;
    }
    let days = days.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
    Some(now.plus(DAY * days.unwrap_or(USUAL_DAYS)))
}

/// Has a token rest, or work again.
async fn switch(entered: Entered<Owner>, typed: &Typed) -> Response {
    match set_active(&entered, typed).await {
        Ok(said) => entered.visit.done(&entered.at("/tokens"), &said),
        Err(refused) => entered.visit.refuse(&refused.into()),
    }
}

async fn set_active(entered: &Entered<Owner>, typed: &Typed) -> Result<Cow<'static, str>, Refused> {
    let who = sender(&entered.visit, &typed.mark)?;
    let is_active = typed.what == "on";
    let change = OrganizationTokenChange { is_active: Some(is_active), ..Default::default() };
    let (hub, name) = (&entered.visit.hub, entered.organization.name.as_str());
    hub.change_organization_token(&who, name, id(&typed.token), change).await?;
    let frame = &entered.visit.frame;
    Ok(match is_active {
        true => frame.t("organization-token-on"),
        false => frame.t("organization-token-off"),
    })
}

/// What is no id is the id of nothing.
fn id(text: &str) -> Uuid {
    text.parse().unwrap_or_default()
}

pub async fn revoke_form(entered: Entered<Owner>, Query(asked): Query<Asked>) -> Response {
    let made = ask(&entered, &asked.token, None).await;
    entered.visit.answer(made)
}

pub async fn revoke(entered: Entered<Owner>, Form(typed): Form<Typed>) -> Response {
    if typed.sure.is_empty() {
        let error = entered.visit.frame.t("organization-sure").into_owned();
        let made = ask(&entered, &typed.token, Some(error)).await;
        return entered.visit.answer(made);
    }
    match delete(&entered, &typed).await {
        Ok(()) => {
            let said = entered.visit.frame.t("organization-token-revoked");
            entered.visit.done(&entered.at("/tokens"), &said)
        }
        Err(refused) => entered.visit.refuse(&refused.into()),
    }
}

async fn delete(entered: &Entered<Owner>, typed: &Typed) -> Result<(), Refused> {
    let who = sender(&entered.visit, &typed.mark)?;
    let (hub, name) = (&entered.visit.hub, entered.organization.name.as_str());
    Ok(hub.delete_organization_token(&who, name, id(&typed.token)).await?)
}

async fn ask(
    entered: &Entered<Owner>,
    token: &str,
    error: Option<String>,
) -> Result<Confirm, Problem> {
    let Entered { org, organization, visit, .. } = entered;
    let (who, name) = (signed_in(visit)?, organization.name.as_str());
    let found = visit.hub.find_organization_token(who, name, id(token)).await;
    let found = found.map_err(Refused::from)?.token;
    let frame = &visit.frame;
    Ok(Confirm {
        head: Head::for_member(visit, organization, org, Tab::Tokens).await?,
        title: frame.t1("organization-token-revoke-title", "name", &found.label).into_owned(),
        texts: vec![match found.last_used_at {
            Some(at) => {
                frame.t1("organization-token-revoke-used", "date", frame.date(at)).into_owned()
            }
            None => frame.t("organization-token-revoke-unused").into_owned(),
        }],
        action: entered.at("/tokens/revoke"),
        hidden: vec![("token", token.to_owned())],
        word: None,
        button: frame.t("organization-token-revoke").into_owned(),
        back: entered.at("/tokens"),
        keep: frame.t("organization-token-keep").into_owned(),
        frame: frame.clone(),
        error,
    })
}

async fn make(entered: &Entered<Owner>, page: &str) -> Result<Tokens, Problem> {
    let Entered { org, organization, visit, .. } = entered;
    let (number, frame) = (pager::number(page), &visit.frame);
    let (who, name) = (signed_in(visit)?, organization.name.as_str());
    let offset = (number - 1) * u64::from(SIZE);
    let found = visit.hub.list_organization_tokens(who, name, offset, SIZE).await;
    let (tokens, total) = found.map_err(Refused::from)?;
    let typed = Typed {
        places: format!("{name}/*"),
        access: "pull".to_owned(),
        days: USUAL_DAYS.to_string(),
        ..Typed::default()
    };
    Ok(Tokens {
        head: Head::for_member(visit, organization, org, Tab::Tokens).await?,
        rows: tokens.iter().map(|token| Row::new(frame, token)).collect(),
        total,
        pager: Pager::new(&entered.at("/tokens"), "", number, total, SIZE),
        ends: ends(frame),
        frame: frame.clone(),
        typed,
        fresh: None,
        error: None,
    })
}

fn ends(frame: &Frame) -> Vec<(&'static str, Cow<'static, str>)> {
    let day = |days: u32| frame.date(frame.now.plus(DAY * days));
    vec![
        ("30", frame.t1("organization-token-month", "date", day(30))),
        ("90", frame.t1("organization-token-quarter", "date", day(90))),
        ("365", frame.t1("organization-token-year", "date", day(365))),
        ("never", frame.t("organization-token-never")),
    ]
}

impl Row {
    fn new(frame: &Frame, found: &OrganizationToken) -> Self {
        let token = &found.token;
        let places = token.limits.places().into_iter();
        let soon = frame.now.plus(DAY * WARN_DAYS);
        Self {
            id: token.uuid.simple().to_string(),
            label: token.label.clone(),
            description: found.description.clone(),
            maker: found.created_by.as_ref().map(ToString::to_string),
            made: frame.date(token.created_at),
            places: places.map(|(path, words)| (path.to_owned(), words.join(", "))).collect(),
            used: token.last_used_at.map(|at| frame.ago(at)),
            used_from: token.last_used_address.clone().unwrap_or_default(),
            ends: token.expires_at.map(|at| frame.date(at)),
            is_over: token.expires_at.is_some_and(|at| at <= frame.now),
            is_ending: token.expires_at.is_some_and(|at| at <= soon),
            is_active: token.is_active,
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Tokens> {
    use roadstead_hub::organizations::Membership;

    let frame = Frame::sample("/harborworks/tokens", Some("alice"));
    let row = |is_over, is_active| Row {
        id: "0a1b".to_owned(),
        label: "A=<b>".to_owned(),
        description: "Alice <b>".to_owned(),
        maker: Some("alice".to_owned()),
        made: "4 Mar 2025".to_owned(),
        places: vec![("harborworks/*".to_owned(), "pull, push".to_owned())],
        used: Some(frame.ago(frame.now)),
        used_from: "198.51.100.24".to_owned(),
        ends: Some("4 Mar 2027".to_owned()),
        is_over,
        is_ending: true,
        is_active,
    };
    let page = |rows: Vec<Row>, fresh, error: Option<&str>| Tokens {
        frame: frame.clone(),
        head: Head::sample(Tab::Tokens, Some(Membership::Owner)),
        total: rows.len() as u64,
        rows,
        pager: Pager::new("/harborworks/tokens", "", 1, 1, SIZE),
        typed: Typed { label: "A=<b>".to_owned(), ..Typed::default() },
        ends: ends(&frame),
        fresh,
        error: error.map(str::to_owned),
    };
    let fresh = Fresh { label: "A=<b>".to_owned(), secret: "rsd_oat_x".to_owned() };
    vec![
        page(vec![row(false, true), row(true, false)], Some(fresh), None),
        page(Vec::new(), None, Some("Alice <b>")),
    ]
}
