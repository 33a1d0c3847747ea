//! The program dies while a manifest is pushed, or a tag, a manifest or a blob is deleted: all of it
//! has happened, or nothing.

use roadstead_blobs::crash::CrashPoint;
use roadstead_testkit::{Ask, Image, sha256};

use crate::crash::{VisitedBy, points};
use crate::stage::{Stage, assert_manifest};

#[tokio::test]
async fn a_change_of_tags_and_manifests_is_whole_or_absent_wherever_the_program_dies() {
    let mut stage = Stage::open().await;
    for point in points(VisitedBy::Rows) {
        println!("{}", point.name());
        match point {
            CrashPoint::ManifestUncommitted
            | CrashPoint::ManifestCommitted
            | CrashPoint::TagMoved => push(&mut stage, point).await,
            CrashPoint::TagDeleteUncommitted | CrashPoint::TagDeleteCommitted => {
                delete_tag(&mut stage, point).await;
            }
            CrashPoint::ManifestDeleteUncommitted | CrashPoint::ManifestDeleteCommitted => {
                delete_manifest(&mut stage, point).await;
            }
            _ => delete_blob(&mut stage, point).await,
        }
    }
    stage.everything_acknowledged_is_there().await;
    stage.only_garbage_is_left().await;
    stage.everything_acknowledged_is_there().await;
}

/// Lets the program die under `request`; tells whether the change had been committed.
async fn dies(stage: &mut Stage, point: CrashPoint, request: Ask) -> bool {
    stage.arm(point, 1).await;
    assert!(request.send().await.is_err());
    stage.died(point).await;
    point.name().ends_with(".committed")
}

/// One tag is new, one moves away from another image.
async fn push(stage: &mut Stage, point: CrashPoint) {
    let (old, new) = (stage.image().await, stage.image().await);
    let (moved, fresh) = (format!("{}-moved", point.name()), format!("{}-new", point.name()));
    stage.repo.put_manifest(&moved, &old.manifest).await.is(201);
    let path =
        stage.repo.path(&format!("manifests/{}?tag={moved}&tag={fresh}", new.manifest.digest));
    let request = stage.client.put(&path).header("content-type", &new.manifest.media_type);
    let request = request.body(new.manifest.bytes.clone());

    if dies(stage, point, request.clone()).await {
        assert_manifest(&stage.repo.manifest(&fresh).await, &new.manifest);
        assert_manifest(&stage.repo.manifest(&moved).await, &new.manifest);
    } else {
        stage.repo.manifest(&fresh).await.is(404);
        stage.repo.manifest(&new.manifest.digest).await.is(404);
        assert_manifest(&stage.repo.manifest(&moved).await, &old.manifest);
    }
    assert_manifest(&stage.repo.manifest(&old.manifest.digest).await, &old.manifest);
    request.await.is(201);
    stage.has_tag(&moved, Some(&new.manifest));
    stage.has_tag(&fresh, Some(&new.manifest));
}

async fn tagged(stage: &mut Stage, tags: &[&str]) -> Image {
    let image = stage.image().await;
    for tag in tags {
        stage.repo.put_manifest(tag, &image.manifest).await.is(201);
        stage.has_tag(tag, Some(&image.manifest));
    }
    image
}

async fn delete_tag(stage: &mut Stage, point: CrashPoint) {
    let (tag, other) = (point.name(), format!("{}-other", point.name()));
    let image = tagged(stage, &[tag, &other]).await;
    let request = stage.repo.delete_manifest(tag);
    if dies(stage, point, request.clone()).await {
        stage.repo.manifest(tag).await.is(404);
        request.await.is(404);
    } else {
        assert_manifest(&stage.repo.manifest(tag).await, &image.manifest);
        request.await.is(202);
    }
    assert_manifest(&stage.repo.manifest(&image.manifest.digest).await, &image.manifest);
    stage.has_tag(tag, None);
}

async fn delete_manifest(stage: &mut Stage, point: CrashPoint) {
    let tags = [point.name().to_owned(), format!("{}-too", point.name())];
    let image = tagged(stage, &[&tags[0], &tags[1]]).await;
    let request = stage.repo.delete_manifest(&image.manifest.digest);
    if dies(stage, point, request.clone()).await {
        stage.repo.manifest(&tags[0]).await.is(404);
        request.await.is(404);
    } else {
        assert_manifest(&stage.repo.manifest(&tags[1]).await, &image.manifest);
        request.await.is(202);
    }
    stage.repo.manifest(&image.manifest.digest).await.is(404);
    tags.iter().for_each(|tag| stage.has_tag(tag, None));
}

async fn delete_blob(stage: &mut Stage, point: CrashPoint) {
    let bytes = stage.bytes(50_000);
    let digest = sha256(&bytes);
    stage.repo.push_blob(bytes.clone()).await;
    let request = stage.repo.delete_blob(&digest);
    if dies(stage, point, request.clone()).await {
        stage.repo.head_blob(&digest).await.is(404);
        request.await.is(404);
    } else {
        assert!(*stage.repo.blob(&digest).await.is(200).bytes() == bytes);
        request.await.is(202);
    }
    // What was deleted can be pushed again.
    stage.repo.push_blob(bytes.clone()).await;
    stage.has_blob(&bytes);
}
