//! What administrators of the hub see of organizations and do to them. They are in none of them by that.

use roadstead_db::accounts::{self, AccountKind, AccountRecord};
use roadstead_db::{Tx, organizations};
use roadstead_types::{AccountName, Timestamp};

use super::change::end;
use super::{OrganizationError, text};
use crate::accounts::{ListedPerson, PeopleQuery, Person, SystemKey, with_holdings};
use crate::audit::{Action, Event};
use crate::{Hub, StoreError};

impl Hub {
    /// A page of organizations by name, and how many there are in all.
    pub async fn search_organizations(
        &self,
        _key: &SystemKey,
        query: &PeopleQuery,
    ) -> Result<(Vec<ListedPerson>, u64), StoreError> {
        // What only people can be is no reason to leave an organization out.
        let query =
            PeopleQuery { only_administrators: false, only_unverified: false, ..query.clone() };
        self.search_accounts(AccountKind::Organization, &query).await
    }

    /// One organization, also when it is disabled.
    pub async fn examine_organization(
        &self,
        _key: &SystemKey,
        name: &str,
    ) -> Result<Person, OrganizationError> {
        self.db
            .read(async |tx| {
                let found = find(tx, name).await?;
                with_holdings(tx, found).await?.ok_or_else(|| missing(name))
            })
            .await
    }

    /// Locks an organization: nobody works in it, its tokens are void, its public images still pull.
    pub async fn disable_organization(
        &self,
        key: &SystemKey,
        name: &str,
    ) -> Result<(), OrganizationError> {
        self.lock_organization(key, name, Some(self.now())).await
    }

    /// Opens it again, as it was.
    pub async fn enable_organization(
        &self,
        key: &SystemKey,
        name: &str,
    ) -> Result<(), OrganizationError> {
        self.lock_organization(key, name, None).await
    }

    async fn lock_organization(
        &self,
        key: &SystemKey,
        name: &str,
        disabled_at: Option<Timestamp>,
    ) -> Result<(), OrganizationError> {
        let action = match disabled_at {
            Some(_) => Action::AccountDisable,
            None => Action::AccountEnable,
        };
        self.db
            .write(async |tx| {
                let found = hold(tx, name).await?;
                accounts::set_disabled(tx, found.id, disabled_at).await?;
                let event = Event::of(action, &found.name).in_namespace(found.id);
                Ok(self.record(tx, key, event).await?)
            })
            .await
    }

    /// Ends an organization that has no repositories any more. Its names stay reserved.
    pub async fn delete_organization(
        &self,
        key: &SystemKey,
        name: &str,
    ) -> Result<(), OrganizationError> {
        let now = self.now();
        self.db
            .write(async |tx| {
                let found = hold(tx, name).await?;
                end(tx, found.id, &found.name, now).await?;
                let event = Event::of(Action::OrgDelete, &found.name).in_namespace(found.id);
                Ok(self.record(tx, key, event).await?)
            })
            .await
    }
}

fn missing(name: &str) -> OrganizationError {
    OrganizationError::NoSuchOrganization(text::shown(name))
}

/// Finds one for a change, and keeps others from changing it meanwhile.
async fn hold(tx: &mut Tx<'_>, name: &str) -> Result<AccountRecord, OrganizationError> {
    let found = find(tx, name).await?;
    match organizations::hold(tx, found.id).await? {
        true => Ok(found),
        false => Err(missing(name)),
    }
}

/// Deleted ones keep their names, so they are found too.
async fn find(tx: &mut Tx<'_>, name: &str) -> Result<AccountRecord, OrganizationError> {
    let parsed: AccountName = name.parse().map_err(|_| missing(name))?;
    let found = accounts::find_by_name(tx, &parsed).await?;
    found.filter(|account| account.kind == AccountKind::Organization).ok_or_else(|| missing(name))
}
