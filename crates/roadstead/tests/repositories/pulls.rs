use roadstead_testkit::{Hub, eventually, image, media};
use serde_json::json;

#[tokio::test]
async fn downloads_are_counted_and_nothing_else_is() {
    let mut hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let digest = alice.repo("alice/app").push(&image().build(), &["1"]).await;
    let repo = hub.anonymous().repo("alice/app");
    let path = repo.path("manifests/1");
    for _ in 0..3 {
        repo.manifest("1").await.is(200);
    }
    repo.manifest(&digest).await.is(200);
    let nobody = hub.anonymous();
    nobody.head(&path).await.is(200);
    let fresh = nobody.get(&path).header("accept", media::ALL);
    fresh.header("if-none-match", format!("\"{digest}\"")).await.is(304);
    repo.manifest("none").await.is(404);

    let api = "/v2/repositories/alice/app";
    let count = eventually("the pulls are written down", 20, async || {
        let count = nobody.get(api).await.is(200).json()["pull_count"].as_u64().unwrap();
        (count >= 4).then_some(count)
    });
    assert_eq!(count.await, 4);
    let tag = nobody.get(&format!("{api}/tags/1")).await.is(200).json();
    assert_eq!(tag["pull_count"], 3);
    assert!(tag["tag_last_pulled"].is_string());
    let pulls = nobody.get("/api/v1/repositories/alice/app/pulls?days=2").await.is(200).json();
    assert_eq!(pulls["days"][0]["pulls"], 4);
    assert_eq!(pulls["tags"][0], json!({"tag": "1", "pulls": 3}));
    assert_eq!(pulls["tags"][1], json!({"tag": null, "pulls": 1}));
    nobody.get("/api/v1/repositories/alice/app/pulls?days=0").await.is(400);

    repo.manifest("1").await.is(200);
    assert!(hub.stop().await);
    hub.restart().await;
    assert_eq!(nobody.get(api).await.json()["pull_count"], 5, "a stop loses none");
}
