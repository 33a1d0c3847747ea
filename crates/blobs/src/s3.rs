//! Blobs in a bucket of S3 or of something that speaks its protocol.
//!
//! Bytes go straight to their final key, which nobody can guess and only the blob's row knows, so a
//! publish copies nothing. What an append acknowledged lies in the bucket, so any node can go on:
//! full parts in a multipart upload, the rest in an object of its own.
//!
//! Keys are never written twice with different content: a request of a node that was thought dead
//! can arrive late, and must not hit bytes that count. A multipart upload names its parts by their
//! ETags, which keeps late parts out.
//!
//! An append that dies with its process leaves parts behind; a note names them, see `notes`. Parts of
//! which the process died before it could write the note are left to a lifecycle rule of the bucket
//! (abort incomplete multipart uploads).

mod append;
mod bucket;
mod memory_budget;
mod notes;
mod publish;
mod read;
mod staged;
mod tails;
mod undo;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use roadstead_types::{Algorithm, Digest, Secret, UploadId};

use self::bucket::Bucket;
use self::memory_budget::MemoryBudget;
use self::staged::Staged;
use self::tails::Tails;
use self::undo::LastMade;
use crate::hashing::Hasher;
use crate::spool::PartPlan;
use crate::{AppendEnd, BlobError, BlobStore, Body, Locator, StagedUpload, Stored, UploadState};

/// Where the bucket is and how it is spoken to.
#[derive(Clone, Debug)]
pub struct S3Config {
    pub bucket: String,
    /// Put before every key; may be empty.
    pub prefix: String,
    /// Anything but Amazon's own address.
    pub endpoint: Option<String>,
    pub region: Option<String>,
    /// Without these the usual variables of the environment count (`AWS_ACCESS_KEY_ID` ...), then
    /// the identity of the machine.
    pub access_key: Option<String>,
    pub secret_key: Option<Secret>,
    /// `endpoint/bucket/key` rather than `bucket.endpoint/key`.
    pub path_style: bool,
    pub allow_http: bool,
    /// Folder for unnamed files in which parts are gathered.
    pub spool_dir: PathBuf,
    /// Size of a part, at least 5 MiB on real S3.
    pub part_bytes: u64,
    pub timeouts: S3Timeouts,
}

impl S3Config {
    pub const PART_BYTES: u64 = 8 << 20;
}

/// How long the store is waited for.
#[derive(Clone, Copy, Debug)]
pub struct S3Timeouts {
    pub connect: Duration,
    /// For one answer to a small request, and for the next bytes of a download.
    pub answer: Duration,
    /// For a small request with all its repetitions.
    pub request: Duration,
    /// For one part to be sent and answered.
    pub transfer: Duration,
}

impl Default for S3Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            answer: Duration::from_secs(8),
            request: Duration::from_secs(12),
            transfer: Duration::from_secs(60),
        }
    }
}

/// A bucket that holds blobs.
#[derive(Debug)]
pub struct S3Store {
    bucket: Arc<Bucket>,
    spool: Arc<PathBuf>,
    plan: PartPlan,
    memory: MemoryBudget,
    tails: Tails,
    last_made: LastMade,
}

impl S3Store {
    /// Prepares the store; speaks to nobody yet, see [`BlobStore::check`].
    pub fn open(config: S3Config) -> Result<Self, BlobError> {
        std::fs::create_dir_all(&config.spool_dir)?;
        Ok(Self {
            bucket: Arc::new(Bucket::open(&config)?),
            plan: PartPlan { first: config.part_bytes.max(1) },
            spool: Arc::new(config.spool_dir),
            memory: MemoryBudget::default(),
            tails: Tails::default(),
            last_made: LastMade::default(),
        })
    }
}

impl S3Store {
    /// Reads the state that counts from now on.
    fn staged(&self, upload: UploadId, state: &UploadState) -> Result<Staged, BlobError> {
        let staged = Staged::from_bytes(&state.staged)
            .filter(|staged| staged.fits(state.offset))
            .filter(|_| state.hash.hashed_bytes() == state.offset)
            .ok_or(BlobError::StateUnreadable(upload))?;
        self.bucket.remove_made_later(upload, self.last_made.unknown_to(upload, &staged));
        Ok(staged)
    }
}

#[async_trait]
impl BlobStore for S3Store {
    fn begin(&self, _: UploadId, algorithm: Algorithm) -> UploadState {
        let hash = Hasher::new(algorithm).state();
        UploadState { offset: 0, hash, staged: Staged::new().to_bytes() }
    }

    async fn append(
        &self,
        upload: UploadId,
        state: &mut UploadState,
        body: Body<'_>,
        limit: u64,
    ) -> Result<AppendEnd, BlobError> {
        let staged = self.staged(upload, state)?;
        append::append(self, upload, state, staged, body, limit).await
    }

    async fn publish(
        &self,
        upload: UploadId,
        state: &UploadState,
        digest: &Digest,
    ) -> Result<Locator, BlobError> {
        let staged = self.staged(upload, state)?;
        publish::publish(self, upload, state, staged, digest).await
    }

    async fn abort(&self, upload: UploadId, state: &UploadState) -> Result<(), BlobError> {
        publish::forget(self, upload, &self.staged(upload, state)?).await
    }

    async fn stat(&self, locator: &Locator) -> Result<Option<u64>, BlobError> {
        match crate::layout::key_of(locator) {
            Some(_) => self.bucket.size(&locator.0).await,
            None => Ok(None),
        }
    }

    async fn read(
        &self,
        locator: &Locator,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        read::read(&self.bucket, locator, range).await
    }

    async fn signed_url(
        &self,
        locator: &Locator,
        expires_in: Duration,
    ) -> Result<Option<String>, BlobError> {
        read::key(locator)?;
        self.bucket.signed_url(&locator.0, expires_in).await.map(Some)
    }

    async fn delete(&self, locator: &Locator) -> Result<(), BlobError> {
        match crate::layout::key_of(locator) {
            Some(_) => self.bucket.delete(&locator.0).await,
            None => Ok(()),
        }
    }

    async fn quarantine(&self, locator: &Locator) -> Result<String, BlobError> {
        read::quarantine(&self.bucket, locator).await
    }

    fn walk(&self) -> BoxStream<'_, Result<Stored, BlobError>> {
        read::walk(&self.bucket)
    }

    fn walk_staged(&self) -> BoxStream<'_, Result<StagedUpload, BlobError>> {
        notes::walk(&self.bucket)
    }

    async fn purge_staged(&self, upload: UploadId) -> Result<(), BlobError> {
        self.last_made.forget(upload);
        notes::purge(&self.bucket, upload).await
    }

    async fn check(&self) -> Result<(), BlobError> {
        self.bucket.check().await
    }
}
