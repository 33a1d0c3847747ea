//! The scenarios every store passes. A store's test gives a [`Subject`]; each scenario is a sentence.
//!
//! Nothing here names a store: what differs is asked of the subject (where parts end, whether URLs
//! can be signed, how to damage a blob).

mod damage;
mod publishing;
mod reading;
mod staging;
mod uploading;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use roadstead_types::{Algorithm, Digest, UploadId};
use uuid::Uuid;

pub use self::damage::*;
pub use self::publishing::*;
pub use self::reading::*;
pub use self::staging::*;
pub use self::uploading::*;
use crate::hashing::Hasher;
use crate::{AppendEnd, BlobError, BlobStore, Body, BodyError, Locator, UploadState};

/// A store under test.
pub trait Subject: Send + Sync {
    /// The same bytes through a new instance, as after a restart or on another node.
    fn open(&self) -> Arc<dyn BlobStore>;

    /// Bytes after which the store begins something new, to test around.
    fn boundary(&self) -> usize;

    /// Replaces published bytes by other ones, as a failing disk would.
    fn damage<'a>(&'a self, locator: &'a Locator, bytes: Bytes) -> BoxFuture<'a, ()>;

    /// Fetches a signed URL without any credentials; `None` where the store signs none.
    fn fetch(&self, url: String) -> Option<BoxFuture<'_, Vec<u8>>>;
}

/// Makes one test per scenario and store: `subject` is an expression for the store under test.
#[macro_export]
macro_rules! store_suite {
    ($subject:expr) => {
        $crate::store_suite! { @each $subject;
            an_empty_blob_is_a_blob
            every_way_of_cutting_gives_the_same_blob
            lengths_around_the_boundary_lose_nothing
            an_upload_resumes_in_a_fresh_instance
            many_small_appends_in_fresh_instances_add_up
            unacknowledged_bytes_are_cut_off
            a_dropped_append_leaves_the_old_state_good
            a_later_state_can_be_given_up_for_the_one_before
            bytes_beyond_the_limit_are_not_kept
            an_interrupted_body_keeps_what_came_before
            an_append_of_nothing_changes_nothing
            states_of_others_are_refused
            concurrent_uploads_of_one_digest_all_succeed
            a_wrong_digest_leaves_nothing_readable
            another_algorithm_is_checked_by_reading_again
            publishing_an_upload_again_gives_the_same_blob
            publishing_the_same_bytes_repairs_a_damaged_copy
            an_aborted_upload_is_gone_and_may_be_aborted_again
            an_unfinished_upload_is_met_until_it_is_purged
            a_purge_takes_what_was_never_acknowledged_too
            a_purge_leaves_published_bytes_alone
            ranges_are_exact
            missing_blobs_and_foreign_locators_are_not_found
            deleted_bytes_are_gone_and_may_be_deleted_again
            quarantined_bytes_are_out_of_reach
            a_walk_meets_every_blob_once
            a_signed_url_gives_the_bytes_to_anybody
            the_store_says_that_it_works
            a_truncated_blob_is_an_error_and_never_a_short_body
        }
    };
    (@each $subject:expr; $($scenario:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $scenario() {
            if let Some(subject) = $subject.await {
                $crate::suite::$scenario(&subject).await;
            }
        }
    )*};
}

/// Enough for any test.
const UNLIMITED: u64 = u64::MAX;

fn new_upload() -> UploadId {
    UploadId(Uuid::new_v4())
}

/// Bytes that differ from place to place and from seed to seed.
fn bytes(length: usize, seed: u64) -> Bytes {
    let mut x = seed | 1;
    let next = |_| {
        // Marsaglia's xorshift64.
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        x.to_le_bytes()
    };
    let mut bytes: Vec<u8> = (0..length.div_ceil(8)).flat_map(next).collect();
    bytes.truncate(length);
    bytes.into()
}

fn digest(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let mut hasher = Hasher::new(algorithm);
    hasher.update(bytes);
    hasher.digest()
}

fn sha256(bytes: &[u8]) -> Digest {
    digest(Algorithm::Sha256, bytes)
}

/// A body in frames of `frame` bytes.
fn body(bytes: &Bytes, frame: usize) -> Body<'static> {
    let mut rest = bytes.clone();
    let frames = std::iter::from_fn(move || {
        (!rest.is_empty()).then(|| Ok(rest.split_to(frame.max(1).min(rest.len()))))
    });
    stream::iter(frames).boxed()
}

/// A body that breaks off after `bytes`.
fn broken(bytes: &Bytes, why: BodyError) -> Body<'static> {
    body(bytes, 1000).chain(stream::once(async move { Err(why) })).boxed()
}

async fn append(store: &dyn BlobStore, upload: UploadId, state: &mut UploadState, bytes: &Bytes) {
    let end = store.append(upload, state, body(bytes, 64 << 10), UNLIMITED).await.unwrap();
    assert_eq!(end, AppendEnd::Complete);
}

/// Uploads in one append and publishes.
async fn publish(store: &dyn BlobStore, bytes: &Bytes) -> Locator {
    let upload = new_upload();
    let mut state = store.begin(upload, Algorithm::Sha256);
    append(store, upload, &mut state, bytes).await;
    store.publish(upload, &state, &sha256(bytes)).await.unwrap()
}

async fn try_read(
    store: &dyn BlobStore,
    locator: &Locator,
    range: Range<u64>,
) -> Result<Vec<u8>, BlobError> {
    let frames: Vec<Bytes> = store.read(locator, range).await?.try_collect().await?;
    Ok(frames.concat())
}

/// Compares without printing megabytes.
#[track_caller]
fn assert_same(actual: &[u8], expected: &[u8]) {
    let differs = actual.iter().zip(expected).position(|(a, b)| a != b);
    assert_eq!((actual.len(), differs), (expected.len(), None), "length, first difference");
}

async fn assert_reads(store: &dyn BlobStore, locator: &Locator, bytes: &[u8]) {
    assert_eq!(store.stat(locator).await.unwrap(), Some(bytes.len() as u64));
    assert_same(&try_read(store, locator, 0..bytes.len() as u64).await.unwrap(), bytes);
}

#[track_caller]
fn assert_missing<T: fmt::Debug>(result: Result<T, BlobError>) {
    assert!(matches!(result, Err(BlobError::StagedMissing(_))), "{result:?}");
}
