//! Teams: making and changing them, and who is in them.

use roadstead_db::teams::{self, Filter};
use roadstead_db::{Tx, accounts, members};
use roadstead_types::TeamName;
use serde_json::json;

use super::invite::Invited;
use super::{Listed, Membership, OrganizationError, Person, Team, listed, text};
use crate::StoreError;
use crate::access::{Org, OrgRight, Owner};
use crate::accounts::rules;
use crate::audit::Action;

/// Teams of one organization.
const MOST: u64 = 1000;

/// Which teams a list holds.
#[derive(Clone, Debug, Default)]
pub struct TeamQuery {
    /// Part of the name.
    pub search: String,
    /// Only teams that somebody of this name is in.
    pub username: Option<String>,
}

/// What is absent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct TeamChange {
    pub name: Option<String>,
    pub description: Option<String>,
}

/// What became of adding somebody to a team.
#[derive(Clone, Debug)]
pub enum Added {
    InTeam(Person),
    /// No member yet; nobody joins an organization without having agreed.
    Invited(Box<Invited>),
}

impl<R: OrgRight> Org<R> {
    /// A page of the teams the caller may see by name, and how many those are: owners see all, others
    /// their own.
    pub async fn teams(
        &self,
        query: &TeamQuery,
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<Team>, u64), OrganizationError> {
        self.hub
            .db
            .read(async |tx| {
                let and_of = match query.username.as_deref() {
                    None => None,
                    Some(name) => match self.account_named(tx, name).await? {
                        Some(account) => Some(account),
                        None => return Ok((Vec::new(), 0)),
                    },
                };
                let of = (!self.sees_all()).then_some(self.who.account);
                let filter = Filter { search: query.search.clone(), of, and_of };
                Ok(teams::list(tx, self.id, &filter, offset, limit).await?)
            })
            .await
    }

    /// A team the caller may see.
    pub async fn team(&self, name: &str) -> Result<Team, OrganizationError> {
        self.hub
            .db
            .read(async |tx| {
                let team = self.find_team(tx, name).await?;
                let may_see =
                    self.sees_all() || teams::has_member(tx, team.id, self.who.account).await?;
                may_see.then_some(team).ok_or_else(|| no_team(name))
            })
            .await
    }

    /// A page of the people in a team by name, and how many there are in all.
    pub async fn team_members(
        &self,
        team: &Team,
        search: &str,
        offset: u64,
        limit: u32,
    ) -> Listed<(Vec<Person>, u64)> {
        let page = self
            .hub
            .db
            .read(async |tx| teams::list_members(tx, team.id, search, offset, limit).await)
            .await;
        let (people, total) = listed(page)?;
        Ok((people.into_iter().map(|person| self.as_shown(person)).collect(), total))
    }

    pub(super) async fn find_team(
        &self,
        tx: &mut Tx<'_>,
        name: &str,
    ) -> Result<Team, OrganizationError> {
        teams::find(tx, self.id, name).await?.ok_or_else(|| no_team(name))
    }

    pub(super) async fn owners_team(&self, tx: &mut Tx<'_>) -> Result<Team, OrganizationError> {
        let owners = teams::find_owners(tx, self.id).await?;
        owners.ok_or_else(|| StoreError::internal("an organization has no team of owners").into())
    }
}

impl Org<Owner> {
    pub async fn create_team(
        &self,
        name: &str,
        description: &str,
    ) -> Result<Team, OrganizationError> {
        let name: TeamName = name.parse()?;
        let description = text::line("description", description)?;
        let team = self.hub.new_team(self.id, &name, &description, false);
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                if teams::list(tx, self.id, &Filter::default(), 0, 1).await?.1 >= MOST {
                    return Err(OrganizationError::TooManyTeams(MOST));
                }
                if !teams::insert(tx, &team).await? {
                    return Err(OrganizationError::TeamTaken(name.to_string()));
                }
                let event = self.event(Action::TeamCreate, self.team_path(name.as_str()));
                let event = event.after(json!({ "description": description }));
                self.hub.record(tx, &self.who, event).await?;
                self.find_team(tx, name.as_str()).await
            })
            .await
    }

    /// Renames or describes a team. The team of the owners keeps its name.
    pub async fn change_team(
        &self,
        name: &str,
        change: TeamChange,
    ) -> Result<Team, OrganizationError> {
        let new_name = change.name.as_deref().map(str::parse::<TeamName>).transpose()?;
        let described = change.description.map(|it| text::line("description", &it)).transpose()?;
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                let team = self.find_team(tx, name).await?;
                let new_name = new_name.as_ref().map_or(team.name.as_str(), TeamName::as_str);
                if team.is_owners && new_name != team.name {
                    return Err(OrganizationError::OwnersTeam);
                }
                let description = described.as_deref().unwrap_or(&team.description);
                if !teams::update(tx, team.id, new_name, description).await? {
                    return Err(OrganizationError::TeamTaken(new_name.to_owned()));
                }
                let event = self.event(Action::TeamUpdate, self.team_path(new_name));
                let event = event
                    .before(json!({ "name": team.name, "description": team.description }))
                    .after(json!({ "name": new_name, "description": description }));
                self.hub.record(tx, &self.who, event).await?;
                self.find_team(tx, new_name).await
            })
            .await
    }

    /// Deletes a team with its rights and the invitations to it. Its people stay members.
    pub async fn delete_team(&self, name: &str) -> Result<(), OrganizationError> {
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                let team = self.find_team(tx, name).await?;
                if team.is_owners {
                    return Err(OrganizationError::OwnersTeam);
                }
                teams::delete(tx, team.id).await?;
                let event = self.event(Action::TeamDelete, self.team_path(name));
                self.hub.record(tx, &self.who, event).await?;
                Ok(())
            })
            .await
    }

    /// Puts a member into a team, by name or by address; anybody else is invited to it.
    pub async fn add_to_team(&self, team: &str, invitee: &str) -> Result<Added, OrganizationError> {
        let now = self.hub.now();
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                let team = self.find_team(tx, team).await?;
                let Some(member) = self.member_called(tx, invitee).await? else {
                    let role = if team.is_owners { Membership::Owner } else { Membership::Member };
                    let invited = self.invite_one(tx, invitee, Some(&team), role).await?;
                    return Ok(Added::Invited(Box::new(invited)));
                };
                if teams::add_member(tx, team.id, member.id, now).await? {
                    let event = self.event(Action::TeamMemberAdd, self.team_path(&team.name));
                    let event = event.after(json!({ "member": member.name.as_str() }));
                    self.hub.record(tx, &self.who, event).await?;
                }
                Ok(Added::InTeam(member))
            })
            .await
    }

    /// The member of that name or with that verified address.
    async fn member_called(
        &self,
        tx: &mut Tx<'_>,
        text: &str,
    ) -> Result<Option<Person>, OrganizationError> {
        let account = match text.parse() {
            Ok(name) => accounts::find_by_name(tx, &name).await?,
            Err(_) => accounts::find_by_email_key(tx, &rules::email_key(text)).await?,
        };
        let Some(account) = account else { return Ok(None) };
        Ok(members::find(tx, self.id, account.id).await?.map(|member| member.person))
    }

    pub async fn remove_from_team(&self, team: &str, name: &str) -> Result<(), OrganizationError> {
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                let team = self.find_team(tx, team).await?;
                let member = self.member(tx, name).await?;
                if team.is_owners {
                    self.needs_other_owner(tx, &member).await?;
                }
                if !teams::remove_member(tx, team.id, member.person.id).await? {
                    let name = member.person.name.to_string();
                    return Err(OrganizationError::NotInTeam { name, team: team.name });
                }
                let event = self.event(Action::TeamMemberRemove, self.team_path(&team.name));
                let event = event.before(json!({ "member": member.person.name.as_str() }));
                self.hub.record(tx, &self.who, event).await?;
                Ok(())
            })
            .await
    }

    fn team_path(&self, team: &str) -> String {
        format!("{}/{team}", self.name)
    }
}

fn no_team(name: &str) -> OrganizationError {
    OrganizationError::NoSuchTeam(text::shown(name))
}
