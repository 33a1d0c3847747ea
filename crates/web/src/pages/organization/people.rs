//! `/{organization}/people`: members, open invitations, teams, and what teams may do. Owners change all of it;
//! members see who is there, and their own teams.

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::access::{Member, Org, OrgRight, Owner};
use roadstead_hub::organizations::{
    Invite, Invited, MemberFilter, Membership, Organization, OrganizationError, Outcome, Team,
    TeamQuery,
};
use serde::Deserialize;
use uuid::Uuid;

use super::grants::Matrix;
use super::rows::{InvitationRow, MemberRow, TeamRow};
use super::{Entered, Head, Tab, parse_role, refused, sender, told};
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::ui;

pub use super::grants::submit as change_grants;

const MEMBERS: u32 = 20;
/// Teams on a page, and in the columns of the matrix.
const TEAMS: u32 = 6;
/// Open invitations that are shown: the newest.
const INVITATIONS: u32 = 50;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Part of a member's name.
    q: String,
    page: String,
    /// The page of teams.
    teams: String,
    /// The page of the matrix.
    pub rows: String,
}

impl Asked {
    /// What else was asked for beside one parameter.
    pub fn beside(&self, parameter: &str) -> String {
        let all =
            [("q", &self.q), ("page", &self.page), ("teams", &self.teams), ("rows", &self.rows)];
        let others: Vec<_> = all
            .into_iter()
            .filter(|(name, _)| *name != parameter)
            .map(|(name, value)| (name, value.as_str()))
            .collect();
        ui::query(&others)
    }
}

#[derive(Template)]
#[template(path = "organization/people.html", blocks = ["grants"])]
pub struct People {
    frame: Frame,
    head: Head,
    asked: Asked,
    members: Vec<MemberRow>,
    members_total: u64,
    members_pager: Pager,
    invitations: Vec<InvitationRow>,
    invitations_total: u64,
    teams: Vec<TeamRow>,
    teams_pager: Pager,
    matrix: Matrix,
    /// Whom an invitation was to go to, and why it did not.
    who: String,
    error: Option<String>,
    /// htmx changed a cell, and wants the matrix.
    is_matrix_alone: bool,
}

impl Page for People {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        match self.error {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        }
    }

    fn region(&self) -> Option<askama::Result<String>> {
        self.is_matrix_alone.then(|| self.as_grants().render())
    }
}

pub async fn show(entered: Entered<Member>, Query(asked): Query<Asked>) -> Response {
    let made = People::make(&entered.visit, &entered.organization, &entered.org, asked).await;
    entered.visit.answer(made)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    mark: String,
    /// Names and addresses, with commas or blanks between them.
    who: String,
    role: String,
    /// What becomes of an open invitation: `resend` or `withdraw`.
    what: String,
    invitation: String,
}

/// Invites people by name or address.
pub async fn invite(entered: Entered<Owner>, Form(typed): Form<Typed>) -> Response {
    match send(&entered, &typed).await {
        Ok(Ok(said)) => entered.visit.done(&entered.at("/people"), &said),
        Ok(Err(error)) => {
            let made = entered.people().await;
            let made = made.map(|page| People { who: typed.who, error: Some(error), ..page });
            entered.visit.answer(made)
        }
        Err(problem) => entered.visit.refuse(&problem),
    }
}

async fn send(entered: &Entered<Owner>, typed: &Typed) -> Result<Result<String, String>, Problem> {
    sender(&entered.visit, &typed.mark)?;
    let separators = |letter: char| letter == ',' || letter == ';' || letter.is_whitespace();
    let names = typed.who.split(separators).filter(|name| !name.is_empty());
    let invite = Invite {
        invitees: names.map(str::to_owned).collect(),
        team: None,
        // Owning is given on the page of a member, which says what it means.
        role: parse_role(&typed.role).filter(|role| *role < Membership::Owner),
        dry_run: false,
    };
    match entered.org.invite(invite).await {
        Ok(invited) => Ok(outcome(&entered.visit.frame, &invited)),
        Err(error) => Ok(Err(told(error)?)),
    }
}

/// What to say of those who were invited; the first who could not be is the error.
fn outcome(frame: &Frame, invited: &[Invited]) -> Result<String, String> {
    for it in invited {
        let name = it.invitee.as_str();
        match it.outcome {
            Outcome::Invited => {}
            Outcome::ExistingMember => {
                return Err(frame.t1("organization-invite-member", "name", name).into_owned());
            }
            Outcome::Unknown => {
                return Err(frame.t1("organization-invite-unknown", "name", name).into_owned());
            }
        }
    }
    Ok(frame.t1("organization-invite-sent", "count", invited.len()).into_owned())
}

/// Sends an open invitation again, or takes it back.
pub async fn change_invitation(entered: Entered<Owner>, Form(typed): Form<Typed>) -> Response {
    match answer_invitation(&entered, &typed).await {
        Ok(Ok(said)) => entered.visit.done(&entered.at("/people"), &said),
        Ok(Err(error)) => {
            let made = entered.people().await;
            entered.visit.answer(made.map(|page| People { error: Some(error), ..page }))
        }
        Err(problem) => entered.visit.refuse(&problem),
    }
}

async fn answer_invitation(
    entered: &Entered<Owner>,
    typed: &Typed,
) -> Result<Result<String, String>, Problem> {
    let (visit, frame) = (&entered.visit, &entered.visit.frame);
    sender(visit, &typed.mark)?;
    let uuid: Uuid = typed.invitation.parse().unwrap_or_default();
    let done = match visit.hub.open_sent_invitation(&visit.caller, uuid).await {
        Ok((org, invitation)) if typed.what == "withdraw" => {
            org.cancel_invitation(&invitation).await
        }
        Ok((org, invitation)) => org.resend_invitation(&invitation).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) if typed.what == "withdraw" => {
            Ok(Ok(frame.t("organization-invite-withdrawn").into_owned()))
        }
        Ok(()) => Ok(Ok(frame.t("organization-invite-resent").into_owned())),
        Err(error) => Ok(Err(told(error)?)),
    }
}

impl Entered<Owner> {
    async fn people(&self) -> Result<People, Problem> {
        People::make(&self.visit, &self.organization, &self.org, Asked::default()).await
    }
}

impl People {
    async fn make<R: OrgRight>(
        visit: &Visit,
        organization: &Organization,
        org: &Org<R>,
        asked: Asked,
    ) -> Result<Self, Problem> {
        let head = Head::for_member(visit, organization, org, Tab::People).await?;
        let base = format!("/{}/people", organization.name);
        let number = pager::number(&asked.page);
        let filter = MemberFilter { search: asked.q.clone(), membership: None };
        let offset = (number - 1) * u64::from(MEMBERS);
        let (members, members_total) = org.members(&filter, offset, MEMBERS).await?;
        let (invitations, invitations_total) = org.invitations(0, INVITATIONS).await?;
        let (teams, teams_pager) = teams(org, &asked, &base).await.map_err(refused)?;
        let counts = org.count_grants(&teams).await?;
        Ok(Self {
            members: members.iter().map(|member| MemberRow::new(visit, member)).collect(),
            members_total,
            members_pager: Pager::new(&base, &asked.beside("page"), number, members_total, MEMBERS),
            invitations: invitations
                .iter()
                .map(|invitation| InvitationRow::new(&visit.frame, invitation))
                .collect(),
            invitations_total,
            matrix: Matrix::of(visit, org, &teams, &asked).await?,
            teams: teams.iter().map(|team| TeamRow::new(&visit.frame, team, &counts)).collect(),
            teams_pager,
            frame: visit.frame.clone(),
            head,
            asked,
            who: String::new(),
            error: None,
            is_matrix_alone: false,
        })
    }

    /// The matrix as it is after a change, at the place where the change was made.
    pub async fn matrix_alone(
        entered: &Entered<Owner>,
        typed: &[(String, String)],
    ) -> Result<Self, Problem> {
        let field = |wanted: &str| {
            let found = typed.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let asked = Asked { teams: field("teams"), rows: field("rows"), ..Asked::default() };
        let page = Self::make(&entered.visit, &entered.organization, &entered.org, asked).await?;
        Ok(Self { is_matrix_alone: true, ..page })
    }
}

async fn teams<R: OrgRight>(
    org: &Org<R>,
    asked: &Asked,
    base: &str,
) -> Result<(Vec<Team>, Pager), OrganizationError> {
    let number = pager::number(&asked.teams);
    let offset = (number - 1) * u64::from(TEAMS);
    let (teams, total) = org.teams(&TeamQuery::default(), offset, TEAMS).await?;
    let pager = Pager::new(base, &asked.beside("teams"), number, total, TEAMS).by("teams");
    Ok((teams, pager))
}

#[cfg(test)]
pub fn samples() -> Vec<People> {
    let page = |membership, error: Option<&str>| People {
        frame: Frame::sample("/harborworks/people", Some("alice")),
        head: Head::sample(Tab::People, Some(membership)),
        asked: Asked { q: "A=<b>".to_owned(), ..Asked::default() },
        members: vec![MemberRow::sample("alice", true), MemberRow::sample("tomas", false)],
        members_total: 2,
        members_pager: Pager::new("/harborworks/people", "", 1, 45, MEMBERS),
        invitations: vec![InvitationRow::sample(false), InvitationRow::sample(true)],
        invitations_total: 2,
        teams: vec![TeamRow::sample("owners", true), TeamRow::sample("backend", false)],
        teams_pager: Pager::new("/harborworks/people", "", 1, 2, TEAMS).by("teams"),
        matrix: Matrix::sample(membership == Membership::Owner),
        who: "A=<b>".to_owned(),
        error: error.map(str::to_owned),
        is_matrix_alone: false,
    };
    vec![page(Membership::Owner, Some("Alice <b>")), page(Membership::Member, None)]
}
