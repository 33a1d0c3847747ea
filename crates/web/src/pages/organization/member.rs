//! One member, for owners: what they are in the organization, and taking them out.

use askama::Template;
use axum::Form;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::access::Owner;
use roadstead_hub::organizations::{MemberFilter, Membership};
use serde::Deserialize;

use super::rows::MemberRow;
use super::{Entered, Head, Tab, parse_role, refused, sender, told};
use crate::frame::Frame;
use crate::page::{Caching, Page};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    mark: String,
    /// `role` or `remove`.
    what: String,
    role: String,
}

#[derive(Template)]
#[template(path = "organization/member.html")]
pub struct MemberPage {
    frame: Frame,
    head: Head,
    row: MemberRow,
    membership: Membership,
    /// Nobody else owns the organization, so this one stays.
    is_last_owner: bool,
    error: Option<String>,
}

impl Page for MemberPage {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        match self.error {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        }
    }
}

impl MemberPage {
    fn is(&self, word: &str) -> bool {
        self.membership.word() == word
    }
}

pub async fn form(entered: Entered<Owner>) -> Response {
    let made = make(&entered, None).await;
    entered.visit.answer(made)
}

pub async fn submit(entered: Entered<Owner>, Form(typed): Form<Typed>) -> Response {
    // Ownership gives everything away, and may not come back.
    if typed.what == "role" && typed.role == Membership::Owner.word() {
        let here = entered.at(&format!("/people/members/{}", entered.named("member")));
        if let Err(answer) = entered.visit.proved(&typed.mark, &here).await {
            return answer;
        }
    }
    match change(&entered, &typed).await {
        Ok(Ok(said)) => entered.visit.done(&entered.at("/people"), &said),
        Ok(Err(error)) => {
            let made = make(&entered, Some(error)).await;
            entered.visit.answer(made)
        }
        Err(problem) => entered.visit.refuse(&problem),
    }
}

async fn change(
    entered: &Entered<Owner>,
    typed: &Typed,
) -> Result<Result<String, String>, Problem> {
    let (frame, name) = (&entered.visit.frame, entered.named("member"));
    sender(&entered.visit, &typed.mark)?;
    if typed.what == "remove" {
        return Ok(match entered.org.remove_member(name).await {
            Ok(()) => Ok(frame.t1("organization-member-removed", "name", name).into_owned()),
            Err(error) => Err(told(error)?),
        });
    }
    let Some(role) = parse_role(&typed.role) else {
        return Ok(Err(frame.t("organization-member-choose").into_owned()));
    };
    Ok(match entered.org.set_role(name, role).await {
        Ok(_) => Ok(frame.t1("organization-member-changed", "name", name).into_owned()),
        Err(error) => Err(told(error)?),
    })
}

async fn make(entered: &Entered<Owner>, error: Option<String>) -> Result<MemberPage, Problem> {
    let Entered { org, organization, visit, .. } = entered;
    let member = org.member_named(entered.named("member")).await.map_err(refused)?;
    let member = member.ok_or_else(Problem::not_found)?;
    let owners = MemberFilter { membership: Some(Membership::Owner), ..MemberFilter::default() };
    let (_, owners) = org.members(&owners, 0, 1).await?;
    Ok(MemberPage {
        head: Head::for_member(visit, organization, org, Tab::People).await?,
        row: MemberRow::new(visit, &member),
        is_last_owner: member.membership == Membership::Owner && owners == 1,
        membership: member.membership,
        frame: visit.frame.clone(),
        error,
    })
}

#[cfg(test)]
pub fn samples() -> Vec<MemberPage> {
    let page = |membership, is_last_owner, error: Option<&str>| MemberPage {
        frame: Frame::sample("/harborworks/people/members/alice", Some("alice")),
        head: Head::sample(Tab::People, Some(Membership::Owner)),
        row: MemberRow::sample("alice", is_last_owner),
        membership,
        is_last_owner,
        error: error.map(str::to_owned),
    };
    vec![page(Membership::Owner, true, Some("Alice <b>")), page(Membership::Editor, false, None)]
}
