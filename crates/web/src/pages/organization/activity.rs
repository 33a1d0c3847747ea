//! `/{organization}/activity`: what happened in the organization, for its owners.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::Owner;
use roadstead_hub::audit::AuditError;

use super::{Entered, Head, Tab, signed_in};
use crate::activity::{Activity, Asked, LIMIT, Scope};
use crate::frame::Frame;
use crate::page::{Caching, Page};

#[derive(Template)]
#[template(path = "organization/activity.html")]
pub struct OrganizationActivity {
    frame: Frame,
    head: Head,
    activity: Activity,
}

impl Page for OrganizationActivity {
    const CACHING: Caching = Caching::Ask;

    fn region(&self) -> Option<askama::Result<String>> {
        Some(self.activity.region())
    }
}

pub async fn show(entered: Entered<Owner>, Query(asked): Query<Asked>) -> Response {
    let made = make(&entered, asked).await;
    entered.visit.answer(made)
}

async fn make(entered: &Entered<Owner>, asked: Asked) -> Result<OrganizationActivity, Problem> {
    let Entered { org, organization, visit, .. } = entered;
    let (who, name, filter) = (signed_in(visit)?, organization.name.as_str(), asked.filter());
    let events = visit.hub.list_audit_log(who, name, &filter, 0, LIMIT).await.map_err(refuse)?;
    let path = entered.at("/activity");
    Ok(OrganizationActivity {
        head: Head::for_member(visit, organization, org, Tab::Activity).await?,
        activity: Activity::new(&visit.frame, path, Scope::NAMESPACE, asked, &events),
        frame: visit.frame.clone(),
    })
}

fn refuse(error: AuditError) -> Problem {
    match error {
        AuditError::Store(error) => error.into(),
        error => Problem::forbidden(error.to_string()),
    }
}

#[cfg(test)]
pub fn samples() -> Vec<OrganizationActivity> {
    use roadstead_hub::organizations::Membership;

    let page = |count| OrganizationActivity {
        frame: Frame::sample("/harborworks/activity", Some("alice")),
        head: Head::sample(Tab::Activity, Some(Membership::Owner)),
        activity: Activity::sample("/harborworks/activity", count),
    };
    vec![page(0), page(1)]
}
