//! Publishing: digests, repetition, repair, giving up.

use bytes::Bytes;
use futures_util::future::join_all;
use roadstead_types::Algorithm;

use super::{
    Subject, append, assert_missing, assert_reads, bytes, digest, new_upload, publish, sha256,
    try_read,
};
use crate::BlobError;

pub async fn concurrent_uploads_of_one_digest_all_succeed(subject: &impl Subject) {
    let store = subject.open();
    let content = bytes(subject.boundary() + 12_345, 20);
    let uploads = (0..8).map(|_| publish(&*store, &content));
    for locator in join_all(uploads).await {
        assert_reads(&*store, &locator, &content).await;
    }
}

pub async fn a_wrong_digest_leaves_nothing_readable(subject: &impl Subject) {
    let store = subject.open();
    let part = subject.boundary();
    for (length, algorithm) in
        [(10, Algorithm::Sha256), (10, Algorithm::Sha512), (part + 9, Algorithm::Sha512)]
    {
        let content = bytes(length, 21);
        let wrong = digest(algorithm, b"something else");
        let upload = new_upload();
        let mut state = store.begin(upload, Algorithm::Sha256);
        append(&*store, upload, &mut state, &content).await;
        let refused = store.publish(upload, &state, &wrong).await;
        let Err(BlobError::DigestMismatch { expected, actual }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!((expected, actual), (wrong, digest(algorithm, &content)));
        // The bytes are gone, so the right digest does not help any more.
        assert_missing(store.publish(upload, &state, &sha256(&content)).await);
        store.abort(upload, &state).await.unwrap();
    }
}

pub async fn another_algorithm_is_checked_by_reading_again(subject: &impl Subject) {
    let store = subject.open();
    for length in [0, 1000, subject.boundary() + 1000] {
        let content = bytes(length, 22);
        for (running, asked) in [
            (Algorithm::Sha512, Algorithm::Sha512),
            (Algorithm::Sha256, Algorithm::Sha512),
            (Algorithm::Sha512, Algorithm::Sha256),
        ] {
            let upload = new_upload();
            let mut state = store.begin(upload, running);
            append(&*store, upload, &mut state, &content).await;
            let locator = store.publish(upload, &state, &digest(asked, &content)).await.unwrap();
            assert_reads(&*store, &locator, &content).await;
        }
    }
}

/// The answer of the first publish may have been lost, or its row not committed.
pub async fn publishing_an_upload_again_gives_the_same_blob(subject: &impl Subject) {
    for length in [0, 1000, subject.boundary() + 1000, 2 * subject.boundary()] {
        let (upload, store) = (new_upload(), subject.open());
        let content = bytes(length, 23 + length as u64);
        let mut state = store.begin(upload, Algorithm::Sha256);
        append(&*store, upload, &mut state, &content).await;
        let first = store.publish(upload, &state, &sha256(&content)).await.unwrap();
        for store in [store, subject.open()] {
            let again = store.publish(upload, &state, &sha256(&content)).await.unwrap();
            assert_eq!(again, first);
            assert_reads(&*store, &first, &content).await;
        }
    }
}

pub async fn publishing_the_same_bytes_repairs_a_damaged_copy(subject: &impl Subject) {
    let store = subject.open();
    let content = bytes(4000, 24);
    let damaged = publish(&*store, &content).await;
    subject.damage(&damaged, Bytes::from_static(b"rubbish")).await;
    assert!(try_read(&*store, &damaged, 0..4000).await.is_err());

    let repaired = publish(&*store, &content).await;

    assert_reads(&*store, &repaired, &content).await;
}

pub async fn an_aborted_upload_is_gone_and_may_be_aborted_again(subject: &impl Subject) {
    let part = subject.boundary();
    for length in [0, 10, part, part + 10] {
        let (upload, store) = (new_upload(), subject.open());
        let content = bytes(length, 25);
        let mut state = store.begin(upload, Algorithm::Sha256);
        append(&*store, upload, &mut state, &content).await;
        store.abort(upload, &state).await.unwrap();
        subject.open().abort(upload, &state).await.unwrap();
        if length > 0 {
            assert_missing(store.publish(upload, &state, &sha256(&content)).await);
        }
    }
}
