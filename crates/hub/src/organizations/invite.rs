//! Inviting people to an organization: by name, or by an address whether or not it has an account.

use std::collections::BTreeSet;
use std::time::Duration;

use roadstead_db::invitations::{self, Invitee, NewInvitation};
use roadstead_db::{Tx, accounts, members, organizations};
use roadstead_types::{AccountId, Timestamp};
use serde_json::json;

use super::{Invitation, Membership, OrganizationError, Team, text};
use crate::access::{Org, Owner};
use crate::accounts::is_usable;
use crate::accounts::{LetterOrder, rules, secrets};
use crate::audit::Action;

pub(super) const VALID_FOR: Duration = Duration::from_secs(7 * 24 * 3600);
/// One person is written to at most so often.
pub(super) const BETWEEN_LETTERS: Duration = Duration::from_secs(60);
/// People invited in one request.
const MOST_AT_ONCE: usize = 100;
/// Open invitations of one organization.
const MOST_OPEN: u64 = 1000;

/// Whom to invite, and to what.
#[derive(Clone, Debug, Default)]
pub struct Invite {
    /// Names and addresses.
    pub invitees: Vec<String>,
    pub team: Option<String>,
    pub role: Option<Membership>,
    /// Only tells what would happen.
    pub dry_run: bool,
}

/// What became of one of those who were to be invited.
#[derive(Clone, Debug)]
pub struct Invited {
    pub invitee: String,
    pub outcome: Outcome,
    pub invitation: Option<Invitation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Invited,
    ExistingMember,
    /// No user of that name, and no address.
    Unknown,
}

impl Outcome {
    /// The word of Docker Hub's API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::ExistingMember => "existing_org_member",
            Self::Unknown => "invalid_email_or_docker_id",
        }
    }
}

/// Whom a text means.
enum Target {
    Member,
    Invitee(Invitee),
    Unknown,
}

impl Org<Owner> {
    /// Invites some people. Whoever is invited already keeps one invitation, which is sent again.
    pub async fn invite(&self, invite: Invite) -> Result<Vec<Invited>, OrganizationError> {
        let invitees: BTreeSet<String> =
            invite.invitees.iter().map(|text| text.trim().to_ascii_lowercase()).collect();
        if !(1..=MOST_AT_ONCE).contains(&invitees.len()) {
            let text = format!("name 1 to {MOST_AT_ONCE} people, by user name or e-mail address");
            return Err(OrganizationError::Field { field: "invitees", text });
        }
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                let team = match &invite.team {
                    Some(team) => Some(self.find_team(tx, team).await?),
                    None => None,
                };
                let to_owners = team.as_ref().is_some_and(|team| team.is_owners);
                let role = match to_owners {
                    true => Membership::Owner,
                    false => invite.role.unwrap_or(Membership::Member),
                };
                let mut all = Vec::new();
                for invitee in &invitees {
                    all.push(match invite.dry_run {
                        true => self.would_invite(tx, invitee).await?,
                        false => self.invite_one(tx, invitee, team.as_ref(), role).await?,
                    });
                }
                Ok(all)
            })
            .await
    }

    async fn would_invite(
        &self,
        tx: &mut Tx<'_>,
        invitee: &str,
    ) -> Result<Invited, OrganizationError> {
        let outcome = match self.target(tx, invitee).await? {
            Target::Member => Outcome::ExistingMember,
            Target::Invitee(_) => Outcome::Invited,
            Target::Unknown => Outcome::Unknown,
        };
        Ok(Invited { invitee: text::shown(invitee), outcome, invitation: None })
    }

    pub(super) async fn invite_one(
        &self,
        tx: &mut Tx<'_>,
        invitee: &str,
        team: Option<&Team>,
        role: Membership,
    ) -> Result<Invited, OrganizationError> {
        let told =
            |outcome, invitation| Invited { invitee: text::shown(invitee), outcome, invitation };
        let target = match self.target(tx, invitee).await? {
            Target::Member => return Ok(told(Outcome::ExistingMember, None)),
            Target::Unknown => return Ok(told(Outcome::Unknown, None)),
            Target::Invitee(target) => target,
        };
        let invitation = match invitations::find_for(tx, self.id, &target).await? {
            Some(known) => self.invite_again(tx, known, team, role).await?,
            None => self.invite_anew(tx, target, team, role).await?,
        };
        Ok(told(Outcome::Invited, Some(invitation)))
    }

    /// An address is invited as such even if it has an account: otherwise inviting would tell whose it
    /// is.
    async fn target(&self, tx: &mut Tx<'_>, text: &str) -> Result<Target, OrganizationError> {
        if text.contains('@') {
            let key = rules::email_key(text);
            let holder = accounts::find_by_email_key(tx, &key).await?;
            if let Some(holder) = holder
                && self.has_member(tx, holder.id).await?
            {
                return Ok(Target::Member);
            }
            return Ok(match rules::check_email(text) {
                Ok(()) => Target::Invitee(Invitee::Email { address: text.to_owned(), key }),
                Err(_) => Target::Unknown,
            });
        }
        let Ok(name) = text.parse() else { return Ok(Target::Unknown) };
        let account = accounts::find_by_name(tx, &name).await?.filter(is_usable);
        Ok(match account {
            Some(account) if self.has_member(tx, account.id).await? => Target::Member,
            Some(account) => Target::Invitee(Invitee::Account(account.id)),
            None => Target::Unknown,
        })
    }

    async fn has_member(
        &self,
        tx: &mut Tx<'_>,
        account: AccountId,
    ) -> Result<bool, OrganizationError> {
        Ok(members::find(tx, self.id, account).await?.is_some())
    }

    async fn invite_anew(
        &self,
        tx: &mut Tx<'_>,
        invitee: Invitee,
        team: Option<&Team>,
        role: Membership,
    ) -> Result<Invitation, OrganizationError> {
        let now = self.hub.now();
        self.needs_room(tx, now).await?;
        let new = NewInvitation {
            id: self.hub.new_id(),
            uuid: uuid::Uuid::new_v4().simple().to_string(),
            organization_id: self.id,
            team_id: team.map(|team| team.id),
            role,
            invitee,
            inviter_id: self.who.account,
            // Of nothing that anybody has: the link's secret is made when the letter is sent.
            secret_hash: secrets::hash(&uuid::Uuid::new_v4().to_string()),
            created_at: now,
            expires_at: now.plus(VALID_FOR),
        };
        invitations::insert(tx, &new).await?;
        let made = invitations::find_by_id(tx, new.id).await?;
        let made = made.ok_or(OrganizationError::NoSuchInvitation)?;
        self.send(tx, Action::OrgMemberInvite, &made).await?;
        Ok(made)
    }

    /// Gives an invitation all its time again, and its team and role anew.
    async fn invite_again(
        &self,
        tx: &mut Tx<'_>,
        known: Invitation,
        team: Option<&Team>,
        role: Membership,
    ) -> Result<Invitation, OrganizationError> {
        let now = self.hub.now();
        if known.expires_at <= now {
            self.needs_room(tx, now).await?;
        }
        let team = team.map(|team| team.id);
        invitations::renew(tx, known.id, (team, role), now, now.plus(VALID_FOR)).await?;
        if known.sent_at.plus(BETWEEN_LETTERS) <= now {
            self.send(tx, Action::OrgInviteResend, &known).await?;
        }
        let renewed = invitations::find_by_id(tx, known.id).await?;
        renewed.ok_or(OrganizationError::NoSuchInvitation)
    }

    /// Orders the letter and writes down that it was sent.
    pub(super) async fn send(
        &self,
        tx: &mut Tx<'_>,
        action: Action,
        invitation: &Invitation,
    ) -> Result<(), OrganizationError> {
        let event = self.event(action, invitee_of(invitation));
        let event = event.after(json!({ "role": invitation.role.word(), "team": invitation.team }));
        self.hub.record(tx, &self.who, event).await?;
        self.hub.enqueue(tx, &LetterOrder::invitation(invitation.id)).await?;
        Ok(())
    }

    /// Whether the plan has a place for one more. Open invitations hold theirs.
    async fn needs_room(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<(), OrganizationError> {
        let open = invitations::count_open(tx, self.id, now).await?;
        if open >= MOST_OPEN {
            let organization = self.name.clone();
            return Err(OrganizationError::TooManyInvitations { organization, most: MOST_OPEN });
        }
        let taken = members::count(tx, self.id).await? + open;
        match organizations::member_limit(tx, self.id).await? {
            Some(limit) if taken >= limit => {
                Err(OrganizationError::PlanFull { organization: self.name.clone(), limit })
            }
            _ => Ok(()),
        }
    }
}

/// Whom an invitation is for, as people wrote it.
pub(super) fn invitee_of(invitation: &Invitation) -> String {
    match &invitation.account {
        Some(name) => name.to_string(),
        None => invitation.email.clone().unwrap_or_default(),
    }
}
