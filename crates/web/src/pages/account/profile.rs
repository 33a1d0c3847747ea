//! How one shows oneself, and the language one reads the site in.

use askama::Template;
use axum::Form;
use axum::response::{Redirect, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use roadstead_http::Problem;
use roadstead_hub::organizations::ProfileChange;
use serde::Deserialize;

use super::refused;
use crate::form::Errors;
use crate::frame::Frame;
use crate::own::Own;
use crate::page::{Caching, Page};
use crate::words::Language;

const HERE: &str = "/settings/profile";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    full_name: String,
    company: String,
    location: String,
    profile_url: String,
    /// Anything, when the box is ticked.
    default_private: String,
    /// Nothing leaves it to the browser.
    language: String,
    mark: String,
}

#[derive(Template)]
#[template(path = "account/profile.html")]
pub struct ProfilePage {
    frame: Frame,
    typed: Typed,
    errors: Errors,
}

impl Page for ProfilePage {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

/// `/settings` alone.
pub async fn first(_: Own) -> Redirect {
    Redirect::to(HERE)
}

pub async fn show(own: Own) -> Response {
    let made = make(&own).await;
    own.visit.answer(made)
}

async fn make(own: &Own) -> Result<ProfilePage, Problem> {
    let (hub, who) = (&own.visit.hub, &own.who);
    let account = hub.own_account(who).await?.ok_or_else(Problem::unauthorized)?;
    let typed = Typed {
        full_name: account.full_name,
        company: account.company,
        location: account.location,
        profile_url: account.profile_url,
        default_private: if account.default_private { "on".to_owned() } else { String::new() },
        language: hub.find_language(who).await?.unwrap_or_default(),
        mark: String::new(),
    };
    Ok(ProfilePage { frame: own.visit.frame.clone(), typed, errors: Errors::default() })
}

pub async fn submit(own: Own, Form(typed): Form<Typed>) -> Response {
    let language = Language::parse(&typed.language);
    match save(&own, &typed, language).await {
        Ok(None) => {
            let mut response = own.visit.done(HERE, &own.visit.frame.t("account-profile-saved"));
            if let Some(cookie) = Language::keep(own.visit.frame.scheme, language) {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            response
        }
        Ok(Some(errors)) => {
            let frame = own.visit.frame.clone();
            own.visit.answer(Ok(ProfilePage { frame, typed, errors }))
        }
        Err(problem) => own.visit.refuse(&problem),
    }
}

/// What is wrong with it, if anything is.
async fn save(
    own: &Own,
    typed: &Typed,
    language: Option<Language>,
) -> Result<Option<Errors>, Problem> {
    own.check(&typed.mark)?;
    let change = ProfileChange {
        full_name: Some(typed.full_name.clone()),
        location: Some(typed.location.clone()),
        company: Some(typed.company.clone()),
        profile_url: Some(typed.profile_url.clone()),
        default_private: Some(!typed.default_private.is_empty()),
    };
    if let Err(error) = own.visit.hub.change_own_profile(&own.who, change).await {
        return refused(error).map(Some);
    }
    let chosen = own.visit.hub.choose_language(&own.who, language.map(Language::code)).await;
    chosen.map_or_else(|error| refused(error).map(Some), |()| Ok(None))
}

#[cfg(test)]
pub fn samples() -> Vec<ProfilePage> {
    let page = |errors| ProfilePage {
        frame: Frame::sample(HERE, Some("alice")),
        typed: Typed {
            full_name: "Alice <b> Marlow".to_owned(),
            language: "zh-CN".to_owned(),
            ..Typed::default()
        },
        errors,
    };
    vec![page(Errors::default()), page(Errors::at("profile_url", "write it with `https://`"))]
}
