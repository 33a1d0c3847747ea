//! `/{namespace}/{repository}/activity`: what happened to a repository, for whoever administers it.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::Administer;

use super::opened;
use crate::activity::{Activity, Asked, LIMIT, Scope};
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::pages::head::{Head, Tab};
use crate::seen::Seen;

#[derive(Template)]
#[template(path = "manage/activity.html")]
pub struct RepositoryActivity {
    frame: Frame,
    head: Head,
    activity: Activity,
}

impl Page for RepositoryActivity {
    const CACHING: Caching = Caching::Ask;

    fn region(&self) -> Option<askama::Result<String>> {
        Some(self.activity.region())
    }
}

pub async fn show(seen: Seen<Administer>, Query(asked): Query<Asked>) -> Response {
    let made = make(&seen, asked).await;
    seen.visit.answer(made)
}

async fn make(
    Seen { repo, visit, .. }: &Seen<Administer>,
    asked: Asked,
) -> Result<RepositoryActivity, Problem> {
    let (_, head) = opened(&visit.frame, repo, Tab::Activity).await?;
    let events = repo.list_activity(&asked.filter(), LIMIT).await?;
    let path = format!("{}/activity", head.card.href);
    Ok(RepositoryActivity {
        activity: Activity::new(&visit.frame, path, Scope::REPOSITORY, asked, &events),
        frame: visit.frame.clone(),
        head,
    })
}

#[cfg(test)]
pub fn samples() -> Vec<RepositoryActivity> {
    let page = |count| RepositoryActivity {
        frame: Frame::sample("/harborworks/tidewatch/activity", Some("alice")),
        head: Head::sample(Tab::Activity),
        activity: Activity::sample("/harborworks/tidewatch/activity", count),
    };
    vec![page(0), page(1), page(40)]
}
