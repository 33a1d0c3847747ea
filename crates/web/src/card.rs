//! A repository as lists show it.

use roadstead_hub::repos::RepositoryRecord;
use roadstead_types::Timestamp;

use crate::frame::Frame;
use crate::pennant::pennant;
use crate::ui::Markup;

#[derive(Clone, Debug)]
pub struct Card {
    pub href: String,
    /// Nothing for official images, which have one name only.
    pub namespace: Option<String>,
    pub name: String,
    pub description: String,
    pub is_official: bool,
    pub is_private: bool,
    pub is_automated: bool,
    pub is_archived: bool,
    pub stars: u64,
    pub pulls: u64,
    pub updated_at: Timestamp,
    pub pushed_at: Option<Timestamp>,
}

impl From<&RepositoryRecord> for Card {
    fn from(record: &RepositoryRecord) -> Self {
        let (path, is_library) = (&record.path, record.path.is_library());
        Self {
            href: href(path),
            namespace: (!is_library).then(|| path.namespace().to_owned()),
            name: path.name().to_owned(),
            description: record.description.clone(),
            is_official: record.is_official,
            is_private: record.is_private,
            is_automated: record.is_automated,
            is_archived: record.is_archived,
            stars: record.stars,
            pulls: record.pulls,
            updated_at: record.pushed_at.unwrap_or(record.updated_at),
            pushed_at: record.pushed_at,
        }
    }
}

/// Where a repository's page is.
pub fn href(path: &roadstead_types::RepositoryName) -> String {
    if path.is_library() { format!("/_/{}", path.name()) } else { format!("/{path}") }
}

/// Names that in an organization are those of its own pages.
const PAGES: [&str; 5] = ["activity", "people", "plan", "settings", "tokens"];

impl Card {
    /// Where the overview is: beside the page of the organization, for a repository that is called like one.
    pub fn home(&self) -> String {
        match PAGES.contains(&self.name.as_str()) {
            true => format!("{}/overview", self.href),
            false => self.href.clone(),
        }
    }

    pub fn flag(&self, class: &str) -> Markup {
        pennant(self.namespace.as_deref().unwrap_or(&self.name), class)
    }

    /// The name as people write it: with its namespace, unless it is official.
    pub fn path(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{namespace}/{}", self.name),
            None => self.name.clone(),
        }
    }

    pub fn updated(&self, frame: &Frame) -> Markup {
        frame.ago(self.updated_at)
    }
}

#[cfg(test)]
impl Card {
    pub fn sample(path: &str) -> Self {
        let (namespace, name) = path.split_once('/').map_or((None, path), |(a, b)| (Some(a), b));
        Self {
            href: format!("/{path}"),
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
            description: "Tide & weather <telemetry>".to_owned(),
            is_official: namespace.is_none(),
            is_private: false,
            is_automated: true,
            is_archived: false,
            stars: 412,
            pulls: 1_204_918,
            updated_at: Timestamp::parse("2026-11-20T12:11:00Z").unwrap(),
            pushed_at: Timestamp::parse("2026-11-20T12:11:00Z"),
        }
    }
}
