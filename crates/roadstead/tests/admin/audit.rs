//! The audit log: nothing changes without a line in it, and nobody reads another's.

use roadstead_testkit::{Client, Hub, image};
use serde_json::{Value, json};

/// `actor action name` of each entry, oldest first.
async fn log(caller: &Client, path: &str) -> Vec<String> {
    let logs = caller.get(path).await.is(200).json()["logs"].clone();
    let told = |entry: &Value| {
        let text = |key: &str| entry[key].as_str().unwrap().to_owned();
        format!("{} {} {}", text("actor"), text("action"), text("name"))
    };
    logs.as_array().unwrap().iter().rev().map(told).collect()
}

#[tokio::test]
async fn every_change_of_a_namespace_is_in_its_log() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let image = image().file("hello", "world").build();
    alice.repo("alice/app").push(&image, &["1", "2"]).await;
    let api = alice.signed_in().await;
    api.patch("/v2/repositories/alice/app").json(&json!({"description": "new"})).await.is(200);
    alice.set_private("alice/app", true).await;
    alice.set_private("alice/app", true).await;
    alice.basic().delete("/v2/alice/app/manifests/2").await.is(202);
    let token = api.post("/v2/access-tokens").json(&json!({"token_label": "ci"})).await.is(201);
    let uuid = token.json()["uuid"].as_str().unwrap().to_owned();
    let secret = token.json()["token"].as_str().unwrap().to_owned();
    let ci = hub.anonymous().with_basic("alice", &secret);
    ci.repo("alice/app").push(&image, &["3"]).await;
    api.delete(&format!("/v2/access-tokens/{uuid}")).await.is(204);
    api.delete("/v2/repositories/alice/app").await.is(202);

    let log = log(&api, "/v2/auditlogs/alice/?page_size=50").await;

    assert_eq!(
        log,
        [
            "operator account.create alice",
            "alice repo.create alice/app",
            "alice repo.tag.push alice/app",
            "alice repo.tag.push alice/app",
            "alice repo.update alice/app",
            "alice repo.change_privacy alice/app",
            "alice repo.tag.delete alice/app",
            "alice account.token.create alice",
            "alice repo.tag.push alice/app",
            "alice account.token.delete alice",
            "alice repo.delete alice/app",
        ]
    );
    let pushes = "/v2/auditlogs/alice?action=repo.tag.push";
    let last = api.get(pushes).await.json()["logs"][0].clone();
    let data = &last["data"];
    assert_eq!((&data["tag"], &data["digest"]), (&json!("3"), &json!(image.manifest.digest)));
    assert_eq!(data["address"], "127.0.0.1");
    let credential = data["credential"].as_str().unwrap();
    assert_eq!(credential, format!("access-token:{}", uuid.replace('-', "")));
    let whole = api.get("/v2/auditlogs/alice?page_size=50").await.text();
    assert!(!whole.contains(&secret) && !whole.contains(&alice.password));
}

#[tokio::test]
async fn a_change_that_fails_leaves_no_line() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await.signed_in().await;
    let form = json!({"name": "app", "namespace": "alice"});
    alice.post("/v2/repositories/").json(&form).await.is(201);
    let before = log(&alice, "/v2/auditlogs/alice").await;

    alice.post("/v2/repositories/").json(&form).await.is(409);
    let long = json!({"description": "x".repeat(101)});
    alice.patch("/v2/repositories/alice/app").json(&long).await.is(400);
    alice.delete("/v2/alice/app/manifests/none").await.is(401);

    assert_eq!(log(&alice, "/v2/auditlogs/alice").await, before);
}

#[tokio::test]
async fn a_log_is_read_by_owners_and_administrators_with_the_password() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let alice = hub.user("alice").await.signed_in().await;
    let bob = hub.user("bob").await.signed_in().await;
    let form = json!({"token_label": "ci", "scopes": ["repo:write"]});
    let token = alice.post("/v2/access-tokens").json(&form).await.is(201).json();
    let writer = hub.anonymous().with_basic("alice", token["token"].as_str().unwrap());

    alice.get("/v2/auditlogs/alice").await.is(200);
    keeper.get("/v2/auditlogs/alice").await.is(200);
    bob.get("/v2/auditlogs/alice").await.is(403).says("only its owners");
    writer.get("/v2/auditlogs/alice").await.is(403).says("repo:admin");
    bob.get("/v2/auditlogs/nobody").await.is(404);
    hub.anonymous().get("/v2/auditlogs/alice").await.is(401);
    alice.get("/v2/auditlogs/alice?action=repo.eat").await.is(400).says("no such action");
    alice.get("/v2/auditlogs/alice?from=yesterday").await.is(400).says("2030-01-31T12:00:00Z");
    let future = "/v2/auditlogs/alice?from=2999-01-01T00:00:00Z";
    assert_eq!(log(&alice, future).await, Vec::<String>::new());
    let actions = alice.get("/v2/auditlogs/alice/actions/").await.is(200).json();
    let names: Vec<_> = actions["actions"]["repo"]["actions"].as_array().unwrap().iter().collect();
    assert!(names.iter().any(|action| action["name"] == "tag.push"), "{names:?}");
}

#[tokio::test]
async fn denied_administrative_acts_are_seen_by_owners_and_administrators() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let alice = hub.user("alice").await.signed_in().await;
    let bob = hub.user("bob").await.signed_in().await;
    let form = json!({"name": "app", "namespace": "alice", "is_private": true});
    alice.post("/v2/repositories/").json(&form).await.is(201);

    bob.delete("/v2/repositories/alice/app/").await.is(404);
    bob.get("/api/v1/admin/audit").await.is(403).says("only administrators");
    hub.anonymous().get("/api/v1/admin/audit").await.is(401);

    let tried = log(&alice, "/v2/auditlogs/alice?action=access.denied").await;
    assert_eq!(tried, ["bob access.denied alice/app"]);
    let path = "/api/v1/admin/audit?action=access.denied";
    let all = keeper.get(path).await.is(200).json();
    assert_eq!(all["count"], 2);
    assert_eq!(all["results"][0]["after"]["request"], "GET /api/v1/admin/audit");
    assert_eq!(all["results"][0]["outcome"], "denied");
    assert_eq!(all["results"][1]["after"]["request"], "DELETE /v2/repositories/alice/app/");
    for _ in 0..60 {
        bob.get("/api/v1/admin/audit").await.is(403);
    }
    let count = keeper.get(path).await.json()["count"].as_u64().unwrap();
    assert!((30..=60).contains(&count), "{count} lines: nobody may fill the log");
}

#[tokio::test]
async fn the_operator_reads_the_log_as_text_csv_and_json() {
    let hub = Hub::start().await;
    hub.user("alice").await;
    hub.admin("user disable alice").run().await.succeeds();

    let csv = hub.admin("audit --format csv").run().await.succeeds().stdout;
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines[0], "time,action,outcome,actor,credential,address,target,before,after,id");
    assert!(lines[1].contains(",account.disable,done,operator,command-line,,alice,,,"), "{csv}");
    assert_eq!(lines.len(), 3, "{csv}");
    let only = "audit --format json --action account.disable --actor operator --since 1h";
    let json = hub.admin(only).run().await.succeeds().stdout;
    let entry: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&entry["target"], &entry["outcome"]), (&json!("alice"), &json!("done")));
    let newest = hub.admin("audit --limit 1").run().await.succeeds().stdout;
    assert_eq!(newest.lines().count(), 1, "{newest}");
    hub.admin("audit --since soon").run().await.exits(1).says("neither a duration");
    hub.admin("audit --action repo.eat").run().await.exits(1).says("repo.delete");
}
