//! Uploads that go wrong: nothing false is stored, and what can go on goes on.

use roadstead_testkit::{eventually, sha256, sha512};

use crate::desk::{Desk, bytes_of, is_blob};
use crate::uploads::{WAYS, Way, push};

#[tokio::test]
async fn a_wrong_digest_is_refused_in_every_way_and_leaves_nothing() {
    let desk = Desk::new().await;
    let bytes = bytes_of(1);
    let (right, wrong) = (sha256(&bytes), sha256("something else"));

    for way in WAYS {
        for wrong in [&wrong, &sha512("something else")] {
            let answer = push(&desk.repo, way, wrong, &bytes).await;
            assert_eq!(answer.status(), 400, "{way:?}: {}", answer.story());
            answer.code("DIGEST_INVALID");
            desk.repo.head_blob(wrong).await.is(404);
            desk.repo.head_blob(&right).await.is(404);
        }
    }
    let malformed = [
        "sha256:abc",
        "sha256:../../etc/passwd",
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        &right.to_uppercase(),
        &right.replace("sha256:", "sha512:"),
        &format!("{right}0"),
        "",
    ];
    for digest in malformed {
        push(&desk.repo, Way::SinglePost, digest, &bytes).await.is(400).code("DIGEST_INVALID");
        let upload = desk.repo.begin_upload().await;
        upload.finish_with(digest, bytes.clone()).await.is(400).code("DIGEST_INVALID");
        upload.finish_with(&right, bytes.clone()).await.is(201);
        desk.repo.delete_blob(&right).await.is(202);
    }
}

#[tokio::test]
async fn a_chunk_out_of_order_is_refused_and_the_session_survives() {
    let desk = Desk::new().await;
    let bytes = bytes_of(1);
    let digest = sha256(&bytes);
    let mut upload = desk.repo.begin_upload().await;

    for (offset, end) in [(0_u64, 1000_u64), (1000, 2000), (2000, 3000)] {
        // Ahead, again from the start, and far away.
        let behind = if offset == 0 { 2 } else { 0 };
        for start in [offset + 1, behind, 1 << 62] {
            let refused = upload.chunk_at(start, "wrong").await.is(416);
            assert_eq!(refused.header("location"), upload.location());
            let last = offset.saturating_sub(1);
            assert_eq!(refused.header("range"), format!("0-{last}"));
            refused.code("RANGE_INVALID");
        }
        let late = upload.finish_ask(&digest).header("content-range", format!("{}-{end}", end - 1));
        late.body("ab").await.is(416).header("location");
        let unreadable = upload.finish_ask(&digest).header("content-range", "x-y").body("ab");
        unreadable.await.is(416).code("RANGE_INVALID");
        assert_eq!(upload.offset().await, offset);
        upload.chunk_at(offset, bytes[offset as usize..end as usize].to_vec()).await.is(202);
    }
    upload.chunk_at(0, bytes.clone()).await.is(416);

    upload.finish(&digest).await.is(201);
    is_blob(&desk.repo.blob(&digest).await.is(200), &digest, &bytes);
}

#[tokio::test]
async fn a_chunk_of_another_length_than_it_says_does_not_count() {
    let desk = Desk::new().await;
    let mut upload = desk.repo.begin_upload().await;
    upload.chunk("0123456789").await.is(202);

    let place = |place: &str| desk.client.patch(upload.location()).header("content-range", place);
    place("10-19").body("short").await.is(400).code("SIZE_INVALID");
    place("10-11").body("longer").await.is(400).code("SIZE_INVALID");
    place("10-19").pieces(["sho", "rt"]).await.is(400).code("SIZE_INVALID");
    place("10-11").pieces(["lon", "ger"]).await.is(400).code("SIZE_INVALID");
    place("10-19").body("").await.is(400).code("SIZE_INVALID");
    let digest = sha256("0123456789abc");
    let put = upload.finish_ask(&digest).header("content-range", "10-19");
    put.body("abc").await.is(400).code("SIZE_INVALID");

    assert_eq!(upload.offset().await, 10);
    upload.finish_with(&digest, "abc").await.is(201);
}

/// A client that names its places asks where to go on; any other repeats the whole request.
#[tokio::test]
async fn what_arrived_of_a_broken_body_counts_only_if_its_place_was_named() {
    let desk = Desk::new().await;
    let bytes = bytes_of(1);
    let digest = sha256(&bytes);
    let mut upload = desk.repo.begin_upload().await;

    let mut broken = desk.raw("PATCH", upload.location(), "Content-Length: 3000").await;
    broken.send(&bytes[..700]).await;
    drop(broken);
    // Until the server sees the end, the session is occupied.
    eventually("the session is free", 10, async || {
        (upload.chunk_at(0, bytes[..100].to_vec()).await.status() == 202).then_some(())
    })
    .await;
    assert_eq!(upload.offset().await, 100);

    let place = "Content-Range: 100-2999\r\nContent-Length: 2900";
    // On a busy machine the end of the connection can be seen before the session is taken. Then nothing has
    // arrived, and it is sent again.
    eventually("what arrived is kept", 20, async || {
        let mut broken = desk.raw("PATCH", upload.location(), place).await;
        broken.send(&bytes[100..1500]).await;
        broken.finish_sending().await;
        drop(broken);
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        (upload.offset().await == 1500).then_some(())
    })
    .await;

    let put = format!("{}?digest={digest}", upload.location());
    let mut broken = desk.raw("PUT", &put, "Content-Length: 1500").await;
    broken.send(&bytes[1500..2000]).await;
    drop(broken);
    let finished = eventually("the session is free", 10, async || {
        let answer = upload.finish_with(&digest, bytes[1500..].to_vec()).await;
        (answer.status() != 416).then_some(answer)
    })
    .await;
    finished.is(201);
    is_blob(&desk.repo.blob(&digest).await.is(200), &digest, &bytes);
}

#[tokio::test]
async fn a_truncated_push_in_one_request_stores_nothing() {
    let desk = Desk::new().await;
    let bytes = bytes_of(1);
    // The digest of exactly what will arrive, so that only the length can tell.
    let digest = sha256(&bytes[..1000]);
    let post = desk.repo.path(&format!("blobs/uploads/?digest={digest}"));

    for headers in ["Content-Length: 3000", "Transfer-Encoding: chunked"] {
        let mut broken = desk.raw("POST", &post, headers).await;
        if headers.starts_with("Transfer") {
            broken.send("3e8\r\n").await;
        }
        broken.send(&bytes[..1000]).await;
        broken.finish_sending().await;
        let told = broken.read_to_close(10).await;
        assert!(!told.text.starts_with("HTTP/1.1 201"), "{}", told.text);
        desk.repo.head_blob(&digest).await.is(404);
    }
}

/// A length nobody can mean must not make the server set memory aside (GHSA-9398-5ghf-7pr6).
#[tokio::test]
async fn an_absurd_length_is_refused_before_the_body() {
    let desk = Desk::new().await;
    let mut upload = desk.repo.begin_upload().await;
    let digest = sha256("x");
    let put = format!("{}?digest={digest}", upload.location());
    let post = desk.repo.path(&format!("blobs/uploads/?digest={digest}"));
    let manifest = desk.repo.path("manifests/huge");
    let targets =
        [("PATCH", upload.location()), ("PUT", &put), ("POST", &post), ("PUT", &manifest)];

    for length in ["9223372036854775807", "18446744073709551615", "99999999999999999999999"] {
        for (method, path) in targets {
            let headers = format!("Content-Length: {length}\r\nExpect: 100-continue");
            let head = desk.raw(method, path, &headers).await.read_head(10).await;
            let status = head.get(9..12).unwrap_or_default();
            // Beyond what hyper counts in, it is no request at all.
            let is_refused = matches!((length.len(), status), (19, "413") | (20.., "400" | "431"));
            assert!(is_refused, "{method} {length}: {head}");
        }
    }
    assert_eq!(upload.offset().await, 0);
    upload.finish_with(&digest, "x").await.is(201);
}

#[tokio::test]
async fn a_blob_over_the_limit_is_refused_and_the_session_survives() {
    let desk = Desk::with(&["--max-blob-size", "1MiB"]).await;
    let most = vec![7_u8; 1 << 20];
    let over = vec![7_u8; (1 << 20) + 1];
    let digest = sha256(&most);

    desk.repo.post_blob(&sha256(&over), over.clone()).await.is(413).code("DENIED");
    let mut upload = desk.repo.begin_upload().await;
    upload.patch(over.clone()).await.is(413).code("DENIED").says("1048576");
    upload.stream(over.chunks(100_000).map(<[u8]>::to_vec)).await.is(413).code("DENIED");
    assert_eq!(upload.offset().await, 0);
    upload.chunk(most.clone()).await.is(202);
    upload.patch("x").await.is(413);
    upload.finish_with(&sha256(&over), vec![7_u8]).await.is(413);

    upload.finish(&digest).await.is(201);
    desk.repo.head_blob(&sha256(&over)).await.is(404);
    is_blob(&desk.repo.blob(&digest).await.is(200), &digest, &most);
}

/// `Expect: 100-continue` saves a client from sending a layer to somebody who will not take it.
#[tokio::test]
async fn a_body_is_not_asked_for_before_the_right_is_clear() {
    let desk = Desk::new().await;
    for credentials in ["", "Authorization: Bearer forged.token.here\r\n"] {
        let mut connection = desk.hub.raw().await;
        let head = format!(
            "POST /v2/alice/app/blobs/uploads/?digest={} HTTP/1.1\r\nHost: {}\r\n{credentials}Content-Length: 1000000000\r\nExpect: 100-continue\r\n\r\n",
            sha256("x"),
            desk.hub.address()
        );
        connection.send(head).await;
        let answer = connection.read_head(10).await;
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    }
}

/// Nobody knows the session behind a push in one request, so nobody could ever cancel it.
#[tokio::test]
async fn a_refused_push_in_one_request_leaves_no_bytes_behind() {
    let desk = Desk::with(&["--max-blob-size", "1MiB"]).await;
    let over = vec![7_u8; (1 << 20) + 1];
    let wrong = sha256("other");

    let path = desk.repo.path(&format!("blobs/uploads/?digest={wrong}"));
    let pieces = over.chunks(100_000).map(<[u8]>::to_vec).collect::<Vec<_>>();
    desk.client.post(&path).pieces(pieces).await.is(413);
    desk.repo.post_blob(&wrong, "x").await.is(400);
    let place = desk.repo.post_blob(&sha256("x"), "x").header("content-range", "5-5");
    place.await.is(416);

    // The answer does not wait for the store to clean up.
    let db = roadstead_db::Db::open(&desk.hub.database_url()).await.unwrap();
    let alice = "alice".parse().unwrap();
    let alice = db.read(async |tx| roadstead_db::accounts::find_by_name(tx, &alice).await).await;
    let alice = alice.unwrap().expect("alice pushes here").id;
    let mut left = u64::MAX;
    for _ in 0..100 {
        left = db.read(async |tx| roadstead_db::uploads::count_of(tx, alice).await).await.unwrap();
        if left == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{left} sessions that nobody knows of");
}
