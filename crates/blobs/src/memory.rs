//! Blobs in memory, for unit tests of the crates above. Keeps the contract; a clone shares the bytes,
//! as two nodes share a bucket.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use roadstead_types::{Algorithm, Digest, UploadId};

use crate::hashing::Hasher;
use crate::{
    AppendEnd, BlobError, BlobStore, Body, Locator, StagedUpload, Stored, UploadState, cut_short,
    layout,
};

const STAGED: [u8; 2] = [1, b'M'];
const FRAME: usize = 64 << 10;

/// A store that is gone with its last clone.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    uploads: HashMap<UploadId, Vec<u8>>,
    blobs: HashMap<Locator, Bytes>,
    quarantined: HashMap<String, Bytes>,
}

impl MemoryStore {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces published bytes behind the contract's back, to play damage.
    #[cfg(feature = "testing")]
    pub fn damage(&self, locator: &Locator, bytes: Bytes) {
        self.inner().blobs.insert(locator.clone(), bytes);
    }
}

impl Inner {
    /// The acknowledged bytes, with anything after them cut off.
    fn staged(&mut self, upload: UploadId, offset: u64) -> Result<&mut Vec<u8>, BlobError> {
        if offset == 0 {
            self.uploads.entry(upload).or_default();
        }
        match self.uploads.get_mut(&upload) {
            Some(bytes) if bytes.len() as u64 >= offset => {
                bytes.truncate(usize::try_from(offset).unwrap_or(usize::MAX));
                Ok(bytes)
            }
            _ => Err(BlobError::StagedMissing(upload)),
        }
    }
}

fn check_state(upload: UploadId, state: &UploadState) -> Result<(), BlobError> {
    if state.staged != STAGED || state.hash.hashed_bytes() != state.offset {
        return Err(BlobError::StateUnreadable(upload));
    }
    Ok(())
}

#[async_trait]
impl BlobStore for MemoryStore {
    fn begin(&self, _: UploadId, algorithm: Algorithm) -> UploadState {
        let hash = Hasher::new(algorithm).state();
        UploadState { offset: 0, hash, staged: STAGED.to_vec() }
    }

    async fn append(
        &self,
        upload: UploadId,
        state: &mut UploadState,
        mut body: Body<'_>,
        limit: u64,
    ) -> Result<AppendEnd, BlobError> {
        check_state(upload, state)?;
        self.inner().staged(upload, state.offset)?;
        let (mut offset, mut hasher) = (state.offset, state.hash.resume());
        let end = loop {
            let mut frame = match body.next().await {
                None => break AppendEnd::Complete,
                Some(Err(error)) => break AppendEnd::Interrupted(error),
                Some(Ok(frame)) => frame,
            };
            let room = limit.saturating_sub(offset);
            let too_large = frame.len() as u64 > room;
            frame.truncate(usize::try_from(room).unwrap_or(usize::MAX));
            self.inner().staged(upload, offset)?.extend_from_slice(&frame);
            hasher.update(&frame);
            offset += frame.len() as u64;
            if too_large {
                break AppendEnd::TooLarge;
            }
        };
        *state = UploadState { offset, hash: hasher.state(), staged: STAGED.to_vec() };
        Ok(end)
    }

    async fn publish(
        &self,
        upload: UploadId,
        state: &UploadState,
        digest: &Digest,
    ) -> Result<Locator, BlobError> {
        check_state(upload, state)?;
        let locator = layout::blob_by_digest(digest);
        let mut inner = self.inner();
        let published = inner.blobs.get(&locator).is_some_and(|b| b.len() as u64 == state.offset);
        if !inner.uploads.contains_key(&upload) && published && state.hash.digest() == *digest {
            return Ok(locator);
        }
        let bytes = inner.staged(upload, state.offset)?.clone();
        inner.uploads.remove(&upload);
        let mut hasher = Hasher::new(digest.algorithm());
        hasher.update(&bytes);
        let actual = hasher.digest();
        if actual != *digest {
            return Err(BlobError::DigestMismatch { expected: *digest, actual });
        }
        inner.blobs.insert(locator.clone(), bytes.into());
        Ok(locator)
    }

    async fn abort(&self, upload: UploadId, _: &UploadState) -> Result<(), BlobError> {
        self.inner().uploads.remove(&upload);
        Ok(())
    }

    async fn stat(&self, locator: &Locator) -> Result<Option<u64>, BlobError> {
        Ok(self.inner().blobs.get(locator).map(|bytes| bytes.len() as u64))
    }

    async fn read(
        &self,
        locator: &Locator,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        let bytes = self.inner().blobs.get(locator).cloned();
        let bytes = bytes.ok_or_else(|| BlobError::NotFound(locator.clone()))?;
        let to_index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let (start, end) = (to_index(range.start), to_index(range.end));
        if bytes.len() < end {
            return Err(cut_short(locator));
        }
        let mut rest = bytes.slice(start.min(end)..end);
        let mut frames = Vec::new();
        while !rest.is_empty() {
            frames.push(Ok(rest.split_to(rest.len().min(FRAME))));
        }
        Ok(stream::iter(frames).boxed())
    }

    async fn signed_url(&self, _: &Locator, _: Duration) -> Result<Option<String>, BlobError> {
        Ok(None)
    }

    async fn delete(&self, locator: &Locator) -> Result<(), BlobError> {
        self.inner().blobs.remove(locator);
        Ok(())
    }

    async fn quarantine(&self, locator: &Locator) -> Result<String, BlobError> {
        let mut inner = self.inner();
        let bytes = inner.blobs.remove(locator);
        let bytes = bytes.ok_or_else(|| BlobError::NotFound(locator.clone()))?;
        let place = format!("memory:{}/{}", layout::QUARANTINE, inner.quarantined.len());
        inner.quarantined.insert(place.clone(), bytes);
        Ok(place)
    }

    fn walk(&self) -> BoxStream<'_, Result<Stored, BlobError>> {
        let found: Vec<_> = self.inner().blobs.iter().map(stored).collect();
        stream::iter(found).boxed()
    }

    fn walk_staged(&self) -> BoxStream<'_, Result<StagedUpload, BlobError>> {
        let staged = |id: &UploadId| Ok(StagedUpload { id: *id, modified_unix_us: 0 });
        let found: Vec<_> = self.inner().uploads.keys().map(staged).collect();
        stream::iter(found).boxed()
    }

    async fn purge_staged(&self, upload: UploadId) -> Result<(), BlobError> {
        self.inner().uploads.remove(&upload);
        Ok(())
    }

    async fn check(&self) -> Result<(), BlobError> {
        Ok(())
    }
}

/// Memory has no times of change; every blob counts as old.
fn stored((locator, bytes): (&Locator, &Bytes)) -> Result<Stored, BlobError> {
    Ok(Stored { locator: locator.clone(), size: bytes.len() as u64, modified_unix_us: 0 })
}
