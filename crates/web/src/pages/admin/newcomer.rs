//! A new account, made by an administrator.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use roadstead_hub::accounts::{Account, NewUser, SignUpError};
use roadstead_types::Secret;
use serde::Deserialize;

use super::refused::told;
use super::{Desk, Sent};
use crate::form::Errors;
use crate::frame::Frame;
use crate::page::{Caching, Page};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    name: String,
    email: String,
    /// Without one a link to choose it is sent.
    password: String,
    admin: String,
}

#[derive(Template)]
#[template(path = "admin/newcomer.html")]
pub struct Newcomer {
    frame: Frame,
    name: String,
    email: String,
    is_admin: bool,
    errors: Errors,
}

impl Page for Newcomer {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn form(desk: Desk) -> Response {
    let page = Newcomer::new(&desk, Typed::default(), Errors::default());
    desk.visit.answer(Ok(page))
}

pub async fn create(Sent { desk, typed }: Sent<Typed>) -> Response {
    match make(&desk, &typed).await {
        Ok(account) => {
            let name = account.name.as_str();
            let said = match typed.password.is_empty() {
                true => desk.frame().t1("admin-newcomer-written", "name", name),
                false => desk.frame().t1("admin-newcomer-made", "name", name),
            };
            desk.visit.done(&format!("/admin/users/{name}"), &said)
        }
        Err(error) => {
            let made = told(error).map(|errors| Newcomer::new(&desk, typed, errors));
            desk.visit.answer(made)
        }
    }
}

async fn make(desk: &Desk, typed: &Typed) -> Result<Account, SignUpError> {
    let (name, email, is_admin) = (typed.name.trim(), typed.email.trim(), !typed.admin.is_empty());
    if typed.password.is_empty() {
        return desk.hub().create_user_by_letter(&desk.key, name, email, is_admin).await;
    }
    let new = NewUser {
        name: name.to_owned(),
        email: email.to_owned(),
        password: Secret::new(typed.password.clone()),
        is_admin,
        is_verified: true,
    };
    desk.hub().create_user(&desk.key, new).await
}

impl Newcomer {
    fn new(desk: &Desk, typed: Typed, errors: Errors) -> Self {
        Self {
            frame: desk.frame().clone(),
            name: typed.name,
            email: typed.email,
            is_admin: !typed.admin.is_empty(),
            errors,
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Newcomer> {
    let page = |errors| Newcomer {
        frame: Frame::sample("/admin/users/new", Some("keeper")),
        name: "Alice <b>".to_owned(),
        email: "a@<telemetry>.example".to_owned(),
        is_admin: true,
        errors,
    };
    vec![page(Errors::default()), page(Errors::at("name", "`Alice <b>` is no name"))]
}
