//! Reading blobs and manifests: ranges, validators, and what caches are told.

use roadstead_testkit::{image, media, noise, sha256};

use crate::desk::{Desk, everything, is_blob};

const PUBLIC: &str = "public, max-age=31536000, immutable";
const PRIVATE: &str = "private, no-store";

#[tokio::test]
async fn a_part_of_a_blob_is_sent_exactly() {
    let desk = Desk::new().await;
    let bytes = noise(3, 2048);
    let digest = desk.repo.push_blob(bytes.clone()).await;

    for (range, part) in [
        ("bytes=0-0", 0..1),
        ("bytes=500-1499", 500..1500),
        ("bytes=500-", 500..2048),
        ("bytes=-500", 1548..2048),
        ("bytes=-5000", 0..2048),
        ("bytes=2000-5000", 2000..2048),
        ("bytes=2047-99999999999999999999999", 2047..2048),
    ] {
        let answer = desk.repo.blob(&digest).header("range", range).await.is(206);
        assert_eq!(answer.bytes(), &bytes.slice(part.clone()), "{range}");
        let place = format!("bytes {}-{}/2048", part.start, part.end - 1);
        assert_eq!(answer.header("content-range"), place);
        assert_eq!(answer.header("content-length"), part.len().to_string());
        assert_eq!(answer.header("docker-content-digest"), digest);
        assert_eq!(answer.header("etag"), format!("\"{digest}\""));
    }
    for range in ["bytes=500-0", "bytes=5000-10000", "bytes=2048-", "bytes=-0"] {
        let answer = desk.repo.blob(&digest).header("range", range).await.is(416);
        assert_eq!(answer.header("content-range"), "bytes */2048", "{range}");
    }
}

/// Several ranges at once are an amplifier; the whole is a legal answer (RFC 9110, 14.2).
#[tokio::test]
async fn what_is_no_single_range_gets_the_whole() {
    let desk = Desk::new().await;
    let bytes = noise(3, 2048);
    let digest = desk.repo.push_blob(bytes.clone()).await;
    let many = format!("bytes={}", ["0-1"; 500].join(","));

    for range in ["bytes=0-1,5-6", &many, "bytes=a-b", "items=0-1", "bytes=-", "0-1", "bytes=+1-2"]
    {
        let answer = desk.repo.blob(&digest).header("range", range).await.is(200);
        is_blob(&answer, &digest, &bytes);
    }
    let head = desk.repo.head_blob(&digest).header("range", "bytes=0-9").await.is(200);
    assert_eq!(head.header("content-length"), "2048");
    assert_eq!(head.header("accept-ranges"), "bytes");
    let empty = desk.repo.push_blob("").await;
    desk.repo.blob(&empty).header("range", "bytes=0-0").await.is(416);
}

#[tokio::test]
async fn a_part_is_sent_only_of_the_blob_the_client_began_with() {
    let desk = Desk::new().await;
    let bytes = noise(3, 2048);
    let digest = desk.repo.push_blob(bytes.clone()).await;
    let part = |validator: &str| {
        desk.repo.blob(&digest).header("range", "bytes=0-9").header("if-range", validator)
    };

    part(&format!("\"{digest}\"")).await.is(206);
    let other = format!("\"{}\"", sha256("other"));
    let weak = format!("W/\"{digest}\"");
    for validator in [other.as_str(), &weak, "Sat, 01 Jan 2000 00:00:00 GMT", ""] {
        is_blob(&part(validator).await.is(200), &digest, &bytes);
    }
}

#[tokio::test]
async fn what_a_client_has_already_is_not_sent_again() {
    let desk = Desk::new().await;
    let image = image().build();
    let manifest = desk.repo.push(&image, &["1"]).await;
    let blob = &image.layers()[0].digest;

    for (path, digest, cache) in [
        (format!("blobs/{blob}"), blob, PUBLIC),
        (format!("manifests/{manifest}"), &manifest, PUBLIC),
        ("manifests/1".to_owned(), &manifest, "no-cache"),
    ] {
        let path = desk.repo.path(&path);
        for held in [
            format!("\"{digest}\""),
            digest.clone(),
            format!("W/\"{digest}\""),
            format!("\"a\", \"{digest}\""),
            "*".to_owned(),
        ] {
            for ask in [desk.client.get(&path), desk.client.head(&path)] {
                let answer = ask.header("if-none-match", &held).await.is(304);
                assert_eq!(answer.header("etag"), format!("\"{digest}\""));
                assert_eq!(answer.header("docker-content-digest"), *digest);
                assert_eq!(answer.header("cache-control"), cache);
                assert!(answer.bytes().is_empty());
            }
        }
        for held in ["\"other\"".to_owned(), format!("\"{digest}0\""), String::new()] {
            let answer = desk.client.get(&path).header("if-none-match", &held).await.is(200);
            assert!(!answer.bytes().is_empty(), "{held}");
        }
    }
}

/// The right is asked for first: a validator is no key.
#[tokio::test]
async fn a_validator_opens_nothing_and_private_answers_are_kept_by_nobody() {
    let desk = Desk::new().await;
    let bob = desk.hub.user("bob").await;
    let image = image().build();
    let manifest = desk.repo.push(&image, &["1"]).await;
    let blob = &image.layers()[0].digest;
    desk.alice.set_private("alice/app", true).await;
    let owner = everything(&desk.alice, "alice/app").await;

    for path in [
        format!("/v2/alice/app/blobs/{blob}"),
        format!("/v2/alice/app/manifests/{manifest}"),
        "/v2/alice/app/manifests/1".to_owned(),
    ] {
        for held in [format!("\"{blob}\""), format!("\"{manifest}\""), "*".to_owned()] {
            let anonymous = desk.hub.anonymous();
            anonymous.get(&path).header("if-none-match", &held).await.is(401);
            anonymous.head(&path).header("if-none-match", &held).await.is(401);
            bob.basic().get(&path).header("if-none-match", &held).await.is(403);
        }
        let answer = desk.alice.basic().get(&path).await.is(200);
        assert_eq!(answer.header("cache-control"), PRIVATE);
        let unchanged = desk.alice.basic().get(&path).header("if-none-match", "*").await.is(304);
        assert_eq!(unchanged.header("cache-control"), PRIVATE);
    }
    let part = owner.blob(blob).header("range", "bytes=0-1").await.is(206);
    assert_eq!(part.header("cache-control"), PRIVATE);
    let refused = desk.hub.anonymous().repo("alice/app").blob(blob).await.is(401);
    assert_eq!(refused.header("cache-control"), "no-store");
}

/// No browser may make a page of what somebody pushed, and no proxy may change its bytes.
#[tokio::test]
async fn stored_bytes_are_sent_as_they_are_and_never_as_a_page() {
    let desk = Desk::new().await;
    let page = b"<html><script>alert(1)</script></html>".repeat(50);
    let digest = desk.repo.push_blob(page.clone()).await;
    let image = image().build();
    desk.repo.push(&image, &["1"]).await;

    let ask = desk.repo.blob(&digest).header("accept", "text/html");
    let blob = ask.header("accept-encoding", "gzip, br, zstd").await.is(200);
    is_blob(&blob, &digest, &page);
    assert_eq!(blob.header("content-type"), "application/octet-stream");
    let ask = desk.repo.manifest("1").header("accept-encoding", "gzip, br, zstd");
    let manifest = ask.await.is(200);
    assert_eq!(manifest.header("content-type"), media::OCI_MANIFEST);
    assert_eq!(manifest.bytes(), &image.manifest.bytes);
    for answer in [blob, manifest] {
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("docker-distribution-api-version"), "registry/2.0");
        assert!(!answer.header("x-request-id").is_empty());
        for absent in ["content-encoding", "transfer-encoding", "set-cookie"] {
            assert_eq!(answer.maybe_header(absent), None, "{}", answer.story());
        }
    }
}
