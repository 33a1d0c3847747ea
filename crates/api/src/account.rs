//! `/api/v1/account`: one's own address and password.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use roadstead_http::{Access, App, ClientAddress, Problem, Routes, SignedIn};
use roadstead_hub::accounts::{AccountError, Field};
use roadstead_types::Secret;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::body::{Incoming, answer, bad_field, bad_fields};
use crate::both;
use crate::users::field_word;

pub fn routes(routes: Routes) -> Routes {
    const LINK: Access = Access::Public("does something only for the holder of a one-time code");
    const ASK: Access = Access::Public("says the same whether or not the address has an account");
    const OWN: Access = Access::SignedIn;
    let routes = both!(routes, GET "/api/v1/account/email", OWN, show_address)
        .tell("Shows one's own address, and the one that waits to be confirmed");
    let routes = both!(routes, PUT "/api/v1/account/email", OWN, change_address)
        .tell_taking::<NewAddress>(
            "Asks for another address; both are told, the new one gets a link",
        );
    let routes = both!(routes, POST "/api/v1/account/email/verification", OWN, resend)
        .tell_taking::<Nothing>("Sends the link that verifies one's address again");
    let routes = both!(routes, POST "/api/v1/account/email/confirm", LINK, confirm_address)
        .tell_taking::<Code>("Verifies the address that a link was sent to");
    let routes = both!(routes, PUT "/api/v1/account/password", OWN, change_password)
        .tell_taking::<NewPassword>("Changes one's password; everybody is signed out");
    let routes = both!(routes, POST "/api/v1/account/password/forgotten", ASK, forgotten)
        .tell_taking::<Forgotten>("Sends a link for a new password to a verified address");
    both!(routes, POST "/api/v1/account/password/reset", LINK, reset_password)
        .tell_taking::<Reset>("Sets a new password with a link; everybody is signed out")
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewAddress {
    email: String,
    password: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    password: String,
    new_password: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Forgotten {
    email: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Reset {
    code: String,
    new_password: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn show_address(
    State(app): State<App>,
    SignedIn(who): SignedIn,
) -> Result<Response, Problem> {
    let address = app.hub.find_address(&who).await.map_err(refuse)?;
    let body = json!({
        "email": address.email,
        "is_verified": address.is_verified,
        "pending_email": address.pending,
    });
    Ok(answer(StatusCode::OK, &body))
}

async fn change_address(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    ClientAddress(from): ClientAddress,
    Incoming(form): Incoming<NewAddress>,
) -> Result<Response, Problem> {
    let password = Secret::new(form.password);
    app.hub.change_address(&who, &password, &form.email, from).await.map_err(refuse)?;
    Ok(accepted("follow the link that was sent to the new address; until then the old one stays"))
}

async fn resend(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    ClientAddress(from): ClientAddress,
    Incoming(Nothing {}): Incoming<Nothing>,
) -> Result<Response, Problem> {
    app.hub.resend_verification(&who, from).await.map_err(refuse)?;
    Ok(accepted("a link was sent; it works for 24 hours"))
}

async fn confirm_address(
    State(app): State<App>,
    ClientAddress(from): ClientAddress,
    Incoming(form): Incoming<Code>,
) -> Result<Response, Problem> {
    let account = app.hub.confirm_address(&Secret::new(form.code), from).await.map_err(refuse)?;
    let body = json!({ "username": account.name.as_str(), "email": account.email });
    Ok(answer(StatusCode::OK, &body))
}

async fn change_password(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    ClientAddress(from): ClientAddress,
    Incoming(form): Incoming<NewPassword>,
) -> Result<Response, Problem> {
    let (password, new) = (Secret::new(form.password), Secret::new(form.new_password));
    app.hub.change_password(&who, &password, &new, from).await.map_err(refuse)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn forgotten(
    State(app): State<App>,
    ClientAddress(from): ClientAddress,
    Incoming(form): Incoming<Forgotten>,
) -> Result<Response, Problem> {
    app.hub.ask_password_reset(&form.email, from).await.map_err(refuse)?;
    Ok(accepted(
        "if an account has this verified address, a link was sent to it; it works for one hour",
    ))
}

async fn reset_password(
    State(app): State<App>,
    ClientAddress(from): ClientAddress,
    Incoming(form): Incoming<Reset>,
) -> Result<Response, Problem> {
    let (code, new) = (Secret::new(form.code), Secret::new(form.new_password));
    app.hub.complete_password_reset(&code, &new, from).await.map_err(refuse)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What goes on by mail.
fn accepted(text: &str) -> Response {
    answer(StatusCode::ACCEPTED, &json!({ "message": text, "detail": text }))
}

/// The present password is `password` here; a rule is always about the new one.
fn member(field: Field) -> &'static str {
    match field {
        Field::Password => "new_password",
        other => field_word(other),
    }
}

pub fn refuse(error: AccountError) -> Problem {
    let text = error.to_string();
    match error {
        AccountError::NeedsPassword | AccountError::WrongPassword | AccountError::WrongCode => {
            Problem::forbidden(text)
        }
        AccountError::Throttled { retry_after } | AccountError::TooManyLetters { retry_after } => {
            Problem::new(StatusCode::TOO_MANY_REQUESTS, text)
                .retry_after(retry_after.as_secs().max(1))
        }
        AccountError::Fields(errors) => {
            bad_fields(errors.iter().map(|(field, text)| (member(field), text.to_owned())))
        }
        AccountError::BadLink | AccountError::NoSuchSession => {
            Problem::new(StatusCode::NOT_FOUND, text)
        }
        AccountError::Profile { field, text } => bad_field(field, &text),
        AccountError::IsVerified
        | AccountError::AddressTaken
        | AccountError::SecondFactorIsOn
        | AccountError::IsAdministrator
        | AccountError::LastOwner(_)
        | AccountError::HasRepositories(_)
        | AccountError::NoSecondFactor
        | AccountError::NothingToConfirm => Problem::new(StatusCode::CONFLICT, text),
        AccountError::Busy => Problem::new(StatusCode::TOO_MANY_REQUESTS, text).retry_after(2),
        AccountError::Store(error) => error.into(),
    }
}
