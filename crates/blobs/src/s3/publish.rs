//! The end of an upload: its object is completed where it lies, or everything is removed.

use futures_util::StreamExt;
use roadstead_types::{Algorithm, Digest, UploadId};
use uuid::Uuid;

use super::bucket::Failure;
use super::staged::{Held, Parts, Staged};
use super::{S3Store, notes, read};
use crate::crash::{CrashPoint, crash_point};
use crate::hashing::Hasher;
use crate::{BlobError, Locator, UploadState, layout};

pub(super) async fn publish(
    store: &S3Store,
    upload: UploadId,
    state: &UploadState,
    staged: Staged,
    digest: &Digest,
) -> Result<Locator, BlobError> {
    let running = state.hash.algorithm() == digest.algorithm();
    if running {
        compare(store, upload, &staged, digest, state.hash.digest()).await?;
    }
    crash_point(CrashPoint::PublishReady);
    let locator = layout::blob_by_key(finish(store, upload, state.offset, &staged).await?);
    crash_point(CrashPoint::PublishMoved);
    if !running {
        let actual = reread(store, &locator, state.offset, digest.algorithm()).await?;
        compare(store, upload, &staged, digest, actual).await?;
    }
    store.last_made.forget(upload);
    store.bucket.remove_later(upload, spent(upload, &staged));
    Ok(locator)
}

/// Objects that a published upload needs no longer.
fn spent(upload: UploadId, staged: &Staged) -> Vec<String> {
    let mut objects: Vec<_> = staged.superseded.iter().map(|old| old.object(upload)).collect();
    if let Held::Parts(parts) = &staged.held {
        objects.extend(parts.tail.map(|tail| layout::tail_key(upload, tail)));
        objects.push(layout::parts_note(upload, parts.key));
    }
    objects
}

async fn compare(
    store: &S3Store,
    upload: UploadId,
    staged: &Staged,
    expected: &Digest,
    actual: Digest,
) -> Result<(), BlobError> {
    if actual == *expected {
        return Ok(());
    }
    if let Err(error) = forget(store, upload, staged).await {
        tracing::warn!(%upload, %error, "a refused upload stays as garbage");
    }
    Err(BlobError::DigestMismatch { expected: *expected, actual })
}

/// Makes the object whole and returns its key. May be repeated.
async fn finish(
    store: &S3Store,
    upload: UploadId,
    offset: u64,
    staged: &Staged,
) -> Result<Uuid, BlobError> {
    let key = staged.key();
    let object = layout::blob_by_key(key).0;
    let finished = match &staged.held {
        Held::Nothing { .. } => return store.bucket.put(&object, Vec::new()).await.map(|()| key),
        // A look, not a leap of faith: an expired upload may have been removed meanwhile.
        Held::Whole { .. } => Err(Failure::NotFound),
        Held::Parts(parts) => complete(store, upload, offset, parts).await,
    };
    let Err(failure) = finished else { return Ok(key) };
    // The object is also there after a completion whose answer was lost, now or at an earlier try.
    match store.bucket.size(&object).await {
        Ok(Some(size)) if size == offset => Ok(key),
        Ok(_) => Err(failure.or_denied(|| BlobError::StagedMissing(upload))),
        // Unknown is not gone.
        Err(unknown) => Err(failure.or(|| unknown)),
    }
}

async fn complete(
    store: &S3Store,
    upload: UploadId,
    offset: u64,
    parts: &Parts,
) -> Result<(), Failure> {
    let object = layout::blob_by_key(parts.key).0;
    let mut etags = parts.etags.clone();
    if let Some(tail) = parts.tail {
        let length = offset - parts.sent;
        let _permit = store.memory.take(length).await;
        let bytes = match store.tails.take(tail, length) {
            Some(tail) => store.memory.load(tail).await?.1,
            None => vec![store.bucket.get_whole(&layout::tail_key(upload, tail), length).await?],
        };
        let index = etags.len();
        etags.push(store.bucket.put_part(&object, &parts.multipart, index, bytes).await?);
    }
    store.bucket.complete(&object, &parts.multipart, etags).await
}

async fn reread(
    store: &S3Store,
    locator: &Locator,
    size: u64,
    algorithm: Algorithm,
) -> Result<Digest, BlobError> {
    let mut hasher = Hasher::new(algorithm);
    let mut bytes = read::read(&store.bucket, locator, 0..size).await?;
    while let Some(frame) = bytes.next().await {
        hasher.update(&frame?);
    }
    Ok(hasher.digest())
}

/// Removes everything an upload has in the bucket, published or not.
pub(super) async fn forget(
    store: &S3Store,
    upload: UploadId,
    staged: &Staged,
) -> Result<(), BlobError> {
    store.last_made.forget(upload);
    let object = layout::blob_by_key(staged.key()).0;
    if let Held::Parts(parts) = &staged.held {
        store.bucket.abort_multipart(&object, &parts.multipart).await?;
    }
    store.bucket.delete(&object).await?;
    if let Some(leftover) = staged.superseded {
        store.bucket.delete(&leftover.object(upload)).await?;
    }
    notes::purge(&store.bucket, upload).await
}
