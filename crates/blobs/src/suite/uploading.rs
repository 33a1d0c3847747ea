//! Appending: offsets, limits, bodies that break off, requests that are dropped.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use roadstead_types::Algorithm;

use super::{
    Subject, UNLIMITED, append, assert_missing, assert_reads, body, broken, bytes, new_upload,
    sha256,
};
use crate::{AppendEnd, BlobError, BodyError};

pub async fn an_empty_blob_is_a_blob(subject: &impl Subject) {
    let store = subject.open();
    for appended in [false, true] {
        let upload = new_upload();
        let mut state = store.begin(upload, Algorithm::Sha256);
        if appended {
            append(&*store, upload, &mut state, &Bytes::new()).await;
        }
        assert_eq!(state.offset, 0);
        let locator = store.publish(upload, &state, &sha256(b"")).await.unwrap();
        assert_reads(&*store, &locator, b"").await;
    }
}

pub async fn every_way_of_cutting_gives_the_same_blob(subject: &impl Subject) {
    let store = subject.open();
    let content = bytes(subject.boundary() / 2 * 5 + 17, 1);
    for frame in [997, 4096, 65_536, 300_000, content.len()] {
        let upload = new_upload();
        let mut state = store.begin(upload, Algorithm::Sha256);
        let end = store.append(upload, &mut state, body(&content, frame), UNLIMITED).await.unwrap();
        assert_eq!((end, state.offset), (AppendEnd::Complete, content.len() as u64));
        let locator = store.publish(upload, &state, &sha256(&content)).await.unwrap();
        assert_reads(&*store, &locator, &content).await;
    }
}

pub async fn lengths_around_the_boundary_lose_nothing(subject: &impl Subject) {
    let store = subject.open();
    let part = subject.boundary();
    for length in [1, part - 1, part, part + 1, 2 * part - 1, 2 * part, 2 * part + 1] {
        let content = bytes(length, length as u64);
        let upload = new_upload();
        let mut state = store.begin(upload, Algorithm::Sha256);
        append(&*store, upload, &mut state, &content).await;
        let locator = store.publish(upload, &state, &sha256(&content)).await.unwrap();
        assert_reads(&*store, &locator, &content).await;
    }
}

pub async fn an_upload_resumes_in_a_fresh_instance(subject: &impl Subject) {
    let part = subject.boundary();
    let content = bytes(3 * part + 100, 2);
    for first in [1, part - 1, part, part + 1, 2 * part, 2 * part + 7] {
        let (upload, store) = (new_upload(), subject.open());
        let mut state = store.begin(upload, Algorithm::Sha256);
        append(&*store, upload, &mut state, &content.slice(..first)).await;
        drop(store);

        let store = subject.open();
        append(&*store, upload, &mut state, &content.slice(first..)).await;
        drop(store);

        let store = subject.open();
        let locator = store.publish(upload, &state, &sha256(&content)).await.unwrap();
        assert_reads(&*store, &locator, &content).await;
    }
}

pub async fn many_small_appends_in_fresh_instances_add_up(subject: &impl Subject) {
    let content = bytes(subject.boundary() * 2 + 5, 3);
    let upload = new_upload();
    let mut state = subject.open().begin(upload, Algorithm::Sha256);
    let one = subject.open();
    for (n, start) in (0..content.len()).step_by(content.len() / 11).enumerate() {
        let end = (start + content.len() / 11).min(content.len());
        // Sometimes the instance that wrote last, sometimes another.
        let store = if n % 3 == 0 { subject.open() } else { one.clone() };
        append(&*store, upload, &mut state, &content.slice(start..end)).await;
    }
    assert_eq!(state.offset, content.len() as u64);
    let locator = one.publish(upload, &state, &sha256(&content)).await.unwrap();
    assert_reads(&*one, &locator, &content).await;
}

pub async fn unacknowledged_bytes_are_cut_off(subject: &impl Subject) {
    let part = subject.boundary();
    let content = bytes(2 * part, 4);
    for (acknowledged, lost) in [(0, part + 3), (100, 10), (100, 2 * part), (part + 9, part)] {
        let (upload, store) = (new_upload(), subject.open());
        let mut state = store.begin(upload, Algorithm::Sha256);
        append(&*store, upload, &mut state, &content.slice(..acknowledged)).await;
        // A node that dies between the append and its row.
        append(&*store, upload, &mut state.clone(), &bytes(lost, 5)).await;
        drop(store);

        let store = subject.open();
        append(&*store, upload, &mut state, &content.slice(acknowledged..)).await;
        append(&*store, upload, &mut state.clone(), &bytes(lost, 6)).await;
        let locator = store.publish(upload, &state, &sha256(&content)).await.unwrap();
        assert_reads(&*store, &locator, &content).await;
    }
}

pub async fn a_dropped_append_leaves_the_old_state_good(subject: &impl Subject) {
    let part = subject.boundary();
    let content = bytes(part * 2 + 77, 7);
    let store = subject.open();
    for (held, dropped_after) in [(0, 1), (40, part / 2), (part / 2, 2 * part), (part + 1, part)] {
        let upload = new_upload();
        let mut state = store.begin(upload, Algorithm::Sha256);
        append(&*store, upload, &mut state, &content.slice(..held)).await;
        for wait in [0, 1, 10] {
            let mut other = state.clone();
            let noise = body(&bytes(dropped_after, 8), 5000).chain(stream::pending()).boxed();
            let append = store.append(upload, &mut other, noise, UNLIMITED);
            assert!(tokio::time::timeout(Duration::from_millis(wait), append).await.is_err());
            assert!(other == state);
        }
        append(&*store, upload, &mut state, &content.slice(held..)).await;
        let locator = store.publish(upload, &state, &sha256(&content)).await.unwrap();
        assert_reads(&*store, &locator, &content).await;
    }
}

pub async fn a_later_state_can_be_given_up_for_the_one_before(subject: &impl Subject) {
    let part = subject.boundary();
    let content = bytes(part + 500, 9);
    let store = subject.open();
    for (held, given_up) in [(0, 10), (0, 2 * part), (300, 10), (part + 3, 10), (part + 3, part)] {
        let upload = new_upload();
        let mut state = store.begin(upload, Algorithm::Sha256);
        append(&*store, upload, &mut state, &content.slice(..held)).await;
        let before = state.clone();
        append(&*store, upload, &mut state, &bytes(given_up, 10)).await;
        state = before;
        append(&*store, upload, &mut state, &content.slice(held..)).await;
        let locator = store.publish(upload, &state, &sha256(&content)).await.unwrap();
        // Whatever is removed behind the scenes must not hit the blob.
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_reads(&*store, &locator, &content).await;
    }
}

pub async fn bytes_beyond_the_limit_are_not_kept(subject: &impl Subject) {
    let store = subject.open();
    let content = bytes(5000, 11);
    for limit in [0, 1, 1999, 4999, 5000, 5001] {
        let upload = new_upload();
        let mut state = store.begin(upload, Algorithm::Sha256);
        let end = store.append(upload, &mut state, body(&content, 2000), limit).await.unwrap();
        let kept = limit.min(5000);
        let expected = if limit < 5000 { AppendEnd::TooLarge } else { AppendEnd::Complete };
        assert_eq!((end, state.offset), (expected, kept));
        // The limit counts from the start of the upload.
        let more = body(&bytes(10, 12), 10);
        let end = store.append(upload, &mut state, more, kept).await.unwrap();
        assert_eq!((end, state.offset), (AppendEnd::TooLarge, kept));
        let kept = content.slice(..usize::try_from(kept).unwrap());
        let locator = store.publish(upload, &state, &sha256(&kept)).await.unwrap();
        assert_reads(&*store, &locator, &kept).await;
    }
}

pub async fn an_interrupted_body_keeps_what_came_before(subject: &impl Subject) {
    let content = bytes(subject.boundary() + 50_000, 13);
    for why in [BodyError::Disconnected, BodyError::TooSlow, BodyError::ShuttingDown] {
        let (upload, store) = (new_upload(), subject.open());
        let mut state = store.begin(upload, Algorithm::Sha256);
        let came = content.slice(..content.len() - 20_000);
        let end = store.append(upload, &mut state, broken(&came, why), UNLIMITED).await.unwrap();
        assert_eq!((end, state.offset), (AppendEnd::Interrupted(why), came.len() as u64));
        drop(store);

        let store = subject.open();
        append(&*store, upload, &mut state, &content.slice(came.len()..)).await;
        let locator = store.publish(upload, &state, &sha256(&content)).await.unwrap();
        assert_reads(&*store, &locator, &content).await;
    }
}

pub async fn an_append_of_nothing_changes_nothing(subject: &impl Subject) {
    let store = subject.open();
    let content = bytes(subject.boundary() + 9, 14);
    let upload = new_upload();
    let mut state = store.begin(upload, Algorithm::Sha256);
    append(&*store, upload, &mut state, &content).await;
    let before = state.clone();
    append(&*store, upload, &mut state, &Bytes::new()).await;
    let gone = broken(&Bytes::new(), BodyError::Disconnected);
    let end = store.append(upload, &mut state, gone, UNLIMITED).await.unwrap();
    assert_eq!(end, AppendEnd::Interrupted(BodyError::Disconnected));
    assert!(state == before);
    let locator = store.publish(upload, &state, &sha256(&content)).await.unwrap();
    assert_reads(&*store, &locator, &content).await;
}

pub async fn states_of_others_are_refused(subject: &impl Subject) {
    let store = subject.open();
    let upload = new_upload();
    let good = store.begin(upload, Algorithm::Sha256);
    let mut foreign = good.clone();
    foreign.staged = b"\x09something else".to_vec();
    let mut shifted = good;
    shifted.offset = 5;
    for mut state in [foreign, shifted] {
        let refused = store.append(upload, &mut state, body(&bytes(9, 1), 9), UNLIMITED).await;
        assert!(matches!(refused, Err(BlobError::StateUnreadable(_))), "{refused:?}");
        let refused = store.publish(upload, &state, &sha256(b"")).await;
        assert!(matches!(refused, Err(BlobError::StateUnreadable(_))), "{refused:?}");
    }
    // A state whose bytes never came.
    let mut state = store.begin(upload, Algorithm::Sha256);
    append(&*store, upload, &mut state, &bytes(100, 15)).await;
    store.abort(upload, &state).await.unwrap();
    let more = body(&bytes(9, 1), 9);
    assert_missing(subject.open().append(upload, &mut state, more, UNLIMITED).await);
}
