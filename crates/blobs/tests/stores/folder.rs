//! The folder store, and what only a folder promises.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use roadstead_blobs::fs::FsStore;
use roadstead_blobs::suite::Subject;
use roadstead_blobs::{BlobError, BlobStore, Locator, layout, store_suite};
use roadstead_types::{Algorithm, Digest, UploadId};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Subject for Folder {
    fn open(&self) -> Arc<dyn BlobStore> {
        Arc::new(FsStore::open(self.path()).unwrap())
    }

    fn boundary(&self) -> usize {
        512 << 10
    }

    fn damage<'a>(&'a self, locator: &'a Locator, bytes: Bytes) -> BoxFuture<'a, ()> {
        std::fs::write(self.path().join(&locator.0), bytes).unwrap();
        Box::pin(async {})
    }

    fn fetch(&self, _: String) -> Option<BoxFuture<'_, Vec<u8>>> {
        None
    }
}

store_suite!(async { Some(Folder::new()) });

const HELLO: &str = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

async fn hello(store: &dyn BlobStore) -> Locator {
    let upload = UploadId(uuid::Uuid::new_v4());
    let mut state = store.begin(upload, Algorithm::Sha256);
    let body = futures_util::stream::iter([Ok(Bytes::from_static(b"hello"))]).boxed();
    store.append(upload, &mut state, body, 5).await.unwrap();
    store.publish(upload, &state, &HELLO.parse::<Digest>().unwrap()).await.unwrap()
}

/// The layout is a promise to people who back the folder up.
#[tokio::test]
async fn a_blob_lies_where_its_digest_says_and_uploads_leave_nothing() {
    let folder = Folder::new();
    let locator = hello(&*folder.open()).await;

    let hex = HELLO.strip_prefix("sha256:").unwrap();
    assert_eq!(locator.0, format!("blobs/sha256/2c/{hex}"));
    assert_eq!(std::fs::read(folder.path().join(&locator.0)).unwrap(), b"hello");
    assert_eq!(std::fs::read_dir(folder.path().join("uploads")).unwrap().count(), 0);
}

#[tokio::test]
async fn links_in_the_folder_are_not_followed() {
    let folder = Folder::new();
    let store = folder.open();
    let locator = hello(&*store).await;
    let file = folder.path().join(&locator.0);
    std::fs::write(folder.path().join("secret"), "hello").unwrap();
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret"), &file).unwrap();

    let read = store.read(&locator, 0..5).await.map(drop);

    assert!(matches!(read, Err(BlobError::Io(_))), "{read:?}");
}

/// Readers keep the file they opened: replacing or deleting a blob does not tear a download.
#[tokio::test]
async fn a_download_outlives_the_removal_of_its_blob() {
    let folder = Folder::new();
    let store = folder.open();
    let locator = hello(&*store).await;
    let mut download = store.read(&locator, 0..5).await.unwrap();
    store.delete(&locator).await.unwrap();

    assert_eq!(download.next().await.unwrap().unwrap(), "hello");
    assert!(download.next().await.is_none());
}

#[tokio::test]
async fn strange_files_are_not_blobs() {
    let folder = Folder::new();
    let store = folder.open();
    let locator = hello(&*store).await;
    let fan = folder.path().join("blobs/sha256/2c");
    std::fs::write(fan.join("README"), "not a blob").unwrap();
    let elsewhere = folder.path().join("blobs/sha256/00");
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::copy(folder.path().join(&locator.0), elsewhere.join(&HELLO[7..])).unwrap();

    let walked: Vec<_> = store.walk().collect().await;

    assert_eq!(walked.len(), 1);
    let stored = walked.into_iter().next().unwrap().unwrap();
    assert_eq!((stored.locator, stored.size), (locator, 5));
    assert!(stored.modified_unix_us > 1_600_000_000_000_000);
}

#[tokio::test]
async fn a_store_that_cannot_be_written_to_says_so() {
    let folder = Folder::new();
    let store = folder.open();
    std::fs::remove_dir(folder.path().join(layout::UPLOADS)).unwrap();

    assert!(store.check().await.is_err());
}
