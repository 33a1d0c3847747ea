//! `/v2/users/` and `/v2/user/`: sign-up and user objects (hub-api, sections 2 and 3).

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, App, ClientAddress, Problem, Routes, SignedIn};
use roadstead_hub::accounts::{Account, Field, SignUp, SignUpError};
use roadstead_types::Secret;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::{Incoming, answer, bad_fields};
use crate::both;

pub fn routes(routes: Routes) -> Routes {
    const PROFILE: Access = Access::Public("what an account shows to everybody");
    let routes = both!(routes, POST "/v2/users", SIGN_UP, sign_up);
    let routes = both!(routes, GET "/v2/users/{username}", PROFILE, show);
    both!(routes, GET "/v2/user", Access::SignedIn, show_self)
}

pub const SIGN_UP: Access =
    Access::Public("makes an account as far as the operator's setting allows");

#[derive(Deserialize)]
pub struct SignUpForm {
    #[serde(default)]
    username: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    /// A one-time code, on hubs where sign-up is by invitation.
    #[serde(default)]
    invite: Option<String>,
}

impl From<SignUpForm> for SignUp {
    fn from(form: SignUpForm) -> Self {
        Self {
            name: form.username,
            email: form.email,
            password: Secret::new(form.password),
            invite: form.invite.map(Secret::new),
        }
    }
}

async fn sign_up(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    Incoming(form): Incoming<SignUpForm>,
) -> Result<Response, Problem> {
    let account = app.hub.sign_up(form.into(), address).await.map_err(refuse)?;
    Ok(answer(StatusCode::CREATED, &user_json(&account)))
}

async fn show(State(app): State<App>, Path(username): Path<String>) -> Result<Response, Problem> {
    let name = username.parse().map_err(|_| Problem::not_found())?;
    let account = app.hub.find_account(&name).await?.ok_or_else(Problem::not_found)?;
    Ok(answer(StatusCode::OK, &user_json(&account)))
}

async fn show_self(State(app): State<App>, SignedIn(who): SignedIn) -> Result<Response, Problem> {
    let account = app.hub.own_account(&who).await?.ok_or_else(Problem::unauthorized)?;
    let mut user = user_json(&account);
    user["email"] = json!(account.email);
    user["is_admin"] = json!(account.is_admin);
    user["is_staff"] = json!(account.is_admin);
    Ok(answer(StatusCode::OK, &user))
}

pub fn refuse(error: SignUpError) -> Problem {
    match error {
        SignUpError::NotSetUp | SignUpError::Closed => Problem::forbidden(error.to_string()),
        SignUpError::Fields(errors) => {
            bad_fields(errors.iter().map(|(field, text)| (field_word(field), text.to_owned())))
        }
        SignUpError::Throttled { retry_after } => {
            Problem::new(StatusCode::TOO_MANY_REQUESTS, error.to_string())
                .retry_after(retry_after.as_secs().max(1))
        }
        SignUpError::Busy => {
            Problem::new(StatusCode::TOO_MANY_REQUESTS, error.to_string()).retry_after(2)
        }
        SignUpError::Store(error) => error.into(),
    }
}

pub fn field_word(field: Field) -> &'static str {
    match field {
        Field::Name => "username",
        Field::Email => "email",
        Field::Password => "password",
        Field::Invite => "invite",
    }
}

/// The user object. Text members are empty rather than absent.
fn user_json(account: &Account) -> Value {
    json!({
        "id": account.uuid,
        "uuid": account.uuid,
        "username": account.name.as_str(),
        "full_name": account.full_name,
        "location": "",
        "company": "",
        "profile_url": "",
        "date_joined": account.created_at.to_string(),
        "gravatar_url": "",
        "gravatar_email": "",
        "type": if account.is_organization { "Org" } else { "User" },
        "is_active": !account.is_disabled,
    })
}
