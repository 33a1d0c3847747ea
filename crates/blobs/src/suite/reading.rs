//! Published bytes: ranges, absence, removal, listing, links.

use std::time::Duration;

use futures_util::stream::TryStreamExt;
use roadstead_types::Digest;

use super::{Subject, assert_reads, assert_same, bytes, publish, sha256, try_read};
use crate::{BlobError, Locator, Stored, layout};

pub async fn ranges_are_exact(subject: &impl Subject) {
    let store = subject.open();
    // Larger than any frame a store reads in.
    let content = bytes(1_200_001.max(subject.boundary() + 1), 30);
    let locator = publish(&*store, &content).await;
    let end = content.len() as u64;
    for range in [
        0..end,
        0..1,
        0..0,
        7..7,
        end..end,
        end - 1..end,
        1..end,
        262_143..262_145,
        262_144..524_288,
        100_000..1_100_000,
    ] {
        let expected = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        let read = try_read(&*store, &locator, range).await.unwrap();
        assert_same(&read, &content[expected]);
    }
}

pub async fn missing_blobs_and_foreign_locators_are_not_found(subject: &impl Subject) {
    let store = subject.open();
    let never: Digest = sha256(b"never stored");
    for locator in [
        layout::blob_by_digest(&never),
        layout::blob_by_key(uuid::Uuid::from_u128(1)),
        Locator(String::new()),
        Locator("../../../../etc/passwd".to_owned()),
        Locator("/etc/passwd".to_owned()),
        Locator("uploads".to_owned()),
    ] {
        let read = try_read(&*store, &locator, 0..1).await;
        assert!(matches!(read, Err(BlobError::NotFound(_))), "{locator:?}: {read:?}");
        assert_eq!(store.stat(&locator).await.unwrap(), None);
        store.delete(&locator).await.unwrap();
        let moved = store.quarantine(&locator).await;
        assert!(matches!(moved, Err(BlobError::NotFound(_))), "{locator:?}: {moved:?}");
    }
}

pub async fn deleted_bytes_are_gone_and_may_be_deleted_again(subject: &impl Subject) {
    let store = subject.open();
    let content = bytes(300, 31);
    let locator = publish(&*store, &content).await;

    store.delete(&locator).await.unwrap();
    store.delete(&locator).await.unwrap();

    assert!(matches!(try_read(&*store, &locator, 0..300).await, Err(BlobError::NotFound(_))));
    let again = publish(&*store, &content).await;
    assert_reads(&*store, &again, &content).await;
}

pub async fn quarantined_bytes_are_out_of_reach(subject: &impl Subject) {
    let store = subject.open();
    let content = bytes(300, 32);
    let mut places = Vec::new();
    for _ in 0..2 {
        let locator = publish(&*store, &content).await;
        places.push(store.quarantine(&locator).await.unwrap());
        assert_eq!(store.stat(&locator).await.unwrap(), None);
        let walked: Vec<Stored> = store.walk().try_collect().await.unwrap();
        assert!(walked.iter().all(|stored| stored.locator != locator));
    }
    assert!(places.iter().all(|place| place.contains("quarantine")), "{places:?}");
    assert_ne!(places[0], places[1], "the first copy was overwritten");
}

pub async fn a_walk_meets_every_blob_once(subject: &impl Subject) {
    let store = subject.open();
    let mut expected = Vec::new();
    for length in 1..=30_u8 {
        let content = bytes(usize::from(length), 33);
        expected.push((publish(&*store, &content).await, u64::from(length)));
    }
    let walked: Vec<Stored> = store.walk().try_collect().await.unwrap();
    for (locator, size) in expected {
        let met: Vec<_> = walked.iter().filter(|stored| stored.locator == locator).collect();
        assert_eq!(met.len(), 1, "{locator:?}");
        assert_eq!(met[0].size, size);
    }
}

pub async fn a_signed_url_gives_the_bytes_to_anybody(subject: &impl Subject) {
    let store = subject.open();
    let content = bytes(100_000, 34);
    let locator = publish(&*store, &content).await;

    let url = store.signed_url(&locator, Duration::from_secs(60)).await.unwrap();

    let fetched = url.clone().and_then(|url| subject.fetch(url));
    assert_eq!(url.is_some(), fetched.is_some(), "the subject and the store disagree");
    if let Some(fetched) = fetched {
        assert_same(&fetched.await, &content);
    }
}

pub async fn the_store_says_that_it_works(subject: &impl Subject) {
    subject.open().check().await.unwrap();
}
