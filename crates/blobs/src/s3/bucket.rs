//! The requests that are made of the bucket, each with a time by which it is answered or has failed.
//!
//! Two clients: small requests give up fast, so that an outage shows within seconds; transfers may
//! take as long as a slow line needs.

use std::future::Future;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use http::Method;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{
    BackoffConfig, ClientOptions, Error, GetOptions, ObjectMeta, ObjectStore, ObjectStoreExt,
    PutPayload, RetryConfig,
};
use roadstead_types::UploadId;
use tokio::runtime::Handle;

use super::undo::Made;
use super::{S3Config, S3Timeouts, notes};
use crate::{BlobError, layout};

const REGION: &str = "us-east-1";
/// Bytes in a second.
const SLOW_LINE: u64 = 256 << 10;

pub(super) struct Bucket {
    small: AmazonS3,
    bulk: AmazonS3,
    name: String,
    prefix: Path,
    timeouts: S3Timeouts,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bucket({}/{})", self.name, self.prefix)
    }
}

/// How a request failed.
#[derive(Debug)]
pub(super) enum Failure {
    NotFound,
    /// Some servers say so of a multipart upload that is over.
    Denied(BlobError),
    Other(BlobError),
}

impl From<BlobError> for Failure {
    fn from(error: BlobError) -> Self {
        Self::Other(error)
    }
}

impl Failure {
    /// Says what it means that there was nothing.
    pub(super) fn or(self, missing: impl FnOnce() -> BlobError) -> BlobError {
        match self {
            Self::NotFound => missing(),
            Self::Denied(error) | Self::Other(error) => error,
        }
    }

    /// The same, where being denied means that it is gone.
    pub(super) fn or_denied(self, missing: impl FnOnce() -> BlobError) -> BlobError {
        match self {
            Self::NotFound | Self::Denied(_) => missing(),
            Self::Other(error) => error,
        }
    }
}

impl Bucket {
    pub(super) fn open(config: &S3Config) -> Result<Self, BlobError> {
        let timeouts = config.timeouts;
        let prefix = Path::parse(config.prefix.trim_matches('/'))
            .map_err(|error| unusable(&format!("the prefix: {error}")))?;
        Ok(Self {
            small: client(config, timeouts.answer)?,
            bulk: client(config, timeouts.transfer)?,
            name: config.bucket.clone(),
            prefix,
            timeouts,
        })
    }

    fn path(&self, key: &str) -> Path {
        key.split('/').fold(self.prefix.clone(), |path, part| path.join(part))
    }

    /// Where a person finds `key`.
    pub(super) fn place(&self, key: &str) -> String {
        format!("s3://{}/{}", self.name, self.path(key))
    }

    /// Several small requests together may take no longer than one.
    pub(super) async fn in_time<T>(
        &self,
        requests: impl Future<Output = Result<T, BlobError>>,
    ) -> Result<T, BlobError> {
        let time = self.timeouts.request;
        tokio::time::timeout(time, requests).await.unwrap_or_else(|_| Err(silent(time)))
    }

    async fn small<T>(
        &self,
        request: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, Failure> {
        within(self.timeouts.request, request).await
    }

    async fn bulk<T>(
        &self,
        request: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, Failure> {
        within(self.timeouts.transfer + self.timeouts.request, request).await
    }

    /// A request that carries `length` bytes may take as long as a slow line needs for them. Few
    /// bytes are given up soon, so that a store that has fallen silent shows.
    async fn carrying<T>(
        &self,
        length: u64,
        request: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, Failure> {
        let needed = Duration::from_secs(length / SLOW_LINE).min(self.timeouts.transfer);
        within(self.timeouts.answer + needed, request).await
    }

    pub(super) async fn put(&self, key: &str, bytes: Vec<Bytes>) -> Result<(), BlobError> {
        let path = self.path(key);
        let payload = PutPayload::from_iter(bytes);
        let length = payload.content_length() as u64;
        let put = self.carrying(length, self.bulk.put(&path, payload)).await;
        put.map(drop).map_err(|failure| failure.or(|| no_bucket(&self.name)))
    }

    pub(super) async fn size(&self, key: &str) -> Result<Option<u64>, BlobError> {
        match self.small(self.small.head(&self.path(key))).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(Failure::NotFound) => Ok(None),
            Err(Failure::Denied(error) | Failure::Other(error)) => Err(error),
        }
    }

    pub(super) async fn delete(&self, key: &str) -> Result<(), BlobError> {
        match self.small(self.small.delete(&self.path(key))).await {
            Ok(()) | Err(Failure::NotFound) => Ok(()),
            Err(Failure::Denied(error) | Failure::Other(error)) => Err(error),
        }
    }

    /// A range of an object, and the size of the whole.
    pub(super) async fn get(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<(u64, BoxStream<'static, Result<Bytes, BlobError>>), Failure> {
        let options = GetOptions::new().with_range(Some(range));
        let path = self.path(key);
        let found = self.small(self.small.get_opts(&path, options)).await?;
        let size = found.meta.size;
        let stream = found.into_stream().map_err(|error| failure(error).or(gone_while_reading));
        Ok((size, stream.boxed()))
    }

    /// A small object, all of it.
    pub(super) async fn get_whole(&self, key: &str, length: u64) -> Result<Bytes, Failure> {
        let path = self.path(key);
        let bytes = self.carrying(length, self.bulk.get_range(&path, 0..length)).await?;
        if bytes.len() as u64 != length {
            return Err(Failure::NotFound);
        }
        Ok(bytes)
    }

    pub(super) async fn create_multipart(&self, key: &str) -> Result<String, BlobError> {
        let path = self.path(key);
        let id = self.small(self.small.create_multipart(&path)).await;
        let id = id.map_err(|failure| failure.or(|| no_bucket(&self.name)))?;
        if id.len() > usize::from(u16::MAX) {
            return Err(unusable("its upload id is too long"));
        }
        Ok(id)
    }

    /// Sends one part and returns its ETag.
    pub(super) async fn put_part(
        &self,
        key: &str,
        multipart: &String,
        index: usize,
        bytes: Vec<Bytes>,
    ) -> Result<String, Failure> {
        let path = self.path(key);
        let payload = PutPayload::from_iter(bytes);
        let length = payload.content_length() as u64;
        let sending = self.bulk.put_part(&path, multipart, index, payload);
        let part = self.carrying(length, sending).await?;
        if part.content_id.len() > usize::from(u8::MAX) {
            return Err(Failure::Other(unusable("its ETag is too long")));
        }
        Ok(part.content_id)
    }

    pub(super) async fn complete(
        &self,
        key: &str,
        multipart: &String,
        etags: Vec<String>,
    ) -> Result<(), Failure> {
        let parts = etags.into_iter().map(|content_id| PartId { content_id }).collect();
        let path = self.path(key);
        self.bulk(self.bulk.complete_multipart(&path, multipart, parts)).await.map(drop)
    }

    pub(super) async fn abort_multipart(
        &self,
        key: &str,
        multipart: &String,
    ) -> Result<(), BlobError> {
        let path = self.path(key);
        match self.small(self.small.abort_multipart(&path, multipart)).await {
            Ok(()) | Err(Failure::NotFound) => Ok(()),
            Err(Failure::Denied(error)) => {
                tracing::debug!(%error, "a multipart upload is over, or may not be aborted");
                Ok(())
            }
            Err(Failure::Other(error)) => Err(error),
        }
    }

    pub(super) async fn copy(&self, from: &str, to: &str) -> Result<(), Failure> {
        let (from, to) = (self.path(from), self.path(to));
        self.bulk(self.bulk.copy(&from, &to)).await
    }

    /// Everything below a folder, with keys as this crate spells them.
    pub(super) fn list(
        &self,
        folder: &str,
    ) -> BoxStream<'static, Result<(String, ObjectMeta), BlobError>> {
        let prefix = self.prefix.clone();
        let objects = self.small.list(Some(&self.path(folder)));
        objects
            .map_err(|error| failure(error).or(gone_while_reading))
            .map_ok(move |meta| (below(&prefix, &meta.location), meta))
            .boxed()
    }

    pub(super) async fn signed_url(
        &self,
        key: &str,
        expires_in: Duration,
    ) -> Result<String, BlobError> {
        let path = self.path(key);
        let url = self.small(self.small.signed_url(Method::GET, &path, expires_in)).await;
        url.map(|url| url.to_string()).map_err(|failure| failure.or(|| no_bucket(&self.name)))
    }

    /// One request that needs the bucket and the right to list it.
    pub(super) async fn check(&self) -> Result<(), BlobError> {
        let path = self.path(layout::UPLOADS);
        let mut objects = self.small.list(Some(&path));
        let first = async { objects.try_next().await };
        match self.small(first).await {
            Ok(_) => Ok(()),
            Err(failure) => Err(failure.or(|| no_bucket(&self.name))),
        }
    }

    /// Removes what only one append knew.
    pub(super) fn remove_made_later(self: &Arc<Self>, upload: UploadId, made: Made) {
        self.remove_later(
            upload,
            made.object.map(|made| made.object(upload)).into_iter().collect(),
        );
        let (Some((key, id)), Ok(runtime)) = (made.multipart, Handle::try_current()) else {
            return;
        };
        let bucket = Arc::clone(self);
        runtime.spawn(async move {
            if let Err(error) = notes::abort(&bucket, upload, key, &id).await {
                tracing::warn!(%upload, %error, "parts of an upload stay as garbage");
            }
        });
    }

    /// Removes what is no longer needed without anybody waiting. What stays is garbage.
    pub(super) fn remove_later(self: &Arc<Self>, upload: UploadId, objects: Vec<String>) {
        let Ok(runtime) = Handle::try_current() else { return };
        if objects.is_empty() {
            return;
        }
        let bucket = Arc::clone(self);
        runtime.spawn(async move {
            for object in objects {
                if let Err(error) = bucket.delete(&object).await {
                    tracing::warn!(%upload, %error, "an object of an upload stays as garbage");
                }
            }
        });
    }
}

fn client(config: &S3Config, answer: Duration) -> Result<AmazonS3, BlobError> {
    let mut builder = match (&config.access_key, &config.secret_key) {
        (Some(key), Some(secret)) => {
            AmazonS3Builder::new().with_access_key_id(key).with_secret_access_key(secret.expose())
        }
        _ => AmazonS3Builder::from_env(),
    };
    if let Some(endpoint) = &config.endpoint {
        builder = builder.with_endpoint(endpoint.trim_end_matches('/'));
    }
    let options = ClientOptions::new()
        // A time for the whole request would cut long downloads off.
        .with_timeout_disabled()
        .with_connect_timeout(config.timeouts.connect)
        .with_read_timeout(answer)
        .with_allow_http(config.allow_http);
    builder
        .with_bucket_name(&config.bucket)
        .with_region(config.region.as_deref().unwrap_or(REGION))
        .with_virtual_hosted_style_request(!config.path_style)
        // Not every server knows the request that deletes many at once.
        .with_disable_bulk_delete(true)
        .with_client_options(options)
        .with_retry(retries(&config.timeouts))
        .build()
        .map_err(|error| unusable(&error.to_string()))
}

fn retries(timeouts: &S3Timeouts) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: 4,
        retry_timeout: timeouts.answer,
    }
}

async fn within<T>(
    time: Duration,
    request: impl Future<Output = object_store::Result<T>>,
) -> Result<T, Failure> {
    match tokio::time::timeout(time, request).await {
        Ok(done) => done.map_err(failure),
        Err(_) => Err(Failure::Other(silent(time))),
    }
}

fn silent(time: Duration) -> BlobError {
    BlobError::Unavailable(format!("nothing within {time:?}"))
}

fn failure(error: Error) -> Failure {
    match error {
        Error::NotFound { .. } => Failure::NotFound,
        Error::PermissionDenied { .. } => Failure::Denied(unavailable(&error)),
        error if is_full(&error.to_string()) => Failure::Other(BlobError::NoSpace),
        error => Failure::Other(unavailable(&error)),
    }
}

fn unavailable(error: &Error) -> BlobError {
    BlobError::Unavailable(error.to_string().chars().take(500).collect())
}

/// How servers say that they are full: RFC 4918, 11.5, and the codes of MinIO and Ceph.
fn is_full(text: &str) -> bool {
    ["507 Insufficient Storage", "XMinioStorageFull", "QuotaExceeded"]
        .iter()
        .any(|sign| text.contains(sign))
}

fn unusable(why: &str) -> BlobError {
    BlobError::Unavailable(format!("the store cannot be used: {why}"))
}

fn no_bucket(name: &str) -> BlobError {
    unusable(&format!("there is no bucket `{name}`"))
}

fn gone_while_reading() -> BlobError {
    BlobError::Io(std::io::ErrorKind::UnexpectedEof.into())
}

fn below(prefix: &Path, location: &Path) -> String {
    let key = location.as_ref();
    let rest = key.strip_prefix(prefix.as_ref()).unwrap_or(key);
    rest.trim_start_matches('/').to_owned()
}
