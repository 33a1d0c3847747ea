//! Unfinished uploads that nobody has a state of: found, and removed.

use futures_util::stream::TryStreamExt;
use roadstead_types::{Algorithm, UploadId};

use super::{Subject, append, assert_missing, assert_reads, bytes, new_upload, sha256};
use crate::{BlobStore, StagedUpload};

async fn is_staged(store: &dyn BlobStore, upload: UploadId) -> bool {
    let walked: Vec<StagedUpload> = store.walk_staged().try_collect().await.unwrap();
    walked.iter().any(|staged| staged.id == upload)
}

pub async fn an_unfinished_upload_is_met_until_it_is_purged(subject: &impl Subject) {
    let part = subject.boundary();
    for length in [part, part + 10, 2 * part] {
        let (upload, other, store) = (new_upload(), new_upload(), subject.open());
        let content = bytes(length, 50);
        let mut state = store.begin(upload, Algorithm::Sha256);
        let mut others = store.begin(other, Algorithm::Sha256);
        append(&*store, upload, &mut state, &content).await;
        append(&*store, other, &mut others, &content).await;

        // As after a restart: nothing but the id is known.
        let store = subject.open();
        assert!(is_staged(&*store, upload).await && is_staged(&*store, other).await);
        store.purge_staged(upload).await.unwrap();
        store.purge_staged(upload).await.unwrap();

        assert!(!is_staged(&*store, upload).await);
        assert_missing(store.publish(upload, &state, &sha256(&content)).await);
        assert!(is_staged(&*store, other).await, "another upload is left alone");
        let locator = store.publish(other, &others, &sha256(&content)).await.unwrap();
        assert_reads(&*store, &locator, &content).await;
    }
}

pub async fn a_purge_takes_what_was_never_acknowledged_too(subject: &impl Subject) {
    let (upload, store) = (new_upload(), subject.open());
    let content = bytes(subject.boundary() + 10, 51);
    let state = store.begin(upload, Algorithm::Sha256);
    let mut unsaved = state.clone();
    append(&*store, upload, &mut unsaved, &content).await;
    drop(store);

    let store = subject.open();
    assert!(is_staged(&*store, upload).await);
    store.purge_staged(upload).await.unwrap();

    assert!(!is_staged(&*store, upload).await);
    assert_missing(store.publish(upload, &unsaved, &sha256(&content)).await);
}

pub async fn a_purge_leaves_published_bytes_alone(subject: &impl Subject) {
    for length in [10, subject.boundary() + 10] {
        let (upload, store) = (new_upload(), subject.open());
        let content = bytes(length, 52);
        let mut state = store.begin(upload, Algorithm::Sha256);
        append(&*store, upload, &mut state, &content).await;
        let locator = store.publish(upload, &state, &sha256(&content)).await.unwrap();

        store.purge_staged(upload).await.unwrap();
        store.purge_staged(new_upload()).await.unwrap();

        assert_reads(&*store, &locator, &content).await;
        assert!(!is_staged(&*store, upload).await);
    }
}
