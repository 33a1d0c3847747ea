//! People.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Administrator, App, Problem, Routes};
use roadstead_hub::accounts::{Account, AdminError, NewUser, Person};
use roadstead_types::Secret;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::query;
use crate::body::{Incoming, answer, bad_fields, no_content};
use crate::both;
use crate::page::Page;
use crate::users;

pub fn routes(routes: Routes) -> Routes {
    const ADMIN: Access = Access::Administrator;
    let routes = both!(routes, GET "/api/v1/admin/users", ADMIN, list).tell(
        "All people, by name. `search` is part of a name or address; `disabled`, `administrator` and `unverified` filter with `true`, `plan` by the name of a plan.",
    );
    let routes = both!(routes, POST "/api/v1/admin/users", ADMIN, create).tell_taking::<Create>(
        "Makes an account; without a password, a link to choose one is sent to the address.",
    );
    let routes = both!(routes, GET "/api/v1/admin/users/{user}", ADMIN, show)
        .tell("One person, and what they have.");
    let routes = both!(routes, POST "/api/v1/admin/users/{user}/disable", ADMIN, disable)
        .tell("Locks an account out. What it owns stays.");
    let routes = both!(routes, POST "/api/v1/admin/users/{user}/enable", ADMIN, enable)
        .tell("Lets an account in again.");
    let routes = both!(routes, POST "/api/v1/admin/users/{user}/verify", ADMIN, verify)
        .tell("Vouches for the e-mail address.");
    let routes = both!(routes, DELETE "/api/v1/admin/users/{user}", ADMIN, delete).tell(
        "Deletes an account that has no repositories and that nothing depends on. Its names stay reserved.",
    );
    let routes = both!(routes, POST "/api/v1/admin/users/{user}/sign-out", ADMIN, sign_out)
        .tell("Ends everything that was signed in with the password. Access tokens stay.");
    let routes = both!(routes, POST "/api/v1/admin/users/{user}/rename", ADMIN, rename)
        .tell_taking::<Rename>(
            "Renames. Repositories can be pulled by their old names but not pushed.",
        );
    let routes = both!(routes, POST "/api/v1/admin/users/{user}/password", ADMIN, password)
        .tell_taking::<Password>(
            "Sets another password, or without one ends the old and sends a link to choose another.",
        );
    let routes = both!(routes, PUT "/api/v1/admin/users/{user}/administrator", ADMIN, promote)
        .tell("Makes somebody an administrator of the hub.");
    both!(routes, DELETE "/api/v1/admin/users/{user}/administrator", ADMIN, dismiss)
        .tell("Makes an administrator one no longer. The last one stays.")
}

#[derive(Deserialize, JsonSchema)]
struct Create {
    #[serde(default)]
    username: String,
    #[serde(default)]
    email: String,
    /// Without one a letter is sent.
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    is_admin: bool,
    /// Whether the administrator vouches for the address; with a letter it is so in any case.
    #[serde(default)]
    is_verified: bool,
}

#[derive(Deserialize, JsonSchema)]
struct Rename {
    #[serde(default)]
    username: String,
}

#[derive(Deserialize, JsonSchema)]
struct Password {
    #[serde(default)]
    password: Option<String>,
}

async fn list(
    State(app): State<App>,
    Administrator(key): Administrator,
    page: Page,
) -> Result<Response, Problem> {
    let (people, total) = app.hub.search_people(&key, &query(&page)).await?;
    let rows = people.iter().map(|it| user_json(&it.account, Some(&it.plan))).collect();
    Ok(answer(StatusCode::OK, &page.render(total, rows)?))
}

async fn create(
    State(app): State<App>,
    Administrator(key): Administrator,
    Incoming(form): Incoming<Create>,
) -> Result<Response, Problem> {
    let Create { username, email, password, is_admin, is_verified } = form;
    let made = match password {
        Some(password) => {
            let password = Secret::new(password);
            let new = NewUser { name: username, email, password, is_admin, is_verified };
            app.hub.create_user(&key, new).await
        }
        None => app.hub.create_user_by_letter(&key, &username, &email, is_admin).await,
    };
    let made = made.map_err(users::refuse)?;
    Ok(answer(StatusCode::CREATED, &user_json(&made, None)))
}

async fn show(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(user): Path<String>,
) -> Result<Response, Problem> {
    let person = app.hub.find_person(&key, &user).await.map_err(refuse)?;
    let Person { account, plan, holdings } = &person;
    let mut object = user_json(account, Some(plan));
    object["repositories"] = json!(holdings.repositories);
    object["private_repositories"] = json!(holdings.private_repositories);
    object["organizations"] = json!(holdings.organizations);
    object["access_tokens"] = json!(holdings.access_tokens);
    object["last_seen_at"] = json!(holdings.last_seen_at.map(|time| time.to_string()));
    Ok(answer(StatusCode::OK, &object))
}

async fn disable(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(user): Path<String>,
) -> Result<Response, Problem> {
    changed(app.hub.disable_user(&key, &user).await)
}

async fn enable(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(user): Path<String>,
) -> Result<Response, Problem> {
    changed(app.hub.enable_user(&key, &user).await)
}

async fn verify(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(user): Path<String>,
) -> Result<Response, Problem> {
    changed(app.hub.verify_user(&key, &user).await)
}

async fn sign_out(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(user): Path<String>,
) -> Result<Response, Problem> {
    changed(app.hub.sign_user_out(&key, &user).await)
}

async fn delete(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(user): Path<String>,
) -> Result<Response, Problem> {
    app.hub.delete_user(&key, &user).await.map_err(refuse)?;
    Ok(no_content())
}

async fn rename(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(user): Path<String>,
    Incoming(form): Incoming<Rename>,
) -> Result<Response, Problem> {
    changed(app.hub.rename_user(&key, &user, &form.username).await)
}

async fn password(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(user): Path<String>,
    Incoming(form): Incoming<Password>,
) -> Result<Response, Problem> {
    changed(match form.password {
        Some(new) => app.hub.reset_password(&key, &user, &Secret::new(new)).await,
        None => app.hub.force_new_password(&key, &user).await,
    })
}

async fn promote(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(user): Path<String>,
) -> Result<Response, Problem> {
    changed(app.hub.set_administrator(&key, &user, true).await)
}

async fn dismiss(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(user): Path<String>,
) -> Result<Response, Problem> {
    changed(app.hub.set_administrator(&key, &user, false).await)
}

fn changed(result: Result<Account, AdminError>) -> Result<Response, Problem> {
    let account = result.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &user_json(&account, None)))
}

fn refuse(error: AdminError) -> Problem {
    let text = error.to_string();
    match error {
        AdminError::NoSuchUser(_) => Problem::new(StatusCode::NOT_FOUND, text),
        AdminError::Password(_) => bad_fields([("password", text)]),
        AdminError::Name(_) => bad_fields([("username", text)]),
        AdminError::Token(_) => Problem::new(StatusCode::BAD_REQUEST, text),
        AdminError::AddressTaken(_)
        | AdminError::LastAdministrator(_)
        | AdminError::NoSecondFactor(_)
        | AdminError::Tied { .. }
        | AdminError::NoAddress(_) => Problem::new(StatusCode::CONFLICT, text),
        AdminError::Store(error) => error.into(),
    }
}

fn user_json(account: &Account, plan: Option<&str>) -> Value {
    let mut object = json!({
        "id": account.uuid,
        "username": account.name.as_str(),
        "full_name": account.full_name,
        "email": account.email,
        "is_admin": account.is_admin,
        "is_verified": account.is_verified,
        "is_disabled": account.is_disabled,
        "created_at": account.created_at.to_string(),
    });
    if let Some(plan) = plan {
        object["plan"] = plan.into();
    }
    object
}
