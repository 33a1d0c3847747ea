//! Making organizations, and finding those somebody belongs to.

use std::collections::BTreeMap;

use roadstead_db::accounts::{self, AccountKind, NewAccount};
use roadstead_db::teams::{self, NewTeam};
use roadstead_db::{Tx, members, organizations};
use roadstead_types::{AccountId, AccountName, CredentialScope, Id, TeamId, TeamName};
use serde_json::json;

use super::{
    Belonging, Listed, Membership, Organization, OrganizationError, Profile, listed, text,
};
use crate::access::{Identity, visibility};
use crate::administration::find_bar;
use crate::audit::{Action, Event};
use crate::{Hub, StoreError};

/// Organizations one person can belong to and still make another.
const MOST: u64 = 100;
/// Organizations whose namespaces are told in one list.
const MOST_NAMESPACES: u32 = 1000;
/// Where programs that keep numbers as floating point begin to round them.
const EXACT: i64 = 1 << 53;

/// What somebody fills in.
#[derive(Clone, Debug, Default)]
pub struct NewOrganization {
    pub name: String,
    pub profile: Profile,
}

/// An organization of somebody's, and the teams there that they are in.
pub type MyOrganization = (Belonging, Vec<String>);

impl Hub {
    /// Makes an organization whose only owner is `who`.
    pub async fn create_organization(
        &self,
        who: &Identity,
        new: NewOrganization,
    ) -> Result<Organization, OrganizationError> {
        may_change_memberships(who)?;
        if !who.is_verified {
            return Err(OrganizationError::Unverified);
        }
        let name = AccountName::parse_new(&new.name)?;
        let mut profile = check(new.profile)?;
        profile.default_private |= self.starts_private();
        let account = self.organization_row(&name, &profile);
        let owners = self.new_team(account.id, &TeamName::owners(), "", true);
        let now = self.now();
        self.db
            .write(async |tx| {
                if organizations::list_of(tx, who.account, 0, 1).await?.1 >= MOST {
                    return Err(OrganizationError::TooMany(MOST));
                }
                if let Some(bar) = find_bar(tx, &name).await? {
                    return Err(bar.into());
                }
                if accounts::insert(tx, &account).await?.is_err() {
                    return Err(OrganizationError::Taken(name.to_string()));
                }
                organizations::set_profile(tx, account.id, &profile).await?;
                teams::insert(tx, &owners).await?;
                members::set(tx, account.id, who.account, false, now).await?;
                teams::add_member(tx, owners.id, who.account, now).await?;
                let event = Event::of(Action::OrgCreate, &name).in_namespace(account.id);
                self.record(tx, who, event.after(json!({ "owner": who.name.as_str() }))).await?;
                found(tx, &name).await
            })
            .await
    }

    /// Whether an organization could be called so now, for saying it before the form is sent.
    pub async fn check_organization_name(&self, name: &str) -> Result<(), OrganizationError> {
        let name = AccountName::parse_new(name)?;
        self.db
            .read(async |tx| {
                if let Some(bar) = find_bar(tx, &name).await? {
                    return Err(bar.into());
                }
                match accounts::find_by_name(tx, &name).await? {
                    Some(_) => Err(OrganizationError::Taken(name.to_string())),
                    None => Ok(()),
                }
            })
            .await
    }

    fn organization_row(&self, name: &AccountName, profile: &Profile) -> NewAccount {
        NewAccount {
            id: self.new_id(),
            uuid: uuid::Uuid::new_v4().simple().to_string(),
            name: name.clone(),
            kind: AccountKind::Organization,
            full_name: profile.full_name.clone(),
            email: None,
            email_key: None,
            email_verified_at: None,
            password_hash: None,
            is_admin: false,
            default_private: profile.default_private,
            created_at: self.now(),
        }
    }

    /// Docker Hub's API sends the number of a team and takes it back, so it must come through exactly.
    pub(super) fn new_team(
        &self,
        organization_id: AccountId,
        name: &TeamName,
        description: &str,
        is_owners: bool,
    ) -> NewTeam {
        NewTeam {
            id: TeamId::from_raw(rand::random_range(1..EXACT)),
            uuid: uuid::Uuid::new_v4().simple().to_string(),
            organization_id,
            name: name.to_string(),
            description: description.to_owned(),
            is_owners,
            created_at: self.now(),
        }
    }

    /// What everybody may know of an organization.
    pub async fn find_organization(&self, name: &str) -> Listed<Option<Organization>> {
        let Ok(name) = name.parse::<AccountName>() else { return Ok(None) };
        listed(self.db.read(async |tx| organizations::find(tx, &name).await).await)
    }

    /// The organizations `who` belongs to, and how many there are.
    pub async fn list_organizations_of(
        &self,
        who: &Identity,
        offset: u64,
        limit: u32,
    ) -> Listed<(Vec<MyOrganization>, u64)> {
        if visibility(who).account.is_none() {
            return Ok((Vec::new(), 0));
        }
        let (mine, total, teams) = self
            .db
            .read(async |tx| {
                let (mine, total) = organizations::list_of(tx, who.account, offset, limit).await?;
                let teams = teams::list_names_of(tx, &[who.account]).await?;
                Ok::<_, StoreError>((mine, total, teams))
            })
            .await?;
        let mut names: BTreeMap<AccountId, Vec<String>> = BTreeMap::new();
        for (_, organization, team) in teams {
            names.entry(organization).or_default().push(team);
        }
        let with_teams = |belonging: Belonging| {
            let teams = names.remove(&belonging.organization.id).unwrap_or_default();
            (belonging, teams)
        };
        Ok((mine.into_iter().map(with_teams).collect(), total))
    }

    /// The namespaces in which `who` may make repositories, the own first.
    pub async fn list_namespaces_of(&self, who: &Identity) -> Listed<Vec<AccountName>> {
        let mut names = vec![who.name.clone()];
        let (mine, _) = self.list_organizations_of(who, 0, MOST_NAMESPACES).await?;
        let may_make = |(it, _): &MyOrganization| it.membership >= Membership::Editor;
        names.extend(mine.into_iter().filter(may_make).map(|(it, _)| it.organization.name));
        Ok(names)
    }
}

/// Otherwise a stolen token of small reach could make its holder an owner of something.
pub(super) fn may_change_memberships(who: &Identity) -> Result<(), OrganizationError> {
    match who.scope {
        CredentialScope::Admin if who.limits.is_unlimited() => Ok(()),
        _ => Err(OrganizationError::SmallCredential),
    }
}

pub(crate) fn check(profile: Profile) -> Result<Profile, text::Unfit> {
    Ok(Profile {
        full_name: text::line("full_name", &profile.full_name)?,
        location: text::line("location", &profile.location)?,
        company: text::line("company", &profile.company)?,
        profile_url: text::url("profile_url", &profile.profile_url)?,
        default_private: profile.default_private,
    })
}

pub(super) async fn found(
    tx: &mut Tx<'_>,
    name: &AccountName,
) -> Result<Organization, OrganizationError> {
    let found = organizations::find(tx, name).await?;
    found.ok_or_else(|| OrganizationError::Moved(name.clone()))
}
