//! Uploads: a session is a row, its bytes are staged in the store, and one statement acknowledges.

use std::time::Duration;

use futures_util::StreamExt;
use roadstead_blobs::crash::{CrashPoint, crash_point};
use roadstead_blobs::hashing::HashState;
use roadstead_blobs::{AppendEnd, BlobError, BodyError, Locator, UploadState};
use roadstead_db::uploads::UploadRecord;
use roadstead_db::{DbError, Tx, blobs, uploads};
use roadstead_oci::range::ChunkRange;
use roadstead_types::{AccountId, Algorithm, Digest, UploadId};

use super::Incoming;
use crate::access::{Allows, Push, Repo};
use crate::{Hub, StoreError};

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

/// A session whose lease this request holds.
struct Leased {
    hub: Hub,
    id: UploadId,
    writer: String,
    state: UploadState,
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
        };
        let most = self.hub.settings.limits.uploads_per_account;
        self.hub
            .db
            .write(async |tx| {
                if uploads::count_of(tx, account).await? >= most {
                    return Err(UploadError::TooMany);
                }
                Ok(uploads::insert(tx, &record).await?)
            })
            .await?;
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
        let leased = self.lease(id, place, None).await?;
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
        let leased = self.lease(id, place, Some(&digest)).await?;
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
                    Err(error.into())
                }
                Err(error) => Err(leased.give_back(error.into()).await),
            }
        })
        .await
    }

    /// Drops a session and its bytes.
    pub async fn cancel_upload(&self, id: UploadId) -> Result<(), UploadError> {
        let leased = self.lease(id, Place::default(), None).await?;
        detached(async move { leased.forget().await }).await
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

    /// Takes the session for this request, if the piece fits where it stands. A closing request
    /// that repeats a piece fits too, see [`is_whole`].
    async fn lease(
        &self,
        id: UploadId,
        place: Place,
        closing: Option<&Digest>,
    ) -> Result<Leased, UploadError> {
        let seen = self.own_upload(id).await?;
        let repeats = |offset, hash| closing.is_some_and(|digest| is_whole(offset, hash, digest));
        let hash = HashState::from_bytes(&seen.hash).ok_or(UploadError::Unknown)?;
        if !repeats(seen.offset, &hash) {
            check_place(id, place, seen.offset)?;
        }
        let writer = format!("{}/{}", self.hub.node, uuid::Uuid::new_v4().simple());
        let (now, until) = (self.hub.now(), self.hub.now().plus(LEASE));
        let taken =
            self.hub.db.write(async |tx| uploads::lease(tx, id, &writer, now, until).await).await?;
        let record = taken.ok_or(UploadError::Occupied { id, offset: seen.offset })?;
        let hash = HashState::from_bytes(&record.hash).ok_or(UploadError::Unknown)?;
        let state = UploadState { offset: record.offset, hash, staged: record.staged };
        let leased = Leased { hub: self.hub.clone(), id, writer, state };
        if repeats(leased.state.offset, &leased.state.hash) {
            return Ok(leased);
        }
        match check_place(id, place, leased.state.offset) {
            Ok(()) => Ok(leased),
            Err(error) => Err(leased.give_back(error).await),
        }
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

/// Reads a body to its end and keeps nothing of it.
async fn skip(mut body: Incoming<'static>, most: u64) -> Result<(), UploadError> {
    let mut skipped = 0;
    while let Some(piece) = body.next().await {
        skipped += piece.map_err(UploadError::Interrupted)?.len() as u64;
        if skipped > most {
            return Err(UploadError::TooLarge { limit: most });
        }
    }
    Ok(())
}

impl Leased {
    /// Takes the body of a closing request. What was acknowledged before must outlive the publish,
    /// which moves the bytes away and may be cut short before its row is committed. So the last
    /// piece is recorded first: the session then stands at its end, and the request can be repeated.
    async fn receive_last(
        &mut self,
        place: Place,
        body: Incoming<'static>,
        digest: &Digest,
    ) -> Result<(), UploadError> {
        let before = self.state.offset;
        if is_whole(before, &self.state.hash, digest) {
            return skip(body, self.hub.settings.limits.blob_bytes).await;
        }
        self.receive(place, body).await?;
        if before == 0 || self.state.offset == before {
            return Ok(());
        }
        self.save_and_hold().await?;
        crash_point(CrashPoint::UploadLastPiece);
        Ok(())
    }

    /// Stores the body behind what is there. An error leaves the acknowledged state as it was.
    async fn receive(&mut self, place: Place, body: Incoming<'static>) -> Result<(), UploadError> {
        let limit = self.hub.settings.limits.blob_bytes;
        let announced = place.content_length.unwrap_or(0);
        if self.state.offset.saturating_add(announced) > limit {
            return Err(UploadError::TooLarge { limit });
        }
        let mut body = body.peekable();
        if std::pin::Pin::new(&mut body).peek().await.is_none() {
            return match place.range {
                Some(_) => Err(UploadError::LengthDiffers),
                None => Ok(()),
            };
        }
        let before = self.state.clone();
        let end = self.append_renewing(body.boxed(), limit).await?;
        let received = self.state.offset - before.offset;
        crash_point(CrashPoint::UploadAppended);
        let result = match end {
            AppendEnd::TooLarge => Err(UploadError::TooLarge { limit }),
            // A client that names its places can ask where to go on; any other would send the same
            // bytes again behind these.
            AppendEnd::Interrupted(why) if place.range.is_some() && received > 0 => {
                tracing::info!(upload = %self.id, offset = self.state.offset, %why, "kept what had arrived");
                self.save().await?;
                return Err(UploadError::Interrupted(why));
            }
            AppendEnd::Interrupted(why) => Err(UploadError::Interrupted(why)),
            AppendEnd::Complete if place.range.is_some_and(|range| range.length() != received) => {
                Err(UploadError::LengthDiffers)
            }
            AppendEnd::Complete => Ok(()),
        };
        if result.is_err() {
            self.state = before;
        }
        result
    }

    async fn append_renewing(
        &mut self,
        body: Incoming<'static>,
        limit: u64,
    ) -> Result<AppendEnd, UploadError> {
        let Self { hub, id, writer, state } = self;
        let append = hub.blobs.append(*id, state, body, limit);
        tokio::pin!(append);
        let mut renewal = tokio::time::interval(LEASE_RENEWAL);
        renewal.tick().await;
        loop {
            tokio::select! {
                end = &mut append => return Ok(end?),
                _ = renewal.tick() => {
                    let until = hub.now().plus(LEASE);
                    let renewed = hub.db.write(async |tx| uploads::renew(tx, *id, writer, until).await).await;
                    // A database that is away now may be back before the lease ends.
                    if matches!(renewed, Ok(false)) {
                        return Err(UploadError::Unknown);
                    }
                }
            }
        }
    }

    /// Makes what was received count, and gives the lease back.
    async fn save(&self) -> Result<bool, DbError> {
        let saved = self.hub.db.write(async |tx| self.record(tx).await).await?;
        crash_point(CrashPoint::UploadAcknowledged);
        Ok(saved)
    }

    /// Makes what was received count, and keeps the lease.
    async fn save_and_hold(&self) -> Result<(), UploadError> {
        let (now, until) = (self.hub.now(), self.hub.now().plus(LEASE));
        self.hub
            .db
            .write(async |tx| {
                let held = self.record(tx).await?
                    && uploads::lease(tx, self.id, &self.writer, now, until).await?.is_some();
                if held { Ok(()) } else { Err(UploadError::Unknown) }
            })
            .await
    }

    async fn record(&self, tx: &mut Tx<'_>) -> Result<bool, DbError> {
        let hash = self.state.hash.to_bytes();
        let progress = uploads::Progress {
            offset: self.state.offset,
            hash: &hash,
            staged: &self.state.staged,
            expires_at: self.hub.now().plus(self.hub.settings.upload_ttl),
        };
        uploads::acknowledge(tx, self.id, &self.writer, progress).await
    }

    async fn acknowledge(self) -> Result<Progress, UploadError> {
        match self.save().await? {
            true => Ok(Progress { id: self.id, offset: self.state.offset }),
            false => Err(UploadError::Unknown),
        }
    }

    /// Gives the lease back and passes the error on.
    async fn give_back(self, error: UploadError) -> UploadError {
        let released =
            self.hub.db.write(async |tx| uploads::release(tx, self.id, &self.writer).await).await;
        if let Err(cause) = released {
            tracing::warn!(upload = %self.id, %cause, "the lease stays until it runs out");
        }
        error
    }

    async fn publish(&mut self, digest: &Digest) -> Result<Locator, BlobError> {
        self.hub.blobs.publish(self.id, &self.state, digest).await
    }

    /// Bytes are durable; now the rows that make them reachable.
    async fn commit(
        self,
        repository: roadstead_types::RepositoryId,
        digest: Digest,
        locator: Locator,
    ) -> Result<(), UploadError> {
        crash_point(CrashPoint::UploadPublished);
        let now = self.hub.now();
        let new = blobs::NewBlob {
            id: self.hub.new_id(),
            digest,
            size: self.state.offset,
            locator: locator.0,
            created_at: now,
            protected_until: now.plus(self.hub.settings.protection),
        };
        let published = self
            .hub
            .db
            .write(async |tx| {
                let published = blobs::publish(tx, &new).await?;
                blobs::link(tx, repository, published.record.id, now).await?;
                if !uploads::finish(tx, self.id, &self.writer).await? {
                    return Err(UploadError::Unknown);
                }
                crash_point(CrashPoint::UploadUncommitted);
                Ok(published)
            })
            .await?;
        crash_point(CrashPoint::UploadCommitted);
        if let Some(extra) = published.superfluous
            && let Err(cause) = self.hub.blobs.delete(&Locator(extra)).await
        {
            tracing::warn!(%cause, "a second copy of a blob stays behind");
        }
        Ok(())
    }

    /// Removes the session, then its bytes.
    async fn forget(self) -> Result<(), UploadError> {
        self.hub.db.write(async |tx| uploads::delete(tx, self.id).await).await?;
        crash_point(CrashPoint::UploadCancelled);
        Ok(self.hub.blobs.abort(self.id, &self.state).await?)
    }
}

impl Hub {
    /// Removes sessions that rested too long, with their bytes. Returns how many.
    pub async fn purge_uploads(&self) -> Result<usize, StoreError> {
        let now = self.now();
        let expired = self.db.write(async |tx| uploads::take_expired(tx, now, 100).await).await?;
        for record in &expired {
            let Some(hash) = HashState::from_bytes(&record.hash) else { continue };
            let state = UploadState { offset: record.offset, hash, staged: record.staged.clone() };
            self.blobs.abort(record.id, &state).await?;
        }
        Ok(expired.len())
    }

    /// Frees the leases that this node held before it was restarted.
    pub async fn free_own_leases(&self) -> Result<(), StoreError> {
        let prefix = format!("{}/", self.node);
        self.db.write(async |tx| uploads::free_leases_of(tx, &prefix).await).await?;
        Ok(())
    }
}
