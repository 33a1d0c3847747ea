//! The head of an organization's pages: what it is, and the row of tabs. Members see more of both.

use std::borrow::Cow;

use roadstead_http::Problem;
use roadstead_hub::access::{Identity, Org, OrgRight};
use roadstead_hub::organizations::{MemberFilter, Membership, Organization, TeamQuery};
use roadstead_hub::plans::{PlanError, Use};
use roadstead_hub::repos::{RepositoryOrder, RepositoryQuery};
use roadstead_types::Timestamp;

use super::refused;
use crate::frame::{Frame, Visit};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Repositories,
    People,
    Activity,
    Plan,
    Tokens,
    Settings,
}

#[derive(Clone, Debug)]
pub struct Head {
    pub name: String,
    pub full_name: String,
    pub company: String,
    pub location: String,
    pub profile_url: String,
    pub joined_at: Timestamp,
    pub repositories: u64,
    pub tab: Tab,
    /// What members see.
    pub inside: Option<Inside>,
}

#[derive(Clone, Debug)]
pub struct Inside {
    pub membership: Membership,
    pub people: u64,
    /// Those the viewer may see.
    pub teams: u64,
    /// Private repositories used, and how many there may be. For owners.
    pub slots: Option<(u64, Option<u64>)>,
}

impl Head {
    pub async fn for_member<R: OrgRight>(
        visit: &Visit,
        organization: &Organization,
        org: &Org<R>,
        tab: Tab,
    ) -> Result<Self, Problem> {
        let inside = Inside::of(visit, org).await?;
        Ok(Self { inside: Some(inside), ..Self::for_visitor(visit, organization, tab).await? })
    }

    pub async fn for_visitor(
        visit: &Visit,
        organization: &Organization,
        tab: Tab,
    ) -> Result<Self, Problem> {
        let query = RepositoryQuery {
            name_part: None,
            order: RepositoryOrder::Name,
            is_descending: false,
            offset: 0,
            limit: 1,
        };
        let found = visit.hub.list_namespace(&visit.caller, &organization.name, &query).await?;
        Ok(Self {
            name: organization.name.to_string(),
            full_name: organization.full_name.clone(),
            company: organization.company.clone(),
            location: organization.location.clone(),
            profile_url: organization.profile_url.clone(),
            joined_at: organization.created_at,
            repositories: found.map_or(0, |page| page.total),
            tab,
            inside: None,
        })
    }

    pub fn is_at(&self, tab: &str) -> bool {
        matches!(
            (self.tab, tab),
            (Tab::Repositories, "repositories")
                | (Tab::People, "people")
                | (Tab::Activity, "activity")
                | (Tab::Plan, "plan")
                | (Tab::Tokens, "tokens")
                | (Tab::Settings, "settings")
        )
    }

    pub fn is_owner(&self) -> bool {
        self.inside.as_ref().is_some_and(|inside| inside.membership == Membership::Owner)
    }

    pub fn may_create(&self) -> bool {
        self.inside.as_ref().is_some_and(|inside| inside.membership >= Membership::Editor)
    }
}

impl Inside {
    async fn of<R: OrgRight>(visit: &Visit, org: &Org<R>) -> Result<Self, Problem> {
        let (_, people) = org.members(&MemberFilter::default(), 0, 1).await?;
        let (_, teams) = org.teams(&TeamQuery::default(), 0, 1).await.map_err(refused)?;
        let slots = match super::signed_in(visit) {
            Ok(who) if org.sees_all() => slots(visit, who, org.name().as_str()).await?,
            _ => None,
        };
        Ok(Self { membership: org.membership(), people, teams, slots })
    }

    pub fn slots_text(&self, frame: &Frame) -> Option<Cow<'static, str>> {
        let (used, most) = self.slots?;
        Some(match most {
            Some(most) => frame.t2("organization-head-slots", "used", used, "most", most),
            None => frame.t1("organization-head-private", "count", used),
        })
    }
}

/// A credential that sees less is told less.
async fn slots(
    visit: &Visit,
    who: &Identity,
    name: &str,
) -> Result<Option<(u64, Option<u64>)>, Problem> {
    match visit.hub.use_of(who, name).await {
        Ok(Use { private_repositories, plan, .. }) => {
            Ok(Some((private_repositories, plan.private_repositories)))
        }
        Err(PlanError::Store(error)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
impl Head {
    pub fn sample(tab: Tab, membership: Option<Membership>) -> Self {
        let slots = (membership == Some(Membership::Owner)).then_some((6, Some(10)));
        Self {
            name: "harborworks".to_owned(),
            full_name: "Alice <b>".to_owned(),
            company: "Harbour <b>".to_owned(),
            location: "Alice <b>".to_owned(),
            profile_url: "https://harbor.example/".to_owned(),
            joined_at: Timestamp::parse("2025-03-04T00:00:00Z").unwrap(),
            repositories: 14,
            tab,
            inside: membership.map(|membership| Inside { membership, people: 22, teams: 4, slots }),
        }
    }
}
