//! `POST /v2/users/login` and `POST /v2/auth/token`: from a name and a secret to an API token
//! (hub-api, section 2).

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, App, ClientAddress, Problem, Routes};
use roadstead_types::Secret;
use serde::Deserialize;
use serde_json::json;

use crate::body::{Incoming, answer, bad_fields};
use crate::both;

/// Scripts sign in once and work on; a revoked credential ends the token at once anyway.
const LOGIN_LIFE: Duration = Duration::from_secs(12 * 3600);
/// What Docker Hub documents for `/v2/auth/token`.
const TOKEN_LIFE: Duration = Duration::from_secs(600);

pub fn routes(routes: Routes) -> Routes {
    const HARMLESS: Access = Access::Public("proves a credential; failures are limited and alike");
    let routes = both!(routes, POST "/v2/users/login", HARMLESS, login);
    both!(routes, POST "/v2/auth/token", HARMLESS, auth_token)
}

#[derive(Deserialize)]
struct Login {
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    password: Option<String>,
}

#[derive(Deserialize)]
struct AuthToken {
    #[serde(default)]
    identifier: Option<String>,
    #[serde(default)]
    secret: Option<String>,
}

async fn login(
    State(app): State<App>,
    address: ClientAddress,
    Incoming(form): Incoming<Login>,
) -> Result<Response, Problem> {
    let user = needed("username", form.username)?;
    let secret = needed("password", form.password)?;
    let token = sign_in(&app, address, &user, secret, LOGIN_LIFE).await?;
    Ok(answer(StatusCode::OK, &json!({ "token": token.expose() })))
}

async fn auth_token(
    State(app): State<App>,
    address: ClientAddress,
    Incoming(form): Incoming<AuthToken>,
) -> Result<Response, Problem> {
    let user = needed("identifier", form.identifier)?;
    let secret = needed("secret", form.secret)?;
    let token = sign_in(&app, address, &user, secret, TOKEN_LIFE).await?;
    Ok(answer(StatusCode::OK, &json!({ "access_token": token.expose() })))
}

async fn sign_in(
    app: &App,
    ClientAddress(address): ClientAddress,
    user: &str,
    secret: String,
    life: Duration,
) -> Result<Secret, Problem> {
    let identity = app.hub.sign_in_to_api(user, &Secret::new(secret), address).await?;
    Ok(app.hub.issue_api_token(&identity, life)?.token)
}

fn needed(field: &'static str, value: Option<String>) -> Result<String, Problem> {
    let value = value.filter(|value| !value.is_empty());
    value.ok_or_else(|| bad_fields([(field, "This field is required.".to_owned())]))
}
