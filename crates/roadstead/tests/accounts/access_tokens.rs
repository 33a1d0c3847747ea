//! Personal access tokens over the API and at the registry.

use roadstead_testkit::{Client, Hub, image};
use serde_json::{Value, json};

async fn create(api: &Client, scopes: &[&str]) -> Value {
    let body = json!({"token_label": "ci", "scopes": scopes, "unknown": {"is": "ignored"}});
    api.post("/v2/access-tokens").json(&body).await.is(201).json()
}

fn secret(token: &Value) -> &str {
    token["token"].as_str().unwrap()
}

#[tokio::test]
async fn a_token_reaches_as_far_as_its_scope_and_not_further() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let app = image().file("hello", "world").build();
    alice.repo("alice/app").push(&app, &["1"]).await;
    alice.set_private("alice/app", true).await;
    let api = alice.signed_in().await;

    // scope, may pull the private image, may push, may delete
    for (scope, pull, push, delete) in [
        ("repo:public_read", 403, 403, 403),
        ("repo:read", 200, 403, 403),
        ("repo:write", 200, 202, 403),
        ("repo:admin", 200, 202, 404),
    ] {
        let token = create(&api, &[scope]).await;
        let basic = hub.anonymous().with_basic("alice", secret(&token));
        let asked = "/token?scope=repository:alice/app:pull,push,delete";
        let issued = basic.get(asked).await.is(200).json();
        let bearer = hub.token(issued["token"].as_str().unwrap());
        // A token that asked and was refused reads 401 for what it may not see.
        let hidden = if pull == 403 { 401 } else { pull };
        for (caller, pull) in [(&basic, pull), (&bearer, hidden)] {
            caller.get("/v2/alice/app/manifests/1").await.is(pull);
            caller.post("/v2/alice/app/blobs/uploads/").await.is(push);
            caller.delete("/v2/alice/app/manifests/none").await.is(delete);
        }
    }
}

#[tokio::test]
async fn the_secret_is_shown_once_and_the_token_dies_when_deleted() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    let token = create(&api, &["repo:read", "repo:write"]).await;
    let path = format!("/v2/access-tokens/{}", token["uuid"].as_str().unwrap());
    let by_token = hub.anonymous().with_basic("alice", secret(&token));
    let login = by_token.get("/token?offline_token=true").await.is(200).json();
    let refresh = login["refresh_token"].as_str().unwrap();
    let renew = async || {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        hub.anonymous().post("/token").form(&fields).await.status()
    };

    assert_eq!(token["scopes"], json!(["repo:write"]));
    let shown = api.get(&path).await.is(200).json();
    assert_eq!(shown["token"], "");
    assert!(shown["last_used"].is_string());
    let listed = api.get("/v2/api_tokens/?page_size=1").await.is(200);
    assert_eq!(listed.header("cache-control"), "private, no-store");
    assert_eq!(listed.json()["count"], 1);
    assert!(!listed.text().contains(secret(&token)));
    assert_eq!(renew().await, 200);

    api.patch(&path).json(&json!({"is_active": false})).await.is(200);
    by_token.get("/v2/").await.is(401);
    assert_eq!(renew().await, 401);
    api.patch(&path).json(&json!({"is_active": true, "token_label": "on"})).await.is(200);
    by_token.get("/v2/").await.is(200);
    api.delete(&format!("{path}/")).await.is(204);
    by_token.get("/v2/").await.is(401);
    assert_eq!(renew().await, 401);
    api.get(&path).await.is(404);
    assert!(!hub.log().contains(secret(&token)));
}

#[tokio::test]
async fn strangers_and_tokens_do_not_manage_tokens() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    let token = create(&api, &["repo:admin"]).await;
    let path = format!("/v2/access-tokens/{}", token["uuid"].as_str().unwrap());
    let bob = hub.user("bob").await.signed_in().await;
    let by_token = hub.anonymous().with_basic("alice", secret(&token));
    let registry = alice.bearer(&["repository:alice/app:pull"]).await;

    bob.get(&path).await.is(404);
    bob.patch(&path).json(&json!({"is_active": false})).await.is(404);
    bob.delete(&path).await.is(404);
    by_token.get("/v2/access-tokens").await.is(403);
    by_token.post("/v2/access-tokens").json(&json!({"token_label": "more"})).await.is(403);
    registry.get("/v2/access-tokens").await.is(401);
    hub.anonymous().get("/v2/access-tokens").await.is(401);
    hub.unverified_user("dora")
        .await
        .signed_in()
        .await
        .post("/v2/access-tokens")
        .json(&json!({"token_label": "ci"}))
        .await
        .is(403);
}

#[tokio::test]
async fn an_older_client_gets_an_active_token_that_can_do_everything() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await.signed_in().await;
    let body = json!({"token_label": "hub-tool", "is_active": false});

    let token = alice.post("/v2/api_tokens").json(&body).await.is(201).json();

    assert_eq!(token["is_active"], true);
    assert_eq!(token["scopes"], json!(["repo:admin"]));
}

#[tokio::test]
async fn bad_requests_name_the_field() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await.signed_in().await;
    for (body, field) in [
        (json!({}), "token_label"),
        (json!({"token_label": "x".repeat(101)}), "token_label"),
        (json!({"token_label": "ci", "scopes": ["repo:root"]}), "scopes"),
        (json!({"token_label": "ci", "expires_at": "tomorrow"}), "expires_at"),
        (json!({"token_label": "ci", "expires_at": "2020-01-01T00:00:00Z"}), "expires_at"),
    ] {
        let refused = alice.post("/v2/access-tokens").json(&body).await.is(400).json();
        assert!(refused["fields"][field][0].is_string(), "{body}: {refused}");
    }
    alice.post("/v2/access-tokens").body("{").await.is(400);
    alice.get("/v2/access-tokens/not-an-id").await.is(404);
    alice.get("/v2/access-tokens?page=2").await.is(404);
}
