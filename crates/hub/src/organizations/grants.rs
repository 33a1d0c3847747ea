//! What teams may do with a repository.

use roadstead_db::accounts::AccountKind;
use roadstead_db::{Tx, grants, repos, teams};
use roadstead_types::{Id, RepositoryId, Role, TeamId};
use serde_json::json;

use super::{Grant, GrantCell, Listed, OrganizationError, Team, listed};
use crate::access::{Administer, Caller, Org, OrgRight, Repo};
use crate::audit::{Action, Event};

impl<R: OrgRight> Org<R> {
    /// What teams that the caller may see may do with repositories that the caller may see.
    pub async fn grants_among(
        &self,
        repositories: &[RepositoryId],
        teams: &[Team],
    ) -> Listed<Vec<GrantCell>> {
        let teams = self.own(teams);
        let rows = self.hub.db.read(async |tx| grants::list_among(tx, repositories, &teams).await);
        listed(rows.await)
    }

    /// On how many repositories teams that the caller may see have which role, the greatest first.
    pub async fn count_grants(&self, teams: &[Team]) -> Listed<Vec<(TeamId, Role, u64)>> {
        let teams = self.own(teams);
        listed(self.hub.db.read(async |tx| grants::count_by_role(tx, &teams).await).await)
    }

    fn own(&self, teams: &[Team]) -> Vec<TeamId> {
        let own = teams.iter().filter(|team| team.organization_id == self.id);
        own.map(|team| team.id).collect()
    }
}

impl Repo<Administer> {
    /// A page of what teams may do here, by their names, and how many there are in all.
    pub async fn grants(&self, offset: u64, limit: u32) -> Listed<(Vec<Grant>, u64)> {
        let id = self.facts.id;
        listed(self.hub.db.read(async |tx| grants::list(tx, id, offset, limit).await).await)
    }

    pub async fn grant(&self, team: i64) -> Result<Grant, OrganizationError> {
        self.needs_teams()?;
        self.hub.db.read(async |tx| self.find_grant(tx, TeamId::from_raw(team)).await).await
    }

    /// Gives a team of the repository's organization a right, in place of what it had.
    pub async fn set_grant(&self, team: i64, role: Role) -> Result<Grant, OrganizationError> {
        self.needs_teams()?;
        let (team, now) = (TeamId::from_raw(team), self.hub.now());
        self.hub
            .db
            .write(async |tx| {
                self.may_be_granted(tx, team).await?;
                let before = grants::find(tx, self.facts.id, team).await?;
                grants::set(tx, self.facts.id, team, role, now).await?;
                if before.as_ref().is_some_and(|grant| grant.role > role) {
                    repos::void_tokens(tx, self.facts.id).await?;
                }
                let granted = self.find_grant(tx, team).await?;
                let event = Event::of_repository(Action::RepoGrant, self);
                let event = event
                    .before(json!({ "right": before.map(|grant| grant.role.word()) }))
                    .after(json!({ "team": granted.team, "right": role.word() }));
                self.hub.record(tx, &self.caller, event).await?;
                Ok(granted)
            })
            .await
    }

    /// Takes a team's right away, and voids what tokens it may have led to.
    pub async fn revoke_grant(&self, team: i64) -> Result<(), OrganizationError> {
        self.needs_teams()?;
        let team = TeamId::from_raw(team);
        self.hub
            .db
            .write(async |tx| {
                let grant = self.find_grant(tx, team).await?;
                grants::delete(tx, self.facts.id, team).await?;
                repos::void_tokens(tx, self.facts.id).await?;
                let event = Event::of_repository(Action::RepoRevoke, self);
                let event = event.before(json!({ "team": grant.team, "right": grant.role.word() }));
                self.hub.record(tx, &self.caller, event).await?;
                Ok(())
            })
            .await
    }

    async fn find_grant(&self, tx: &mut Tx<'_>, team: TeamId) -> Result<Grant, OrganizationError> {
        let found = grants::find(tx, self.facts.id, team).await?;
        found.ok_or_else(|| OrganizationError::NoGrant(self.facts.path.clone()))
    }

    fn needs_teams(&self) -> Result<(), OrganizationError> {
        match self.facts.namespace_kind {
            AccountKind::Organization | AccountKind::Library => Ok(()),
            AccountKind::User => {
                Err(OrganizationError::NotAnOrganizations(self.facts.path.clone()))
            }
        }
    }

    /// Teams get rights on repositories of their own organization, and on official ones from the hub's
    /// administrators.
    async fn may_be_granted(&self, tx: &mut Tx<'_>, team: TeamId) -> Result<(), OrganizationError> {
        let by_administrator =
            matches!(&self.caller, Caller::Identity(identity) if identity.is_admin);
        let is_official = self.facts.namespace_kind == AccountKind::Library;
        if is_official && !by_administrator {
            return Err(OrganizationError::OfficialGrant);
        }
        let found = teams::find_by_id(tx, team).await?;
        // A team of another organization is as unknown as none.
        found
            .filter(|team| is_official || team.organization_id == self.facts.namespace_id)
            .map(|_| ())
            .ok_or_else(|| OrganizationError::ForeignTeam(self.facts.path.clone()))
    }
}
