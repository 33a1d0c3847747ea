//! What becomes of an invitation: sent again, cancelled, accepted, declined, forgotten.

use roadstead_db::{Tx, accounts, invitations, members, organizations, teams};
use roadstead_types::{AccountId, Secret};
use uuid::Uuid;

use super::create::may_change_memberships;
use super::invite::{BETWEEN_LETTERS, VALID_FOR, invitee_of};
use super::{Invitation, Listed, Membership, OrganizationError, listed};
use crate::access::{Caller, Identity, Org, OrgRefusal, OrgRight, Owner};
use crate::accounts::{rules, secrets};
use crate::audit::{Action, Event};
use crate::{Hub, StoreError};

impl<R: OrgRight> Org<R> {
    /// A page of the invitations that nobody has answered, the newest first, for owners; others see none.
    /// Those that have run out are among them for a while, to be sent again.
    pub async fn invitations(&self, offset: u64, limit: u32) -> Listed<(Vec<Invitation>, u64)> {
        if !self.sees_all() {
            return Ok((Vec::new(), 0));
        }
        let page =
            self.hub.db.read(async |tx| invitations::list(tx, self.id, offset, limit).await).await;
        listed(page)
    }
}

impl Org<Owner> {
    pub async fn cancel_invitation(
        &self,
        invitation: &Invitation,
    ) -> Result<(), OrganizationError> {
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                if !invitations::delete(tx, invitation.id).await? {
                    return Err(OrganizationError::NoSuchInvitation);
                }
                let event = self.event(Action::OrgInviteCancel, invitee_of(invitation));
                self.hub.record(tx, &self.who, event).await?;
                Ok(())
            })
            .await
    }

    /// Sends the letter again; the link in the former one is void.
    pub async fn resend_invitation(
        &self,
        invitation: &Invitation,
    ) -> Result<(), OrganizationError> {
        let now = self.hub.now();
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                let known = invitations::find_by_id(tx, invitation.id).await?;
                let known = known.ok_or(OrganizationError::NoSuchInvitation)?;
                if known.sent_at.plus(BETWEEN_LETTERS) > now {
                    return Err(OrganizationError::ResentTooSoon);
                }
                let to = (known.team_id, known.role);
                invitations::renew(tx, known.id, to, now, now.plus(VALID_FOR)).await?;
                self.send(tx, Action::OrgInviteResend, &known).await
            })
            .await
    }
}

impl Hub {
    /// An invitation and its organization, for an owner of that. For others it is not there.
    pub async fn open_sent_invitation(
        &self,
        caller: &Caller,
        uuid: Uuid,
    ) -> Result<(Org<Owner>, Invitation), OrganizationError> {
        let found = self.find_invitation(uuid).await?;
        let found = found.ok_or(OrganizationError::NoSuchInvitation)?;
        match self.open_organization::<Owner>(caller, found.organization.as_str()).await {
            Ok(organization) => Ok((organization, found)),
            Err(OrgRefusal::Store(error)) => Err(error.into()),
            Err(_) => Err(OrganizationError::NoSuchInvitation),
        }
    }

    async fn find_invitation(&self, uuid: Uuid) -> Result<Option<Invitation>, StoreError> {
        let uuid = uuid.simple().to_string();
        Ok(self.db.read(async |tx| invitations::find(tx, &uuid).await).await?)
    }

    /// What a link in a letter invites to, whoever opens it.
    pub async fn find_invitation_link(
        &self,
        uuid: Uuid,
        code: &Secret,
    ) -> Result<Invitation, OrganizationError> {
        let hash = secrets::hash(code.expose());
        let found = self.find_invitation(uuid).await?.filter(|found| found.secret_hash == hash);
        let found = found.ok_or(OrganizationError::NoSuchInvitation)?;
        match self.now() < found.expires_at {
            true => Ok(found),
            false => Err(OrganizationError::InvitationExpired(found.inviter)),
        }
    }

    /// A page of what `who` is invited to, by name or by verified address, the newest first.
    pub async fn list_invitations_to(
        &self,
        who: &Identity,
        offset: u64,
        limit: u32,
    ) -> Listed<(Vec<Invitation>, u64)> {
        let now = self.now();
        self.db
            .read(async |tx| {
                let key = verified_key(tx, who.account).await?;
                let key = key.as_deref();
                Ok(invitations::list_for(tx, who.account, key, now, offset, limit).await?)
            })
            .await
    }

    /// Joins the organization. `code` is the secret of the link that was sent to an address: whoever
    /// has it may accept with any account. An invitation by name is for that account alone.
    pub async fn accept_invitation(
        &self,
        who: &Identity,
        uuid: Uuid,
        code: Option<&Secret>,
    ) -> Result<Invitation, OrganizationError> {
        may_change_memberships(who)?;
        let now = self.now();
        self.db
            .write(async |tx| {
                let (invitation, key) = take(tx, who, uuid, code).await?;
                if invitation.expires_at <= now {
                    return Err(OrganizationError::InvitationExpired(invitation.inviter));
                }
                join(tx, who, &invitation, now).await?;
                let organization = invitation.organization_id;
                invitations::delete_for(tx, organization, who.account, key.as_deref()).await?;
                self.note_answer(tx, who, Action::OrgInviteAccept, &invitation).await?;
                Ok(invitation)
            })
            .await
    }

    pub async fn decline_invitation(
        &self,
        who: &Identity,
        uuid: Uuid,
        code: Option<&Secret>,
    ) -> Result<(), OrganizationError> {
        may_change_memberships(who)?;
        self.db
            .write(async |tx| {
                let (invitation, _) = take(tx, who, uuid, code).await?;
                self.note_answer(tx, who, Action::OrgInviteDecline, &invitation).await
            })
            .await
    }

    async fn note_answer(
        &self,
        tx: &mut Tx<'_>,
        who: &Identity,
        action: Action,
        invitation: &Invitation,
    ) -> Result<(), OrganizationError> {
        let event = Event::of(action, &who.name).in_namespace(invitation.organization_id);
        self.record(tx, who, event).await?;
        Ok(())
    }
}

/// Takes an invitation that `who` may answer, together with the address that `who` has verified. The
/// organization is held before, as everywhere, so that nobody waits for each other in a circle.
async fn take(
    tx: &mut Tx<'_>,
    who: &Identity,
    uuid: Uuid,
    code: Option<&Secret>,
) -> Result<(Invitation, Option<String>), OrganizationError> {
    let missing = || OrganizationError::NoSuchInvitation;
    let key = verified_key(tx, who.account).await?;
    let uuid = uuid.simple().to_string();
    let known = invitations::find(tx, &uuid).await?.ok_or_else(missing)?;
    if !is_for(&known, who, key.as_deref(), code) {
        return Err(missing());
    }
    let is_there = organizations::hold(tx, known.organization_id).await?;
    if !is_there || !invitations::delete(tx, known.id).await? {
        return Err(missing());
    }
    Ok((known, key))
}

fn is_for(
    invitation: &Invitation,
    who: &Identity,
    verified_key: Option<&str>,
    code: Option<&Secret>,
) -> bool {
    if let Some(account) = invitation.account_id {
        return account == who.account;
    }
    let has_address = verified_key.is_some() && verified_key == invitation.email_key.as_deref();
    // Hashes are compared, so the time taken tells nothing of the secret.
    let has_link = code.is_some_and(|code| secrets::hash(code.expose()) == invitation.secret_hash);
    has_address || has_link
}

/// Never takes anything away: who is more than invited to stays so.
async fn join(
    tx: &mut Tx<'_>,
    who: &Identity,
    invitation: &Invitation,
    now: roadstead_types::Timestamp,
) -> Result<(), OrganizationError> {
    let organization = invitation.organization_id;
    let held = members::find(tx, organization, who.account).await?;
    if held.is_none() {
        needs_place(tx, invitation).await?;
    }
    let held = held.map(|member| member.membership).max(Some(invitation.role));
    let is_editor = held == Some(Membership::Editor);
    members::set(tx, organization, who.account, is_editor, now).await?;
    if invitation.role == Membership::Owner
        && let Some(owners) = teams::find_owners(tx, organization).await?
    {
        teams::add_member(tx, owners.id, who.account, now).await?;
    }
    if let Some(team) = invitation.team_id {
        teams::add_member(tx, team, who.account, now).await?;
    }
    Ok(())
}

/// The plan may have become smaller since the invitation was sent.
async fn needs_place(tx: &mut Tx<'_>, invitation: &Invitation) -> Result<(), OrganizationError> {
    let count = members::count(tx, invitation.organization_id).await?;
    match organizations::member_limit(tx, invitation.organization_id).await? {
        Some(limit) if count >= limit => {
            let organization = invitation.organization.clone();
            Err(OrganizationError::PlanFull { organization, limit })
        }
        _ => Ok(()),
    }
}

/// The address of an account, as addresses are compared, if it was verified.
async fn verified_key(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<String>, StoreError> {
    let account = accounts::find_by_id(tx, account).await?;
    let verified = account.filter(|account| account.email_verified_at.is_some());
    Ok(verified.and_then(|account| account.email).map(|email| rules::email_key(&email)))
}
