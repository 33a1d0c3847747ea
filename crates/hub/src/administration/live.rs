//! The decisions that requests must know, in memory: what is taken down, the settings, the announcements.
//!
//! A decision counts at once on the node where it was made, and on the others when they look again, each
//! second. The copy is whole and never changed, only replaced, so a request pays for a pointer.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use roadstead_db::{DbError, Tx, announcements, hub_settings, takedowns};
use roadstead_types::Digest;

use super::announcements::{Announcement, MOST};
use crate::{Hub, StoreError};

/// What was decided, as it was at a revision.
#[derive(Debug)]
pub(crate) struct Decisions {
    revision: i64,
    /// With the reason of each.
    pub(super) taken_down: HashMap<Digest, Arc<str>>,
    pub(super) settings: HashMap<String, String>,
    pub(super) announcements: Vec<Announcement>,
}

impl Default for Decisions {
    /// Older than anything that is stored, so that it is read even where nothing was decided yet.
    fn default() -> Self {
        Self {
            revision: -1,
            taken_down: HashMap::new(),
            settings: HashMap::new(),
            announcements: Vec::new(),
        }
    }
}

/// This node's copy.
#[derive(Default)]
pub(crate) struct Live(RwLock<Arc<Decisions>>);

impl Live {
    pub(super) fn decisions(&self) -> Arc<Decisions> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// An older copy, read by somebody slow, does not take the place of a newer one.
    fn replace(&self, decisions: Decisions) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if decisions.revision > held.revision {
            *held = Arc::new(decisions);
        }
    }
}

impl Hub {
    /// Brings this node's copy up to date. One small query where nothing was decided.
    pub async fn follow_decisions(&self) -> Result<(), StoreError> {
        let known = self.live.decisions().revision;
        let fresh = self.db.read(async |tx| newer_than(tx, known).await).await?;
        if let Some(decisions) = fresh {
            self.live.replace(decisions);
        }
        Ok(())
    }

    /// The same after a decision of this node's own, which stands whether or not this succeeds.
    pub(crate) async fn follow_own_decision(&self) {
        if let Err(error) = self.follow_decisions().await {
            tracing::warn!(%error, "a decision counts here when the database answers again");
        }
    }
}

/// The revision is read first: what is decided in between is then read again next time.
async fn newer_than(tx: &mut Tx<'_>, known: i64) -> Result<Option<Decisions>, DbError> {
    let revision = hub_settings::revision(tx).await?;
    if revision == known {
        return Ok(None);
    }
    let taken_down = takedowns::all(tx).await?;
    let settings = hub_settings::list(tx).await?;
    let announcements = announcements::list(tx, MOST).await?;
    Ok(Some(Decisions {
        revision,
        taken_down: taken_down.into_iter().map(|(digest, why)| (digest, why.into())).collect(),
        settings: settings.into_iter().map(|row| (row.name, row.value)).collect(),
        announcements,
    }))
}
