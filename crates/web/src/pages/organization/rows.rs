//! Members, invitations and teams as rows.

use std::borrow::Cow;

use roadstead_hub::organizations::{Invitation, Member, Membership, Person, Team};
use roadstead_types::{Role, TeamId};

use super::role;
use crate::frame::{Frame, Visit};
use crate::ui::Markup;

#[derive(Clone, Debug)]
pub struct MemberRow {
    pub name: String,
    pub full_name: String,
    /// For owners.
    pub email: Option<String>,
    pub role: Cow<'static, str>,
    pub teams: Vec<String>,
    pub joined: Markup,
    pub is_self: bool,
}

impl MemberRow {
    pub fn new(visit: &Visit, member: &Member) -> Self {
        let name = member.person.name.to_string();
        Self {
            is_self: visit.frame.viewer.as_ref().is_some_and(|viewer| viewer.name == name),
            name,
            full_name: member.person.full_name.clone(),
            email: member.person.email.clone(),
            role: role(&visit.frame, member.membership),
            teams: member.teams.clone(),
            joined: visit.frame.ago(member.joined_at),
        }
    }
}

/// Somebody in a team.
#[derive(Clone, Debug)]
pub struct PersonRow {
    pub name: String,
    pub full_name: String,
}

impl From<&Person> for PersonRow {
    fn from(person: &Person) -> Self {
        Self { name: person.name.to_string(), full_name: person.full_name.clone() }
    }
}

#[derive(Clone, Debug)]
pub struct InvitationRow {
    pub uuid: String,
    /// A name or an address.
    pub invitee: String,
    pub inviter: String,
    pub organization: String,
    pub team: Option<String>,
    pub role: Cow<'static, str>,
    pub sent: Markup,
    pub expires: String,
    pub is_expired: bool,
    /// To own the organization.
    pub is_grave: bool,
}

impl InvitationRow {
    pub fn new(frame: &Frame, invitation: &Invitation) -> Self {
        let account = invitation.account.as_ref().map(ToString::to_string);
        Self {
            uuid: invitation.uuid.clone(),
            invitee: account.or_else(|| invitation.email.clone()).unwrap_or_default(),
            inviter: invitation.inviter.to_string(),
            organization: invitation.organization.to_string(),
            team: invitation.team.clone(),
            role: role(frame, invitation.role),
            sent: frame.ago(invitation.sent_at),
            expires: frame.date(invitation.expires_at),
            is_expired: invitation.expires_at <= frame.now,
            is_grave: invitation.role == Membership::Owner,
        }
    }
}

#[derive(Clone, Debug)]
pub struct TeamRow {
    pub name: String,
    pub description: String,
    pub members: u64,
    pub is_owners: bool,
    /// What it may do, and on how many repositories.
    pub reach: Vec<Reach>,
}

#[derive(Clone, Debug)]
pub struct Reach {
    /// The design's class of the right.
    pub class: &'static str,
    pub text: Cow<'static, str>,
}

impl TeamRow {
    pub fn new(frame: &Frame, team: &Team, counts: &[(TeamId, Role, u64)]) -> Self {
        let own = counts.iter().filter(|(id, ..)| *id == team.id);
        let reach = match team.is_owners {
            true => vec![Reach { class: "admin", text: frame.t("organization-reach-all") }],
            false => own.map(|(_, role, count)| Reach::of(frame, *role, *count)).collect(),
        };
        Self {
            name: team.name.clone(),
            description: team.description.clone(),
            members: team.members,
            is_owners: team.is_owners,
            reach,
        }
    }
}

impl Reach {
    fn of(frame: &Frame, role: Role, count: u64) -> Self {
        let text = match role {
            Role::Read => frame.t1("organization-reach-read", "count", count),
            Role::Write => frame.t1("organization-reach-write", "count", count),
            Role::Admin | Role::Owner => frame.t1("organization-reach-admin", "count", count),
        };
        Self { class: role.word(), text }
    }
}

#[cfg(test)]
impl MemberRow {
    pub fn sample(name: &str, is_self: bool) -> Self {
        let frame = Frame::sample("/harborworks/people", Some("alice"));
        Self {
            name: name.to_owned(),
            full_name: "Alice <b>".to_owned(),
            email: is_self.then(|| "alice@hub.example".to_owned()),
            role: role(&frame, Membership::Owner),
            teams: vec!["owners".to_owned(), "backend".to_owned()],
            joined: frame.ago(frame.now),
            is_self,
        }
    }
}

#[cfg(test)]
impl InvitationRow {
    pub fn sample(is_expired: bool) -> Self {
        let frame = Frame::sample("/harborworks/people", Some("alice"));
        Self {
            uuid: "0a1b".to_owned(),
            invitee: "Alice <b>".to_owned(),
            inviter: "alice".to_owned(),
            organization: "harborworks".to_owned(),
            team: Some("backend".to_owned()),
            role: role(&frame, Membership::Owner),
            sent: frame.ago(frame.now),
            expires: frame.date(frame.now),
            is_expired,
            is_grave: true,
        }
    }
}

#[cfg(test)]
impl TeamRow {
    pub fn sample(name: &str, is_owners: bool) -> Self {
        let frame = Frame::sample("/harborworks/people", Some("alice"));
        Self {
            name: name.to_owned(),
            description: "Alice <b>".to_owned(),
            members: 3,
            is_owners,
            reach: vec![Reach::of(&frame, Role::Write, 7)],
        }
    }
}
