//! Take-downs: a digest that is served and accepted nowhere on this hub, whoever holds it.

use std::sync::Arc;

use roadstead_db::{hub_settings, takedowns};
use roadstead_types::Digest;
use serde_json::json;

use super::AdministrationError;
use super::error::line;
use crate::Hub;
use crate::accounts::SystemKey;
use crate::audit::{Action, Event};

pub use roadstead_db::takedowns::TakedownRecord as Takedown;

/// Every node keeps all of them in memory.
const MOST: u64 = 100_000;
/// Characters of a reason, which clients print.
const REASON_CHARS: usize = 200;

/// The content was taken down, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this content was taken down: {0}")]
pub struct TakenDown(Arc<str>);

impl Hub {
    /// Whether content may be served and accepted. Asks nobody; see `live`.
    pub(crate) fn check_taken_down(&self, digest: &Digest) -> Result<(), TakenDown> {
        match self.live.decisions().taken_down.get(digest) {
            Some(reason) => Err(TakenDown(Arc::clone(reason))),
            None => Ok(()),
        }
    }

    /// Takes a digest down in all repositories, of today and to come: manifests and blobs alike.
    pub async fn take_down(
        &self,
        key: &SystemKey,
        digest: &Digest,
        reason: &str,
    ) -> Result<(), AdministrationError> {
        let reason = line("reason", reason, REASON_CHARS)?;
        let by = key.administrator().map(|who| who.account);
        let now = self.now();
        self.db
            .write(async |tx| {
                hub_settings::advance(tx).await?;
                if takedowns::count(tx).await? >= MOST {
                    return Err(AdministrationError::TooMany(MOST));
                }
                if !takedowns::insert(tx, digest, &reason, by, now).await? {
                    return Err(AdministrationError::TakenDownAlready(*digest));
                }
                let event = Event::of(Action::DigestBlock, digest);
                Ok(self.record(tx, key, event.after(json!({ "reason": reason }))).await?)
            })
            .await?;
        self.follow_own_decision().await;
        Ok(())
    }

    /// Allows a digest again. What was stored under it is served as before.
    pub async fn allow_again(
        &self,
        key: &SystemKey,
        digest: &Digest,
    ) -> Result<(), AdministrationError> {
        self.db
            .write(async |tx| {
                hub_settings::advance(tx).await?;
                let reason = takedowns::delete(tx, digest).await?;
                let reason = reason.ok_or(AdministrationError::NotTakenDown(*digest))?;
                let event = Event::of(Action::DigestUnblock, digest);
                Ok::<_, AdministrationError>(
                    self.record(tx, key, event.before(json!({ "reason": reason }))).await?,
                )
            })
            .await?;
        self.follow_own_decision().await;
        Ok(())
    }

    /// A page of what is taken down, the newest first, and how many there are in all.
    pub async fn list_takedowns(
        &self,
        _key: &SystemKey,
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<Takedown>, u64), AdministrationError> {
        self.db
            .read(async |tx| {
                let page = takedowns::list(tx, offset, limit).await?;
                Ok((page, takedowns::count(tx).await?))
            })
            .await
    }
}
