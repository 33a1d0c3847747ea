//! Plans: how many private repositories a namespace may have.

use roadstead_testkit::{Client, Hub, image};
use serde_json::json;

/// A hub with the default plan of one private repository.
async fn hub() -> Hub {
    Hub::with().args(["--private-repositories", "1"]).start().await
}

async fn create(api: &Client, name: &str, is_private: bool) -> roadstead_testkit::Answer {
    let form = json!({"name": name, "namespace": "alice", "is_private": is_private});
    api.post("/v2/repositories/").json(&form).await
}

async fn hide(api: &Client, name: &str, is_private: bool) -> roadstead_testkit::Answer {
    let path = format!("/v2/repositories/alice/{name}/privacy/");
    api.post(&path).json(&json!({"is_private": is_private})).await
}

#[tokio::test]
async fn the_last_private_repository_is_taken_once() {
    let hub = hub().await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    create(&api, "one", true).await.is(201);

    let refused = create(&api, "two", true).await.is(403);
    assert!(refused.text().contains("1 of 1 private repositories"), "{}", refused.story());
    create(&api, "two", false).await.is(201);
    hide(&api, "two", true).await.is(403).says("another plan");
    hide(&api, "one", true).await.is(200);
    hide(&api, "one", false).await.is(200);
    hide(&api, "two", true).await.is(200);
    api.delete("/v2/repositories/alice/two/").await.is(202);
    hide(&api, "one", true).await.is(200);

    let usage = api.get("/api/v1/namespaces/alice/usage").await.is(200).json();
    assert_eq!(usage["private_repositories"], json!({"used": 1, "limit": 1}));
    let settings = api.get("/v2/users/alice/registry-settings/").await.is(200).json();
    assert_eq!(settings["private_repo_available"], 0);
    let id = api.get("/v2/user").await.is(200).json()["id"].as_str().unwrap().to_owned();
    let plan = format!("/api/billing/v4/accounts/{id}/hub-plan");
    let told = api.get(&plan).await.is(200).json();
    assert_eq!((&told["name"], &told["private_repos"]), (&json!("default"), &json!(1)));
    assert_eq!(told["seats"], 9999, "what clients print as unlimited");
    let bob = hub.user("bob").await.signed_in().await;
    bob.get("/api/v1/namespaces/alice/usage").await.is(403);
    bob.get(&plan).await.is(403);
    bob.get(&plan.replace(&id, "nobody")).await.is(404);
}

#[tokio::test]
async fn requests_at_once_do_not_get_past_the_plan() {
    let hub = hub().await;
    let api = hub.user("alice").await.signed_in().await;

    let mut requests = tokio::task::JoinSet::new();
    for number in 0..12 {
        let api = api.clone();
        requests.spawn(async move { create(&api, &format!("app-{number}"), true).await.status() });
    }
    let answers = requests.join_all().await;
    let made = answers.iter().filter(|status| **status == 201).count();

    assert_eq!(made, 1);
}

#[tokio::test]
async fn administrators_make_plans_and_give_them() {
    let hub = hub().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    let two = json!({"private_repositories": 2});
    keeper.put("/api/v1/admin/plans/pair").json(&two).await.is(200);
    hub.admin("plan set crowd").run().await.succeeds();
    api.put("/api/v1/admin/plans/mine").json(&json!({})).await.is(403);

    create(&api, "one", true).await.is(201);
    create(&api, "two", true).await.is(403);
    let give =
        |plan: &str| keeper.put("/api/v1/admin/accounts/alice/plan").json(&json!({"plan": plan}));
    give("pair").await.is(200);
    create(&api, "two", true).await.is(201);
    create(&api, "three", true).await.is(403).says("`pair`");
    hub.admin("user set-plan alice crowd").run().await.succeeds();
    create(&api, "three", true).await.is(201);
    give("none").await.is(400).says("no plan `none`");
    keeper.delete("/api/v1/admin/plans/crowd").await.is(409).says("accounts have it");
    give("default").await.is(200);
    keeper.delete("/api/v1/admin/plans/crowd").await.is(204);

    let image = image().file("hello", "world").build();
    alice.repo("alice/three").push(&image, &["1"]).await;
    create(&api, "four", true).await.is(403).says("3 of 1");
}
