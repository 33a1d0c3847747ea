//! The S3 store, against the server that the environment names.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt};
use roadstead_blobs::s3::{S3Config, S3Store, S3Timeouts};
use roadstead_blobs::suite::Subject;
use roadstead_blobs::{BlobStore, Locator, store_suite};
use roadstead_types::Secret;

/// The smallest part that S3 takes.
const PART: u64 = 5 << 20;

pub struct S3 {
    config: S3Config,
    spool: tempfile::TempDir,
}

impl S3 {
    /// A prefix of its own in the bucket of the environment; `None` when there is no server.
    async fn connect() -> Option<Self> {
        let Some(endpoint) = variable("ROADSTEAD_TEST_S3_ENDPOINT") else {
            println!("NOT RUN: set ROADSTEAD_TEST_S3_ENDPOINT to the address of an S3 server");
            return None;
        };
        let spool = tempfile::tempdir().unwrap();
        let given = variable("ROADSTEAD_TEST_S3_BUCKET");
        let config = S3Config {
            bucket: given.clone().unwrap_or_else(|| "roadstead-test".to_owned()),
            prefix: format!("suite/{}", uuid::Uuid::new_v4()),
            endpoint: Some(endpoint),
            region: None,
            access_key: variable("AWS_ACCESS_KEY_ID"),
            secret_key: variable("AWS_SECRET_ACCESS_KEY").map(Secret::new),
            path_style: true,
            allow_http: true,
            spool_dir: spool.path().to_owned(),
            part_bytes: PART,
            timeouts: S3Timeouts::default(),
        };
        let subject = Self { config, spool };
        if given.is_none() {
            subject.make_bucket().await;
        }
        Some(subject)
    }

    /// The bucket itself, without the code under test.
    fn client(&self) -> AmazonS3 {
        let config = &self.config;
        AmazonS3Builder::new()
            .with_endpoint(config.endpoint.as_deref().unwrap())
            .with_bucket_name(&config.bucket)
            .with_region("us-east-1")
            .with_access_key_id(config.access_key.as_deref().unwrap())
            .with_secret_access_key(config.secret_key.as_ref().unwrap().expose())
            .with_disable_bulk_delete(true)
            .with_client_options(ClientOptions::new().with_allow_http(true))
            .build()
            .unwrap()
    }

    /// A signed PUT of the bucket's own path (CreateBucket); one that is there already is fine.
    async fn make_bucket(&self) {
        let expires = std::time::Duration::from_secs(60);
        let url = self.client().signed_url(http::Method::PUT, &Path::default(), expires).await;
        reqwest::Client::new().put(url.unwrap()).send().await.unwrap();
    }

    fn path(&self, key: &str) -> Path {
        Path::parse(format!("{}/{key}", self.config.prefix)).unwrap()
    }

    /// What lies below `folder`, by name.
    async fn listed(&self, folder: &str) -> Vec<String> {
        use futures_util::TryStreamExt;
        let found: Vec<_> =
            self.client().list(Some(&self.path(folder))).try_collect().await.unwrap();
        found.into_iter().map(|meta| meta.location.to_string()).collect()
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Subject for S3 {
    fn open(&self) -> Arc<dyn BlobStore> {
        assert!(self.spool.path().is_dir());
        Arc::new(S3Store::open(self.config.clone()).unwrap())
    }

    fn boundary(&self) -> usize {
        usize::try_from(PART).unwrap()
    }

    fn damage<'a>(&'a self, locator: &'a Locator, bytes: Bytes) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            self.client().put(&self.path(&locator.0), bytes.into()).await.unwrap();
        })
    }

    fn fetch(&self, url: String) -> Option<BoxFuture<'_, Vec<u8>>> {
        Some(Box::pin(async move {
            let answer = reqwest::get(url).await.unwrap().error_for_status().unwrap();
            answer.bytes().await.unwrap().to_vec()
        }))
    }
}

store_suite!(S3::connect());

mod leftovers {
    //! What only a bucket can get wrong: objects that nobody needs any more.

    use std::time::Duration;

    use futures_util::StreamExt;
    use futures_util::stream;
    use roadstead_types::{Algorithm, UploadId};

    use super::*;

    async fn append(
        store: &dyn BlobStore,
        upload: UploadId,
        state: &mut roadstead_blobs::UploadState,
        length: usize,
    ) {
        let body = stream::iter([Ok(Bytes::from(vec![7; length]))]).boxed();
        store.append(upload, state, body, u64::MAX).await.unwrap();
    }

    /// Removal goes on behind the answer, so it is waited for.
    async fn assert_comes_to(s3: &S3, folder: &str, count: usize) {
        for _ in 0..100 {
            if s3.listed(folder).await.len() == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{folder}: {:?}, expected {count}", s3.listed(folder).await);
    }

    #[tokio::test]
    async fn a_published_upload_leaves_one_object_and_an_aborted_one_none() {
        let Some(s3) = S3::connect().await else { return };
        let store = s3.open();
        let part = s3.boundary();
        for (pieces, publish) in [
            (vec![10], true),
            (vec![10, 10, 10], true),
            (vec![part + 10, 10, part, 5], true),
            (vec![10, 10], false),
            (vec![10, part + 10, 5], false),
        ] {
            let before = s3.listed("blobs").await.len();
            let upload = UploadId(uuid::Uuid::new_v4());
            let mut state = store.begin(upload, Algorithm::Sha256);
            for piece in pieces {
                append(&*store, upload, &mut state, piece).await;
            }
            if publish {
                store.publish(upload, &state, &state.hash.digest()).await.unwrap();
            } else {
                store.abort(upload, &state).await.unwrap();
            }
            assert_comes_to(&s3, "blobs", before + usize::from(publish)).await;
            assert_comes_to(&s3, "uploads", 0).await;
        }
    }

    #[tokio::test]
    async fn a_state_that_was_given_up_leaves_nothing() {
        let Some(s3) = S3::connect().await else { return };
        let store = s3.open();
        let part = s3.boundary();
        for (held, given_up) in [(0, 10), (10, 10), (0, part + 5), (part + 5, 5), (10, part)] {
            let upload = UploadId(uuid::Uuid::new_v4());
            let mut state = store.begin(upload, Algorithm::Sha256);
            append(&*store, upload, &mut state, held).await;
            let before = state.clone();
            append(&*store, upload, &mut state, given_up).await;
            store.abort(upload, &before).await.unwrap();
            assert_comes_to(&s3, "blobs", 0).await;
            assert_comes_to(&s3, "uploads", 0).await;
        }
    }

    #[tokio::test]
    async fn a_dropped_append_leaves_nothing() {
        let Some(s3) = S3::connect().await else { return };
        let store = s3.open();
        let upload = UploadId(uuid::Uuid::new_v4());
        let mut state = store.begin(upload, Algorithm::Sha256);
        let frames = stream::iter([Ok(Bytes::from(vec![7; 3 * s3.boundary() + 9]))]);
        let body = frames.chain(stream::pending()).boxed();
        let append = store.append(upload, &mut state, body, u64::MAX);
        assert!(tokio::time::timeout(Duration::from_millis(300), append).await.is_err());

        assert_comes_to(&s3, "blobs", 0).await;
        assert_comes_to(&s3, "uploads", 0).await;
    }
}
