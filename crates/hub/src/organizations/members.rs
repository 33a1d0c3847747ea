//! Members: who they are, what they are, and how they go.

use roadstead_db::members::{self, MemberRecord};
use roadstead_db::{Tx, teams};
use roadstead_types::{AccountId, Timestamp};
use serde_json::json;

use super::{Listed, MemberFilter, Membership, OrganizationError, Person, find_person, text};
use crate::StoreError;
use crate::access::{Member as MemberRight, Org, OrgRight, Owner};
use crate::audit::{Action, Event};

/// Members read at a time for an export.
const CHUNK: u32 = 500;

/// Somebody who belongs to an organization, as far as the caller may know them.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its address is for owners.
    pub person: Person,
    pub membership: Membership,
    pub joined_at: Timestamp,
    /// Those of their teams that the caller may see.
    pub teams: Vec<String>,
}

impl<R: OrgRight> Org<R> {
    /// A page of the members by name, and how many there are in all.
    pub async fn members(
        &self,
        filter: &MemberFilter,
        offset: u64,
        limit: u32,
    ) -> Listed<(Vec<Member>, u64)> {
        self.hub
            .db
            .read(async |tx| {
                let (rows, total) = members::list(tx, self.id, filter, offset, limit).await?;
                Ok::<_, StoreError>((self.with_teams(tx, rows).await?, total))
            })
            .await
    }

    /// One member; `None` for whoever does not belong to the organization.
    pub async fn member_named(&self, name: &str) -> Result<Option<Member>, OrganizationError> {
        self.hub
            .db
            .read(async |tx| {
                let found = match self.member(tx, name).await {
                    Ok(found) => found,
                    Err(OrganizationError::NotMember { .. }) => return Ok(None),
                    Err(error) => return Err(error),
                };
                Ok(self.with_teams(tx, vec![found]).await?.pop())
            })
            .await
    }

    async fn with_teams(
        &self,
        tx: &mut Tx<'_>,
        rows: Vec<MemberRecord>,
    ) -> Result<Vec<Member>, StoreError> {
        let mut asked: Vec<AccountId> = rows.iter().map(|row| row.person.id).collect();
        asked.push(self.who.account);
        let names = teams::list_names_of(tx, &asked).await?;
        let teams_of = |account: AccountId| {
            let here = names.iter().filter(|(_, organization, _)| *organization == self.id);
            here.filter(|(who, ..)| *who == account)
                .map(|(.., team)| team.clone())
                .collect::<Vec<_>>()
        };
        let own = teams_of(self.who.account);
        let may_see = |team: &String| self.sees_all() || own.contains(team);
        Ok(rows
            .into_iter()
            .map(|row| Member {
                teams: teams_of(row.person.id).into_iter().filter(may_see).collect(),
                membership: row.membership,
                joined_at: row.joined_at,
                person: self.as_shown(row.person),
            })
            .collect())
    }

    /// Addresses are for owners.
    pub(super) fn as_shown(&self, person: Person) -> Person {
        let email = person.email.filter(|_| self.sees_all());
        Person { email, ..person }
    }
}

impl Org<MemberRight> {
    /// The caller leaves the organization and all its teams.
    pub async fn leave(&self) -> Result<(), OrganizationError> {
        super::create::may_change_memberships(&self.who)?;
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                let event = self.take_out(tx, self.who.name.as_str()).await?;
                self.hub.record(tx, &self.who, event).await?;
                Ok(())
            })
            .await
    }
}

impl Org<Owner> {
    /// All members, for an export.
    pub async fn all_members(&self) -> Listed<Vec<Member>> {
        let mut all = Vec::new();
        loop {
            let offset = all.len() as u64;
            let (page, total) = self.members(&MemberFilter::default(), offset, CHUNK).await?;
            let is_last = page.is_empty() || offset + page.len() as u64 >= total;
            all.extend(page);
            if is_last {
                return Ok(all);
            }
        }
    }

    /// Makes a member an owner, an editor or a plain member.
    pub async fn set_role(
        &self,
        name: &str,
        role: Membership,
    ) -> Result<Member, OrganizationError> {
        let now = self.hub.now();
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                let member = self.member(tx, name).await?;
                let owners = self.owners_team(tx).await?;
                if role == Membership::Owner {
                    teams::add_member(tx, owners.id, member.person.id, now).await?;
                } else {
                    self.needs_other_owner(tx, &member).await?;
                    teams::remove_member(tx, owners.id, member.person.id).await?;
                }
                let is_editor = role == Membership::Editor;
                members::set(tx, self.id, member.person.id, is_editor, now).await?;
                let event = self.event(Action::OrgMemberRole, &member.person.name);
                let event = event
                    .before(json!({ "role": member.membership.word() }))
                    .after(json!({ "role": role.word() }));
                self.hub.record(tx, &self.who, event).await?;
                let changed = self.member(tx, name).await?;
                let mut shown = self.with_teams(tx, vec![changed]).await?;
                shown.pop().ok_or_else(|| self.no_member(name))
            })
            .await
    }

    /// Takes somebody out of the organization and all its teams.
    pub async fn remove_member(&self, name: &str) -> Result<(), OrganizationError> {
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                let event = self.take_out(tx, name).await?;
                self.hub.record(tx, &self.who, event).await?;
                Ok(())
            })
            .await
    }
}

impl<R: OrgRight> Org<R> {
    async fn take_out(&self, tx: &mut Tx<'_>, name: &str) -> Result<Event, OrganizationError> {
        let member = self.member(tx, name).await?;
        self.needs_other_owner(tx, &member).await?;
        members::remove(tx, self.id, member.person.id).await?;
        let event = self.event(Action::OrgMemberRemove, &member.person.name);
        Ok(event.before(json!({ "role": member.membership.word() })))
    }

    /// Refuses when `member` is the only owner there is. True until the end of the transaction, because
    /// the organization is held.
    pub(super) async fn needs_other_owner(
        &self,
        tx: &mut Tx<'_>,
        member: &MemberRecord,
    ) -> Result<(), OrganizationError> {
        let is_owner = member.membership == Membership::Owner;
        if is_owner && members::count_other_owners(tx, self.id, member.person.id).await? == 0 {
            return Err(OrganizationError::LastOwner {
                name: member.person.name.clone(),
                organization: self.name.clone(),
            });
        }
        Ok(())
    }

    /// The member of that name; whoever is disabled can still be taken out.
    pub(super) async fn member(
        &self,
        tx: &mut Tx<'_>,
        name: &str,
    ) -> Result<MemberRecord, OrganizationError> {
        let parsed = name.parse().map_err(|_| self.no_member(name))?;
        let account = roadstead_db::accounts::find_by_name(tx, &parsed).await?;
        let account = account.ok_or_else(|| self.no_member(name))?;
        let member = members::find(tx, self.id, account.id).await?;
        member.ok_or_else(|| self.no_member(name))
    }

    fn no_member(&self, name: &str) -> OrganizationError {
        OrganizationError::NotMember { name: text::shown(name), organization: self.name.clone() }
    }

    /// Somebody by name, for lists that are narrowed to them.
    pub(super) async fn account_named(
        &self,
        tx: &mut Tx<'_>,
        name: &str,
    ) -> Result<Option<AccountId>, OrganizationError> {
        match find_person(tx, name).await {
            Ok(account) => Ok(Some(account.id)),
            Err(OrganizationError::NoSuchUser(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
