//! The program dies in the middle of opening, filling, cancelling or purging an upload.

use bytes::Bytes;
use roadstead_blobs::crash::CrashPoint;
use roadstead_testkit::{Backend, Hub, eventually, sha256};

use crate::stage::{Stage, patch_breaks, problems};

/// Which test visits a place. No place can be added without one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum VisitedBy {
    Uploads,
    Closings,
    Rows,
}

pub const fn visited_by(point: CrashPoint) -> VisitedBy {
    use CrashPoint::*;
    match point {
        UploadBegun | UploadWriting | UploadUnsynced | UploadAppended | UploadAcknowledged
        | UploadCancelled | UploadExpired => VisitedBy::Uploads,
        UploadLastPiece | PublishReady | PublishMoved | UploadPublished | UploadUncommitted
        | UploadCommitted => VisitedBy::Closings,
        ManifestUncommitted
        | ManifestCommitted
        | TagMoved
        | TagDeleteUncommitted
        | TagDeleteCommitted
        | ManifestDeleteUncommitted
        | ManifestDeleteCommitted
        | BlobDeleteUncommitted
        | BlobDeleteCommitted => VisitedBy::Rows,
    }
}

pub fn points(visitor: VisitedBy) -> impl Iterator<Item = CrashPoint> {
    CrashPoint::ALL.iter().copied().filter(move |point| visited_by(*point) == visitor)
}

#[tokio::test]
async fn an_upload_goes_on_where_it_was_acknowledged_wherever_the_program_dies() {
    let mut stage = Stage::open().await;
    for point in points(VisitedBy::Uploads) {
        println!("{}", point.name());
        match point {
            CrashPoint::UploadBegun => begun(&mut stage).await,
            CrashPoint::UploadCancelled => cancelled(&mut stage).await,
            CrashPoint::UploadExpired => expired(&mut stage).await,
            _ => {
                piece(&mut stage, point, Then::GoOn).await;
                piece(&mut stage, point, Then::Close).await;
            }
        }
    }
    stage.everything_acknowledged_is_there().await;
    stage.only_garbage_is_left().await;
    stage.everything_acknowledged_is_there().await;
}

/// A session whose id nobody learned is in nobody's way.
async fn begun(stage: &mut Stage) {
    stage.arm(CrashPoint::UploadBegun, 1).await;
    assert!(stage.repo.open_upload().send().await.is_err());
    stage.died(CrashPoint::UploadBegun).await;
    let bytes = stage.bytes(1000);
    stage.repo.push_blob(bytes.clone()).await;
    stage.has_blob(&bytes);
}

/// What the client does after the crash.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    GoOn,
    /// Closes with what was acknowledged; what lies behind it in the store must not count.
    Close,
}

/// The first piece is acknowledged, the program dies at the second.
async fn piece(stage: &mut Stage, point: CrashPoint, then: Then) {
    let whole = stage.bytes(2 * stage.piece());
    let digest = sha256(&whole);
    let half = whole.len() / 2;
    let mut upload = stage.repo.begin_upload().await;
    upload.chunk(whole.slice(..half)).await.is(202);
    stage.arm(point, visit(point)).await;
    patch_breaks(&stage.client, &upload, &whole.slice(half..)).await;
    stage.died(point).await;

    stage.repo.head_blob(&digest).await.is(404);
    let kept = if point == CrashPoint::UploadAcknowledged { whole.len() } else { half };
    assert_eq!(upload.offset().await, kept as u64, "{}", point.name());
    // A client that does not ask sends its piece where it believes to be, and is told.
    let wrong = upload.chunk_at(kept as u64 + 1, Bytes::from_static(b"x")).await.is(416);
    assert_eq!(wrong.header("range"), format!("0-{}", kept - 1));
    let blob = if then == Then::GoOn { whole } else { whole.slice(..kept) };
    if kept < blob.len() {
        upload.chunk_at(kept as u64, blob.slice(kept..)).await.is(202);
    }
    let digest = sha256(&blob);
    upload.finish(&digest).await.is(201);
    assert!(*stage.repo.blob(&digest).await.is(200).bytes() == blob, "{}", point.name());
    stage.has_blob(&blob);
}

/// Late enough that there is something to lose: in S3, a part that was sent. What is written at
/// once is less than 384 KiB long (a batch, and a frame more), so there are more writes than this.
fn visit(point: CrashPoint) -> u32 {
    match (point, Backend::chosen()) {
        (CrashPoint::UploadWriting, Backend::Embedded) => 2,
        (CrashPoint::UploadWriting, Backend::Scaled) => 21,
        _ => 1,
    }
}

async fn cancelled(stage: &mut Stage) {
    let bytes = stage.bytes(stage.piece());
    let mut upload = stage.repo.begin_upload().await;
    upload.chunk(bytes.clone()).await.is(202);
    stage.arm(CrashPoint::UploadCancelled, 1).await;
    assert!(stage.client.delete(upload.location()).send().await.is_err());
    stage.died(CrashPoint::UploadCancelled).await;

    upload.status().await.is(404).code("BLOB_UPLOAD_UNKNOWN");
    upload.cancel().await.is(404);
    stage.repo.head_blob(&sha256(&bytes)).await.is(404);
    let id = upload.id().to_owned();
    assert!(!stray_uploads(&stage.hub, "").await.contains(&id), "it might be in use an hour long");
    assert!(stray_uploads(&stage.hub, "--grace 0s").await.contains(&id));
    assert!(stray_uploads(&stage.hub, "--grace 0s --repair").await.contains(&id));
    assert!(stray_uploads(&stage.hub, "--grace 0s").await.is_empty());
}

/// The bytes outlive the crash and not the next life of the server.
async fn expired(stage: &mut Stage) {
    let bytes = stage.bytes(stage.piece());
    let mut others = stage.repo.begin_upload().await;
    others.chunk(bytes.clone()).await.is(202);
    stage.hub.set_env("ROADSTEAD_UPLOAD_TTL", "3s");
    stage.arm(CrashPoint::UploadExpired, 1).await;
    let mut upload = stage.repo.begin_upload().await;
    upload.chunk(bytes).await.is(202);
    stage.is_dead(CrashPoint::UploadExpired).await;
    let id = upload.id().to_owned();
    assert_eq!(stray_uploads(&stage.hub, "--grace 0s").await, [id]);

    stage.revive().await;

    eventually("the bytes are gone", 20, async || {
        stray_uploads(&stage.hub, "--grace 0s").await.is_empty().then_some(())
    })
    .await;
    upload.status().await.is(404).code("BLOB_UPLOAD_UNKNOWN");
    assert_eq!(others.offset().await, stage.piece() as u64, "its session has a day");
    stage.hub.set_env("ROADSTEAD_UPLOAD_TTL", "");
}

/// The uploads without a session that `roadstead check` lists.
async fn stray_uploads(hub: &Hub, options: &str) -> Vec<String> {
    let problems = problems(hub, options).await.into_iter();
    let strays = problems.filter(|problem| problem["problem"] == "stray_upload");
    strays.map(|stray| stray["upload"].as_str().unwrap().to_owned()).collect()
}
