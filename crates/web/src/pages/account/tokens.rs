//! Access tokens: what there are, and a new one, whose secret is shown once.

use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::access::{Identity, Limits};
use roadstead_hub::accounts::{AccessToken, AccessTokenError, MadeBy, NewAccessToken};
use roadstead_types::{CredentialScope, Secret};
use serde::Deserialize;

use super::token::Row;
use crate::form::Errors;
use crate::frame::{Frame, Visit};
use crate::own::Own;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};

pub const HERE: &str = "/settings/tokens";
const SIZE: u32 = 25;
const DAY_SECS: u64 = 24 * 3600;
/// A hundred years.
const MOST_DAYS: u64 = 36_500;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
}

/// What was typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct Typed {
    label: String,
    /// Days; nothing is for ever.
    expires: String,
    scope: String,
    /// Names and patterns, one a line.
    repositories: String,
    mark: String,
}

impl Default for Typed {
    fn default() -> Self {
        let scope = CredentialScope::Read.word().to_owned();
        let (label, repositories, mark) = Default::default();
        Self { label, expires: "90".to_owned(), scope, repositories, mark }
    }
}

/// A token that has just been made.
pub struct Made {
    label: String,
    secret: Secret,
}

impl Made {
    fn docker(&self, frame: &Frame) -> String {
        format!("docker login {} -u {}", frame.host, frame.username())
    }

    fn podman(&self, frame: &Frame) -> String {
        format!("podman login {} -u {}", frame.host, frame.username())
    }

    fn kubernetes(&self, frame: &Frame) -> String {
        let (host, user, secret) = (&frame.host, frame.username(), self.secret.expose());
        format!(
            "kubectl create secret docker-registry roadstead --docker-server={host} \
             --docker-username={user} --docker-password={secret}"
        )
    }
}

/// How long a token may live.
pub struct Life {
    days: &'static str,
    label: String,
}

pub struct ScopeChoice {
    word: &'static str,
    name: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "account/tokens.html")]
pub struct TokensPage {
    frame: Frame,
    made: Option<Made>,
    is_verified: bool,
    is_proved: bool,
    typed: Typed,
    errors: Errors,
    rows: Vec<Row>,
    total: u64,
    pager: Pager,
}

impl Page for TokensPage {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show(own: Own, Query(asked): Query<Asked>) -> Response {
    let made = make(&own, pager::number(&asked.page)).await;
    own.visit.answer(made)
}

async fn make(own: &Own, number: u64) -> Result<TokensPage, Problem> {
    let (visit, who) = (&own.visit, &own.who);
    let offset = (number - 1) * u64::from(SIZE);
    let found = visit.hub.list_access_tokens(who, offset, SIZE).await.map_err(barred)?;
    Ok(TokensPage {
        rows: found.tokens.iter().map(|token| Row::new(&visit.frame, token)).collect(),
        pager: Pager::new(HERE, "", number, found.total, SIZE),
        total: found.total,
        made: None,
        is_verified: who.is_verified,
        is_proved: visit.hub.has_proved(who).await.map_err(super::barred)?,
        typed: Typed::default(),
        errors: Errors::default(),
        frame: visit.frame.clone(),
    })
}

pub async fn submit(own: Own, Form(typed): Form<Typed>) -> Response {
    let who = match own.visit.proved(&typed.mark, HERE).await {
        Ok(who) => who,
        Err(first) => return first,
    };
    let made = match create(&own.visit, &who, &typed).await {
        Ok(Ok((token, secret))) => {
            let made = Made { label: token.label, secret };
            make(&own, 1).await.map(|page| TokensPage { made: Some(made), ..page })
        }
        Ok(Err(errors)) => make(&own, 1).await.map(|page| TokensPage { typed, errors, ..page }),
        Err(problem) => Err(problem),
    };
    own.visit.answer(made)
}

/// The token and its secret, or what is wrong.
async fn create(
    visit: &Visit,
    who: &Identity,
    typed: &Typed,
) -> Result<Result<(AccessToken, Secret), Errors>, Problem> {
    let new = match read(visit, typed) {
        Ok(new) => new,
        Err(errors) => return Ok(Err(errors)),
    };
    let by = MadeBy { address: Some(visit.address), agent: visit.agent.clone() };
    match visit.hub.create_access_token(who, new, by).await {
        Ok(made) => Ok(Ok(made)),
        Err(error) => refused(error).map(Err),
    }
}

fn read(visit: &Visit, typed: &Typed) -> Result<NewAccessToken, Errors> {
    let scope = typed.scope.parse();
    let scope: CredentialScope = scope.map_err(|error| wrong("scope", error))?;
    let days: Option<u64> = match typed.expires.as_str() {
        "" => None,
        days => Some(days.parse().map_err(|error| wrong("expires", error))?),
    };
    let lasts = days.map(|days| Duration::from_secs(days.min(MOST_DAYS) * DAY_SECS));
    Ok(NewAccessToken {
        label: typed.label.clone(),
        scope,
        limits: limits(&typed.repositories)?,
        expires_at: lasts.map(|lasts| visit.frame.now.plus(lasts)),
    })
}

fn limits(repositories: &str) -> Result<Limits, Errors> {
    let lines = repositories.lines().map(str::trim).filter(|line| !line.is_empty());
    let named: Vec<_> = lines.map(|line| (line.to_owned(), None)).collect();
    match named.is_empty() {
        true => Ok(Limits::default()),
        false => {
            Limits::default().to_repositories(named).map_err(|error| wrong("repositories", error))
        }
    }
}

fn wrong(field: &'static str, error: impl std::fmt::Display) -> Errors {
    Errors::at(field, error.to_string())
}

/// Where a refusal of the hub belongs: into the form, or in place of the page.
pub fn refused(error: AccessTokenError) -> Result<Errors, Problem> {
    let text = error.to_string();
    Ok(match error {
        AccessTokenError::Label => Errors::at("label", text),
        AccessTokenError::Expiry => Errors::at("expires", text),
        AccessTokenError::TooMany => Errors::of_form(text),
        AccessTokenError::NotFound => return Err(Problem::not_found()),
        AccessTokenError::NeedsPassword | AccessTokenError::Unverified => {
            return Err(Problem::forbidden(text));
        }
        AccessTokenError::Store(error) => return Err(error.into()),
    })
}

/// The same where there is no form to say it in.
pub fn barred(error: AccessTokenError) -> Problem {
    let text = error.to_string();
    refused(error).map_or_else(|problem| problem, |errors| Problem::new(errors.status, text))
}

impl TokensPage {
    fn lives(&self) -> Vec<Life> {
        let frame = &self.frame;
        let until = |days: u64| {
            let end = frame.now.plus(Duration::from_secs(days * DAY_SECS));
            frame.date(end)
        };
        let days = |count: u64| {
            frame.t2("account-token-days", "count", count, "date", until(count)).into_owned()
        };
        vec![
            Life { days: "30", label: days(30) },
            Life { days: "90", label: days(90) },
            Life {
                days: "365",
                label: frame.t1("account-token-year", "date", until(365)).into_owned(),
            },
            Life { days: "", label: frame.t("account-token-never").into_owned() },
        ]
    }

    fn scopes(&self) -> Vec<ScopeChoice> {
        CredentialScope::ALL.into_iter().map(|scope| ScopeChoice::new(&self.frame, scope)).collect()
    }
}

impl ScopeChoice {
    fn new(frame: &Frame, scope: CredentialScope) -> Self {
        let hint = match scope {
            CredentialScope::PublicRead => frame.t("account-scope-public-hint"),
            CredentialScope::Read => frame.t("account-scope-read-hint"),
            CredentialScope::Write => frame.t("account-scope-write-hint"),
            CredentialScope::Admin => frame.t("account-scope-admin-hint"),
        };
        Self { word: scope.word(), name: scope_name(frame, scope), hint: hint.into_owned() }
    }
}

pub fn scope_name(frame: &Frame, scope: CredentialScope) -> String {
    let name = match scope {
        CredentialScope::PublicRead => frame.t("account-scope-public"),
        CredentialScope::Read => frame.t("account-scope-read"),
        CredentialScope::Write => frame.t("account-scope-write"),
        CredentialScope::Admin => frame.t("account-scope-admin"),
    };
    name.into_owned()
}

#[cfg(test)]
pub fn samples() -> Vec<TokensPage> {
    let page = |rows: Vec<Row>, is_verified, is_proved| TokensPage {
        frame: Frame::sample(HERE, Some("alice")),
        made: None,
        is_verified,
        is_proved,
        typed: Typed::default(),
        errors: Errors::default(),
        total: rows.len() as u64,
        rows,
        pager: Pager::new(HERE, "", 1, 1, SIZE),
    };
    let made = Made { label: "ci <b>".to_owned(), secret: Secret::new("rsd_pat_x".to_owned()) };
    vec![
        page(vec![Row::sample()], true, true),
        page(Vec::new(), true, false),
        page(Vec::new(), false, false),
        TokensPage { made: Some(made), ..page(vec![Row::sample()], true, true) },
        TokensPage { errors: Errors::at("label", "too long"), ..page(Vec::new(), true, true) },
    ]
}
