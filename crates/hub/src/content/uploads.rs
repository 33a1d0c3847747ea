//! Uploads: a session is a row, its bytes are staged in the store, and one statement acknowledges.

mod allowance;
mod leased;
mod strays;
mod writers;

use std::sync::Arc;
use std::time::Duration;

use roadstead_blobs::crash::{CrashPoint, crash_point};
use roadstead_blobs::hashing::HashState;
use roadstead_blobs::{BlobError, BodyError, UploadState};
use roadstead_db::uploads::UploadRecord;
use roadstead_db::{DbError, Tx, uploads};
use roadstead_oci::range::ChunkRange;
use roadstead_types::{AccountId, Algorithm, Digest, UploadId};

use self::allowance::{Allowance, FIRST_STEP};
use self::leased::Leased;
pub(super) use self::strays::Stray;
pub(crate) use self::writers::Writers;
use super::Incoming;
use crate::access::{Allows, Push, Repo};
use crate::administration::TakenDown;
use crate::{Hub, StorageFull, StoreError};

/// How long a request may hold a session without a sign of life.
const LEASE: Duration = Duration::from_secs(20);
const LEASE_RENEWAL: Duration = Duration::from_secs(5);

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub id: UploadId,
    /// Bytes stored and acknowledged.
    pub offset: u64,
}

/// What the client says about the place and length of a piece.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    pub range: Option<ChunkRange>,
    pub content_length: Option<u64>,
}

impl Place {
    /// What the client says of how much comes.
    fn announces(&self) -> Coming {
        let bytes = self.content_length.or_else(|| self.range.map(|range| range.length()));
        bytes.map_or(Coming::Unknown, Coming::Bytes)
    }
}

/// How much a request will store, as far as one knows beforehand.
#[derive(Clone, Copy)]
enum Coming {
    /// It only ends the session.
    Nothing,
    Bytes(u64),
    Unknown,
}

#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error(
        "the upload is not known here: it was finished, cancelled or timed out; start a new one"
    )]
    Unknown,
    #[error("the piece does not start at byte {offset}, where the upload stands")]
    OutOfOrder { id: UploadId, offset: u64 },
    #[error("another request is writing to this upload")]
    Occupied { id: UploadId, offset: u64 },
    #[error("the piece has another length than its Content-Range says")]
    LengthDiffers,
    #[error("the blob is larger than {limit} bytes, the most this hub takes")]
    TooLarge { limit: u64 },
    #[error(
        "the bytes that arrived have the digest {actual}, not {expected}; the upload was dropped"
    )]
    DigestDiffers { expected: Digest, actual: Digest },
    #[error("too many uploads are open for this account; finish or cancel some")]
    TooMany,
    #[error(transparent)]
    StorageFull(#[from] StorageFull),
    #[error(transparent)]
    TakenDown(#[from] TakenDown),
    #[error("the body broke off: {0}")]
    Interrupted(BodyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for UploadError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl From<BlobError> for UploadError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::DigestMismatch { expected, actual } => {
                Self::DigestDiffers { expected, actual }
            }
            // Nothing can be added to a session whose bytes are gone.
            BlobError::StagedMissing(_) | BlobError::StateUnreadable(_) => Self::Unknown,
            error => Self::Store(error.into()),
        }
    }
}

impl<R: Allows<Push>> Repo<R> {
    /// Opens a session, hashed with `algorithm` while it runs.
    pub async fn begin_upload(&self, algorithm: Algorithm) -> Result<Progress, UploadError> {
        let account = self.uploader()?;
        let id = UploadId(uuid::Uuid::new_v4());
        let state = self.hub.blobs.begin(id, algorithm);
        let now = self.hub.now();
        let record = UploadRecord {
            id,
            repository_id: self.facts.id,
            account_id: account,
            offset: state.offset,
            hash: state.hash.to_bytes(),
            staged: state.staged,
            writer: None,
            writer_until: None,
            created_at: now,
            expires_at: now.plus(self.hub.settings.upload_ttl),
            namespace_id: None,
            reserved: 0,
        };
        let most = self.hub.settings.limits.uploads_per_account;
        self.hub
            .db
            .write(async |tx| {
                if uploads::count_of(tx, account).await? >= most {
                    return Err(UploadError::TooMany);
                }
                // Bytes reserve their room when they come; docker, told now, does not send them.
                self.hub.has_room(tx, self.facts.namespace_id, 1).await??;
                Ok(uploads::insert(tx, &record).await?)
            })
            .await?;
        count("started", 1);
        crash_point(CrashPoint::UploadBegun);
        Ok(Progress { id, offset: 0 })
    }

    /// Where a session stands.
    pub async fn upload_progress(&self, id: UploadId) -> Result<Progress, UploadError> {
        let record = self.own_upload(id).await?;
        Ok(Progress { id, offset: record.offset })
    }

    /// Adds a piece.
    pub async fn append(
        &self,
        id: UploadId,
        place: Place,
        body: Incoming<'static>,
    ) -> Result<Progress, UploadError> {
        let leased = self.lease(id, place, None, place.announces()).await?;
        detached(async move {
            let mut leased = leased;
            match leased.receive(place, body).await {
                Ok(()) => leased.acknowledge().await,
                Err(error) => Err(leased.give_back(error).await),
            }
        })
        .await
    }

    /// Adds a last piece, which may be empty, and makes the blob.
    pub async fn finish_upload(
        &self,
        id: UploadId,
        digest: Digest,
        place: Place,
        body: Incoming<'static>,
    ) -> Result<(), UploadError> {
        self.hub.check_taken_down(&digest)?;
        let leased = self.lease(id, place, Some(&digest), place.announces()).await?;
        let repository = self.facts.id;
        detached(async move {
            let mut leased = leased;
            if let Err(error) = leased.receive_last(place, body, &digest).await {
                return Err(leased.give_back(error).await);
            }
            match leased.publish(&digest).await {
                Ok(locator) => leased.commit(repository, digest, locator).await,
                Err(error @ BlobError::DigestMismatch { .. }) => {
                    leased.forget().await?;
                    count("refused", 1);
                    Err(error.into())
                }
                Err(error) => Err(leased.give_back(error.into()).await),
            }
        })
        .await
    }

    /// Drops a session and its bytes.
    pub async fn cancel_upload(&self, id: UploadId) -> Result<(), UploadError> {
        let leased = self.lease(id, Place::default(), None, Coming::Nothing).await?;
        detached(async move { leased.forget().await.inspect(|()| count("cancelled", 1)) }).await
    }

    /// Drops a session that nobody knows of. Nobody waits for that, because the store may be what
    /// failed.
    pub fn abandon_upload(self, id: UploadId)
    where
        R: Send + Sync + 'static,
    {
        tokio::spawn(async move {
            match self.cancel_upload(id).await {
                Ok(()) | Err(UploadError::Unknown) => {}
                Err(error) => {
                    tracing::warn!(upload = %id, %error, "an upload stays until it expires")
                }
            }
        });
    }

    fn uploader(&self) -> Result<AccountId, UploadError> {
        self.actor().ok_or_else(|| StoreError::internal("a push right without an account").into())
    }

    /// The session, if it was opened here by this account. Anybody else's does not exist.
    async fn own_upload(&self, id: UploadId) -> Result<UploadRecord, UploadError> {
        let found = self.hub.db.read(async |tx| uploads::find(tx, id).await).await?;
        let account = self.uploader()?;
        found
            .filter(|record| record.repository_id == self.facts.id && record.account_id == account)
            .filter(|record| record.expires_at > self.hub.now())
            .ok_or(UploadError::Unknown)
    }

    /// Takes the session for this request, if the piece fits where it stands, and reserves room for the
    /// bytes that are announced. A closing request that repeats a piece fits too, see [`is_whole`].
    async fn lease(
        &self,
        id: UploadId,
        place: Place,
        closing: Option<&Digest>,
        coming: Coming,
    ) -> Result<Leased, UploadError> {
        let seen = self.own_upload(id).await?;
        let repeats = |offset, hash| closing.is_some_and(|digest| is_whole(offset, hash, digest));
        let hash = HashState::from_bytes(&seen.hash).ok_or(UploadError::Unknown)?;
        let coming = match repeats(seen.offset, &hash) {
            true => Coming::Bytes(0),
            false => check_place(id, place, seen.offset).map(|()| coming)?,
        };
        let writers = &self.hub.content.writers;
        let (writer, dead) = (writers.start(), seen.writer.filter(|held| writers.has_ended(held)));
        let (name, now, until) = (writer.name(), self.hub.now(), self.hub.now().plus(LEASE));
        let (record, allowance) = self
            .hub
            .db
            .write(async |tx| {
                let taken = match (uploads::lease(tx, id, name, now, until).await?, &dead) {
                    (None, Some(dead)) => uploads::take_over(tx, id, dead, name, until).await?,
                    (taken, _) => taken,
                };
                let occupied = UploadError::Occupied { id, offset: seen.offset };
                let record = taken.ok_or(occupied)?;
                let allowance = self.allow(tx, &record, name, coming).await?;
                Ok::<_, UploadError>((record, allowance))
            })
            .await?;
        let hash = HashState::from_bytes(&record.hash).ok_or(UploadError::Unknown)?;
        let state = UploadState { offset: record.offset, hash, staged: record.staged };
        let leased = Leased { hub: self.hub.clone(), id, writer, state, allowance };
        if repeats(leased.state.offset, &leased.state.hash) {
            return Ok(leased);
        }
        match check_place(id, place, leased.state.offset) {
            Ok(()) => Ok(leased),
            Err(error) => Err(leased.give_back(error).await),
        }
    }

    /// Reserves room for what is announced, in the namespace where the repository is now. Without a
    /// number of bytes a first step is taken, or what is left of the room.
    async fn allow(
        &self,
        tx: &mut Tx<'_>,
        record: &UploadRecord,
        writer: &str,
        coming: Coming,
    ) -> Result<Arc<Allowance>, UploadError> {
        let allowance = Allowance::new(&self.hub, record, writer, self.facts.namespace_id);
        let most = self.hub.settings.limits.blob_bytes;
        let with = |count: u64| record.offset.saturating_add(count.min(most));
        let (least, wanted) = match coming {
            Coming::Nothing => return Ok(Arc::new(allowance)),
            Coming::Bytes(count) => (with(count), with(count)),
            Coming::Unknown => (with(0), with(FIRST_STEP)),
        };
        let made = allowance.reserve(tx, least, wanted).await?;
        allowance.set(made);
        Ok(Arc::new(allowance))
    }
}

fn check_place(id: UploadId, place: Place, offset: u64) -> Result<(), UploadError> {
    let Some(range) = place.range else { return Ok(()) };
    if place.content_length.is_some_and(|length| length != range.length()) {
        return Err(UploadError::LengthDiffers);
    }
    if range.first != offset {
        return Err(UploadError::OutOfOrder { id, offset });
    }
    Ok(())
}

/// Counts what became of sessions.
fn count(event: &'static str, sessions: u64) {
    metrics::counter!("roadstead_uploads_total", "event" => event).increment(sessions);
}

/// Whether what is stored already is all of `digest`. Bytes that come behind it can then only be the
/// last piece again, from a client that did not learn how its first try ended.
fn is_whole(offset: u64, hash: &HashState, digest: &Digest) -> bool {
    offset > 0 && hash.algorithm() == digest.algorithm() && hash.digest() == *digest
}

/// Runs to the end even if the client goes away and the handler is dropped: a session must not be
/// left leased, nor bytes published without their row.
async fn detached<T: Send + 'static>(
    work: impl Future<Output = Result<T, UploadError>> + Send + 'static,
) -> Result<T, UploadError> {
    tokio::spawn(work).await.unwrap_or_else(|error| Err(StoreError::internal(error).into()))
}

impl Hub {
    /// Removes sessions that rested too long, with their bytes. Returns how many.
    pub async fn purge_uploads(&self) -> Result<usize, StoreError> {
        let now = self.now();
        let expired = self.db.write(async |tx| uploads::take_expired(tx, now, 100).await).await?;
        count("expired", expired.len() as u64);
        for record in &expired {
            crash_point(CrashPoint::UploadExpired);
            let Some(hash) = HashState::from_bytes(&record.hash) else { continue };
            let state = UploadState { offset: record.offset, hash, staged: record.staged.clone() };
            // Their rows are gone: one that fails must not leave the bytes of the others behind.
            if let Err(error) = self.blobs.abort(record.id, &state).await {
                tracing::warn!(upload = %record.id, %error, "bytes of an expired upload stay behind");
            }
        }
        Ok(expired.len())
    }

    /// Frees the leases that this node held before it was restarted.
    pub async fn free_own_leases(&self) -> Result<(), StoreError> {
        let prefix = self.content.writers.prefix();
        self.db.write(async |tx| uploads::free_leases_of(tx, prefix).await).await?;
        Ok(())
    }
}
