//! What one node began, another goes on with.

use std::time::{Duration, Instant};

use roadstead_testkit::{Backend, Client, Hub, Upload, sha256};
use rustix::process::Signal;

use crate::parking::begin_request;
use crate::stage::Stage;

/// Leases last 20 s (docs/design/0001-foundation.md, Uploads).
const LEASE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn an_upload_that_one_node_parks_goes_on_at_another_at_once() {
    if Backend::chosen() != Backend::Scaled {
        return;
    }
    let mut stage = Stage::open().await;
    let (_second, client) = second_node(&stage).await;
    let whole = stage.bytes(22 << 20);
    let (first, sent) = (9 << 20, 10 << 20);
    let mut upload = stage.repo.begin_upload().await;
    upload.chunk(whole.slice(..first)).await.is(202);
    let place = format!("Content-Range: {first}-{}\r\n", whole.len() - 1);
    let body = whole.slice(first..);
    let line = format!("PATCH {}", upload.location());
    let connection = begin_request(&stage, &line, &place, &body, sent).await;
    stage.hub.signal(Signal::TERM);
    assert!(stage.hub.ended().await.success());
    drop(connection);

    let mut there = upload.used_by(&client);
    let offset = there.offset().await;
    assert_eq!(offset, (first + sent) as u64);
    there.chunk_at(offset, whole.slice(first + sent..)).await.is(202);
    there.finish(&sha256(&whole)).await.is(201);

    let stored = client.repo("alice/app").blob(&sha256(&whole)).await.is(200);
    assert!(*stored.bytes() == whole);
    stage.hub.restart().await;
    assert!(*stage.repo.blob(&sha256(&whole)).await.is(200).bytes() == whole);
}

#[tokio::test]
async fn an_upload_whose_node_died_goes_on_at_another_when_the_lease_is_over() {
    if Backend::chosen() != Backend::Scaled {
        return;
    }
    let mut stage = Stage::open().await;
    let (_second, client) = second_node(&stage).await;
    let whole = stage.bytes(12 << 20);
    let (first, sent) = (1 << 20, 9 << 20);
    let mut upload = stage.repo.begin_upload().await;
    upload.chunk(whole.slice(..first)).await.is(202);
    let body = whole.slice(first..);
    let line = format!("PATCH {}", upload.location());
    let connection = begin_request(&stage, &line, "", &body, sent).await;
    stage.hub.kill();
    drop(connection);

    let mut there = upload.used_by(&client);
    assert_eq!(there.offset().await, first as u64, "only the acknowledged piece counts");
    let waited = Instant::now();
    let answer = patient_chunk(&mut there, first as u64, &whole.slice(first..)).await;
    assert_eq!(answer, 202);
    assert!(waited.elapsed() < LEASE + Duration::from_secs(5), "{:?}", waited.elapsed());
    there.finish(&sha256(&whole)).await.is(201);
    let stored = client.repo("alice/app").blob(&sha256(&whole)).await.is(200);
    assert!(*stored.bytes() == whole);
}

/// Another node on the same rows and bytes, and the same caller there.
async fn second_node(stage: &Stage) -> (Hub, Client) {
    let node = Hub::with().joining(&stage.hub).start().await;
    let client = Client::fresh_connections(node.url()).with_bearer(&stage.token);
    (node, client)
}

/// As long as the dead node's lease runs, the session is occupied.
async fn patient_chunk(upload: &mut Upload, at: u64, bytes: &bytes::Bytes) -> u16 {
    let deadline = Instant::now() + LEASE * 2;
    loop {
        let answer = upload.chunk_at(at, bytes.clone()).await;
        if answer.status() != 416 || Instant::now() > deadline {
            return answer.status();
        }
        assert_eq!(answer.header("range"), format!("0-{}", at - 1));
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
