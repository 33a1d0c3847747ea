//! `POST /v2/users/login`, `/v2/users/2fa-login` and `/v2/auth/token`: from a name and a secret to an API
//! token (hub-api, section 2).

use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, App, ClientAddress, Problem, Routes};
use roadstead_hub::access::Identity;
use roadstead_hub::accounts::SignIn;
use roadstead_types::Secret;
use serde::Deserialize;
use serde_json::json;

use crate::agent::Agent;
use crate::body::{Incoming, answer, bad_fields};
use crate::both;

/// Scripts sign in once and work on; a revoked credential ends the token at once anyway.
pub const LOGIN_LIFE: Duration = Duration::from_secs(12 * 3600);
/// What Docker Hub documents for `/v2/auth/token`.
const TOKEN_LIFE: Duration = Duration::from_secs(600);

/// Word for word: hub-tool asks for a code when it reads exactly this.
const NEEDS_CODE: &str = "Require secondary authentication on MFA enabled account";

pub fn routes(routes: Routes) -> Routes {
    const HARMLESS: Access = Access::Public("proves a credential; failures are limited and alike");
    let routes = both!(routes, POST "/v2/users/login", HARMLESS, login);
    let routes = both!(routes, POST "/v2/users/2fa-login", HARMLESS, give_code);
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
struct SecondStep {
    #[serde(default)]
    login_2fa_token: Option<String>,
    #[serde(default)]
    code: Option<String>,
}

/// What hub-tool asks for beside the token.
#[derive(Deserialize)]
struct Ask {
    refresh_token: Option<String>,
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
    ClientAddress(address): ClientAddress,
    agent: Agent,
    Query(ask): Query<Ask>,
    Incoming(form): Incoming<Login>,
) -> Result<Response, Problem> {
    let user = needed("username", form.username)?;
    let secret = Secret::new(needed("password", form.password)?);
    match app.hub.begin_sign_in(&user, &secret, address).await? {
        SignIn::Done(who) => signed_in(&app, &who, &agent, &ask).await,
        SignIn::NeedsCode(pending) => Err(Problem::with_body(
            StatusCode::UNAUTHORIZED,
            json!({ "detail": NEEDS_CODE, "login_2fa_token": pending.expose() }),
        )),
    }
}

async fn give_code(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    agent: Agent,
    Query(ask): Query<Ask>,
    Incoming(form): Incoming<SecondStep>,
) -> Result<Response, Problem> {
    let pending = Secret::new(needed("login_2fa_token", form.login_2fa_token)?);
    let code = needed("code", form.code)?;
    let who = app.hub.finish_sign_in(&pending, &code, address).await?;
    signed_in(&app, &who, &agent, &ask).await
}

async fn signed_in(
    app: &App,
    who: &Identity,
    Agent(agent): &Agent,
    ask: &Ask,
) -> Result<Response, Problem> {
    let to_keep = ask.refresh_token.as_deref() == Some("true");
    let login = app.hub.log_in_to_api(who, agent, LOGIN_LIFE, to_keep).await?;
    let mut body = json!({ "token": login.token.expose() });
    if let Some(refresh) = &login.refresh {
        body["refresh_token"] = json!(refresh.expose());
    }
    Ok(answer(StatusCode::OK, &body))
}

async fn auth_token(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    Agent(agent): Agent,
    Incoming(form): Incoming<AuthToken>,
) -> Result<Response, Problem> {
    let user = needed("identifier", form.identifier)?;
    let secret = Secret::new(needed("secret", form.secret)?);
    let who = app.hub.sign_in_to_api(&user, &secret, address).await?;
    let token = app.hub.log_in_to_api(&who, &agent, TOKEN_LIFE, false).await?.token;
    Ok(answer(StatusCode::OK, &json!({ "access_token": token.expose() })))
}

fn needed(field: &'static str, value: Option<String>) -> Result<String, Problem> {
    let value = value.filter(|value| !value.is_empty());
    value.ok_or_else(|| bad_fields([(field, "This field is required.".to_owned())]))
}
