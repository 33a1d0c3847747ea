//! Names that administrators keep from being taken.

use roadstead_testkit::Hub;
use serde_json::{Value, json};

#[tokio::test]
async fn a_reserved_name_is_taken_by_nobody_but_given_by_administrators() {
    let hub = Hub::with().args(["--sign-up", "open"]).start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let (alice, owner) = (hub.user("alice").await, hub.user("ann").await.signed_in().await);
    owner.post("/v2/orgs/").json(&json!({"orgname": "acme"})).await.is(201);
    let reserve = async |name: &str| {
        let form = json!({"name": name, "reason": "a brand"});
        keeper.post("/api/v1/admin/reserved/").json(&form).await
    };
    let sign_up = async |name: &str| {
        let email = format!("{name}@example.test");
        let form = json!({"username": name, "email": email, "password": "correct horse staple"});
        hub.anonymous().post("/v2/users/").json(&form).await
    };

    reserve("redis").await.is(201);
    reserve("nginx*").await.is(201);
    reserve("alice").await.is(201);

    sign_up("redis").await.is(400).says("`redis` is reserved");
    sign_up("nginx-inc").await.is(400).says("reserved");
    sign_up("redis-fan").await.is(201);
    let form = json!({"orgname": "nginx"});
    owner.post("/v2/orgs/").json(&form).await.is(400).says("reserved");
    owner.post("/api/v1/orgs/acme/rename").json(&form).await.is(400).says("reserved");
    let rename = json!({"username": "nginx"});
    let path = "/api/v1/admin/users/alice/rename";
    keeper.post(path).json(&rename).await.is(400).says("reserved");
    alice.basic().get("/v2/").await.is(200);
    hub.user("nginx").await;

    reserve("redis").await.is(409);
    reserve("ng*").await.is(400).says("at least 3 characters");
    reserve("Not a name").await.is(400);
    let listed = keeper.get("/api/v1/admin/reserved?page_size=2").await.is(200).json();
    assert_eq!((&listed["count"], &listed["results"][1]["name"]), (&json!(3), &json!("nginx*")));
    keeper.delete("/api/v1/admin/reserved/redis").await.is(204);
    keeper.delete("/api/v1/admin/reserved/redis").await.is(404);
    sign_up("redis").await.is(201);
}

#[tokio::test]
async fn names_are_reserved_by_command() {
    let hub = Hub::start().await;

    hub.admin("reserved add acme* --reason brand").run().await.succeeds();
    hub.admin("reserved add acme* --reason brand").run().await.exits(1).says("reserved already");

    let listed = hub.admin("reserved list --format json").run().await.succeeds().stdout;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((&listed[0]["name"], &listed[0]["reason"]), (&json!("acme*"), &json!("brand")));
    hub.admin("reserved remove acme*").run().await.succeeds();
    hub.admin("reserved remove acme*").run().await.exits(1).says("not reserved");
}
