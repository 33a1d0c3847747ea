//! The program dies under the request that closes an upload, between the bytes and the answer.

use bytes::Bytes;
use roadstead_blobs::crash::CrashPoint;
use roadstead_testkit::{Ask, Upload, sha256};

use crate::crash::{VisitedBy, points};
use crate::stage::Stage;

/// What a client had sent before, and what it does after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closing {
    /// Closes with a last piece, and repeats the request.
    LastPiece,
    /// The same, naming the piece's place.
    LastPieceInPlace,
    /// Closes with a last piece, then asks where the upload stands and goes on from there.
    LastPieceResumed,
    /// Had sent everything, as docker does, and repeats the request.
    Empty,
    /// Had sent nothing, as containerd does, and repeats the request.
    Whole,
}

use Closing::{Empty, LastPiece, LastPieceInPlace, LastPieceResumed, Whole};

#[tokio::test]
async fn an_upload_can_be_closed_again_wherever_the_program_dies() {
    let mut stage = Stage::open().await;
    for point in points(VisitedBy::Closings) {
        for closing in [LastPiece, LastPieceInPlace, LastPieceResumed, Empty, Whole] {
            let records = matches!(closing, LastPiece | LastPieceInPlace | LastPieceResumed);
            if records || point != CrashPoint::UploadLastPiece {
                println!("{} {closing:?}", point.name());
                close(&mut stage, point, closing).await;
            }
        }
    }
    stage.everything_acknowledged_is_there().await;
    stage.only_garbage_is_left().await;
    stage.everything_acknowledged_is_there().await;
}

async fn close(stage: &mut Stage, point: CrashPoint, closing: Closing) {
    let (sent, last) = match closing {
        Whole => (0, 100_000),
        Empty => (100_000, 0),
        // The first piece in no part of its own, where the other two fill one.
        LastPieceInPlace => (100_000, 100_000),
        _ => (stage.piece(), 100_000),
    };
    let whole = stage.bytes(sent + last);
    let digest = sha256(&whole);
    let mut upload = stage.repo.begin_upload().await;
    if sent > 0 {
        upload.chunk(whole.slice(..sent)).await.is(202);
    }
    let request = closing_request(&upload, closing, &whole, sent);
    stage.arm(point, 1).await;
    assert!(request.clone().send().await.is_err());
    stage.died(point).await;

    if point == CrashPoint::UploadCommitted {
        upload.status().await.is(404).code("BLOB_UPLOAD_UNKNOWN");
    } else {
        stage.repo.head_blob(&digest).await.is(404);
        let offset = upload.offset().await;
        assert!(offset >= sent as u64, "{sent} were acknowledged, {offset} are there");
        if closing == LastPieceResumed {
            resume(&mut upload, &whole, offset, &digest).await;
        } else {
            request.await.is(201);
        }
    }
    let stored = stage.repo.blob(&digest).await.is(200);
    assert!(*stored.bytes() == whole, "{} {closing:?}", point.name());
    stage.has_blob(&whole);
}

fn closing_request(upload: &Upload, closing: Closing, whole: &Bytes, sent: usize) -> Ask {
    let request = upload.finish_ask(&sha256(whole)).body(whole.slice(sent..));
    match closing {
        LastPieceInPlace => request.header("content-range", format!("{sent}-{}", whole.len() - 1)),
        _ => request,
    }
}

async fn resume(upload: &mut Upload, whole: &Bytes, offset: u64, digest: &str) {
    let at = usize::try_from(offset).unwrap();
    if at < whole.len() {
        upload.chunk_at(offset, whole.slice(at..)).await.is(202);
    }
    upload.finish(digest).await.is(201);
}
