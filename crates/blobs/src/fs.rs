//! Blobs in a folder of this machine.
//!
//! Bytes an append acknowledged are on disk (`fdatasync`), so neither `kill -9` nor a power loss
//! can leave a running hash that speaks of bytes the disk lost. A publish renames and then syncs the
//! folder. The folder belongs to one node; uploads and blobs must lie on one file system.

mod append;
mod folder;
mod publish;
mod read;
mod shortcut;
mod walk;
mod writeback;

use std::io::Write;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt};
use roadstead_types::{Algorithm, Digest, UploadId};

use self::folder::Folder;
pub use self::shortcut::{CachedPart, Shortcut};
use crate::frames::FramePool;
use crate::hashing::Hasher;
use crate::intake::blocking;
use crate::{
    AppendEnd, BlobError, BlobStore, Body, Download, Locator, StagedUpload, Stored, UploadState,
    layout,
};

/// The whole of `staged`: version 1 of a folder's state, which needs only the upload's id.
const STAGED: [u8; 2] = [1, b'F'];

/// Buffers for reading that are kept when no download needs them: 16 MiB.
const IDLE_FRAMES: usize = 64;

/// A folder that holds blobs.
#[derive(Debug)]
pub struct FsStore {
    folder: Arc<Folder>,
    frames: Arc<FramePool>,
}

impl FsStore {
    /// Opens the store in `root` and makes what is missing. Blocks.
    pub fn open(root: &Path) -> Result<Self, BlobError> {
        let folder = Arc::new(Folder::open(root)?);
        Ok(Self { folder, frames: Arc::new(FramePool::new(IDLE_FRAMES)) })
    }

    /// Runs `work` on the folder where it may block.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> Result<T, BlobError> + Send + 'static,
    ) -> Result<T, BlobError> {
        let folder = Arc::clone(&self.folder);
        blocking(move || work(&folder)).await
    }
}

fn check_state(upload: UploadId, state: &UploadState) -> Result<(), BlobError> {
    if state.staged != STAGED || state.hash.hashed_bytes() != state.offset {
        return Err(BlobError::StateUnreadable(upload));
    }
    Ok(())
}

fn digest_of(locator: &Locator) -> Result<Digest, BlobError> {
    layout::digest_of(locator).ok_or_else(|| BlobError::NotFound(locator.clone()))
}

#[async_trait]
impl BlobStore for FsStore {
    fn begin(&self, _: UploadId, algorithm: Algorithm) -> UploadState {
        let hash = Hasher::new(algorithm).state();
        UploadState { offset: 0, hash, staged: STAGED.to_vec() }
    }

    async fn append(
        &self,
        upload: UploadId,
        state: &mut UploadState,
        body: Body<'_>,
        limit: u64,
    ) -> Result<AppendEnd, BlobError> {
        check_state(upload, state)?;
        append::append(&self.folder, upload, state, body, limit).await
    }

    async fn publish(
        &self,
        upload: UploadId,
        state: &UploadState,
        digest: &Digest,
    ) -> Result<Locator, BlobError> {
        check_state(upload, state)?;
        let (state, digest) = (state.clone(), *digest);
        self.blocking(move |folder| publish::publish(folder, upload, &state, &digest)).await
    }

    async fn abort(&self, upload: UploadId, _: &UploadState) -> Result<(), BlobError> {
        self.purge_staged(upload).await
    }

    async fn stat(&self, locator: &Locator) -> Result<Option<u64>, BlobError> {
        let Some(digest) = layout::digest_of(locator) else { return Ok(None) };
        read::stat(&self.folder, &layout::blob_by_digest(&digest)).await
    }

    async fn read(
        &self,
        locator: &Locator,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        digest_of(locator)?;
        Ok(read::read(&self.folder, &self.frames, locator, range).await?.boxed())
    }

    async fn download(&self, locator: &Locator, range: Range<u64>) -> Result<Download, BlobError> {
        digest_of(locator)?;
        let reader = read::read(&self.folder, &self.frames, locator, range).await?;
        Ok(shortcut::download(reader))
    }

    async fn signed_url(&self, _: &Locator, _: Duration) -> Result<Option<String>, BlobError> {
        Ok(None)
    }

    /// The removal is not synced: rows went first, so a blob that comes back is only garbage.
    async fn delete(&self, locator: &Locator) -> Result<(), BlobError> {
        let Some(digest) = layout::digest_of(locator) else { return Ok(()) };
        let file = layout::blob_by_digest(&digest);
        self.blocking(move |folder| Ok(folder.remove(&file.0)?)).await
    }

    async fn quarantine(&self, locator: &Locator) -> Result<String, BlobError> {
        let (digest, locator) = (digest_of(locator)?, locator.clone());
        self.blocking(move |folder| publish::quarantine(folder, &digest, &locator)).await
    }

    fn walk(&self) -> BoxStream<'_, Result<Stored, BlobError>> {
        walk::walk(Arc::clone(&self.folder))
    }

    fn walk_staged(&self) -> BoxStream<'_, Result<StagedUpload, BlobError>> {
        walk::walk_staged(Arc::clone(&self.folder))
    }

    async fn purge_staged(&self, upload: UploadId) -> Result<(), BlobError> {
        self.blocking(move |folder| Ok(folder.remove(&layout::upload_file(upload))?)).await
    }

    async fn check(&self) -> Result<(), BlobError> {
        self.blocking(|folder| {
            let mut probe = tempfile::tempfile_in(folder.path(layout::UPLOADS))?;
            Ok(probe.write_all(b"probe")?)
        })
        .await
    }
}
