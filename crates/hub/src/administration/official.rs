//! Official images: which there are, and the teams that maintain them.

use roadstead_db::accounts::{self, AccountKind};
use roadstead_db::repos::{RepositoryRecord, Visibility};
use roadstead_db::teams::TeamRecord;
use roadstead_db::{Tx, directory, grants, repos, teams};
use roadstead_types::{AccountName, RepositoryName, Role};
use serde_json::json;

use super::AdministrationError;
use crate::accounts::SystemKey;
use crate::audit::{Action, Event};
use crate::repos::{RepositoryPage, RepositoryQuery};
use crate::{Hub, StoreError};

pub use roadstead_db::directory::MaintainerRecord as Maintainer;

/// Maintainers told in one list.
const MOST: u32 = 10_000;

impl Hub {
    /// A page of official repositories, private ones too.
    pub async fn list_official(
        &self,
        _key: &SystemKey,
        query: &RepositoryQuery,
    ) -> Result<RepositoryPage, StoreError> {
        let eyes = Visibility { account: None, admin: true };
        let found = self.list_for(&eyes, &AccountName::library(), query).await?;
        found.ok_or_else(|| StoreError::internal("the library account is not to be found"))
    }

    /// The teams that have a right on official repositories, by repository.
    pub async fn list_maintainers(
        &self,
        _key: &SystemKey,
    ) -> Result<Vec<Maintainer>, AdministrationError> {
        let library = self.library;
        Ok(self.db.read(async |tx| directory::maintainers(tx, library, MOST).await).await?)
    }

    /// Hands an official repository to a team, which then does everything with it but own it.
    pub async fn hand_official(
        &self,
        key: &SystemKey,
        name: &RepositoryName,
        organization: &str,
        team: &str,
    ) -> Result<(), AdministrationError> {
        let now = self.now();
        self.db
            .write(async |tx| {
                let repository = self.official(tx, name).await?;
                let team = find_team(tx, organization, team).await?;
                grants::set(tx, repository.id, team.id, Role::Admin, now).await?;
                let event = handed(&repository).after(told(organization, &team));
                Ok(self.record(tx, key, event).await?)
            })
            .await
    }

    /// Takes it back. Tokens that the team's people hold for it are void at once.
    pub async fn take_official_back(
        &self,
        key: &SystemKey,
        name: &RepositoryName,
        organization: &str,
        team: &str,
    ) -> Result<(), AdministrationError> {
        self.db
            .write(async |tx| {
                let repository = self.official(tx, name).await?;
                let team = find_team(tx, organization, team).await?;
                if !grants::delete(tx, repository.id, team.id).await? {
                    return Err(AdministrationError::NotMaintainer(name.clone()));
                }
                repos::void_tokens(tx, repository.id).await?;
                let event = handed(&repository).before(told(organization, &team));
                Ok(self.record(tx, key, event).await?)
            })
            .await
    }

    async fn official(
        &self,
        tx: &mut Tx<'_>,
        name: &RepositoryName,
    ) -> Result<RepositoryRecord, AdministrationError> {
        let found = repos::find_by_path(tx, name).await?;
        let found = found.filter(|found| found.namespace_id == self.library);
        found.ok_or_else(|| AdministrationError::NoSuchRepository(name.clone()))
    }
}

fn handed(repository: &RepositoryRecord) -> Event {
    let RepositoryRecord { path, namespace_id, id, .. } = repository;
    Event::of_new(Action::OfficialMaintainer, path, *namespace_id, *id)
}

fn told(organization: &str, team: &TeamRecord) -> serde_json::Value {
    json!({ "organization": organization, "team": team.name })
}

async fn find_team(
    tx: &mut Tx<'_>,
    organization: &str,
    team: &str,
) -> Result<TeamRecord, AdministrationError> {
    let shown = |text: &str| text.chars().take(AccountName::MAX).collect();
    let missing =
        || AdministrationError::NoSuchTeam { organization: shown(organization), team: shown(team) };
    let name: AccountName = organization.parse().map_err(|_| missing())?;
    let account = accounts::find_by_name(tx, &name).await?;
    let account = account.filter(|it| it.kind == AccountKind::Organization).ok_or_else(missing)?;
    teams::find(tx, account.id, team).await?.ok_or_else(missing)
}
