//! Announcements: what everybody is told for a time, signed in or not.

use std::time::Duration;

use roadstead_db::{announcements, hub_settings};
use roadstead_types::{AnnouncementId, Id, Timestamp};
use serde_json::json;

use super::error::line;
use super::{AdministrationError, Level};
use crate::accounts::SystemKey;
use crate::audit::{Action, Event};
use crate::{Hub, StoreError};

pub use roadstead_db::announcements::AnnouncementRecord as Announcement;

const TEXT_CHARS: usize = 500;
/// More than anybody reads.
pub(super) const MOST: u32 = 100;
/// How long one that ended is still listed to administrators.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// What an administrator fills in.
#[derive(Clone, Debug)]
pub struct NewAnnouncement {
    pub text: String,
    /// `info`, `warning` or `critical`.
    pub level: String,
    /// At once where it is not said.
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
}

impl Hub {
    pub async fn announce(
        &self,
        key: &SystemKey,
        new: NewAnnouncement,
    ) -> Result<Announcement, AdministrationError> {
        let starts_at = new.starts_at.unwrap_or_else(|| self.now());
        if new.ends_at.is_some_and(|end| end <= starts_at.max(self.now())) {
            let rule = "an announcement ends after it starts, and in the future";
            return Err(AdministrationError::field("ends_at", rule));
        }
        let made = Announcement {
            id: self.new_id(),
            text: line("text", &new.text, TEXT_CHARS)?,
            level: level(&new.level)?,
            starts_at,
            ends_at: new.ends_at,
        };
        let over = self.now().minus(KEPT);
        self.db
            .write(async |tx| {
                hub_settings::advance(tx).await?;
                announcements::purge(tx, over).await?;
                if announcements::list(tx, MOST).await?.len() >= MOST as usize {
                    return Err(AdministrationError::TooMany(u64::from(MOST)));
                }
                announcements::insert(tx, &made).await?;
                let after = json!({ "text": made.text, "level": made.level.word() });
                let event = Event::of(Action::Announce, made.id).after(after);
                Ok(self.record(tx, key, event).await?)
            })
            .await?;
        self.follow_own_decision().await;
        Ok(made)
    }

    pub async fn remove_announcement(
        &self,
        key: &SystemKey,
        id: i64,
    ) -> Result<(), AdministrationError> {
        let id = AnnouncementId::from_raw(id);
        self.db
            .write(async |tx| {
                hub_settings::advance(tx).await?;
                let text = announcements::delete(tx, id).await?;
                let text = text.ok_or(AdministrationError::NoSuchAnnouncement)?;
                let event = Event::of(Action::Announce, id).before(json!({ "text": text }));
                Ok::<_, AdministrationError>(self.record(tx, key, event).await?)
            })
            .await?;
        self.follow_own_decision().await;
        Ok(())
    }

    /// All of them, also those to come and those that ended lately.
    pub async fn list_announcements(
        &self,
        _key: &SystemKey,
    ) -> Result<Vec<Announcement>, StoreError> {
        Ok(self.db.read(async |tx| announcements::list(tx, MOST).await).await?)
    }

    /// What everybody is told now. Asks nobody, because every page asks; see `live`.
    pub fn current_announcements(&self) -> Vec<Announcement> {
        if !self.shows_announcements() {
            return Vec::new();
        }
        let now = self.now();
        let is_now =
            |it: &&Announcement| it.starts_at <= now && it.ends_at.is_none_or(|end| now < end);
        self.live.decisions().announcements.iter().filter(is_now).cloned().collect()
    }
}

fn level(word: &str) -> Result<Level, AdministrationError> {
    let all = [Level::Info, Level::Warning, Level::Critical];
    let found = all.into_iter().find(|level| level.word() == word);
    let rule = "level is one of: info, warning, critical";
    found.ok_or_else(|| AdministrationError::field("level", rule))
}
