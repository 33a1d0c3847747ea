//! The domain: every rule and every permission, for all surfaces alike.
//!
//! Nothing here knows HTTP, HTML or SQL text. Surfaces reach repositories only through the handles
//! of [`access`], and those exist only for callers who were cleared.

pub mod access;
pub mod accounts;
pub mod administration;
pub mod audit;
pub mod clock;
pub mod content;
pub mod counts;
pub mod error;
pub mod health;
pub mod jobs;
mod key_file;
pub mod organizations;
pub mod plans;
pub mod rates;
pub mod recount;
pub mod repos;
mod room;
pub mod sealing;
pub mod search;
pub mod settings;
mod sharded;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use roadstead_blobs::BlobStore;
use roadstead_db::Db;
use roadstead_db::lookups::Lookups;
use roadstead_types::ids::{Id, IdSequence};
use roadstead_types::{AccountId, Timestamp};

pub use access::{Caller, Refusal};
pub use clock::Clock;
pub use error::StoreError;
pub use room::StorageFull;
pub use sealing::SealingKey;
pub use settings::Settings;

/// A cheap handle on everything an operation needs.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

/// What the handle points at; its parts are for this crate alone.
pub struct Inner {
    pub(crate) db: Db,
    pub(crate) lookups: Lookups,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
    pub(crate) accounts: accounts::State,
    pub(crate) tokens: access::tokens::Tokens,
    pub(crate) sealing: SealingKey,
    pub(crate) content: content::State,
    pub(crate) denials: audit::Denials,
    pub(crate) search: search::State,
    pub(crate) pulls: counts::Tally,
    pub(crate) live: administration::Live,
    pub(crate) pull_windows: rates::Windows,
    pub(crate) requests: rates::Requests,
    pub(crate) library: AccountId,
    ids: Mutex<IdSequence>,
}

/// What a hub is made of.
pub struct Parts {
    pub db: Db,
    pub blobs: Arc<dyn BlobStore>,
    pub clock: Clock,
    pub settings: Settings,
    /// Names this node in the leases it takes; the same after a restart.
    pub node: String,
    pub keys: access::tokens::Keys,
    /// Seals what must be read again and must not be read in the database.
    pub sealing: SealingKey,
}

impl Hub {
    /// Puts the parts together and makes sure that the namespace of official images exists.
    pub async fn start(parts: Parts) -> Result<Self, StoreError> {
        let mut ids = IdSequence::default();
        let now = parts.clock.now();
        let candidate = AccountId::from_raw(ids.next(now.unix_ms(), rand::random()));
        let library = repos::ensure_library(&parts.db, candidate, now).await?;
        let hub = Self(Arc::new(Inner {
            library,
            denials: audit::Denials::default(),
            lookups: Lookups::new(parts.db.clone()),
            tokens: access::tokens::Tokens::new(parts.keys, &parts.settings),
            sealing: parts.sealing,
            accounts: accounts::State::new(&parts.settings),
            content: content::State::new(&parts.node),
            search: search::State::new(),
            pulls: counts::Tally::default(),
            live: administration::Live::default(),
            pull_windows: rates::Windows::default(),
            requests: rates::Requests::default(),
            db: parts.db,
            blobs: parts.blobs,
            clock: parts.clock,
            settings: parts.settings,
            ids: Mutex::new(ids),
        }));
        hub.follow_decisions().await?;
        Ok(hub)
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// How long ago that was; nothing for a time to come.
    pub(crate) fn age_of(&self, unix_us: i64) -> Duration {
        let age_us = self.now().unix_us().saturating_sub(unix_us);
        Duration::from_micros(u64::try_from(age_us).unwrap_or(0))
    }

    /// A fresh id of any table.
    pub(crate) fn new_id<I: Id>(&self) -> I {
        let mut ids = self.0.ids.lock().expect("no code panics while it holds the id sequence");
        I::from_raw(ids.next(self.now().unix_ms(), rand::random()))
    }
}

impl std::ops::Deref for Hub {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
