//! Repositories over the API: who sees them, who changes them.

use roadstead_testkit::{Hub, image};
use serde_json::json;

#[tokio::test]
async fn a_private_repository_looks_missing_to_everybody_else() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().file("hello", "world").build(), &["1"]).await;
    let api = alice.signed_in().await;
    let bob = hub.user("bob").await.signed_in().await;
    let nobody = hub.anonymous();
    let path = "/v2/repositories/alice/app";
    for caller in [&api, &bob, &nobody] {
        caller.get(path).await.is(200);
    }
    bob.patch(path).json(&json!({"is_private": false})).await.is(403);
    nobody.delete(path).await.is(401);

    api.patch(&format!("{path}/")).json(&json!({"is_private": true})).await.is(200);

    assert_eq!(api.get(path).await.is(200).json()["is_private"], true);
    for caller in [&bob, &nobody] {
        for missing in ["/v2/repositories/alice/none", "/v2/repositories/nobody/none"] {
            let told = |answer: roadstead_testkit::Answer| answer.is(404).text();
            assert_eq!(told(caller.get(path).await), told(caller.get(missing).await));
            assert_eq!(told(caller.delete(path).await), told(caller.delete(missing).await));
            let change = json!({"is_private": false});
            let hidden = caller.post(&format!("{path}/privacy")).json(&change).await;
            let none = caller.post(&format!("{missing}/privacy")).json(&change).await;
            assert_eq!(told(hidden), told(none));
        }
    }
    api.post(&format!("{path}/privacy/")).json(&json!({"is_private": false})).await.is(200);
    nobody.get(path).await.is(200);
}

#[tokio::test]
async fn a_repository_is_made_described_and_deleted() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await.signed_in().await;
    let form = json!({"name": "app", "namespace": "alice", "description": "short",
        "full_description": "# Long", "is_private": true, "registry": "docker.io"});

    let made = alice.post("/v2/repositories/").json(&form).await.is(201).json();

    assert_eq!((made["name"].as_str(), made["namespace"].as_str()), (Some("app"), Some("alice")));
    assert_eq!(made["full_description"], "# Long");
    assert_eq!(made["last_updated"], json!(null));
    assert_eq!(made["permissions"], json!({"read": true, "write": true, "admin": true}));
    alice.post("/v2/namespaces/alice/repositories").json(&form).await.is(409);
    let path = "/v2/repositories/alice/app/";
    let change = json!({"full_description": "# Longer", "id": 0, "name": "ignored"});
    let changed = alice.patch(path).json(&change).await.is(200).json();
    assert_eq!((&changed["description"], &changed["name"]), (&json!("short"), &json!("app")));
    let long = json!({"description": "x".repeat(101)});
    let refused = alice.patch(path).json(&long).await.is(400).json();
    assert!(refused["description"][0].as_str().unwrap().contains("at most 100"), "{refused}");
    alice.delete(path).await.is(202);
    alice.get(path).await.is(404);
}

#[tokio::test]
async fn nobody_makes_repositories_in_the_namespace_of_others() {
    let hub = Hub::start().await;
    hub.user("alice").await;
    let bob = hub.user("bob").await.signed_in().await;

    for namespace in ["alice", "library", "nobody"] {
        let form = json!({"name": "app", "namespace": namespace});
        bob.post("/v2/repositories/").json(&form).await.is(403);
    }
    let form = json!({"name": "App", "namespace": "bob"});
    let refused = bob.post("/v2/repositories/").json(&form).await.is(400).json();
    assert!(refused["name"][0].as_str().unwrap().contains("`app` would do"), "{refused}");
    hub.anonymous().post("/v2/repositories/").json(&form).await.is(401);
}
