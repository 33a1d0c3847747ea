//! `/{organization}/plan`: what the organization may have, and what it has of that.

use askama::Template;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::Owner;
use roadstead_hub::plans::{PlanError, Use};

use super::{Entered, Head, Tab, signed_in};
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::scale;
use crate::ui::Markup;

#[derive(Template)]
#[template(path = "organization/plan.html")]
pub struct Plan {
    frame: Frame,
    head: Head,
    plan: String,
    private: Share,
    storage: Share,
    /// Of the stored bytes, those of uploads that are not finished.
    reserved: u64,
    members: Share,
    invitations: u64,
    pulls: Option<u64>,
}

/// What is used of what there may be.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    pub used: u64,
    pub most: Option<u64>,
}

impl Share {
    pub fn is_full(&self) -> bool {
        self.most.is_some_and(|most| self.used >= most)
    }

    pub fn percent(&self) -> u64 {
        let Some(most) = self.most.filter(|most| *most > 0) else { return 100 };
        (u128::from(self.used) * 100 / u128::from(most)).min(100).try_into().unwrap_or(100)
    }

    pub fn left(&self) -> u64 {
        self.most.unwrap_or(0).saturating_sub(self.used)
    }
}

impl Plan {
    /// Nothing where there are too many to be counted.
    fn slots(&self) -> Markup {
        scale::slots(&self.frame, self.private.used, self.private.most)
    }
}

impl Page for Plan {
    const CACHING: Caching = Caching::Ask;
}

pub async fn show(entered: Entered<Owner>) -> Response {
    let made = make(&entered).await;
    entered.visit.answer(made)
}

async fn make(entered: &Entered<Owner>) -> Result<Plan, Problem> {
    let Entered { org, organization, visit, .. } = entered;
    let found = visit.hub.use_of(signed_in(visit)?, organization.name.as_str()).await;
    let Use { plan, private_repositories, storage, .. } = found.map_err(refuse)?;
    let head = Head::for_member(visit, organization, org, Tab::Plan).await?;
    let (_, invitations) = org.invitations(0, 1).await?;
    Ok(Plan {
        private: Share { used: private_repositories, most: plan.private_repositories },
        storage: Share { used: storage.total(), most: plan.storage_bytes },
        reserved: storage.reserved,
        members: Share {
            used: head.inside.as_ref().map_or(0, |inside| inside.people),
            most: plan.members,
        },
        invitations,
        pulls: plan.pulls,
        plan: plan.name,
        frame: visit.frame.clone(),
        head,
    })
}

fn refuse(error: PlanError) -> Problem {
    match error {
        PlanError::Store(error) => error.into(),
        error => Problem::forbidden(error.to_string()),
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Plan> {
    use roadstead_hub::organizations::Membership;

    let page = |used, most| Plan {
        frame: Frame::sample("/harborworks/plan", Some("alice")),
        head: Head::sample(Tab::Plan, Some(Membership::Owner)),
        plan: "crew".to_owned(),
        private: Share { used, most },
        storage: Share { used: 38_400_000, most },
        reserved: 1_000,
        members: Share { used: 22, most },
        invitations: 1,
        pulls: most,
    };
    vec![page(2, Some(5)), page(60, Some(50)), page(6, None)]
}

#[cfg(test)]
mod tests {
    use super::Share;

    #[test]
    fn a_share_is_never_more_than_all() {
        let share = |used, most| Share { used, most };

        assert_eq!((share(2, Some(5)).percent(), share(2, Some(5)).left()), (40, 3));
        assert_eq!((share(7, Some(5)).percent(), share(7, Some(5)).left()), (100, 0));
        assert!(share(0, Some(0)).is_full() && !share(9, None).is_full());
    }
}
