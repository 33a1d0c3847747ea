//! Tokens of an organization, at `/v2/orgs/{org}/access-tokens` (hub-api, 4.2).

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, App, ClientAddress, Problem, Routes, SignedIn};
use roadstead_hub::access::Limits;
use roadstead_hub::accounts::{
    MadeBy, NewOrganizationToken, OrganizationToken, OrganizationTokenChange,
    OrganizationTokenError,
};
use roadstead_types::Secret;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access_tokens::{self, time};
use crate::agent::Agent;
use crate::body::{Incoming, answer, bad_field};
use crate::both;
use crate::page::Page;

pub fn routes(routes: Routes) -> Routes {
    let routes = both!(routes, GET "/v2/orgs/{org}/access-tokens", Access::SignedIn, list);
    let routes = both!(routes, POST "/v2/orgs/{org}/access-tokens", Access::SignedIn, create);
    let routes = both!(routes, GET "/v2/orgs/{org}/access-tokens/{uuid}", Access::SignedIn, find);
    let routes =
        both!(routes, PATCH "/v2/orgs/{org}/access-tokens/{uuid}", Access::SignedIn, change);
    both!(routes, DELETE "/v2/orgs/{org}/access-tokens/{uuid}", Access::SignedIn, delete)
}

#[derive(Deserialize)]
struct Resource {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    scopes: Vec<String>,
}

#[derive(Deserialize)]
struct Create {
    #[serde(default)]
    label: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    resources: Vec<Resource>,
    #[serde(default)]
    expires_at: Option<String>,
}

#[derive(Deserialize)]
struct Change {
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    resources: Option<Vec<Resource>>,
    #[serde(default)]
    is_active: Option<bool>,
}

async fn list(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(org): Path<String>,
    page: Page,
) -> Result<Response, Problem> {
    let found = app.hub.list_organization_tokens(&who, &org, page.offset(), page.size).await;
    let (tokens, total) = found.map_err(refuse)?;
    let results = tokens.iter().map(|token| token_json(token, None)).collect();
    let mut body = page.render(total, results)?;
    // The newer services of Docker Hub call it so.
    body["total"] = body["count"].clone();
    Ok(answer(StatusCode::OK, &body))
}

async fn create(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(org): Path<String>,
    ClientAddress(address): ClientAddress,
    Agent(agent): Agent,
    Incoming(form): Incoming<Create>,
) -> Result<Response, Problem> {
    let new = NewOrganizationToken {
        label: form.label,
        description: form.description.unwrap_or_default(),
        limits: limits(form.resources)?,
        expires_at: form.expires_at.as_deref().map(time).transpose()?,
    };
    let by = MadeBy { address: Some(address), agent };
    let made = app.hub.create_organization_token(&who, &org, new, by).await;
    let (token, secret) = made.map_err(refuse)?;
    Ok(answer(StatusCode::CREATED, &token_json(&token, Some(&secret))))
}

async fn find(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path((org, uuid)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let found = app.hub.find_organization_token(&who, &org, parse_id(&uuid)?).await;
    Ok(answer(StatusCode::OK, &token_json(&found.map_err(refuse)?, None)))
}

async fn change(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path((org, uuid)): Path<(String, String)>,
    Incoming(form): Incoming<Change>,
) -> Result<Response, Problem> {
    let change = OrganizationTokenChange {
        label: form.label,
        description: form.description,
        limits: form.resources.map(limits).transpose()?,
        is_active: form.is_active,
    };
    let changed = app.hub.change_organization_token(&who, &org, parse_id(&uuid)?, change).await;
    Ok(answer(StatusCode::OK, &token_json(&changed.map_err(refuse)?, None)))
}

async fn delete(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path((org, uuid)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let gone = app.hub.delete_organization_token(&who, &org, parse_id(&uuid)?).await;
    gone.map_err(refuse)?;
    Ok(StatusCode::NO_CONTENT)
}

fn parse_id(text: &str) -> Result<uuid::Uuid, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// From Docker Hub's resources to limits. A public repository needs no token, so the literal
/// `*/*/public` adds nothing.
fn limits(resources: Vec<Resource>) -> Result<Limits, Problem> {
    let mut named = Vec::new();
    for resource in resources {
        if resource.kind != "TYPE_REPO" {
            let text = "a token of an organization reaches repositories only: type TYPE_REPO";
            return Err(bad_field("resources", text));
        }
        let words = resource.scopes.iter().map(|scope| word(scope)).collect::<Result<_, _>>()?;
        if resource.path != "*/*/public" {
            named.push((resource.path, Some(words)));
        }
    }
    let limits = Limits::default().to_repositories(named);
    limits.map_err(|error| bad_field("resources", &error.to_string()))
}

fn word(scope: &str) -> Result<String, Problem> {
    let word = scope.strip_prefix("image-").or_else(|| scope.strip_prefix("repo-"));
    let word = word.ok_or_else(|| {
        let text =
            "a scope is one of image-pull, image-push, image-delete, repo-describe, repo-admin";
        bad_field("resources", text)
    })?;
    Ok(word.to_owned())
}

fn refuse(error: OrganizationTokenError) -> Problem {
    let text = error.to_string();
    match error {
        OrganizationTokenError::NotFound => Problem::not_found(),
        OrganizationTokenError::NotOwner(_) => Problem::forbidden(text),
        OrganizationTokenError::TooMany => Problem::new(StatusCode::BAD_REQUEST, text),
        OrganizationTokenError::Description => bad_field("description", &text),
        OrganizationTokenError::Foreign(_) => bad_field("resources", &text),
        OrganizationTokenError::Token(error) => access_tokens::refuse(error),
    }
}

fn token_json(token: &OrganizationToken, secret: Option<&Secret>) -> Value {
    let OrganizationToken { token, description, created_by } = token;
    let resource = |(path, words): (&str, Vec<&str>)| {
        let scope = |word: &&str| match *word {
            "describe" | "admin" => format!("repo-{word}"),
            word => format!("image-{word}"),
        };
        let scopes: Vec<_> = words.iter().map(scope).collect();
        json!({ "type": "TYPE_REPO", "path": path, "scopes": scopes })
    };
    let resources: Vec<_> = token.limits.places().into_iter().map(resource).collect();
    let mut object = json!({
        "id": token.uuid.hyphenated().to_string(),
        "label": token.label,
        "description": description,
        "created_by": created_by.as_ref().map(|name| name.as_str()),
        "is_active": token.is_active,
        "created_at": token.created_at.to_string(),
        "expires_at": token.expires_at.map(|time| time.to_string()),
        "last_used_at": token.last_used_at.map(|time| time.to_string()),
        "resources": resources,
    });
    if let Some(secret) = secret {
        object["token"] = Value::from(secret.expose().as_str());
    }
    object
}
