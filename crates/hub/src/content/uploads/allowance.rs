//! The room that an upload takes in its namespace before its bytes are stored.
//!
//! Announced bytes are reserved all at once. A body of unknown length reserves in steps while it flows:
//! as much again as has come, at least [`FIRST_STEP`] and at most [`LARGEST_STEP`], or what is left of the
//! room. So nothing is stored without room, and what is reserved in vain stays small.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use roadstead_blobs::BodyError;
use roadstead_db::uploads::{self, Reservation, UploadRecord};
use roadstead_db::{DbError, Tx, storage};
use roadstead_types::{AccountId, UploadId};

use super::UploadError;
use crate::Hub;
use crate::content::Incoming;
use crate::error::StoreErrorKind;

pub(super) const FIRST_STEP: u64 = 1 << 20;
const LARGEST_STEP: u64 = 64 << 20;
/// How often, and at what distance, a step is tried while the database is away.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(500);

/// The reservation of the session whose lease a request holds.
pub(super) struct Allowance {
    hub: Hub,
    upload: UploadId,
    writer: String,
    namespace: AccountId,
    state: Mutex<State>,
}

struct State {
    reservation: Reservation,
    refusal: Option<UploadError>,
}

impl Allowance {
    pub(super) fn new(
        hub: &Hub,
        record: &UploadRecord,
        writer: &str,
        namespace: AccountId,
    ) -> Self {
        let state = State { reservation: record.reservation(), refusal: None };
        Self {
            hub: hub.clone(),
            upload: record.id,
            writer: writer.to_owned(),
            namespace,
            state: Mutex::new(state),
        }
    }

    pub(super) fn reservation(&self) -> Reservation {
        self.state().reservation
    }

    /// To be called once the change is committed.
    pub(super) fn set(&self, reservation: Reservation) {
        self.state().reservation = reservation;
    }

    /// Why a body was refused in the middle.
    pub(super) fn refusal(&self) -> Option<UploadError> {
        self.state().refusal.take()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The body, of which a piece passes once there is room for it behind the first `arrived` bytes.
    pub(super) fn guard(
        self: &Arc<Self>,
        arrived: u64,
        body: Incoming<'static>,
    ) -> Incoming<'static> {
        let start = (Arc::clone(self), arrived, body);
        stream::unfold(Some(start), |state| async {
            let (allowance, arrived, mut body) = state?;
            let piece = match body.next().await? {
                Ok(piece) => piece,
                Err(broken) => return Some((Err(broken), None)),
            };
            let arrived = arrived + piece.len() as u64;
            match allowance.cover(arrived).await {
                Ok(()) => Some((Ok(piece), Some((allowance, arrived, body)))),
                Err(refusal) => {
                    allowance.state().refusal = Some(refusal);
                    Some((Err(BodyError::Refused), None))
                }
            }
        })
        .boxed()
    }

    /// Makes sure that `bytes` are reserved.
    async fn cover(&self, bytes: u64) -> Result<(), UploadError> {
        let reserved = self.reservation().bytes;
        if bytes <= reserved {
            return Ok(());
        }
        let wanted = reserved.saturating_add(bytes.clamp(FIRST_STEP, LARGEST_STEP)).max(bytes);
        for _ in 0..TRIES {
            let made = self.hub.db.write(async |tx| self.reserve(tx, bytes, wanted).await).await;
            match made {
                // A database that is away now may be back before the lease ends.
                Err(UploadError::Store(error)) if error.kind() == StoreErrorKind::Unavailable => {
                    tokio::time::sleep(PAUSE).await;
                }
                made => return made.map(|made| self.set(made)),
            }
        }
        Err(DbError::Busy.into())
    }

    /// Reserves `wanted` bytes in all, or as many as there is room for, but `least`. What is reserved
    /// already stays.
    pub(super) async fn reserve(
        &self,
        tx: &mut Tx<'_>,
        least: u64,
        wanted: u64,
    ) -> Result<Reservation, UploadError> {
        let old = self.reservation();
        let kept = if old.namespace == Some(self.namespace) { old.bytes } else { 0 };
        if kept >= wanted || (wanted == 0 && old.bytes == 0) {
            return Ok(old);
        }
        let room = self.hub.room_of(tx, self.namespace).await?;
        let made = self.replace(tx, old, wanted).await?;
        let Some(room) = room else { return Ok(made) };
        let mut held = storage::held(tx, self.namespace).await?;
        let granted = wanted.saturating_sub(room.excess(held)).max(kept);
        if granted < least {
            held.reserved = held.reserved.saturating_sub(wanted - kept);
            return Err(room.refuse(held, least - kept).into());
        }
        match granted == wanted {
            true => Ok(made),
            false => self.replace(tx, made, granted).await,
        }
    }

    async fn replace(
        &self,
        tx: &mut Tx<'_>,
        old: Reservation,
        bytes: u64,
    ) -> Result<Reservation, UploadError> {
        let new = Reservation { namespace: Some(self.namespace), bytes };
        let charges = uploads::reserve(tx, self.upload, &self.writer, old, new).await?;
        storage::settle(tx, &charges.ok_or(UploadError::Unknown)?).await?;
        Ok(new)
    }
}
