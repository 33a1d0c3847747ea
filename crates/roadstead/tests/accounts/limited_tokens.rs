//! Access tokens that are limited to repositories and actions, as a build machine should hold them.

use roadstead_testkit::{Client, Hub, User, image};
use serde_json::{Value, json};

/// The text of a token of `user` that was made with `limits`.
async fn token(user: &User, limits: Value) -> String {
    let mut form = json!({"token_label": "machine"});
    form.as_object_mut().unwrap().extend(limits.as_object().unwrap().clone());
    let api = user.signed_in().await;
    let made = api.post("/v2/access-tokens").json(&form).await.is(201).json();
    made["token"].as_str().unwrap().to_owned()
}

async fn limited(hub: &Hub, user: &User, limits: Value) -> Client {
    hub.anonymous().with_password(&user.name, &token(user, limits).await)
}

#[tokio::test]
async fn a_token_reaches_the_repositories_it_names_and_no_other() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let image = image().file("hello", "world").build();
    for name in ["alice/app", "alice/other"] {
        alice.repo(name).push(&image, &["1"]).await;
    }
    alice.set_private("alice/app", true).await;

    let machine =
        limited(&hub, &alice, json!({"repositories": ["alice/app", "alice/web-*"]})).await;

    machine.get("/v2/alice/app/manifests/1").await.is(200);
    machine.repo("alice/app").push(&image, &["2"]).await;
    machine.repo("alice/web-1").push(&image, &["1"]).await;
    machine.get("/v2/alice/other/manifests/1").await.is(200);
    let refused = machine.post("/v2/alice/other/blobs/uploads/").await.is(403);
    assert!(
        refused.error_message().contains("limited to other repositories"),
        "{}",
        refused.story()
    );
    machine.post("/v2/alice/new/blobs/uploads/").await.is(403);
    let listed = machine.get("/v2/_catalog").await.is(200).text();
    assert!(listed.contains("alice/other") && !listed.contains("alice/app"), "{listed}");
}

#[tokio::test]
async fn a_token_may_do_what_it_names_and_no_more() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let image = image().file("hello", "world").build();
    alice.repo("alice/app").push(&image, &["1"]).await;
    alice.set_private("alice/app", true).await;

    let reader = limited(&hub, &alice, json!({"actions": ["pull"]})).await;
    let pusher = limited(&hub, &alice, json!({"actions": ["push"]})).await;

    reader.get("/v2/alice/app/manifests/1").await.is(200);
    reader.post("/v2/alice/app/blobs/uploads/").await.is(403);
    pusher.repo("alice/app").push(&image, &["2"]).await;
    let deleted = pusher.delete("/v2/alice/app/manifests/2").await.is(403);
    assert!(deleted.error_message().contains("limited"), "{}", deleted.story());
}

#[tokio::test]
async fn limits_are_shown_and_bad_ones_are_told_by_rule() {
    let hub = Hub::start().await;
    let api = hub.user("alice").await.signed_in().await;
    let make = |limits: Value| {
        let mut form = json!({"token_label": "machine"});
        form.as_object_mut().unwrap().extend(limits.as_object().unwrap().clone());
        api.post("/v2/access-tokens").json(&form)
    };

    let form = json!({"repositories": ["alice/*"], "actions": ["pull", "push"]});
    let made = make(form.clone()).await.is(201).json();
    let shown = api.get(&format!("/v2/access-tokens/{}", made["uuid"].as_str().unwrap())).await;
    let shown = shown.is(200).json();

    assert_eq!(
        (&shown["repositories"], &shown["actions"]),
        (&form["repositories"], &form["actions"])
    );
    for (limits, rule) in [
        (json!({"repositories": []}), "1 to 100"),
        (json!({"repositories": ["alice"]}), "acme/*"),
        (json!({"repositories": ["*/app"]}), "acme/*"),
        (json!({"actions": ["eat"]}), "pull, push, delete, describe and admin"),
        (json!({"actions": []}), "name an action"),
    ] {
        make(limits).await.is(400).says(rule);
    }
}

#[tokio::test]
async fn a_limited_token_of_an_administrator_administers_nothing() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await;
    let basic = |token: String| hub.anonymous().with_basic("keeper", &token);
    let whole = basic(token(&keeper, json!({})).await);
    let small = basic(token(&keeper, json!({"actions": ["admin"]})).await);

    whole.get("/api/v1/admin/audit").await.is(200);
    small.get("/api/v1/admin/audit").await.is(403).says("this credential");
}
