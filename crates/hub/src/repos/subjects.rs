//! What a repository is about: categories of the hub's own list, and topics of the owner's choice.

use roadstead_db::{Tx, repos};
use serde_json::json;

use super::edit::EditError;
use crate::access::{Allows, Describe, Repo};
use crate::audit::{Action, Event};

/// One of the fixed categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    pub slug: &'static str,
    pub name: &'static str,
}

const fn category(slug: &'static str, name: &'static str) -> Category {
    Category { slug, name }
}

/// Docker Hub's list, which its clients send slugs of.
pub const CATEGORIES: [Category; 16] = [
    category("api-management", "API management"),
    category("content-management-system", "Content management system"),
    category("data-science", "Data science"),
    category("databases-and-storage", "Databases & storage"),
    category("developer-tools", "Developer tools"),
    category("integration-and-delivery", "Integration & delivery"),
    category("internet-of-things", "Internet of things"),
    category("languages-and-frameworks", "Languages & frameworks"),
    category("machine-learning-and-ai", "Machine learning & AI"),
    category("message-queues", "Message queues"),
    category("monitoring-and-observability", "Monitoring & observability"),
    category("networking", "Networking"),
    category("operating-systems", "Operating systems"),
    category("security", "Security"),
    category("web-analytics", "Web analytics"),
    category("web-servers", "Web servers"),
];

impl Category {
    pub fn find(slug: &str) -> Option<Self> {
        CATEGORIES.into_iter().find(|category| category.slug == slug)
    }
}

const MAX_CATEGORIES: usize = 3;
const MAX_TOPICS: usize = 20;
const MAX_TOPIC_CHARS: usize = 50;

/// Why categories or topics are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    #[error("`{0}` is no category; GET /v2/categories/ lists them")]
    UnknownCategory(String),
    #[error("a repository may have {MAX_CATEGORIES} categories, not {0}")]
    TooManyCategories(usize),
    #[error("a repository may have {MAX_TOPICS} topics, not {0}")]
    TooManyTopics(usize),
    #[error(
        "`{0}` is no topic: use 1 to {MAX_TOPIC_CHARS} lower-case letters, digits and hyphens, beginning with a letter or digit"
    )]
    Topic(String),
}

/// What a repository is about; what is absent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Subjects {
    pub categories: Option<Vec<String>>,
    pub topics: Option<Vec<String>>,
}

impl Subjects {
    pub(super) fn checked(self) -> Result<Self, SubjectError> {
        Ok(Self {
            categories: self.categories.map(categories).transpose()?,
            topics: self.topics.map(checked_topics).transpose()?,
        })
    }
}

impl<R: Allows<Describe>> Repo<R> {
    /// Puts these categories in place of those it has.
    pub async fn set_categories(&self, slugs: Vec<String>) -> Result<(), EditError> {
        let slugs = categories(slugs)?;
        self.hub.db.write(async |tx| self.set_categories_in(tx, &slugs).await).await
    }

    /// Puts these topics in place of those it has.
    pub async fn set_topics(&self, topics: Vec<String>) -> Result<(), EditError> {
        let topics = checked_topics(topics)?;
        self.hub.db.write(async |tx| self.set_topics_in(tx, &topics).await).await
    }

    pub(super) async fn set_categories_in(
        &self,
        tx: &mut Tx<'_>,
        slugs: &Vec<String>,
    ) -> Result<(), EditError> {
        if !repos::set_categories(tx, self.facts.id, slugs, self.hub.now()).await? {
            return Err(EditError::Gone);
        }
        let event = Event::of_repository(Action::RepoCategories, self)
            .after(json!({ "categories": slugs }));
        Ok(self.changed(tx, event).await?)
    }

    pub(super) async fn set_topics_in(
        &self,
        tx: &mut Tx<'_>,
        topics: &Vec<String>,
    ) -> Result<(), EditError> {
        if !repos::set_topics(tx, self.facts.id, topics, self.hub.now()).await? {
            return Err(EditError::Gone);
        }
        let event =
            Event::of_repository(Action::RepoCategories, self).after(json!({ "topics": topics }));
        Ok(self.changed(tx, event).await?)
    }
}

fn categories(slugs: Vec<String>) -> Result<Vec<String>, SubjectError> {
    let slugs = distinct(slugs);
    if slugs.len() > MAX_CATEGORIES {
        return Err(SubjectError::TooManyCategories(slugs.len()));
    }
    match slugs.iter().find(|slug| Category::find(slug).is_none()) {
        Some(unknown) => Err(SubjectError::UnknownCategory(clip(unknown))),
        None => Ok(slugs),
    }
}

fn checked_topics(topics: Vec<String>) -> Result<Vec<String>, SubjectError> {
    let topics = distinct(topics);
    if topics.len() > MAX_TOPICS {
        return Err(SubjectError::TooManyTopics(topics.len()));
    }
    match topics.iter().find(|topic| !is_topic(topic)) {
        Some(wrong) => Err(SubjectError::Topic(clip(wrong))),
        None => Ok(topics),
    }
}

fn is_topic(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= MAX_TOPIC_CHARS
        && text.bytes().next().is_some_and(is_plain)
        && text.bytes().all(|byte| is_plain(byte) || byte == b'-')
}

/// Each once, in the order given.
fn distinct(words: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    words.into_iter().filter(|word| seen.insert(word.clone())).collect()
}

fn clip(text: &str) -> String {
    text.chars().take(100).collect()
}
