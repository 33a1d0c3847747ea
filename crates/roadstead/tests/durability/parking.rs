//! A server that is asked to stop parks what is being uploaded.

use bytes::Bytes;
use roadstead_testkit::{RawConnection, sha256};
use rustix::process::Signal;

use crate::stage::Stage;

#[tokio::test]
async fn a_piece_that_a_stop_cuts_short_is_kept_if_it_named_its_place() {
    let mut stage = Stage::open().await;
    let whole = stage.bytes(1_000_000);
    let mut upload = stage.repo.begin_upload().await;
    upload.chunk(whole.slice(..100_000)).await.is(202);

    let place = format!("Content-Range: 100000-{}\r\n", whole.len() - 1);
    let line = format!("PATCH {}", upload.location());
    let head = stop_during(&mut stage, &line, &place, &whole.slice(100_000..), 300_000).await;

    assert!(head.starts_with("HTTP/1.1 503"), "{head}");
    assert!(head.to_ascii_lowercase().contains("retry-after"), "{head}");
    assert_eq!(upload.offset().await, 400_000);
    upload.chunk_at(400_000, whole.slice(400_000..)).await.is(202);
    upload.finish(&sha256(&whole)).await.is(201);
    assert!(*stage.repo.blob(&sha256(&whole)).await.is(200).bytes() == whole);
}

#[tokio::test]
async fn a_piece_that_a_stop_cuts_short_is_dropped_if_it_can_only_be_repeated() {
    let mut stage = Stage::open().await;
    let whole = stage.bytes(1_000_000);
    let mut upload = stage.repo.begin_upload().await;
    upload.chunk(whole.slice(..100_000)).await.is(202);

    let line = format!("PATCH {}", upload.location());
    let head = stop_during(&mut stage, &line, "", &whole.slice(100_000..), 300_000).await;

    assert!(head.starts_with("HTTP/1.1 503"), "{head}");
    assert_eq!(upload.offset().await, 100_000);
    upload.patch(whole.slice(100_000..)).await.is(202);
    upload.finish(&sha256(&whole)).await.is(201);
    assert!(*stage.repo.blob(&sha256(&whole)).await.is(200).bytes() == whole);
}

#[tokio::test]
async fn a_manifest_that_a_stop_cuts_short_is_told_to_come_again() {
    let mut stage = Stage::open().await;
    let manifest = stage.image().await.manifest;
    let line = format!("PUT {}", stage.repo.path("manifests/late"));
    let kind = format!("Content-Type: {}\r\n", manifest.media_type);

    let head = stop_during(&mut stage, &line, &kind, &manifest.bytes, 100).await;

    assert!(head.starts_with("HTTP/1.1 503"), "{head}");
    assert!(head.to_ascii_lowercase().contains("retry-after"), "{head}");
    stage.repo.manifest("late").await.is(404);
    stage.repo.put_manifest("late", &manifest).await.is(201);
}

/// Sends the first `sent` bytes of a request, stops the server and starts it again; returns the head
/// of the answer.
async fn stop_during(
    stage: &mut Stage,
    line: &str,
    headers: &str,
    body: &Bytes,
    sent: usize,
) -> String {
    let mut connection = begin_request(stage, line, headers, body, sent).await;
    stage.hub.signal(Signal::TERM);
    let head = connection.read_head(20).await;
    drop(connection);
    assert!(stage.hub.ended().await.success(), "{}", stage.hub.log());
    stage.hub.restart().await;
    head
}

/// A request whose body stops in the middle, after the server took what was sent.
pub async fn begin_request(
    stage: &Stage,
    line: &str,
    headers: &str,
    body: &Bytes,
    sent: usize,
) -> RawConnection {
    let mut connection = stage.hub.raw().await;
    let (token, length) = (&stage.token, body.len());
    connection
        .send(format!(
            "{line} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {token}\r\n{headers}\
             Content-Length: {length}\r\n\r\n"
        ))
        .await;
    connection.send(&body[..sent]).await;
    // Nothing tells from outside when the last byte was read.
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    connection
}
