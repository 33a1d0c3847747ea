//! Bytes by digest: a folder, an S3 bucket, or memory, behind one trait that one suite proves.
//!
//! This crate does not know repositories or callers. It promises two things: bytes that `publish`
//! returned for are durable and complete under their locator, and nothing else is ever readable.

#![allow(clippy::result_large_err, reason = "two digests in the rarest error are no cost")]

pub mod crash;
pub mod fs;
pub mod hashing;
pub mod layout;
pub mod memory;
pub mod s3;
#[cfg(feature = "testing")]
pub mod suite;

mod frames;
mod intake;
mod spool;

use std::fmt;
use std::io::ErrorKind;
use std::ops::Range;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use roadstead_types::{Algorithm, Digest, UploadId};

/// Where published bytes lie: a key chosen by the store. Kept with the blob's row, never shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Locator(pub String);

/// What of an upload has been acknowledged. Kept in the session's row between requests, so that
/// another process, or another node, can go on from here.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadState {
    /// Bytes stored so far.
    pub offset: u64,
    /// The running hash, see [`hashing::Hasher`].
    pub hash: hashing::HashState,
    /// What the store needs to find its part of the bytes; fixed layout, versioned, opaque.
    pub staged: Vec<u8>,
}

impl fmt::Debug for UploadState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UploadState({} bytes, {})", self.offset, self.hash.algorithm().name())
    }
}

/// A body as it arrives. An item of `Err` ends it early.
pub type Body<'a> = BoxStream<'a, Result<Bytes, BodyError>>;

/// Why a body stopped before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    #[error("the sender went away")]
    Disconnected,
    #[error("the sender was too slow")]
    TooSlow,
    #[error("this server is shutting down")]
    ShuttingDown,
    #[error("this server takes no more of it")]
    Refused,
}

/// How an append ended; the bytes before the end are stored and counted in the new state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendEnd {
    /// The whole body was stored.
    Complete,
    /// The body broke off; what came before is durable all the same.
    Interrupted(BodyError),
    /// The body was longer than the limit; nothing beyond the limit was kept.
    TooLarge,
}

/// Failures of a store.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("no bytes at `{}`", .0.0)]
    NotFound(Locator),
    #[error("the bytes have digest {actual}, not {expected}")]
    DigestMismatch { expected: Digest, actual: Digest },
    /// The staged bytes of an upload are gone or shorter than its state says.
    #[error("the staged bytes of upload {0} are missing")]
    StagedMissing(UploadId),
    /// The state was written by another version or another kind of store.
    #[error("the state of upload {0} cannot be read by this store")]
    StateUnreadable(UploadId),
    #[error("no space is left in the store")]
    NoSpace,
    #[error("the store did not answer: {0}")]
    Unavailable(String),
    #[error("the store failed: {0}")]
    Io(#[source] std::io::Error),
}

impl From<std::io::Error> for BlobError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::NoSpace,
            // Kernels do that to a file system with errors; an operator mends it while we run.
            ErrorKind::ReadOnlyFilesystem => Self::Unavailable(error.to_string()),
            _ => Self::Io(error),
        }
    }
}

/// The bytes end before their row says they do: a damaged copy, never a short answer.
fn cut_short(locator: &Locator) -> BlobError {
    let message = format!("`{}` is shorter than recorded", locator.0);
    BlobError::Io(std::io::Error::new(ErrorKind::UnexpectedEof, message))
}

/// One published object met by [`BlobStore::walk`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub locator: Locator,
    pub size: u64,
    /// Microseconds since the Unix epoch.
    pub modified_unix_us: i64,
}

/// One unfinished upload met by [`BlobStore::walk_staged`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagedUpload {
    pub id: UploadId,
    /// Microseconds since the Unix epoch.
    pub modified_unix_us: i64,
}

/// A running download: bytes one after the other, and the way past memory where there is one.
pub struct Download {
    pub bytes: BoxStream<'static, Result<Bytes, BlobError>>,
    pub shortcut: Option<fs::Shortcut>,
}

/// The contract every store keeps; `suite` holds its scenarios.
#[async_trait]
pub trait BlobStore: Send + Sync + fmt::Debug {
    /// State of a new, empty upload hashed with `algorithm`. Writes nothing.
    fn begin(&self, upload: UploadId, algorithm: Algorithm) -> UploadState;

    /// Appends `body` after the bytes that `state` acknowledges, cutting off whatever an earlier,
    /// unacknowledged attempt left behind. Hashes while receiving. At most `limit` bytes may be
    /// stored in all, counted from the start of the upload. On return `state` counts exactly what
    /// is kept. Memory used does not depend on the length of the body.
    ///
    /// The caller makes sure that one append at a time runs for an upload. The future may be
    /// dropped at any point; then the old state stays good. Passing a state in promises that older
    /// states of the upload will not come back, so what only they needed may be removed.
    async fn append(
        &self,
        upload: UploadId,
        state: &mut UploadState,
        body: Body<'_>,
        limit: u64,
    ) -> Result<AppendEnd, BlobError>;

    /// Checks the digest (re-reading only when the running hash is of another algorithm), makes
    /// the bytes durable, and moves them to where they are read from. After an error nothing is
    /// readable; after `DigestMismatch` the staged bytes are gone. Publishing bytes that are
    /// stored already replaces them, which repairs a damaged copy, or stores them a second time
    /// under a new locator. Publishing an upload again returns the same locator.
    async fn publish(
        &self,
        upload: UploadId,
        state: &UploadState,
        digest: &Digest,
    ) -> Result<Locator, BlobError>;

    /// Forgets an upload, with the bytes of a `publish` whose locator was not kept. Succeeds when
    /// there is nothing to forget. Not to be called once a row holds the upload's locator.
    async fn abort(&self, upload: UploadId, state: &UploadState) -> Result<(), BlobError>;

    /// The published size in bytes, or `None`.
    async fn stat(&self, locator: &Locator) -> Result<Option<u64>, BlobError>;

    /// Streams `range` of the published bytes. A store that finds fewer bytes fails, at once or by
    /// an error in the stream; it never ends early.
    async fn read(
        &self,
        locator: &Locator,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError>;

    /// [`BlobStore::read`] for a client, who may not need the bytes in memory of ours.
    async fn download(&self, locator: &Locator, range: Range<u64>) -> Result<Download, BlobError> {
        Ok(Download { bytes: self.read(locator, range).await?, shortcut: None })
    }

    /// A URL from which anybody may GET the bytes until `expires_in` is over, where the store
    /// can make one.
    async fn signed_url(
        &self,
        locator: &Locator,
        expires_in: Duration,
    ) -> Result<Option<String>, BlobError>;

    /// Removes published bytes. Succeeds when there are none.
    async fn delete(&self, locator: &Locator) -> Result<(), BlobError>;

    /// Moves published bytes aside, out of reach of `read`, and tells where a person finds them.
    async fn quarantine(&self, locator: &Locator) -> Result<String, BlobError>;

    /// All published bytes, in no promised order. A bucket also shows small uploads that wait to
    /// be published, so only old bytes without a row are garbage.
    fn walk(&self) -> BoxStream<'_, Result<Stored, BlobError>>;

    /// Uploads that have staged bytes, in no promised order; a bucket may show one several times,
    /// and shows the bytes of a small one in [`BlobStore::walk`] instead.
    fn walk_staged(&self) -> BoxStream<'_, Result<StagedUpload, BlobError>>;

    /// Removes what [`BlobStore::walk_staged`] met of an upload whose state is lost. Published bytes
    /// stay. Succeeds when there is nothing to remove. Not to be called while the upload can go on.
    async fn purge_staged(&self, upload: UploadId) -> Result<(), BlobError>;

    /// Whether the store answers and can be written to.
    async fn check(&self) -> Result<(), BlobError>;
}
