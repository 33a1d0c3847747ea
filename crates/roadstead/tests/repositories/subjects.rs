use roadstead_testkit::{Hub, image};
use serde_json::json;

#[tokio::test]
async fn categories_come_from_a_list_and_topics_follow_rules() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().build(), &["1"]).await;
    let api = alice.signed_in().await;
    let all = hub.anonymous().get("/v2/categories/").await.is(200).json();
    assert_eq!(all.as_array().unwrap().len(), 16);

    let path = "/v2/repositories/alice/app/categories/";
    let filler = |slugs: &[&str]| {
        json!(slugs.iter().map(|slug| json!({"slug": slug, "name": "x"})).collect::<Vec<_>>())
    };
    let set = api.patch(path).json(&filler(&["security", "web-servers"])).await.is(200).json();
    assert_eq!(set["categories"][0], json!({"name": "Security", "slug": "security"}));
    api.patch(path).json(&filler(&["cooking"])).await.is(400).says("`cooking` is no category");
    let four = ["security", "networking", "data-science", "web-servers"];
    api.patch(path).json(&filler(&four)).await.is(400).says("3 categories");

    let path = "/api/v1/repositories/alice/app/topics";
    let put = async |topics: serde_json::Value| {
        api.ask("PUT".parse().unwrap(), path).json(&json!({ "topics": topics })).await
    };
    let set = put(json!(["rust", "oci-2", "rust"])).await.is(200).json();
    assert_eq!(set["topics"], json!(["rust", "oci-2"]));
    for wrong in ["Rust", "", "-a", "a b", &"a".repeat(51)] {
        put(json!([wrong])).await.is(400).says("is no topic");
    }
    let many: Vec<String> = (0..21).map(|number| format!("t{number}")).collect();
    put(json!(many)).await.is(400).says("20 topics");
    let path = "/api/v1/repositories/alice/app/readme";
    let readme = json!({"full_description": "# Hi"});
    api.ask("PUT".parse().unwrap(), path).json(&readme).await.is(200);
    assert_eq!(hub.anonymous().get(path).await.is(200).json(), readme);
}

#[tokio::test]
async fn an_archived_repository_is_pulled_and_nothing_else() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let repo = alice.repo("alice/app");
    repo.push(&image().build(), &["1"]).await;
    let early = alice.bearer(&["repository:alice/app:pull,push,delete"]).await.repo("alice/app");
    let api = alice.signed_in().await;
    let archive = "/api/v1/repositories/alice/app/archive";

    assert_eq!(api.post(archive).await.is(200).json()["is_archived"], true);

    repo.manifest("1").await.is(200);
    repo.open_upload().await.is(403).says("archived and read only");
    early.open_upload().await.is(401);
    early.delete_manifest("1").await.is(401);
    let change = json!({"description": "new"});
    api.patch("/v2/repositories/alice/app/").json(&change).await.is(403).says("archived");
    api.delete("/v2/repositories/alice/app/tags/1").await.is(403);
    api.delete(archive).await.is(200);
    repo.push(&image().file("a", "b").build(), &["2"]).await;
}
