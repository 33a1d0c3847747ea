//! The page behind the link in an invitation to an organization.
//!
//! The link proves that the letter arrived; who joins is proved by name and password, because there may
//! be several accounts, and the letter may have been forwarded.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{App, ClientAddress, Problem};
use roadstead_hub::access::Identity;
use roadstead_hub::accounts::SignInError;
use roadstead_hub::organizations::{Invitation, OrganizationError};
use roadstead_types::Secret;
use serde::Deserialize;
use uuid::Uuid;

use crate::frame::Frame;
use crate::links::{Link, bad_end, end};
use crate::page::render;

/// What was typed. Absent fields are empty ones.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Reply {
    code: String,
    name: String,
    password: String,
    /// `accept` or `decline`, by the button that was pressed.
    answer: String,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    frame: Frame,
    id: String,
    code: String,
    inviter: String,
    organization: String,
    /// For whom it is, when it is for one account.
    name: String,
    error: Option<String>,
}

type Answer = Result<Response, Problem>;

pub async fn form(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Query(link): Query<Link>,
) -> Answer {
    show(&app, frame, &id, link.code, None).await
}

pub async fn reply(
    State(app): State<App>,
    frame: Frame,
    ClientAddress(from): ClientAddress,
    Path(id): Path<String>,
    Form(typed): Form<Reply>,
) -> Answer {
    let code = Secret::new(typed.code.clone());
    let invitation = match app.hub.find_invitation_link(parse(&id), &code).await {
        Ok(invitation) => invitation,
        Err(error) => return refuse(frame, error),
    };
    let who = match app.hub.sign_in(&typed.name, &Secret::new(typed.password), from).await {
        Ok(who) => who,
        Err(SignInError::Store(error)) => return Err(error.into()),
        Err(error) => return show(&app, frame, &id, typed.code, Some(error.to_string())).await,
    };
    answer(&app, frame, &who, &invitation, &code, &typed.answer).await
}

async fn answer(
    app: &App,
    frame: Frame,
    who: &Arc<Identity>,
    invitation: &Invitation,
    code: &Secret,
    answer: &str,
) -> Answer {
    let (uuid, organization) = (parse(&invitation.uuid), &invitation.organization);
    if answer == "decline" {
        return match app.hub.decline_invitation(who, uuid, Some(code)).await {
            Ok(()) => {
                let text = format!("You are no member of {organization}, and nobody is told why.");
                Ok(end(StatusCode::OK, frame, "Declined", text))
            }
            Err(error) => refuse(frame, error),
        };
    }
    match app.hub.accept_invitation(who, uuid, Some(code)).await {
        Ok(_) => {
            let text = format!("{} is now a member of {organization}.", who.name);
            Ok(end(StatusCode::OK, frame, "Welcome", text))
        }
        Err(error) => refuse(frame, error),
    }
}

async fn show(app: &App, frame: Frame, id: &str, code: String, error: Option<String>) -> Answer {
    match app.hub.find_invitation_link(parse(id), &Secret::new(code.clone())).await {
        Ok(invitation) => {
            let page = InvitationPage {
                frame,
                id: invitation.uuid,
                code,
                inviter: invitation.inviter.to_string(),
                organization: invitation.organization.to_string(),
                name: invitation.account.map_or_else(String::new, |name| name.to_string()),
                error,
            };
            let status = match page.error {
                Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
                None => StatusCode::OK,
            };
            Ok(render(status, &page))
        }
        Err(error) => refuse(frame, error),
    }
}

/// What is no id is the id of nothing.
fn parse(text: &str) -> Uuid {
    text.parse().unwrap_or_default()
}

fn refuse(frame: Frame, error: OrganizationError) -> Answer {
    let text = error.to_string();
    let (status, title) = match error {
        OrganizationError::Store(error) => return Err(error.into()),
        OrganizationError::NoSuchInvitation => (StatusCode::NOT_FOUND, "This link does not work"),
        OrganizationError::InvitationExpired(_) => {
            (StatusCode::GONE, "This invitation has expired")
        }
        _ => (StatusCode::FORBIDDEN, "This is not possible now"),
    };
    Ok(bad_end(status, frame, title, text))
}
