//! The folder store, and what only a folder promises.

use std::io::{ErrorKind, IoSliceMut, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use roadstead_blobs::fs::FsStore;
use roadstead_blobs::suite::Subject;
use roadstead_blobs::{BlobError, BlobStore, Body, Download, Locator, layout, store_suite};
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

fn body(bytes: &'static [u8]) -> Body<'static> {
    futures_util::stream::iter([Ok(Bytes::from_static(bytes))]).boxed()
}

/// As another request's thread would hold it.
fn hold(file: &Path) -> std::fs::File {
    let file = std::fs::OpenOptions::new().append(true).open(file).unwrap();
    file.lock().unwrap();
    file
}

#[tokio::test]
async fn an_append_and_a_publish_wait_for_the_append_before_them() {
    let folder = Folder::new();
    let store = folder.open();
    let upload = UploadId(uuid::Uuid::new_v4());
    let mut state = store.begin(upload, Algorithm::Sha256);
    store.append(upload, &mut state, body(b"hel"), 5).await.unwrap();
    let held = hold(&folder.path().join(layout::upload_file(upload)));
    let mut append = store.append(upload, &mut state, body(b"lo"), 5);

    let early = tokio::time::timeout(Duration::from_millis(100), &mut append).await;
    assert!(early.is_err(), "it wrote beside another writer");
    drop(held);
    append.await.unwrap();

    let held = hold(&folder.path().join(layout::upload_file(upload)));
    let digest = HELLO.parse::<Digest>().unwrap();
    let mut publish = store.publish(upload, &state, &digest);
    let early = tokio::time::timeout(Duration::from_millis(100), &mut publish).await;
    assert!(early.is_err(), "it published what was still being written");
    drop(held);
    let locator = publish.await.unwrap();
    assert_eq!(std::fs::read(folder.path().join(&locator.0)).unwrap(), b"hello");
}

#[tokio::test]
async fn an_append_that_was_dropped_while_it_waited_touches_nothing() {
    let folder = Folder::new();
    let store = folder.open();
    let upload = UploadId(uuid::Uuid::new_v4());
    let mut state = store.begin(upload, Algorithm::Sha256);
    store.append(upload, &mut state, body(b"he"), 5).await.unwrap();
    let file = folder.path().join(layout::upload_file(upload));
    let mut held = hold(&file);
    let append = store.append(upload, &mut state, body(b"xxx"), 5);
    assert!(tokio::time::timeout(Duration::from_millis(50), append).await.is_err());

    // The next append gets the file first, and what it writes is acknowledged.
    held.write_all(b"llo").unwrap();
    drop(held);
    tokio::time::sleep(Duration::from_millis(50)).await;

    assert_eq!(std::fs::read(&file).unwrap(), b"hello");
}

/// As after a disk that lost what it had promised to keep.
#[tokio::test]
async fn an_upload_whose_bytes_were_lost_is_not_continued() {
    let folder = Folder::new();
    let store = folder.open();
    let upload = UploadId(uuid::Uuid::new_v4());
    let mut state = store.begin(upload, Algorithm::Sha256);
    store.append(upload, &mut state, body(b"hel"), 5).await.unwrap();
    std::fs::write(folder.path().join(layout::upload_file(upload)), "h").unwrap();

    let appended = store.append(upload, &mut state, body(b"lo"), 5).await;
    let published = store.publish(upload, &state, &state.hash.digest()).await;

    assert!(matches!(appended, Err(BlobError::StagedMissing(_))), "{appended:?}");
    assert!(matches!(published, Err(BlobError::StagedMissing(_))), "{published:?}");
}

/// Before the first byte, so that a client still gets an error status.
#[tokio::test]
async fn a_short_blob_is_refused_when_it_is_opened() {
    let folder = Folder::new();
    let store = folder.open();
    let locator = hello(&*store).await;
    std::fs::write(folder.path().join(&locator.0), "hell").unwrap();

    let opened = store.read(&locator, 0..5).await.map(drop);

    assert!(matches!(opened, Err(BlobError::Io(_))), "{opened:?}");
}

/// A blob of 3 MiB and a little, and a download of all but its first 1000 bytes.
async fn long_download(folder: &Folder) -> (Vec<u8>, Locator, Download) {
    let bytes: Vec<_> = (0..3_200_000_u32).map(|n| (n ^ (n >> 8)) as u8).collect();
    let (store, upload) = (folder.open(), UploadId(uuid::Uuid::new_v4()));
    let mut state = store.begin(upload, Algorithm::Sha256);
    let body = futures_util::stream::iter([Ok(Bytes::from(bytes.clone()))]).boxed();
    store.append(upload, &mut state, body, u64::MAX).await.unwrap();
    let locator = store.publish(upload, &state, &state.hash.digest()).await.unwrap();
    let download = store.download(&locator, 1000..bytes.len() as u64).await.unwrap();
    (bytes, locator, download)
}

/// Whether the file system tells what of a file is in memory; without that nothing is sent directly.
fn tells_what_is_cached(folder: &Folder, locator: &Locator) -> bool {
    let file = std::fs::File::open(folder.path().join(&locator.0)).unwrap();
    let (mut byte, now) = ([0], rustix::io::ReadWriteFlags::NOWAIT);
    rustix::io::preadv2(file, &mut [IoSliceMut::new(&mut byte)], 0, now) == Ok(1)
}

#[tokio::test]
async fn a_download_by_both_ways_in_turn_is_whole() {
    let folder = Folder::new();
    let (bytes, locator, Download { bytes: mut stream, shortcut }) = long_download(&folder).await;
    let shortcut = shortcut.expect("a folder has files");
    let (mut sender, mut receiver) = UnixStream::pair().unwrap();
    let received = std::thread::spawn(move || {
        let mut received = Vec::new();
        receiver.read_to_end(&mut received).unwrap();
        received
    });

    let mut direct = 0;
    while shortcut.left() > 0 {
        if let Some(mut part) = shortcut.take_cached() {
            direct += part.left();
            while part.left() > 0 {
                part.send(&sender).unwrap();
            }
        }
        if let Some(frame) = stream.next().await {
            sender.write_all(&frame.unwrap()).unwrap();
        }
    }
    drop(sender);

    assert!(received.join().unwrap() == bytes[1000..]);
    assert!(stream.next().await.is_none() && shortcut.take_cached().is_none());
    assert_eq!(direct > 1_000_000, tells_what_is_cached(&folder, &locator), "{direct}");
}

#[tokio::test]
async fn a_part_whose_file_shrinks_is_an_error_and_never_padded() {
    let folder = Folder::new();
    let (bytes, locator, Download { shortcut, .. }) = long_download(&folder).await;
    let Some(mut part) = shortcut.and_then(|shortcut| shortcut.take_cached()) else {
        assert!(!tells_what_is_cached(&folder, &locator), "the file was just written");
        return;
    };
    let file = std::fs::File::options().write(true).open(folder.path().join(&locator.0)).unwrap();
    file.set_len(5000).unwrap();
    let (sender, mut receiver) = UnixStream::pair().unwrap();

    assert_eq!(part.send(&sender).unwrap(), 4000);
    assert_eq!(part.send(&sender).unwrap_err().kind(), ErrorKind::UnexpectedEof);

    drop(sender);
    let mut received = Vec::new();
    receiver.read_to_end(&mut received).unwrap();
    assert!(received == bytes[1000..5000]);
}
