//! Room: how many bytes a namespace may hold. What it holds is counted by the database
//! ([`roadstead_db::storage`]); here it is held against the plan.

use roadstead_db::storage::{self, Held};
use roadstead_db::{DbError, Tx};
use roadstead_types::{AccountId, Size};

use crate::Hub;

/// A namespace has no room for more bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the plan `{plan}` allows {limit}: {stored} are stored, {reserved} are reserved by open uploads, and this needs at least {needed} more; delete images and empty the trash, or ask the administrator for another plan",
    needed = Size(*needed), limit = Size(*limit), stored = Size(*stored), reserved = Size(*reserved)
)]
pub struct StorageFull {
    pub plan: String,
    pub stored: u64,
    pub reserved: u64,
    pub limit: u64,
    /// Bytes more that were asked for, at least.
    pub needed: u64,
}

/// What a plan allows.
pub(crate) struct Room {
    pub(crate) plan: String,
    pub(crate) limit: u64,
}

impl Room {
    /// By how much a namespace holds more than it may.
    pub(crate) fn excess(&self, held: Held) -> u64 {
        held.total().saturating_sub(self.limit)
    }

    /// The refusal of `needed` bytes to a namespace that holds this much without them.
    pub(crate) fn refuse(self, held: Held, needed: u64) -> StorageFull {
        let Held { stored, reserved } = held;
        StorageFull { plan: self.plan, stored, reserved, limit: self.limit, needed }
    }
}

impl Hub {
    /// The room of a namespace; `None` where there is no limit, as for official repositories.
    pub(crate) async fn room_of(
        &self,
        tx: &mut Tx<'_>,
        namespace: AccountId,
    ) -> Result<Option<Room>, DbError> {
        if namespace == self.library {
            return Ok(None);
        }
        let plan = self.plan_of(tx, namespace).await?;
        Ok(plan.storage_bytes.map(|limit| Room { plan: plan.name, limit }))
    }

    /// Whether a namespace could take `bytes` more.
    pub(crate) async fn has_room(
        &self,
        tx: &mut Tx<'_>,
        namespace: AccountId,
        bytes: u64,
    ) -> Result<Result<(), StorageFull>, DbError> {
        let Some(room) = self.room_of(tx, namespace).await? else { return Ok(Ok(())) };
        let held = storage::held(tx, namespace).await?;
        match held.total().saturating_add(bytes) <= room.limit {
            true => Ok(Ok(())),
            false => Ok(Err(room.refuse(held, bytes))),
        }
    }

    /// Whether a namespace is within its plan now that `bytes` were entered. What is refused must be
    /// rolled back.
    pub(crate) async fn fits(
        &self,
        tx: &mut Tx<'_>,
        namespace: AccountId,
        bytes: u64,
    ) -> Result<Result<(), StorageFull>, DbError> {
        if bytes == 0 {
            return Ok(Ok(()));
        }
        let Some(room) = self.room_of(tx, namespace).await? else { return Ok(Ok(())) };
        let mut held = storage::held(tx, namespace).await?;
        match room.excess(held) {
            0 => Ok(Ok(())),
            _ => {
                held.stored = held.stored.saturating_sub(bytes);
                Ok(Err(room.refuse(held, bytes)))
            }
        }
    }
}
