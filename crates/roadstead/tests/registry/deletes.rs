//! Deleting: gone at once, and nothing more than was asked for.

use roadstead_testkit::{image, index};

use crate::desk::{Desk, is_blob};

#[tokio::test]
async fn a_deleted_tag_takes_only_its_name_along() {
    let desk = Desk::new().await;
    let image = image().build();
    let digest = desk.repo.push(&image, &["1.0", "latest"]).await;

    desk.repo.delete_manifest("1.0").await.is(202);

    desk.repo.manifest("1.0").await.is(404).code("MANIFEST_UNKNOWN");
    desk.repo.head_manifest("1.0").await.is(404);
    assert_eq!(desk.repo.tags().await, ["latest"]);
    desk.repo.manifest("latest").await.is(200);
    desk.repo.manifest(&digest).await.is(200);
    desk.repo.delete_manifest("1.0").await.is(404).code("MANIFEST_UNKNOWN");
    desk.repo.delete_manifest("never").await.is(404).code("MANIFEST_UNKNOWN");
    desk.repo.delete_manifest("latest").await.is(202);
    assert!(desk.repo.tags().await.is_empty());
    let list = desk.repo.tags_page("").await.is(200);
    assert_eq!(list.json()["tags"], serde_json::json!([]), "an empty list, not null");
}

#[tokio::test]
async fn a_deleted_manifest_takes_its_tags_along_and_nothing_else() {
    let desk = Desk::new().await;
    let (one, two) = (image().architecture("arm64").build(), image().build());
    let list = index([one.clone(), two.clone()]);
    let digest = desk.repo.push_index(&list, &["1", "2"]).await;
    desk.repo.put_manifest("other", &one.manifest).await.is(201);

    desk.repo.delete_manifest(&digest).await.is(202);
    for gone in ["1", "2", &digest] {
        desk.repo.manifest(gone).await.is(404).code("MANIFEST_UNKNOWN");
    }
    assert_eq!(desk.repo.tags().await, ["other"]);
    desk.repo.manifest(&two.manifest.digest).await.is(200);
    desk.repo.delete_manifest(&digest).await.is(404).code("MANIFEST_UNKNOWN");

    // Pushed again it is there again; and a child may go before its index.
    desk.repo.put_manifest("1", &list.manifest).await.is(201);
    desk.repo.delete_manifest(&two.manifest.digest).await.is(202);
    desk.repo.manifest("1").await.is(200);
    desk.repo.manifest(&two.manifest.digest).await.is(404);
}

#[tokio::test]
async fn a_blob_in_use_stays_and_a_free_one_leaves_this_repository_alone() {
    let desk = Desk::new().await;
    let image = image().build();
    let manifest = desk.repo.push(&image, &["1"]).await;
    let layer = &image.layers()[0];
    let other = desk.other("alice/other").await;
    other.mount(&layer.digest, "alice/app").await.is(201);

    for blob in &image.blobs {
        desk.repo.delete_blob(&blob.digest).await.is(405).code("UNSUPPORTED").says("in this rep");
        desk.repo.head_blob(&blob.digest).await.is(200);
    }
    desk.repo.delete_manifest("1").await.is(202);
    desk.repo.delete_blob(&layer.digest).await.is(405);
    desk.repo.delete_manifest(&manifest).await.is(202);
    desk.repo.delete_blob(&layer.digest).await.is(202);

    // Reading it elsewhere must not bring it back here (CVE-2026-35172).
    desk.repo.head_blob(&layer.digest).await.is(404);
    is_blob(&other.blob(&layer.digest).await.is(200), &layer.digest, &layer.bytes);
    desk.repo.blob(&layer.digest).await.is(404).code("BLOB_UNKNOWN");
    desk.repo.delete_blob(&layer.digest).await.is(404).code("BLOB_UNKNOWN");
    desk.repo.put_manifest("1", &image.manifest).await.is(400).code("MANIFEST_BLOB_UNKNOWN");
    desk.repo.push(&image, &["1"]).await;
}

/// Every kind, because a switch that forgets one is no switch (CVE-2026-41888).
#[tokio::test]
async fn with_deletes_off_nothing_of_any_kind_is_deleted() {
    let desk = Desk::with(&["--deletes", "off"]).await;
    let image = image().build();
    let digest = desk.repo.push(&image, &["1"]).await;
    let free = desk.repo.push_blob("free").await;

    for reference in ["1", &digest, "never"] {
        desk.repo.delete_manifest(reference).await.is(405).code("UNSUPPORTED").says("off");
    }
    for blob in [&free, &image.layers()[0].digest] {
        desk.repo.delete_blob(blob).await.is(405).code("UNSUPPORTED");
    }

    desk.repo.manifest("1").await.is(200);
    desk.repo.blob(&free).await.is(200);
    assert_eq!(desk.repo.tags().await, ["1"]);
    desk.repo.begin_upload().await.cancel().await.is(204);
}
