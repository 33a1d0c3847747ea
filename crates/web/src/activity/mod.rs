//! What happened, as a list that can be filtered: of a repository, an organization or the whole hub.

mod labels;

use std::collections::BTreeMap;

use askama::Template;
use roadstead_hub::audit::{Action, AuditEvent, Filter, Group};
use roadstead_types::{AuditEventId, Id, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use crate::frame::Frame;
use crate::ui::{self, Markup};

/// Entries on a page.
const SIZE: usize = 30;
/// How many to ask the hub for: one more, which tells that there are older ones.
pub const LIMIT: u32 = SIZE as u32 + 1;
/// Letters of a value that are shown.
const VALUE: usize = 120;

/// What of the log is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub action: String,
    pub actor: String,
    /// Only what is older than this entry: pages stay as they are while the log grows.
    pub before: String,
}

impl Asked {
    pub fn filter(&self) -> Filter {
        let word = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        Filter {
            action: word(&self.action),
            actor: word(&self.actor),
            before: self.before.parse().ok().map(AuditEventId::from_raw),
            ..Filter::default()
        }
    }

    fn address(&self, path: &str, before: &str) -> String {
        let asking = [("action", &*self.action), ("actor", &self.actor), ("before", before)];
        format!("{path}?{}", ui::query(&asking))
    }
}

/// Whose log it is: what is the same in every entry is left out.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    pub groups: &'static [Group],
    pub shows_target: bool,
    /// Address and credential of whoever did it.
    pub shows_origin: bool,
}

impl Scope {
    pub const REPOSITORY: Self =
        Self { groups: &[Group::Repository], shows_target: false, shows_origin: false };
    pub const NAMESPACE: Self = Self {
        groups: &[Group::Organization, Group::Repository, Group::Account],
        shows_target: true,
        shows_origin: true,
    };
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Entry {
    at: Timestamp,
    actor: String,
    did: String,
    target: String,
    is_denied: bool,
    changes: Vec<Change>,
    origin: String,
}

/// A value that became another.
#[derive(Clone, Debug)]
struct Change {
    name: String,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Clone, Debug, Template)]
#[template(path = "parts/activity.html", blocks = ["entries"])]
pub struct Activity {
    frame: Frame,
    path: String,
    scope: Scope,
    asked: Asked,
    entries: Vec<Entry>,
    older: Option<String>,
}

impl Activity {
    /// `events` are up to [`LIMIT`] as the hub gives them; `path` is where the list is.
    pub fn new(
        frame: &Frame,
        path: String,
        scope: Scope,
        asked: Asked,
        events: &[AuditEvent],
    ) -> Self {
        let shown = events.iter().take(SIZE);
        let last = (events.len() > SIZE).then(|| shown.clone().next_back()).flatten();
        Self {
            older: last.map(|event| asked.address(&path, &event.id.to_string())),
            entries: shown.map(|event| Entry::new(frame, event)).collect(),
            frame: frame.clone(),
            path,
            scope,
            asked,
        }
    }

    /// The whole list with its filters.
    pub fn html(&self) -> Markup {
        Markup::trusted(self.render().unwrap_or_default())
    }

    /// What changes when a filter does.
    pub fn region(&self) -> askama::Result<String> {
        self.as_entries().render()
    }

    /// Kinds to choose from: the word in the address, and what it says.
    fn kinds(&self) -> Vec<(&'static str, String)> {
        let mut kinds: Vec<_> = Action::ALL
            .iter()
            .filter(|action| self.scope.groups.contains(&action.group()))
            .map(|action| (action.word(), labels::label(&self.frame, *action)))
            .collect();
        kinds.sort_by(|(_, one), (_, other)| one.cmp(other));
        kinds
    }

    fn is_filtered(&self) -> bool {
        !self.asked.action.is_empty() || !self.asked.actor.is_empty()
    }
}

impl Entry {
    fn new(frame: &Frame, event: &AuditEvent) -> Self {
        let known = Action::ALL.iter().find(|action| action.word() == event.action);
        let origin = [event.address.as_str(), event.credential.as_str()];
        Self {
            at: event.at,
            actor: event.actor.clone(),
            did: known.map_or_else(|| event.action.clone(), |it| labels::label(frame, *it)),
            target: event.target.clone(),
            is_denied: event.is_denied,
            changes: changes(event.before.as_ref(), event.after.as_ref()),
            origin: origin.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", "),
        }
    }
}

/// The members of both values, side by side; what is null in both says nothing.
fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let mut all: BTreeMap<String, (Option<String>, Option<String>)> = BTreeMap::new();
    for (name, value) in members(before) {
        all.entry(name).or_default().0 = Some(value);
    }
    for (name, value) in members(after) {
        all.entry(name).or_default().1 = Some(value);
    }
    all.into_iter().map(|(name, (before, after))| Change { name, before, after }).collect()
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (String, String)> {
    let object = value.and_then(Value::as_object).into_iter().flatten();
    object.filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        (name.replace('_', " "), text.chars().take(VALUE).collect())
    })
}

#[cfg(test)]
impl Activity {
    pub fn sample(path: &str, count: usize) -> Self {
        let frame = Frame::sample(path, Some("alice"));
        let event = AuditEvent {
            id: AuditEventId::from_raw(7),
            at: frame.now,
            action: Action::RepoPrivacy.word().to_owned(),
            is_denied: false,
            actor: "Alice <b>".to_owned(),
            credential: "password".to_owned(),
            address: "192.0.2.1".to_owned(),
            target: "harborworks/tidewatch".to_owned(),
            before: Some(serde_json::json!({ "is_private": false })),
            after: Some(serde_json::json!({ "is_private": true, "note": "A=<b>", "gone": null })),
        };
        let scope = Scope { groups: &Group::ALL, shows_target: true, shows_origin: true };
        Self::new(&frame, path.to_owned(), scope, Asked::default(), &vec![event; count])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_page_leads_to_what_is_older() {
        let link = "href=\"/admin/audit?before=7\"";

        assert!(Activity::sample("/admin/audit", SIZE + 1).html().to_string().contains(link));
        assert!(!Activity::sample("/admin/audit", SIZE).html().to_string().contains(link));
    }

    #[test]
    fn values_stand_side_by_side() {
        let html = Activity::sample("/a/b/activity", 1).html().to_string();

        assert!(html.contains("is private") && html.contains("false") && html.contains("true"));
        assert!(!html.contains("gone") && !html.contains("A=<b>"), "{html}");
    }
}
