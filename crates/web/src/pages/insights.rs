//! How much a repository is pulled, day by day and tag by tag.

use askama::Template;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::Pull;
use roadstead_hub::content::{TagQuery, TagView};

use super::chart::Chart;
use super::head::{Head, Tab, details};
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::seen::Seen;

const DAYS: i64 = 90;
/// Tags that are told one by one.
const TAGS: usize = 20;
/// Tags whose sizes are told.
const NEWEST: u32 = 20;

#[derive(Template)]
#[template(path = "insights.html")]
pub struct Insights {
    frame: Frame,
    head: Head,
    chart: Chart,
    /// The tag, or nothing for pulls by digest; its pulls; and their share in percent.
    tags: Vec<(Option<String>, u64, u64)>,
    /// The newest tags, the largest first; their bytes, and their share in percent of the largest.
    sizes: Vec<(String, u64, u64)>,
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
    let newest = repo.list_tag_views(&TagQuery::newest(NEWEST)).await?;
    Ok(Insights {
        head: Head::new(&visit.frame, &details, newest.total, Tab::Insights),
        sizes: sizes(&newest.tags),
        frame: visit.frame.clone(),
        chart: Chart::of_days(&pulls.days, DAYS, visit.frame.now),
        tags: tags.map(|(tag, count)| (tag, count, count.saturating_mul(100) / most)).collect(),
    })
}

/// Of all tags it would take as long as there are tags; the newest are those that people look at.
fn sizes(tags: &[TagView]) -> Vec<(String, u64, u64)> {
    let mut sizes: Vec<_> =
        tags.iter().map(|tag| (tag.row.name.to_string(), tag.full_size())).collect();
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let largest = sizes.first().map_or(1, |(_, size)| (*size).max(1));
    sizes.into_iter().map(|(tag, size)| (tag, size, size.saturating_mul(100) / largest)).collect()
}

#[cfg(test)]
pub fn samples() -> Vec<Insights> {
    let page = |chart, tags: Vec<_>| Insights {
        frame: Frame::sample("/harborworks/tidewatch/insights", None),
        head: Head::sample(Tab::Insights),
        chart,
        sizes: tags.iter().map(|_| ("2.4".to_owned(), 38_400_000, 100)).collect(),
        tags,
    };
    let tags = vec![(Some("latest".to_owned()), 120, 100), (None, 6, 5)];
    vec![page(Chart::sample(), tags), page(Chart { days: Vec::new() }, Vec::new())]
}
