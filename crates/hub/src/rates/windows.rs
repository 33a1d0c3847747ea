//! What this node knows of the windows in which pulls are counted.
//!
//! A pull adds to a number in memory. Every two seconds the numbers are added to the rows that all nodes
//! share, and the sums come back. What is known of a requester was read at most half a minute ago.

use std::sync::Arc;
use std::time::Duration;

use roadstead_db::pull_windows::PullWindow;
use roadstead_types::Timestamp;

use super::Requester;
use crate::sharded::Sharded;

/// How long a node goes on with what it read of a requester: its limit above all.
const REMEMBERED: Duration = Duration::from_secs(30);
/// Requesters of one part of the memory; those beyond are not counted until there is room.
const MAX_KEYS: usize = 8192;

/// One requester's window, and what counts for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// `None` is without limit.
    pub limit: Option<u64>,
    /// How answers call the requester.
    pub source: Arc<str>,
    /// Pulls that the database knows of, or is being told of.
    pub known: u64,
    /// Pulls of this node that it does not know of.
    pub fresh: u64,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub read_at: Timestamp,
}

impl Window {
    pub fn pulls(&self) -> u64 {
        self.known + self.fresh
    }

    /// The same with nothing left to be written down.
    fn settled(&self) -> Self {
        Self { known: self.pulls(), fresh: 0, ..self.clone() }
    }

    /// A window begins with the first pull; one that is over is followed by one that begins with the next.
    fn roll(&mut self, now: Timestamp, length: Duration) {
        if now >= self.ends_at || self.pulls() == 0 {
            (self.known, self.fresh) = (0, 0);
            (self.starts_at, self.ends_at) = (now, now.plus(length));
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Windows(Sharded<Requester, Window>);

impl Windows {
    /// What is known of a requester.
    pub fn get(&self, who: Requester, now: Timestamp, length: Duration) -> Option<Window> {
        let mut shard = self.0.of(who);
        let window = shard.get_mut(&who)?;
        window.roll(now, length);
        Some(window.clone())
    }

    /// Keeps what was read, unless somebody was faster.
    pub fn learn(&self, who: Requester, window: &Window) {
        let mut shard = self.0.of(who);
        if shard.len() < MAX_KEYS {
            shard.entry(who).or_insert_with(|| window.clone());
        }
    }

    /// Counts one pull, if the window has room for it. `seen` stands in for what was forgotten since.
    pub fn take(
        &self,
        who: Requester,
        seen: &Window,
        now: Timestamp,
        length: Duration,
    ) -> Result<Window, Window> {
        let mut shard = self.0.of(who);
        if shard.len() >= MAX_KEYS && !shard.contains_key(&who) {
            return Ok(seen.clone());
        }
        let window = shard.entry(who).or_insert_with(|| seen.settled());
        window.roll(now, length);
        if window.limit.is_some_and(|most| window.pulls() >= most) {
            return Err(window.clone());
        }
        window.fresh += 1;
        Ok(window.clone())
    }

    /// Windows with pulls to be written down, in the order of their keys. Forgets what was read too long ago.
    pub fn unwritten(&self, now: Timestamp) -> Vec<(Requester, Window)> {
        let mut unwritten = Vec::new();
        for mut shard in self.0.all() {
            shard.retain(|who, window| {
                if window.fresh > 0 {
                    unwritten.push((*who, window.clone()));
                    window.known += std::mem::take(&mut window.fresh);
                }
                now.since(window.read_at) < REMEMBERED
            });
        }
        unwritten.sort_by_cached_key(|(who, _)| who.to_string());
        unwritten
    }

    /// Takes over what the nodes have counted together.
    pub fn written(&self, who: Requester, row: &PullWindow) {
        if let Some(window) = self.0.of(who).get_mut(&who)
            && row.ends_at > window.starts_at
        {
            window.known = row.pulls;
            (window.starts_at, window.ends_at) = (row.starts_at, row.ends_at);
        }
    }

    /// Keeps for the next time what could not be written.
    pub fn put_back(&self, unwritten: impl Iterator<Item = (Requester, Window)>) {
        for (who, old) in unwritten {
            let mut shard = self.0.of(who);
            let window = shard.entry(who).or_insert_with(|| old.settled());
            if window.starts_at == old.starts_at {
                window.known = window.known.saturating_sub(old.fresh);
                window.fresh += old.fresh;
            }
        }
    }
}
