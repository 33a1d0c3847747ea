//! One access token: what it may do, and its end.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::accounts::{AccessToken, AccessTokenChange};
use serde::Deserialize;
use uuid::Uuid;

use super::Marked;
use super::tokens::{self, HERE, barred, scope_name};
use crate::form::Errors;
use crate::frame::Frame;
use crate::own::Own;
use crate::page::{Caching, Page};
use crate::ui::{self, Markup};

const DAY_SECS: u64 = 24 * 3600;
/// One is warned so long before a token expires.
const WARN_DAYS: u64 = 14;

/// A token as it is listed.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    pub href: String,
    pub label: String,
    pub access: String,
    pub is_limited: bool,
    pub places: Vec<String>,
    pub used: Markup,
    /// Somebody works with it: its end will be noticed.
    pub is_recent: bool,
    pub expires: Markup,
    pub created: Markup,
    pub maker: String,
    pub is_active: bool,
}

impl Row {
    pub fn new(frame: &Frame, token: &AccessToken) -> Self {
        let id = token.uuid.to_string();
        let day_ago = frame.now.minus(std::time::Duration::from_secs(DAY_SECS));
        Self {
            href: format!("{HERE}/{id}"),
            id,
            label: token.label.clone(),
            access: scope_name(frame, token.scope),
            is_limited: !token.limits.is_unlimited(),
            places: places(token),
            used: used(frame, token),
            is_recent: token.last_used_at.is_some_and(|used| used > day_ago),
            expires: expires(frame, token),
            created: frame.h1("account-token-created", "date", frame.date(token.created_at)),
            maker: maker(token),
            is_active: token.is_active,
        }
    }
}

fn places(token: &AccessToken) -> Vec<String> {
    token.limits.repositories().unwrap_or_default().into_iter().map(str::to_owned).collect()
}

fn maker(token: &AccessToken) -> String {
    let parts = [token.creator_address.as_str(), token.creator_agent.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn used(frame: &Frame, token: &AccessToken) -> Markup {
    let Some(time) = token.last_used_at else {
        return Markup::trusted(format!(
            r#"<span class="muted">{}</span>"#,
            ui::escaped(&frame.t("account-token-unused"))
        ));
    };
    let address = ui::escaped(token.last_used_address.as_deref().unwrap_or_default());
    let ago = frame.ago(time);
    Markup::trusted(format!(r#"<span>{ago}<span class="sub mono">{address}</span></span>"#))
}

/// The end of a token; one that is near, past or has come early is marked.
fn expires(frame: &Frame, token: &AccessToken) -> Markup {
    let status = |class: &str, icon: &str, text: &str| {
        let (icon, text) = (ui::icon(icon), ui::escaped(text));
        Markup::trusted(format!(r#"<span class="status {class}">{icon}{text}</span>"#))
    };
    if !token.is_active {
        return status("idle", "ban", &frame.t("account-token-disabled"));
    }
    let Some(end) = token.expires_at else {
        return Markup::trusted(ui::escaped(&frame.t("account-token-never")));
    };
    if end <= frame.now {
        return status("fail", "x", &frame.t("account-token-expired"));
    }
    let days = end.since(frame.now).as_secs() / DAY_SECS;
    let date = frame.date(end);
    match days < WARN_DAYS {
        true => {
            let text = frame.t2("account-token-soon", "date", date, "count", days);
            status("warn", "warn", &text)
        }
        false => Markup::trusted(ui::escaped(&date)),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    label: String,
    /// `rename`, `disable` or `enable`.
    what: String,
    mark: String,
}

#[derive(Template)]
#[template(path = "account/token.html")]
pub struct TokenPage {
    frame: Frame,
    row: Row,
    /// What was typed.
    label: String,
    errors: Errors,
}

impl Page for TokenPage {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show(own: Own, Path(id): Path<String>) -> Response {
    let made = make(&own, &id, None, Errors::default()).await;
    own.visit.answer(made)
}

async fn make(
    own: &Own,
    id: &str,
    label: Option<String>,
    errors: Errors,
) -> Result<TokenPage, Problem> {
    let token = own.visit.hub.find_access_token(&own.who, parse(id)).await.map_err(barred)?;
    let frame = own.visit.frame.clone();
    let label = label.unwrap_or_else(|| token.label.clone());
    Ok(TokenPage { row: Row::new(&frame, &token), frame, label, errors })
}

pub async fn submit(own: Own, Path(id): Path<String>, Form(sent): Form<Sent>) -> Response {
    let made = match change(&own, &id, &sent).await {
        Ok(Ok(token)) => {
            let said = own.visit.frame.t1("account-token-changed", "label", &token.label);
            return own.visit.done(&format!("{HERE}/{}", token.uuid), &said);
        }
        Ok(Err(errors)) => make(&own, &id, Some(sent.label), errors).await,
        Err(problem) => Err(problem),
    };
    own.visit.answer(made)
}

/// The token as it is then, or what is wrong.
async fn change(own: &Own, id: &str, sent: &Sent) -> Result<Result<AccessToken, Errors>, Problem> {
    own.check(&sent.mark)?;
    let change = match sent.what.as_str() {
        "disable" => AccessTokenChange { is_active: Some(false), label: None },
        "enable" => AccessTokenChange { is_active: Some(true), label: None },
        _ => AccessTokenChange { is_active: None, label: Some(sent.label.clone()) },
    };
    match own.visit.hub.change_access_token(&own.who, parse(id), change).await {
        Ok(token) => Ok(Ok(token)),
        Err(error) => tokens::refused(error).map(Err),
    }
}

pub async fn revoke(own: Own, Path(id): Path<String>, Form(sent): Form<Marked>) -> Response {
    match end(&own, &id, &sent.mark).await {
        Ok(()) => own.visit.done(HERE, &own.visit.frame.t("account-token-revoked")),
        Err(problem) => own.visit.refuse(&problem),
    }
}

async fn end(own: &Own, id: &str, mark: &str) -> Result<(), Problem> {
    own.check(mark)?;
    own.visit.hub.delete_access_token(&own.who, parse(id)).await.map_err(barred)
}

/// What is no id is the id of nothing.
fn parse(text: &str) -> Uuid {
    text.parse().unwrap_or_default()
}

#[cfg(test)]
impl Row {
    pub fn sample() -> Self {
        let frame = Frame::sample(HERE, Some("alice"));
        let token = AccessToken {
            id: roadstead_types::Id::from_raw(1),
            uuid: Uuid::from_u128(7),
            label: "ci-runner <b>".to_owned(),
            scope: roadstead_types::CredentialScope::Write,
            limits: roadstead_hub::access::Limits::default(),
            is_active: true,
            created_at: frame.now,
            creator_address: "198.51.100.24".to_owned(),
            creator_agent: "<telemetry>".to_owned(),
            expires_at: Some(frame.now.plus(std::time::Duration::from_secs(5 * DAY_SECS))),
            last_used_at: Some(frame.now),
            last_used_address: Some("198.51.100.24".to_owned()),
        };
        Self::new(&frame, &token)
    }
}

#[cfg(test)]
pub fn samples() -> Vec<TokenPage> {
    let page = |row: Row| TokenPage {
        frame: Frame::sample("/settings/tokens/x", Some("alice")),
        label: row.label.clone(),
        row,
        errors: Errors::default(),
    };
    vec![page(Row::sample()), page(Row { is_active: false, ..Row::sample() })]
}
