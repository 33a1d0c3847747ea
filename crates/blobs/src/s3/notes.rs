//! Notes in the bucket of the multipart uploads an upload began, so that their parts are found and
//! removed when no state knows them any more. The bucket's own list of them would not tell whose they
//! are, and not every server and key may ask for it.

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::ObjectMeta;
use roadstead_types::UploadId;
use uuid::Uuid;

use super::bucket::{Bucket, Failure};
use crate::{BlobError, StagedUpload, layout};

pub(super) async fn write(
    bucket: &Bucket,
    upload: UploadId,
    key: Uuid,
    multipart: &str,
) -> Result<(), BlobError> {
    let id = Bytes::copy_from_slice(multipart.as_bytes());
    bucket.put(&layout::parts_note(upload, key), vec![id]).await
}

/// Aborts a multipart upload, and then forgets that it was there.
pub(super) async fn abort(
    bucket: &Bucket,
    upload: UploadId,
    key: Uuid,
    multipart: &String,
) -> Result<(), BlobError> {
    bucket.abort_multipart(&layout::blob_by_key(key).0, multipart).await?;
    bucket.delete(&layout::parts_note(upload, key)).await
}

/// Removes the tails of an upload, and the parts of which there are notes. What was completed is no
/// multipart upload any more, so no note leads to a blob.
pub(super) async fn purge(bucket: &Bucket, upload: UploadId) -> Result<(), BlobError> {
    let mut objects = bucket.list(&layout::upload_prefix(upload));
    while let Some(found) = objects.next().await {
        let (object, meta) = found?;
        if let Some(key) = layout::noted_key(&object)
            && let Some(multipart) = read(bucket, &object, meta.size).await?
        {
            bucket.abort_multipart(&layout::blob_by_key(key).0, &multipart).await?;
        }
        bucket.delete(&object).await?;
    }
    Ok(())
}

/// The id in a note; `None` when somebody else removed or wrote it.
async fn read(bucket: &Bucket, note: &str, length: u64) -> Result<Option<String>, BlobError> {
    if !(1..=u64::from(u16::MAX)).contains(&length) {
        return Ok(None);
    }
    match bucket.get_whole(note, length).await {
        Ok(id) => Ok(String::from_utf8(id.into()).ok()),
        Err(Failure::NotFound) => Ok(None),
        Err(Failure::Denied(error) | Failure::Other(error)) => Err(error),
    }
}

/// Objects with other names are somebody else's and are passed over.
pub(super) fn walk(bucket: &Bucket) -> BoxStream<'static, Result<StagedUpload, BlobError>> {
    let objects = bucket.list(layout::UPLOADS);
    objects.try_filter_map(async |(object, meta)| Ok(staged(&object, &meta))).boxed()
}

fn staged(object: &str, meta: &ObjectMeta) -> Option<StagedUpload> {
    let modified_unix_us = meta.last_modified.timestamp_micros();
    layout::upload_of(object).map(|id| StagedUpload { id, modified_unix_us })
}
