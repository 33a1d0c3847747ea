//! Every way to push a blob.

use roadstead_testkit::{Answer, Repo, sha256, sha512};

use crate::desk::{Desk, bytes_of, is_blob};

/// The ways of the specification, and what clients make of them.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// One POST with the digest and the body.
    SinglePost,
    /// POST, then the whole in the PUT: containerd.
    PostPut,
    /// POST, a PATCH without any length, an empty PUT: docker.
    Stream,
    /// PATCHes that name their place, an empty PUT.
    Chunks,
    /// The same with the last piece in the PUT, which names its place too.
    ChunksAndPut,
    /// A stream, and the rest in the PUT without a place.
    StreamAndPut,
}

pub const WAYS: [Way; 6] =
    [Way::SinglePost, Way::PostPut, Way::Stream, Way::Chunks, Way::ChunksAndPut, Way::StreamAndPut];

/// Pushes `bytes` under `digest`, which may be wrong, and returns the last answer.
pub async fn push(repo: &Repo, way: Way, digest: &str, bytes: &[u8]) -> Answer {
    let bytes = bytes.to_vec();
    if let Way::SinglePost = way {
        return repo.post_blob(digest, bytes).await;
    }
    let mut upload = repo.begin_upload().await;
    let third = bytes.len() / 3;
    match way {
        Way::SinglePost => unreachable!(),
        Way::PostPut => upload.finish_with(digest, bytes).await,
        Way::Stream => {
            upload.stream(bytes.chunks(third + 1).map(<[u8]>::to_vec)).await.is(202);
            upload.finish(digest).await
        }
        Way::Chunks => {
            for chunk in bytes.chunks(third + 1) {
                upload.chunk(chunk.to_vec()).await.is(202);
            }
            upload.finish(digest).await
        }
        Way::ChunksAndPut => {
            upload.chunk(bytes[..third].to_vec()).await.is(202);
            upload.chunk(bytes[third..2 * third].to_vec()).await.is(202);
            let place = format!("{}-{}", 2 * third, bytes.len() - 1);
            let last = upload.finish_ask(digest).header("content-range", place);
            last.body(bytes[2 * third..].to_vec()).await
        }
        Way::StreamAndPut => {
            upload.stream([bytes[..third].to_vec()]).await.is(202);
            upload.finish_with(digest, bytes[third..].to_vec()).await
        }
    }
}

#[tokio::test]
async fn every_way_to_push_a_blob_stores_the_same_bytes() {
    let desk = Desk::new().await;

    for (seed, way) in WAYS.into_iter().enumerate() {
        let bytes = bytes_of(seed as u64);
        for digest in [sha256(&bytes), sha512(&bytes)] {
            let answer = push(&desk.repo, way, &digest, &bytes).await.is(201);

            assert_eq!(answer.header("location"), desk.repo.path(&format!("blobs/{digest}")));
            assert_eq!(answer.header("docker-content-digest"), digest, "{way:?}");
            is_blob(&desk.repo.blob(&digest).await.is(200), &digest, &bytes);
            let head = desk.repo.head_blob(&digest).await.is(200);
            assert_eq!(head.header("content-length"), "3000", "{way:?}");
            assert!(head.bytes().is_empty());
        }
    }
}

#[tokio::test]
async fn a_session_tells_where_it_stands_and_how_to_go_on() {
    let mut desk = Desk::new().await;
    let bytes = bytes_of(1);
    let opened = desk.repo.open_upload().await.is(202);
    assert_eq!(opened.header("range"), "0-0");
    assert_eq!(opened.header("roadstead-upload-offset"), "0");
    let id = opened.header("docker-upload-uuid");
    assert_eq!(opened.header("location"), desk.repo.path(&format!("blobs/uploads/{id}")));

    let mut upload = desk.repo.upload_at(&opened.header("location"));
    upload.status().await.is(204);
    let patched = upload.chunk(bytes[..1].to_vec()).await.is(202);
    assert_eq!(patched.header("range"), "0-0", "one byte looks like none");
    assert_eq!(patched.header("roadstead-upload-offset"), "1", "and this tells which");
    upload.chunk(bytes[1..1000].to_vec()).await.is(202);

    desk.hub.restart().await;

    let status = upload.status().await.is(204);
    assert_eq!(status.header("range"), "0-999");
    assert_eq!(status.header("docker-upload-uuid"), id);
    upload.chunk(bytes[1000..].to_vec()).await.is(202);
    let digest = sha256(&bytes);
    upload.finish(&digest).await.is(201);
    is_blob(&desk.repo.blob(&digest).await.is(200), &digest, &bytes);
}

#[tokio::test]
async fn the_smallest_blobs_can_be_pushed_in_every_way() {
    let desk = Desk::new().await;
    for bytes in [b"".as_slice(), b"{}".as_slice()] {
        let digest = sha256(bytes);
        for way in [Way::SinglePost, Way::PostPut, Way::Stream] {
            push(&desk.repo, way, &digest, bytes).await.is(201);
            is_blob(&desk.repo.blob(&digest).await.is(200), &digest, bytes);
            desk.repo.delete_blob(&digest).await.is(202);
            desk.repo.head_blob(&digest).await.is(404);
        }
    }
}

/// `digest-algorithm` (distribution-spec main, end-4c) only announces; the digest of the PUT counts.
#[tokio::test]
async fn an_announced_algorithm_is_kept_and_an_unknown_one_refused() {
    let desk = Desk::new().await;
    let bytes = bytes_of(1);
    let sessions = desk.repo.path("blobs/uploads/");
    for (announced, digest) in [
        ("sha512", sha512(&bytes)),
        ("sha256", sha256(&bytes)),
        ("sha512", sha256(&bytes)),
        ("sha256", sha512(&bytes)),
    ] {
        let opened = desk.client.post(&format!("{sessions}?digest-algorithm={announced}"));
        let mut upload = desk.repo.upload_at(&opened.body("").await.is(202).header("location"));
        upload.stream([bytes.clone()]).await.is(202);
        upload.finish(&digest).await.is(201);
        is_blob(&desk.repo.blob(&digest).await.is(200), &digest, &bytes);
        desk.repo.delete_blob(&digest).await.is(202);
    }

    for unknown in ["md5", "", "SHA256", "blake3"] {
        let ask = desk.client.post(&format!("{sessions}?digest-algorithm={unknown}")).body("");
        ask.await.is(400).code("DIGEST_INVALID");
    }
}

/// Clients append to the query that the server gave, and some write the parameter elsewhere.
#[tokio::test]
async fn the_digest_is_found_anywhere_in_the_query() {
    let desk = Desk::new().await;
    let digest = sha256(b"x");
    for query in ["state=a&digest=DIGEST", "digest=DIGEST&ns=docker.io", "x=1&digest=ENCODED"] {
        let query =
            query.replace("DIGEST", &digest).replace("ENCODED", &digest.replace(':', "%3A"));
        let upload = desk.repo.begin_upload().await;
        let put = desk.client.put(&format!("{}?{query}", upload.location())).body("x");
        put.await.is(201);
    }

    let upload = desk.repo.begin_upload().await;
    let none = desk.client.put(upload.location()).body("x").await;
    none.is(400).code("DIGEST_INVALID").says("?digest=");
    let mut upload = upload;
    upload.patch("x").await.is(202);
    // An empty body with a type is still an empty body.
    let last = upload.finish_ask(&digest).header("content-type", "application/octet-stream");
    last.header("content-length", "0").body("").await.is(201);
}

/// Whoever commits second finds the bytes there and is told the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_blob_pushed_by_many_at_once_is_taken_from_all() {
    let desk = Desk::new().await;
    let bytes = bytes_of(1);
    let digest = sha256(&bytes);
    let mut repos = vec![desk.repo.clone(), desk.repo.clone()];
    for name in ["alice/one", "alice/two", "alice/three"] {
        let other = desk.other(name).await;
        repos.extend([other.clone(), other]);
    }

    let pushes = repos.iter().cloned().enumerate().map(|(number, repo)| {
        let (digest, bytes) = (digest.clone(), bytes.clone());
        tokio::spawn(async move { push(&repo, WAYS[number % WAYS.len()], &digest, &bytes).await })
    });
    for push in pushes.collect::<Vec<_>>() {
        push.await.unwrap().is(201);
    }

    for repo in &repos {
        is_blob(&repo.blob(&digest).await.is(200), &digest, &bytes);
    }
    desk.repo.delete_blob(&digest).await.is(202);
    repos[7].blob(&digest).await.is(200);
}
