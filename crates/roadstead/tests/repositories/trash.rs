use roadstead_testkit::{Hub, image};
use serde_json::json;

const PATH: &str = "/v2/repositories/alice/app/";
const TRASH: &str = "/api/v1/trash/alice";

#[tokio::test]
async fn what_was_deleted_comes_back_with_everything() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await.signed_in().await);
    let old = image().file("old", "old").build();
    alice.repo("alice/app").push(&old, &["1", "2"]).await;
    let api = alice.signed_in().await;
    api.patch(PATH).json(&json!({"full_description": "# Kept"})).await.is(200);
    bob.post(&format!("{PATH}stars")).json(&json!({})).await.is(201);
    let early = alice.bearer(&["repository:alice/app:pull,push"]).await.repo("alice/app");
    early.manifest("1").await.is(200);

    api.delete(PATH).await.is(202);

    api.get(PATH).await.is(404);
    early.manifest("1").await.is(401);
    early.blob(&old.config().digest).await.is(401);
    // The same name is another repository now: nothing of the old one shines through.
    let new = image().file("new", "new").build();
    alice.repo("alice/app").push(&new, &["1"]).await;
    early.manifest("1").await.is(401);
    early.open_upload().await.is(401);
    alice.repo("alice/app").manifest(&old.manifest.digest).await.is(404);
    assert_eq!(api.get(PATH).await.json()["star_count"], 0);

    let trash = api.get(TRASH).await.is(200).json();
    let entry = &trash["results"][0];
    assert_eq!((&trash["count"], &entry["name"]), (&json!(1), &json!("app")));
    assert_eq!(entry["deleted_by"], "alice");
    let restore = format!("{TRASH}/{}/restore", entry["id"].as_str().unwrap());
    bob.get(TRASH).await.is(404);
    bob.post(&restore).json(&json!({})).await.is(404);
    api.post(&restore).json(&json!({})).await.is(409).says("under another name");
    api.post(&restore).json(&json!({"name": "A b"})).await.is(400);
    let back = api.post(&restore).json(&json!({"name": "app-old"})).await.is(200).json();
    assert_eq!((&back["name"], &back["full_description"]), (&json!("app-old"), &json!("# Kept")));
    assert_eq!(back["star_count"], 1);

    let back = hub.anonymous().repo("alice/app-old");
    for digest in ["1", "2", &old.manifest.digest] {
        back.manifest(digest).await.is(200);
    }
    for blob in &old.blobs {
        assert_eq!(back.blob(&blob.digest).await.is(200).bytes(), &blob.bytes);
    }
    early.manifest("1").await.is(401);
    api.post(&restore).json(&json!({"name": "again"})).await.is(404);
    assert_eq!(api.get(TRASH).await.json()["count"], 0);
}

#[tokio::test]
async fn what_is_purged_is_gone_for_good() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await.signed_in().await);
    let image = image().build();
    for _ in 0..2 {
        alice.repo("alice/app").push(&image, &["1"]).await;
        alice.signed_in().await.delete(PATH).await.is(202);
    }
    let api = alice.signed_in().await;
    let trash = api.get(TRASH).await.is(200).json();
    assert_eq!(trash["count"], 2);
    let id = |place: usize| trash["results"][place]["id"].as_str().unwrap().to_owned();
    bob.delete(&format!("{TRASH}/{}", id(0))).await.is(404);
    bob.delete(&format!("/api/v1/trash/bob/{}", id(0))).await.is(404);

    api.delete(&format!("{TRASH}/{}", id(0))).await.is(204);

    api.post(&format!("{TRASH}/{}/restore", id(0))).json(&json!({})).await.is(404);
    api.delete(&format!("{TRASH}/{}", id(0))).await.is(404);
    api.post(&format!("{TRASH}/{}/restore", id(1))).json(&json!({})).await.is(200);
    let repo = hub.anonymous().repo("alice/app");
    repo.manifest("1").await.is(200);
    repo.blob(&image.config().digest).await.is(200);
}
