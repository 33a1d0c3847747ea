//! Upload sessions: one writer at a time, one account, one repository, and an end.

use roadstead_testkit::{Upload, sha256};

use crate::desk::{Desk, bytes_of, everything, is_blob};

const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";

/// Asks for everything a session can do, and expects that there is no session.
async fn is_gone(upload: &Upload, why: &str) {
    let mut upload = upload.clone();
    let answers = [
        upload.status().await,
        upload.patch("x").await,
        upload.chunk_at(0, "x").await,
        upload.finish_with(&sha256("x"), "x").await,
        upload.cancel().await,
    ];
    for answer in answers {
        assert_eq!(answer.status(), 404, "{why}: {}", answer.story());
        answer.code("BLOB_UPLOAD_UNKNOWN");
    }
}

#[tokio::test]
async fn a_session_ends_with_a_wrong_digest_a_commit_or_a_cancel() {
    let desk = Desk::new().await;
    let bytes = bytes_of(1);
    let digest = sha256(&bytes);

    let mut wrong = desk.repo.begin_upload().await;
    wrong.patch(bytes.clone()).await.is(202);
    wrong.finish(&sha256("other")).await.is(400).code("DIGEST_INVALID");
    is_gone(&wrong, "after a wrong digest").await;

    let mut cancelled = desk.repo.begin_upload().await;
    cancelled.patch(bytes.clone()).await.is(202);
    cancelled.cancel().await.is(204);
    is_gone(&cancelled, "after a cancel").await;

    let mut finished = desk.repo.begin_upload().await;
    finished.patch(bytes.clone()).await.is(202);
    finished.finish(&digest).await.is(201);
    is_gone(&finished, "after a commit").await;
    is_blob(&desk.repo.blob(&digest).await.is(200), &digest, &bytes);

    for id in [UNKNOWN, "x", "_", "not-a-uuid-not-a-uuid-not-a-uuid-00"] {
        let path = desk.repo.path(&format!("blobs/uploads/{id}"));
        is_gone(&desk.repo.upload_at(&path), id).await;
    }
}

/// The server says `100 Continue` once it wants the body, which is when it holds the session.
#[tokio::test]
async fn a_second_writer_is_sent_away_while_the_first_writes() {
    let desk = Desk::new().await;
    let bytes = bytes_of(1);
    let digest = sha256(&bytes);
    let mut upload = desk.repo.begin_upload().await;
    let headers = "Content-Length: 3000\r\nExpect: 100-continue";
    let mut first = desk.raw("PATCH", upload.location(), headers).await;
    let go_on = first.read_head(10).await;
    assert!(go_on.starts_with("HTTP/1.1 100"), "{go_on}");
    first.send(&bytes[..1000]).await;

    let second = upload.patch("second").await.is(416).code("RANGE_INVALID");
    assert_eq!(second.header("location"), upload.location());
    assert_eq!(second.header("range"), "0-0");
    upload.finish_with(&digest, bytes.clone()).await.is(416);
    upload.cancel().await.is(416);

    first.send(&bytes[1000..]).await;
    let done = first.read_head(10).await.to_lowercase();
    assert!(done.starts_with("http/1.1 202") && done.contains("range: 0-2999"), "{done}");
    upload.finish(&digest).await.is(201);
    is_blob(&desk.repo.blob(&digest).await.is(200), &digest, &bytes);
}

#[tokio::test]
async fn a_session_serves_its_own_account_and_repository_alone() {
    let desk = Desk::new().await;
    let bob = desk.hub.user("bob").await;
    let bytes = bytes_of(1);
    let mut upload = desk.repo.begin_upload().await;
    upload.chunk(bytes[..1000].to_vec()).await.is(202);
    let id = upload.location().rsplit('/').next().unwrap().to_owned();

    let session = format!("blobs/uploads/{id}");
    let other = desk.other("alice/other").await;
    other.push_blob("x").await;
    is_gone(&other.upload_at(&other.path(&session)), "another repository of hers").await;
    let bobs = everything(&bob, "bob/app").await;
    bobs.push_blob("x").await;
    is_gone(&bobs.upload_at(&bobs.path(&session)), "his own repository").await;
    let basic = bob.basic();
    let mut as_bob = upload.used_by(&basic);
    as_bob.status().await.is(403).code("DENIED");
    as_bob.chunk_at(1000, "x").await.is(403).code("DENIED");
    as_bob.finish(&sha256("x")).await.is(403).code("DENIED");
    as_bob.cancel().await.is(403).code("DENIED");

    assert_eq!(upload.offset().await, 1000);
    upload.chunk(bytes[1000..].to_vec()).await.is(202);
    upload.finish(&sha256(&bytes)).await.is(201);
}

/// Two people who may both push to one repository still have sessions of their own.
#[tokio::test]
async fn a_session_is_closed_to_others_who_may_push_there() {
    let desk = Desk::new().await;
    let ann = everything(&desk.hub.admin_user("ann").await, "library/tool").await;
    let ben = everything(&desk.hub.admin_user("ben").await, "tool").await;
    let mut hers = ann.begin_upload().await;
    hers.chunk("ann").await.is(202);

    is_gone(&ben.upload_at(hers.location()), "another administrator").await;
    is_gone(&ben.upload_at(&hers.location().replace("library/", "")), "the short name").await;

    assert_eq!(hers.offset().await, 3);
    hers.finish(&sha256("ann")).await.is(201);
    ben.blob(&sha256("ann")).await.is(200);
}
