//! Stopping: nothing that was acknowledged is lost, nobody is waited for in vain.

use std::time::{Duration, Instant};

use roadstead_testkit::{Hub, noise, sha256};

#[tokio::test]
async fn a_shutdown_parks_an_upload_and_a_restart_goes_on_with_it() {
    let mut hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let repo = alice.repo("alice/app");
    let bytes = noise(7, 3 << 20);
    let digest = sha256(&bytes);
    let mut upload = repo.begin_upload().await;
    upload.chunk(bytes.slice(..1 << 20)).await.is(202);
    let token = alice.registry_token(&["repository:alice/app:pull,push"]).await;
    let path = upload.location().replace(&hub.url(), "");
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/octet-stream\r\nContent-Range: {}-{}\r\nContent-Length: {}\r\n\r\n",
        hub.address(),
        1 << 20,
        (3 << 20) - 1,
        2 << 20,
    );

    let mut slow = hub.raw().await;
    slow.send(head).await;
    slow.send(&bytes[1 << 20..(1 << 20) + 700_000]).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let stopping = Instant::now();
    let ended_well = hub.stop().await;
    let took = stopping.elapsed();
    let told = slow.read_to_close(5).await;

    assert!(ended_well, "{}", hub.log());
    assert!(took < Duration::from_secs(5), "the upload held the shutdown up for {took:?}");
    assert!(told.text.starts_with("HTTP/1.1 503"), "{told:?}");
    hub.restart().await;
    let mut upload = alice.repo("alice/app").upload_at(upload.location());
    let offset = upload.offset().await as usize;
    assert_eq!(offset, (1 << 20) + 700_000, "everything that had arrived is kept");
    upload.chunk_at(offset as u64, bytes.slice(offset..)).await.is(202);
    upload.finish(&digest).await.is(201);
    assert_eq!(repo.blob(&digest).await.is(200).bytes(), &bytes);
}

#[tokio::test]
async fn connections_that_rest_do_not_hold_a_shutdown_up() {
    let mut hub = Hub::start().await;
    let mut unused = hub.raw().await;
    let mut rested = hub.raw().await;
    rested.send("GET /healthz HTTP/1.1\r\nHost: hub\r\n\r\n").await;
    assert!(rested.read_head(5).await.starts_with("HTTP/1.1 200"));

    let stopping = Instant::now();
    assert!(hub.stop().await);

    assert!(stopping.elapsed() < Duration::from_secs(3), "took {:?}", stopping.elapsed());
    assert!(rested.read_to_close(1).await.closed && unused.read_to_close(1).await.closed);
    assert!(!hub.data_dir().join("address").exists(), "nobody listens there any more");
}

#[tokio::test]
async fn a_download_may_end_after_the_shutdown_began() {
    let mut hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let bytes = noise(9, 32 << 20);
    let digest = alice.repo("alice/app").push_blob(bytes.clone()).await;
    let mut slow = hub.raw().await;
    let path = format!("/v2/alice/app/blobs/{digest}");
    slow.send(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", hub.address())).await;
    let head = slow.read_head(5).await;
    let (head, authorised) = match head.starts_with("HTTP/1.1 401") {
        // Public, but pulls need a token too.
        true => {
            let token = alice.registry_token(&["repository:alice/app:pull"]).await;
            slow = hub.raw().await;
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {token}\r\n\r\n"
            );
            slow.send(request).await;
            (slow.read_head(5).await, true)
        }
        false => (head, false),
    };
    assert!(head.starts_with("HTTP/1.1 200"), "{authorised} {head}");

    let reading = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        slow.read_to_close(20).await
    };
    let (ended_well, body) = tokio::join!(hub.stop(), reading);

    assert!(ended_well && body.closed);
    assert!(body.text.len() >= bytes.len(), "the download broke off at {}", body.text.len());
}

#[tokio::test]
async fn a_hangup_does_not_end_the_server() {
    let mut hub = Hub::start().await;

    hub.signal(rustix::process::Signal::HUP);
    roadstead_testkit::eventually("the log tells what SIGHUP does not do", 10, async || {
        hub.log().contains("SIGHUP does nothing").then_some(())
    })
    .await;

    hub.anonymous().get("/healthz").await.is(200);
    assert!(hub.is_running());
}
