//! What is done with published objects: read, listed, moved aside.

use std::ops::Range;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use object_store::ObjectMeta;
use uuid::Uuid;

use super::bucket::{Bucket, Failure};
use crate::{BlobError, Locator, Stored, cut_short, layout};

type Bytestream = BoxStream<'static, Result<Bytes, BlobError>>;

/// The key of a locator that this store may have made.
pub(super) fn key(locator: &Locator) -> Result<Uuid, BlobError> {
    layout::key_of(locator).ok_or_else(|| missing(locator))
}

fn missing(locator: &Locator) -> BlobError {
    BlobError::NotFound(locator.clone())
}

pub(super) async fn read(
    bucket: &Bucket,
    locator: &Locator,
    range: Range<u64>,
) -> Result<Bytestream, BlobError> {
    key(locator)?;
    bucket.in_time(open(bucket, locator, range)).await
}

async fn open(
    bucket: &Bucket,
    locator: &Locator,
    range: Range<u64>,
) -> Result<Bytestream, BlobError> {
    if range.is_empty() {
        // An empty range cannot be asked for (RFC 9110, 14.1.2).
        require(bucket, locator, range.end).await?;
        return Ok(stream::empty().boxed());
    }
    match bucket.get(&locator.0, range.clone()).await {
        Ok((size, bytes)) if size >= range.end => {
            Ok(exactly(range.end - range.start, bytes, locator.clone()))
        }
        Ok(_) => Err(cut_short(locator)),
        Err(Failure::NotFound) => Err(missing(locator)),
        Err(Failure::Denied(error) | Failure::Other(error)) => {
            // A range that starts behind the end is refused like any bad request.
            require(bucket, locator, range.end).await?;
            Err(error)
        }
    }
}

async fn require(bucket: &Bucket, locator: &Locator, size: u64) -> Result<(), BlobError> {
    match bucket.size(&locator.0).await? {
        None => Err(missing(locator)),
        Some(found) if found < size => Err(cut_short(locator)),
        Some(_) => Ok(()),
    }
}

/// Passes `bytes` on, and fails where they end before `left` of them came.
fn exactly(left: u64, bytes: Bytestream, locator: Locator) -> Bytestream {
    let start = (left, bytes, locator);
    let next =
        async |(left, mut bytes, locator): (u64, Bytestream, Locator)| match bytes.next().await {
            Some(Ok(frame)) => {
                let left = left.saturating_sub(frame.len() as u64);
                Ok(Some((frame, (left, bytes, locator))))
            }
            Some(Err(error)) => Err(error),
            None if left == 0 => Ok(None),
            None => Err(cut_short(&locator)),
        };
    stream::try_unfold(start, next).boxed()
}

/// Copies, then deletes: S3 has no rename.
pub(super) async fn quarantine(bucket: &Bucket, locator: &Locator) -> Result<String, BlobError> {
    let aside = layout::quarantined_key(key(locator)?);
    let copied = bucket.copy(&locator.0, &aside).await;
    copied.map_err(|failure| failure.or(|| missing(locator)))?;
    bucket.delete(&locator.0).await?;
    Ok(bucket.place(&aside))
}

/// Objects with other names are somebody else's and are passed over.
pub(super) fn walk(bucket: &Bucket) -> BoxStream<'static, Result<Stored, BlobError>> {
    let objects = bucket.list(layout::BLOBS);
    objects.try_filter_map(async |(key, meta)| Ok(stored(key, &meta))).boxed()
}

fn stored(key: String, meta: &ObjectMeta) -> Option<Stored> {
    let locator = Locator(key);
    layout::key_of(&locator)?;
    let modified_unix_us = meta.last_modified.timestamp_micros();
    Some(Stored { locator, size: meta.size, modified_unix_us })
}
