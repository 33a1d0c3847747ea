//! Personal access tokens, at `/v2/access-tokens` and for older clients at `/v2/api_tokens`
//! (hub-api, 4.1).

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, App, ClientAddress, Problem, Routes, SignedIn};
use roadstead_hub::access::Limits;
use roadstead_hub::accounts::{
    AccessToken, AccessTokenChange, AccessTokenError, MadeBy, NewAccessToken,
};
use roadstead_types::{CredentialScope, Secret, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::agent::Agent;
use crate::body::{Incoming, answer, bad_field, no_content};
use crate::both;
use crate::page::Page;

macro_rules! family {
    ($routes:expr, $list:literal, $one:literal) => {{
        let routes = both!($routes, GET $list, Access::SignedIn, list);
        let routes = both!(routes, POST $list, Access::SignedIn, create);
        let routes = both!(routes, GET $one, Access::SignedIn, find);
        let routes = both!(routes, PATCH $one, Access::SignedIn, change);
        both!(routes, DELETE $one, Access::SignedIn, delete)
    }};
}

pub fn routes(routes: Routes) -> Routes {
    let routes = family!(routes, "/v2/access-tokens", "/v2/access-tokens/{uuid}");
    family!(routes, "/v2/api_tokens", "/v2/api_tokens/{uuid}")
}

/// `is_active` is not read here: an older client always sends `false` and means nothing by it.
#[derive(Deserialize)]
struct Create {
    #[serde(default)]
    token_label: String,
    #[serde(default)]
    scopes: Option<Vec<String>>,
    #[serde(default)]
    expires_at: Option<String>,
    /// Names and patterns, `acme/*`, that the token is limited to.
    #[serde(default)]
    repositories: Option<Vec<String>>,
    /// `pull`, `push`, `delete`, `describe`, `admin`.
    #[serde(default)]
    actions: Option<Vec<String>>,
}

impl Create {
    fn limits(&self) -> Result<Limits, Problem> {
        let mut limits = Limits::default();
        if let Some(names) = &self.repositories {
            let named = names.iter().map(|name| (name.clone(), None));
            let limited = limits.to_repositories(named);
            limits = limited.map_err(|error| bad_field("repositories", &error.to_string()))?;
        }
        if let Some(words) = &self.actions {
            let limited = limits.to_actions(words);
            limits = limited.map_err(|error| bad_field("actions", &error.to_string()))?;
        }
        Ok(limits)
    }
}

#[derive(Deserialize)]
struct Change {
    #[serde(default)]
    token_label: Option<String>,
    #[serde(default)]
    is_active: Option<bool>,
}

async fn list(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    page: Page,
) -> Result<Response, Problem> {
    let found = app.hub.list_access_tokens(&who, page.offset(), page.size).await.map_err(refuse)?;
    let results = found.tokens.iter().map(|token| token_json(token, None)).collect();
    let mut body = page.render(found.total, results)?;
    body["active_count"] = Value::from(found.active);
    Ok(answer(StatusCode::OK, &body))
}

async fn create(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    ClientAddress(address): ClientAddress,
    Agent(agent): Agent,
    Incoming(form): Incoming<Create>,
) -> Result<Response, Problem> {
    let limits = form.limits()?;
    let new = NewAccessToken {
        limits,
        label: form.token_label,
        scope: strongest(form.scopes.as_deref().unwrap_or_default())?,
        expires_at: form.expires_at.as_deref().map(time).transpose()?,
    };
    let by = MadeBy { address: Some(address), agent };
    let (token, secret) = app.hub.create_access_token(&who, new, by).await.map_err(refuse)?;
    Ok(answer(StatusCode::CREATED, &token_json(&token, Some(&secret))))
}

async fn find(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(uuid): Path<String>,
) -> Result<Response, Problem> {
    let token = app.hub.find_access_token(&who, parse_id(&uuid)?).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &token_json(&token, None)))
}

async fn change(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(uuid): Path<String>,
    Incoming(form): Incoming<Change>,
) -> Result<Response, Problem> {
    let change = AccessTokenChange { label: form.token_label, is_active: form.is_active };
    let token =
        app.hub.change_access_token(&who, parse_id(&uuid)?, change).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &token_json(&token, None)))
}

async fn delete(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(uuid): Path<String>,
) -> Result<Response, Problem> {
    app.hub.delete_access_token(&who, parse_id(&uuid)?).await.map_err(refuse)?;
    Ok(no_content())
}

fn parse_id(text: &str) -> Result<uuid::Uuid, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// Each scope implies the weaker ones, so the strongest says it all. Older clients send none and
/// expect a token that can do everything.
fn strongest(scopes: &[String]) -> Result<CredentialScope, Problem> {
    let mut strongest = None;
    for word in scopes {
        let scope: CredentialScope =
            word.parse().map_err(|error: roadstead_types::scope::ScopeError| {
                bad_field("scopes", &error.to_string())
            })?;
        strongest = strongest.max(Some(scope));
    }
    Ok(strongest.unwrap_or(CredentialScope::Admin))
}

pub(crate) fn time(text: &str) -> Result<Timestamp, Problem> {
    let rule = "write the time as in 2030-01-31T12:00:00Z";
    Timestamp::parse(text).ok_or_else(|| bad_field("expires_at", rule))
}

pub(crate) fn refuse(error: AccessTokenError) -> Problem {
    let text = error.to_string();
    match error {
        AccessTokenError::NotFound => Problem::not_found(),
        AccessTokenError::NeedsPassword | AccessTokenError::Unverified => Problem::forbidden(text),
        AccessTokenError::TooMany => Problem::new(StatusCode::BAD_REQUEST, text),
        AccessTokenError::Label => bad_field("token_label", &text),
        AccessTokenError::Expiry => bad_field("expires_at", &text),
        AccessTokenError::Store(error) => error.into(),
    }
}

/// The token object; the secret is in the answer to its creation alone.
fn token_json(token: &AccessToken, secret: Option<&Secret>) -> Value {
    json!({
        "uuid": token.uuid.hyphenated().to_string(),
        "client_id": "HUB",
        "creator_ip": token.creator_address,
        "creator_ua": token.creator_agent,
        "created_at": token.created_at.to_string(),
        "last_used": token.last_used_at.map(|time| time.to_string()),
        "last_used_ip": token.last_used_address,
        "generated_by": "manual",
        "is_active": token.is_active,
        "token": secret.map_or("", |secret| secret.expose().as_str()),
        "token_label": token.label,
        "scopes": [token.scope.word()],
        "repositories": token.limits.repositories(),
        "actions": token.limits.actions(),
        "expires_at": token.expires_at.map(|time| time.to_string()),
    })
}
