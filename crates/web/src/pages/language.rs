//! Choosing the language of the site.

use axum::Form;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use roadstead_hub::accounts::AccountError;
use roadstead_hub::{Caller, StoreError};
use serde::Deserialize;

use crate::frame::Visit;
use crate::session;
use crate::words::Language;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    language: String,
    next: String,
}

/// Back to where the choice was made, in the new language. One that the site does not have changes nothing.
pub async fn choose(visit: Visit, Form(chosen): Form<Chosen>) -> Response {
    let mut response = Redirect::to(session::next(&chosen.next)).into_response();
    let Some(language) = Language::parse(&chosen.language) else { return response };
    if let Err(error) = remember(&visit, language).await {
        return visit.refuse(&error.into());
    }
    if let Some(cookie) = Language::keep(visit.frame.scheme, Some(language)) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// With the account, where a browser's session is of one: the next sign-in would undo the choice otherwise.
async fn remember(visit: &Visit, language: Language) -> Result<(), StoreError> {
    let Caller::Identity(who) = &visit.caller else { return Ok(()) };
    match visit.hub.choose_language(who, Some(language.code())).await {
        Err(AccountError::Store(error)) => Err(error),
        // A machine's credential does not reach the settings; its answer alone is in the language.
        _ => Ok(()),
    }
}
