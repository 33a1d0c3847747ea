//! How much a repository is pulled, day by day and tag by tag.

use askama::Template;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::Pull;

use super::chart::Chart;
use super::head::{Head, Tab, details};
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::seen::Seen;

const DAYS: i64 = 90;
/// Tags that are told one by one.
const TAGS: usize = 20;

#[derive(Template)]
#[template(path = "insights.html")]
pub struct Insights {
    frame: Frame,
    head: Head,
    chart: Chart,
    /// The tag, or nothing for pulls by digest; its pulls; and their share in percent.
    tags: Vec<(Option<String>, u64, u64)>,
}

impl Page for Insights {
    const CACHING: Caching = Caching::Ask;
}

pub async fn show(seen: Seen<Pull>) -> Response {
    let made = make(&seen).await;
    seen.visit.answer(made)
}

async fn make(Seen { repo, visit, .. }: &Seen<Pull>) -> Result<Insights, Problem> {
    let (details, pulls) = (details(repo).await?, repo.pull_statistics(DAYS).await?);
    let most = pulls.tags.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let tags = pulls.tags.into_iter().take(TAGS);
    let total = super::tags::count(repo).await?;
    Ok(Insights {
        head: Head::new(&visit.frame, &details, total, Tab::Insights),
        frame: visit.frame.clone(),
        chart: Chart::of_days(&pulls.days, DAYS, visit.frame.now),
        tags: tags.map(|(tag, count)| (tag, count, count.saturating_mul(100) / most)).collect(),
    })
}

#[cfg(test)]
pub fn samples() -> Vec<Insights> {
    let page = |chart, tags| Insights {
        frame: Frame::sample("/harborworks/tidewatch/insights", None),
        head: Head::sample(Tab::Insights),
        chart,
        tags,
    };
    let tags = vec![(Some("latest".to_owned()), 120, 100), (None, 6, 5)];
    vec![page(Chart::sample(), tags), page(Chart { days: Vec::new() }, Vec::new())]
}
