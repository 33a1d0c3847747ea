//! `/organizations`: those that whoever is signed in belongs to, and the invitations that wait for an answer.

use std::borrow::Cow;

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use serde::Deserialize;
use uuid::Uuid;

use super::rows::InvitationRow;
use super::{role, sender, signed_in, told};
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};

const SIZE: u32 = 25;
/// Invitations that are shown: the newest.
const INVITATIONS: u32 = 50;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
}

#[derive(Clone, Debug)]
struct Row {
    name: String,
    full_name: String,
    role: Cow<'static, str>,
    teams: Vec<String>,
}

#[derive(Template)]
#[template(path = "organization/mine.html")]
pub struct Mine {
    frame: Frame,
    rows: Vec<Row>,
    total: u64,
    pager: Pager,
    invitations: Vec<InvitationRow>,
    error: Option<String>,
}

impl Page for Mine {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        match self.error {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        }
    }
}

pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let made = make(&visit, &asked, None).await;
    visit.answer(made)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    mark: String,
    invitation: String,
    /// `accept` or `decline`.
    answer: String,
}

/// Accepts or declines an invitation.
pub async fn reply(visit: Visit, Form(typed): Form<Typed>) -> Response {
    match answer(&visit, &typed).await {
        Ok(Ok((there, said))) => visit.done(&there, &said),
        Ok(Err(error)) => {
            let made = make(&visit, &Asked::default(), Some(error)).await;
            visit.answer(made)
        }
        Err(problem) => visit.refuse(&problem),
    }
}

/// Where to go and what to say, or what is in the way.
type Answered = Result<(String, String), String>;

async fn answer(visit: &Visit, typed: &Typed) -> Result<Answered, Problem> {
    let (who, frame) = (sender(visit, &typed.mark)?, &visit.frame);
    let uuid: Uuid = typed.invitation.parse().unwrap_or_default();
    if typed.answer == "decline" {
        return Ok(match visit.hub.decline_invitation(&who, uuid, None).await {
            Ok(()) => {
                let said = frame.t("organization-invitation-declined");
                Ok(("/organizations".to_owned(), said.into_owned()))
            }
            Err(error) => Err(told(error)?),
        });
    }
    Ok(match visit.hub.accept_invitation(&who, uuid, None).await {
        Ok(invitation) => {
            let name = invitation.organization.as_str();
            let said = frame.t1("organization-invitation-accepted", "name", name);
            Ok((format!("/{name}"), said.into_owned()))
        }
        Err(error) => Err(told(error)?),
    })
}

async fn make(visit: &Visit, asked: &Asked, error: Option<String>) -> Result<Mine, Problem> {
    let (who, frame) = (signed_in(visit)?, &visit.frame);
    let number = pager::number(&asked.page);
    let offset = (number - 1) * u64::from(SIZE);
    let (mine, total) = visit.hub.list_organizations_of(who, offset, SIZE).await?;
    let (invitations, _) = visit.hub.list_invitations_to(who, 0, INVITATIONS).await?;
    let row = |(belonging, teams)| {
        let roadstead_hub::organizations::Belonging { organization, membership } = belonging;
        Row {
            name: organization.name.to_string(),
            full_name: organization.full_name,
            role: role(frame, membership),
            teams,
        }
    };
    Ok(Mine {
        rows: mine.into_iter().map(row).collect(),
        total,
        pager: Pager::new("/organizations", "", number, total, SIZE),
        invitations: invitations.iter().map(|it| InvitationRow::new(frame, it)).collect(),
        frame: frame.clone(),
        error,
    })
}

#[cfg(test)]
pub fn samples() -> Vec<Mine> {
    use roadstead_hub::organizations::Membership;

    let frame = Frame::sample("/organizations", Some("alice"));
    let row = Row {
        name: "harborworks".to_owned(),
        full_name: "Alice <b>".to_owned(),
        role: role(&frame, Membership::Owner),
        teams: vec!["owners".to_owned()],
    };
    let page = |rows: Vec<Row>, invitations, error: Option<&str>| Mine {
        frame: frame.clone(),
        total: rows.len() as u64,
        rows,
        pager: Pager::new("/organizations", "", 1, 1, SIZE),
        invitations,
        error: error.map(str::to_owned),
    };
    let waiting = vec![InvitationRow::sample(false)];
    vec![page(vec![row], waiting, Some("Alice <b>")), page(Vec::new(), Vec::new(), None)]
}
