//! Invitations to organizations: those sent (hub-api, section 8) and those received.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, App, InOrg, Problem, Routes, SignedIn};
use roadstead_hub::Caller;
use roadstead_hub::access::{Identity, Org, Owner};
use roadstead_hub::organizations::{Invitation, Invite, Invited};
use roadstead_types::Secret;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::{Incoming, answer, no_content};
use crate::both;
use crate::organizations::{parse_role, refuse, role_word};
use crate::page::Page;

/// Invitations told at once: the list has no pages.
const ALL: u32 = 1000;

pub fn routes(routes: Routes) -> Routes {
    const SIGNED_IN: Access = Access::SignedIn;
    let routes = both!(routes, GET "/v2/orgs/{org}/invites", Access::of::<Owner>(), list);
    let routes = both!(routes, POST "/v2/invites/bulk", SIGNED_IN, invite);
    let routes = both!(routes, DELETE "/v2/invites/{uuid}", SIGNED_IN, cancel);
    let routes = both!(routes, PATCH "/v2/invites/{uuid}/resend", SIGNED_IN, resend);
    let routes = both!(routes, GET "/api/v1/invitations", SIGNED_IN, list_mine)
        .tell("What I am invited to, by name or by verified address.");
    let routes = both!(routes, POST "/api/v1/invitations/{uuid}/accept", SIGNED_IN, accept)
        .tell_taking::<Reply>("Join the organization.");
    both!(routes, POST "/api/v1/invitations/{uuid}/decline", SIGNED_IN, decline)
        .tell_taking::<Reply>("Decline an invitation.")
}

#[derive(Deserialize)]
struct Bulk {
    #[serde(default)]
    org: String,
    #[serde(default)]
    team: Option<String>,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    invitees: Vec<String>,
    #[serde(default)]
    dry_run: bool,
}

/// The secret of the link in the letter, for an invitation to an address.
#[derive(Deserialize, JsonSchema)]
struct Reply {
    #[serde(default)]
    code: Option<String>,
}

async fn list(InOrg(org): InOrg<Owner>) -> Result<Response, Problem> {
    let (open, _) = org.invitations(0, ALL).await?;
    let open: Vec<Value> = open.iter().map(invitation_json).collect();
    Ok(answer(StatusCode::OK, &json!({ "data": open })))
}

async fn invite(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Incoming(form): Incoming<Bulk>,
) -> Result<Response, Problem> {
    let org = app.hub.open_organization::<Owner>(&Caller::Identity(who), &form.org).await?;
    let some = |text: Option<String>| text.filter(|text| !text.is_empty());
    let invite = Invite {
        invitees: form.invitees,
        team: some(form.team),
        role: some(form.role).map(|role| parse_role(&role.to_ascii_lowercase())).transpose()?,
        dry_run: form.dry_run,
    };
    let all = org.invite(invite).await.map_err(refuse)?;
    let all: Vec<Value> = all.iter().map(invited_json).collect();
    Ok(answer(StatusCode::ACCEPTED, &json!({ "invitees": all })))
}

/// An invitation that the caller may take back or send again.
async fn sent(
    app: &App,
    who: Arc<Identity>,
    uuid: &str,
) -> Result<(Org<Owner>, Invitation), Problem> {
    let caller = Caller::Identity(who);
    app.hub.open_sent_invitation(&caller, parse_id(uuid)?).await.map_err(refuse)
}

async fn cancel(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(uuid): Path<String>,
) -> Result<Response, Problem> {
    let (org, invitation) = sent(&app, who, &uuid).await?;
    org.cancel_invitation(&invitation).await.map_err(refuse)?;
    Ok(no_content())
}

async fn resend(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(uuid): Path<String>,
) -> Result<Response, Problem> {
    let (org, invitation) = sent(&app, who, &uuid).await?;
    org.resend_invitation(&invitation).await.map_err(refuse)?;
    Ok(no_content())
}

async fn list_mine(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    page: Page,
) -> Result<Response, Problem> {
    let (mine, total) = app.hub.list_invitations_to(&who, page.offset(), page.size).await?;
    let results = mine.iter().map(invitation_json).collect();
    Ok(answer(StatusCode::OK, &page.render(total, results)?))
}

async fn accept(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(uuid): Path<String>,
    Incoming(reply): Incoming<Reply>,
) -> Result<Response, Problem> {
    let code = reply.code.map(Secret::new);
    let accepted =
        app.hub.accept_invitation(&who, parse_id(&uuid)?, code.as_ref()).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &invitation_json(&accepted)))
}

async fn decline(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(uuid): Path<String>,
    Incoming(reply): Incoming<Reply>,
) -> Result<Response, Problem> {
    let code = reply.code.map(Secret::new);
    app.hub.decline_invitation(&who, parse_id(&uuid)?, code.as_ref()).await.map_err(refuse)?;
    Ok(no_content())
}

fn parse_id(text: &str) -> Result<uuid::Uuid, Problem> {
    text.parse()
        .map_err(|_| refuse(roadstead_hub::organizations::OrganizationError::NoSuchInvitation))
}

fn invited_json(invited: &Invited) -> Value {
    let mut object = json!({
        "invitee": invited.invitee,
        "status": invited.outcome.word(),
    });
    if let Some(invitation) = &invited.invitation {
        object["invite"] = invitation_json(invitation);
    }
    object
}

pub fn invitation_json(invitation: &Invitation) -> Value {
    let id = invitation.uuid.parse::<uuid::Uuid>().unwrap_or_default();
    let invitee = match &invitation.account {
        Some(name) => name.as_str(),
        None => invitation.email.as_deref().unwrap_or_default(),
    };
    json!({
        "id": id.hyphenated().to_string(),
        "inviter_username": invitation.inviter.as_str(),
        "invitee": invitee,
        "org": invitation.organization.as_str(),
        "team": invitation.team.as_deref().unwrap_or_default(),
        "role": role_word(invitation.role),
        "created_at": invitation.created_at.to_string(),
        "sent_at": invitation.sent_at.to_string(),
        "expires_at": invitation.expires_at.to_string(),
    })
}
