//! The page behind the link in an invitation to an organization.
//!
//! The link proves that the letter arrived; who joins is whoever is signed in, because there may be several
//! accounts, and the letter may have been forwarded.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use http::StatusCode;
use roadstead_hub::access::Identity;
use roadstead_hub::organizations::{Invitation, OrganizationError};
use roadstead_types::Secret;
use serde::Deserialize;
use uuid::Uuid;

use crate::frame::{Frame, Visit};
use crate::links::{Link, end, not_possible};
use crate::page::render;
use crate::ui;

/// What was answered.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Reply {
    code: String,
    /// `accept` or `decline`, by the button that was pressed.
    answer: String,
    mark: String,
}

#[derive(Template)]
#[template(path = "invitation.html")]
pub struct InvitationPage {
    frame: Frame,
    id: String,
    code: String,
    inviter: String,
    organization: String,
    /// For whom it is, when it is for one account.
    name: String,
}

impl InvitationPage {
    fn new(frame: Frame, invitation: Invitation, code: String) -> Self {
        Self {
            frame,
            id: invitation.uuid,
            code,
            inviter: invitation.inviter.to_string(),
            organization: invitation.organization.to_string(),
            name: invitation.account.map_or_else(String::new, |name| name.to_string()),
        }
    }

    /// To come back to after signing in.
    fn here(&self) -> String {
        format!("/account/invitation/{}?{}", self.id, ui::query(&[("code", &self.code)]))
    }
}

pub async fn form(visit: Visit, Path(id): Path<String>, Query(link): Query<Link>) -> Response {
    match visit.hub.find_invitation_link(parse(&id), &Secret::new(link.code.clone())).await {
        Ok(invitation) => show(visit, invitation, link.code),
        Err(error) => refuse(visit, error),
    }
}

fn show(visit: Visit, invitation: Invitation, code: String) -> Response {
    let status = match visit.frame.viewer {
        Some(_) => StatusCode::OK,
        None if !visit.frame.here.is_empty() => StatusCode::OK,
        None => StatusCode::UNAUTHORIZED,
    };
    render(status, &InvitationPage::new(visit.frame, invitation, code))
}

pub async fn reply(visit: Visit, Path(id): Path<String>, Form(reply): Form<Reply>) -> Response {
    let code = Secret::new(reply.code.clone());
    let invitation = match visit.hub.find_invitation_link(parse(&id), &code).await {
        Ok(invitation) => invitation,
        Err(error) => return refuse(visit, error),
    };
    match visit.sender(&reply.mark).map(|who| who.map(Arc::clone)) {
        Ok(Some(who)) => answer(visit, &who, &invitation, &code, &reply.answer).await,
        Ok(None) => show(visit, invitation, reply.code),
        Err(problem) => visit.refuse(&problem),
    }
}

async fn answer(
    visit: Visit,
    who: &Arc<Identity>,
    invitation: &Invitation,
    code: &Secret,
    answer: &str,
) -> Response {
    let (uuid, organization) = (parse(&invitation.uuid), invitation.organization.as_str());
    let (hub, frame) = (&visit.hub, &visit.frame);
    let (done, title, text) = match answer {
        "decline" => (
            hub.decline_invitation(who, uuid, Some(code)).await,
            frame.t("account-invitation-declined-title"),
            frame.t1("account-invitation-declined", "organization", organization),
        ),
        _ => (
            hub.accept_invitation(who, uuid, Some(code)).await.map(|_| ()),
            frame.t("account-invitation-joined-title"),
            frame.t2(
                "account-invitation-joined",
                "name",
                who.name.as_str(),
                "organization",
                organization,
            ),
        ),
    };
    match done {
        Ok(()) => end(visit.frame, title.into_owned(), text.into_owned()),
        Err(error) => refuse(visit, error),
    }
}

/// What is no id is the id of nothing.
fn parse(text: &str) -> Uuid {
    text.parse().unwrap_or_default()
}

fn refuse(visit: Visit, error: OrganizationError) -> Response {
    let (frame, text) = (&visit.frame, error.to_string());
    let (status, title) = match error {
        OrganizationError::Store(error) => return visit.refuse(&error.into()),
        OrganizationError::NoSuchInvitation => (StatusCode::NOT_FOUND, frame.t("account-link-bad")),
        OrganizationError::InvitationExpired(_) => {
            (StatusCode::GONE, frame.t("account-invitation-expired"))
        }
        _ => (StatusCode::FORBIDDEN, frame.t("account-link-not-possible")),
    };
    let title = title.into_owned();
    not_possible(status, visit.frame, title, text)
}

#[cfg(test)]
pub fn samples() -> Vec<InvitationPage> {
    let page = |viewer| InvitationPage {
        frame: Frame::sample("/account/invitation/x", viewer),
        id: "7".to_owned(),
        code: "rsd_otc_x".to_owned(),
        inviter: "Alice <b>".to_owned(),
        organization: "acme".to_owned(),
        name: "bob".to_owned(),
    };
    vec![page(None), page(Some("bob"))]
}
