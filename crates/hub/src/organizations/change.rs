//! The life of an organization: profile, name, end.

use roadstead_db::Tx;
use roadstead_db::organizations::{self, RenameBar};
use roadstead_types::{AccountId, AccountName, Timestamp};
use serde_json::{Value, json};

use super::create::{check, found};
use super::{Organization, OrganizationError, Profile};
use crate::access::{Org, OrgRight, Owner};
use crate::administration::find_bar;
use crate::audit::{Action, Event};

/// A new profile; what is absent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    pub full_name: Option<String>,
    pub location: Option<String>,
    pub company: Option<String>,
    pub profile_url: Option<String>,
    pub default_private: Option<bool>,
}

impl ProfileChange {
    pub(crate) fn over(self, now: Profile) -> Profile {
        Profile {
            full_name: self.full_name.unwrap_or(now.full_name),
            location: self.location.unwrap_or(now.location),
            company: self.company.unwrap_or(now.company),
            profile_url: self.profile_url.unwrap_or(now.profile_url),
            default_private: self.default_private.unwrap_or(now.default_private),
        }
    }
}

fn profile_of(organization: Organization) -> Profile {
    Profile {
        full_name: organization.full_name,
        location: organization.location,
        company: organization.company,
        profile_url: organization.profile_url,
        default_private: organization.default_private,
    }
}

/// What the audit log keeps of a profile.
pub(crate) fn told(profile: &Profile) -> Value {
    json!({
        "full_name": profile.full_name,
        "location": profile.location,
        "company": profile.company,
        "profile_url": profile.profile_url,
        "default_private": profile.default_private,
    })
}

impl<R: OrgRight> Org<R> {
    pub(super) fn event(&self, action: Action, target: impl ToString) -> Event {
        Event::of(action, target).in_namespace(self.id)
    }
}

impl Org<Owner> {
    pub async fn change_profile(
        &self,
        change: ProfileChange,
    ) -> Result<Organization, OrganizationError> {
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                let profile = check(change.over(profile_of(found(tx, &self.name).await?)))?;
                organizations::set_profile(tx, self.id, &profile).await?;
                let event = self.event(Action::OrgUpdate, &self.name).after(told(&profile));
                self.hub.record(tx, &self.who, event).await?;
                found(tx, &self.name).await
            })
            .await
    }

    /// Gives the organization another name. Its repositories are pulled by their old paths too, but not
    /// pushed, and nobody else ever gets the old name.
    pub async fn rename(&self, new: &str) -> Result<Organization, OrganizationError> {
        let new = AccountName::parse_new(new)?;
        let now = self.hub.now();
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                if new == self.name {
                    return found(tx, &new).await;
                }
                if let Some(bar) = find_bar(tx, &new).await? {
                    return Err(bar.into());
                }
                organizations::rename(tx, self.id, &self.name, &new, now).await?.map_err(
                    |bar| match bar {
                        RenameBar::Name => OrganizationError::Taken(new.to_string()),
                        RenameBar::Path(path) => OrganizationError::PathTaken(path),
                    },
                )?;
                let event = self.event(Action::OrgRename, &new);
                let event = event
                    .before(json!({ "name": self.name.as_str() }))
                    .after(json!({ "name": new.as_str() }));
                self.hub.record(tx, &self.who, event).await?;
                found(tx, &new).await
            })
            .await
    }

    /// Ends an organization that has no repositories any more. Its names stay reserved.
    pub async fn delete(&self) -> Result<(), OrganizationError> {
        let now = self.hub.now();
        self.hub
            .db
            .write(async |tx| {
                self.begin(tx).await?;
                end(tx, self.id, &self.name, now).await?;
                self.hub.record(tx, &self.who, self.event(Action::OrgDelete, &self.name)).await?;
                Ok(())
            })
            .await
    }
}

/// Ends an organization that the caller holds, if it has no repositories any more.
pub(super) async fn end(
    tx: &mut Tx<'_>,
    id: AccountId,
    name: &AccountName,
    now: Timestamp,
) -> Result<(), OrganizationError> {
    let count = organizations::count_repositories(tx, id).await?;
    if count > 0 {
        return Err(OrganizationError::HasRepositories { organization: name.clone(), count });
    }
    organizations::delete(tx, id, now).await?;
    Ok(())
}
