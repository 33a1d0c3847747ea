//! `/v2/users/` and `/v2/user/`: sign-up and user objects (hub-api, sections 2 and 3).

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, App, ClientAddress, Problem, Routes, SignedIn};
use roadstead_hub::accounts::{Account, Field, SignUp, SignUpError};
use roadstead_hub::organizations::ProfileChange;
use roadstead_types::Secret;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::account::refuse as refuse_change;
use crate::body::{Incoming, answer, bad_fields, no_content};
use crate::both;

pub fn routes(routes: Routes) -> Routes {
    const PROFILE: Access = Access::Public("what an account shows to everybody");
    let routes = both!(routes, POST "/v2/users", SIGN_UP, sign_up);
    let routes = both!(routes, GET "/v2/users/{username}", PROFILE, show);
    let routes = both!(routes, PATCH "/v2/users/{username}", Access::SignedIn, change);
    let routes = both!(routes, GET "/v2/user", Access::SignedIn, show_self);
    let routes = both!(routes, PATCH "/v2/user", Access::SignedIn, change_self);
    let routes = both!(routes, GET "/api/v1/account", Access::SignedIn, show_self)
        .tell("Shows one's own account");
    let routes = both!(routes, PATCH "/api/v1/account", Access::SignedIn, change_self)
        .tell_taking::<Change>("Changes one's profile. What is absent or null stays as it is.");
    both!(routes, DELETE "/api/v1/account", Access::SignedIn, delete_self)
        .tell_taking::<Farewell>("Deletes one's account for good. Its name stays reserved.")
}

/// How somebody shows themselves, and what their new repositories are.
#[derive(Deserialize, JsonSchema)]
struct Change {
    full_name: Option<String>,
    location: Option<String>,
    company: Option<String>,
    profile_url: Option<String>,
    default_private: Option<bool>,
}

impl From<Change> for ProfileChange {
    fn from(form: Change) -> Self {
        Self {
            full_name: form.full_name,
            location: form.location,
            company: form.company,
            profile_url: form.profile_url,
            default_private: form.default_private,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Farewell {
    password: String,
    /// Where there is a second factor.
    #[serde(default)]
    code: String,
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
    Ok(answer(StatusCode::OK, &own_json(&account)))
}

async fn change_self(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Incoming(form): Incoming<Change>,
) -> Result<Response, Problem> {
    let changed = app.hub.change_own_profile(&who, form.into()).await.map_err(refuse_change)?;
    Ok(answer(StatusCode::OK, &own_json(&changed)))
}

/// The same under one's own name; others have theirs.
async fn change(
    app: State<App>,
    SignedIn(who): SignedIn,
    Path(username): Path<String>,
    form: Incoming<Change>,
) -> Result<Response, Problem> {
    if username != who.name.as_str() {
        return Err(Problem::forbidden("people change their own profile alone"));
    }
    change_self(app, SignedIn(who), form).await
}

async fn delete_self(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    ClientAddress(from): ClientAddress,
    Incoming(form): Incoming<Farewell>,
) -> Result<Response, Problem> {
    let password = Secret::new(form.password);
    let deleted = app.hub.delete_own_account(&who, &password, &form.code, from).await;
    deleted.map_err(refuse_change)?;
    Ok(no_content())
}

/// The user object as its owner sees it.
fn own_json(account: &Account) -> Value {
    let mut user = user_json(account);
    user["email"] = json!(account.email);
    user["is_admin"] = json!(account.is_admin);
    user["is_staff"] = json!(account.is_admin);
    user["default_private"] = json!(account.default_private);
    user
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
        "location": account.location,
        "company": account.company,
        "profile_url": account.profile_url,
        "date_joined": account.created_at.to_string(),
        "gravatar_url": "",
        "gravatar_email": "",
        "type": if account.is_organization { "Org" } else { "User" },
        "is_active": !account.is_disabled,
    })
}
