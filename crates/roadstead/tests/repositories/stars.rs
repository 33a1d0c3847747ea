use roadstead_testkit::{Hub, image};
use serde_json::json;

#[tokio::test]
async fn stars_are_exact_and_only_for_what_one_may_read() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().build(), &["1"]).await;
    let api = alice.signed_in().await;
    let path = "/v2/repositories/alice/app/stars/";
    let mut fans = Vec::new();
    for name in ["bob", "carol", "dave"] {
        fans.push(hub.user(name).await.signed_in().await);
    }
    // Everybody four times at once; who ends with taking it back has none.
    let rounds = fans.iter().flat_map(|fan| (0..4).map(move |_| fan.post(path).json(&json!({}))));
    for answer in futures_util::future::join_all(rounds.map(IntoFuture::into_future)).await {
        answer.is(201);
    }
    fans[2].delete(path).await.is(204);
    fans[2].delete(path).await.is(204);

    assert_eq!(api.get("/v2/repositories/alice/app").await.json()["star_count"], 2);
    let list =
        hub.anonymous().get("/api/v1/repositories/alice/app/stargazers").await.is(200).json();
    assert_eq!(list["count"], 2);
    let mut who: Vec<_> = list["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|star| star["user"].as_str().unwrap())
        .collect();
    who.sort_unstable();
    assert_eq!(who, ["bob", "carol"]);
    let mine = "/v2/users/bob/repositories/starred/";
    assert_eq!(fans[0].get(mine).await.is(200).json()["results"][0]["name"], "app");
    hub.anonymous().post(path).json(&json!({})).await.is(401);
    hub.anonymous().get("/v2/users/nobody-here/repositories/starred/").await.is(404);

    alice.set_private("alice/app", true).await;

    assert_eq!(fans[0].get(mine).await.is(200).json()["count"], 0);
    fans[0].post(path).json(&json!({})).await.is(404);
    fans[0].delete(path).await.is(404);
    assert_eq!(api.get("/v2/users/bob/repositories/starred").await.json()["count"], 1);
}
