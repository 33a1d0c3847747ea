//! `/api/v1/account/two-factor`: one's own second factor.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, App, ClientAddress, Origin, Problem, Routes, SignedIn};
use roadstead_types::Secret;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::account::refuse;
use crate::agent::Agent;
use crate::body::{Incoming, answer, no_content};
use crate::both;
use crate::sign_in::LOGIN_LIFE;

pub fn routes(routes: Routes) -> Routes {
    const OWN: Access = Access::SignedIn;
    let routes = both!(routes, GET "/api/v1/account/two-factor", OWN, show)
        .tell("Shows whether one's second factor is on, and how many recovery codes are left");
    let routes = both!(routes, POST "/api/v1/account/two-factor", OWN, begin)
        .tell_taking::<Begin>("Makes a secret for an authenticator; not in force before confirm");
    let routes = both!(routes, POST "/api/v1/account/two-factor/confirm", OWN, confirm)
        .tell_taking::<Confirm>(
            "Puts the second factor in force; everybody is signed out, and recovery codes are shown once",
        );
    let routes = both!(routes, DELETE "/api/v1/account/two-factor", OWN, remove)
        .tell_taking::<Both>("Takes the second factor off");
    both!(routes, POST "/api/v1/account/two-factor/recovery-codes", OWN, renew_codes)
        .tell_taking::<Both>("Makes other recovery codes and voids those there were")
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Begin {
    password: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Confirm {
    code: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Both {
    password: String,
    /// Of the authenticator, or a recovery code.
    code: String,
}

async fn show(State(app): State<App>, SignedIn(who): SignedIn) -> Result<Response, Problem> {
    let found = app.hub.find_second_factor(&who).await.map_err(refuse)?;
    let body = json!({
        "is_on": found.since.is_some(),
        "since": found.since.map(|time| time.to_string()),
        "recovery_codes_left": found.recovery_codes,
    });
    Ok(answer(StatusCode::OK, &body))
}

async fn begin(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    ClientAddress(from): ClientAddress,
    origin: Origin,
    Incoming(form): Incoming<Begin>,
) -> Result<Response, Problem> {
    let password = Secret::new(form.password);
    let begun = app.hub.begin_second_factor(&who, &password, &origin.authority, from).await;
    let begun = begun.map_err(refuse)?;
    let body = json!({ "secret": begun.secret.expose(), "uri": begun.uri.expose() });
    Ok(answer(StatusCode::OK, &body))
}

async fn confirm(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    ClientAddress(from): ClientAddress,
    Agent(agent): Agent,
    Incoming(form): Incoming<Confirm>,
) -> Result<Response, Problem> {
    let enrolled = app.hub.confirm_second_factor(&who, &form.code, from).await.map_err(refuse)?;
    // In place of the one that this request came with, which is void now.
    let token = app.hub.log_in_to_api(&enrolled.who, &agent, LOGIN_LIFE, false).await?.token;
    let body =
        json!({ "recovery_codes": texts(&enrolled.recovery_codes), "token": token.expose() });
    Ok(answer(StatusCode::OK, &body))
}

async fn remove(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    ClientAddress(from): ClientAddress,
    Incoming(form): Incoming<Both>,
) -> Result<Response, Problem> {
    let password = Secret::new(form.password);
    app.hub.remove_second_factor(&who, &password, &form.code, from).await.map_err(refuse)?;
    Ok(no_content())
}

async fn renew_codes(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    ClientAddress(from): ClientAddress,
    Incoming(form): Incoming<Both>,
) -> Result<Response, Problem> {
    let password = Secret::new(form.password);
    let codes = app.hub.renew_recovery_codes(&who, &password, &form.code, from).await;
    let body = json!({ "recovery_codes": texts(&codes.map_err(refuse)?) });
    Ok(answer(StatusCode::OK, &body))
}

fn texts(codes: &[Secret]) -> Vec<&str> {
    codes.iter().map(|code| code.expose().as_str()).collect()
}
