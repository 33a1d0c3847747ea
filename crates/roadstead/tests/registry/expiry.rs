//! Uploads that rest too long: unknown at the very moment, and gone soon after.

use std::time::Duration;

use roadstead_db::{Db, uploads};
use roadstead_testkit::{Hub, eventually, sha256};
use roadstead_types::UploadId;

use crate::desk::Desk;

async fn has_row(hub: &Hub, id: &str) -> bool {
    let db = Db::open(&hub.database_url()).await.unwrap();
    let id = UploadId::parse(id).unwrap();
    db.read(async |tx| uploads::find(tx, id).await).await.unwrap().is_some()
}

#[tokio::test]
async fn an_upload_that_rests_too_long_is_over_and_its_bytes_go() {
    let desk = Desk::with(&["--upload-ttl", "2s"]).await;
    let mut resting = desk.repo.begin_upload().await;
    resting.chunk("half of it").await.is(202);
    let mut busy = desk.repo.begin_upload().await;

    // Each piece starts the time anew.
    for piece in ["a", "b", "c", "d"] {
        tokio::time::sleep(Duration::from_millis(700)).await;
        busy.chunk(piece).await.is(202);
    }

    resting.status().await.is(404).code("BLOB_UPLOAD_UNKNOWN");
    let refused = resting.chunk_at(10, "the rest").await.is(404).code("BLOB_UPLOAD_UNKNOWN");
    refused.says("it was finished, cancelled or timed out; start a new one");
    resting.finish(&sha256("half of it")).await.is(404);
    resting.cancel().await.is(404);
    desk.repo.head_blob(&sha256("half of it")).await.is(404);
    busy.finish(&sha256("abcd")).await.is(201);
    eventually("the row goes", 20, async || {
        (!has_row(&desk.hub, resting.id()).await).then_some(())
    })
    .await;
    eventually("the bytes go", 20, async || {
        (desk.hub.command("check", "--grace 0s").run().await.code == Some(0)).then_some(())
    })
    .await;
}
