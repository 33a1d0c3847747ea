use roadstead_testkit::{Hub, Image, image};
use serde_json::{Value, json};

const PATH: &str = "/v2/namespaces/alice/repositories/app/immutabletags";

fn other(text: &str) -> Image {
    image().file("file", text).build()
}

#[tokio::test]
async fn an_immutable_tag_stays_where_it_is_whoever_tries_and_however() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let repo = alice.repo("alice/app");
    let (first, second) = (other("one"), other("two"));
    repo.push(&second, &["v1", "latest"]).await;
    repo.push(&first, &["v1", "latest"]).await;
    let api = alice.signed_in().await;
    let rules = |rules: &[&str]| json!({"immutable_tags": true, "immutable_tags_rules": rules});

    let set = api.patch(PATH).json(&rules(&["v.*"])).await.is(200).json();
    assert_eq!(set["immutable_tags_settings"], json!({"enabled": true, "rules": ["v.*"]}));

    let refused = repo.put_manifest("v1", &second.manifest).await.is(403).code("DENIED");
    assert!(refused.error_message().contains("tag v1 is immutable"), "{}", refused.story());
    let by_digest = format!("{}?tag=new&tag=v1", second.manifest.digest);
    repo.put_manifest(&by_digest, &second.manifest).await.is(403);
    repo.manifest("new").await.is(404);
    repo.delete_manifest("v1").await.is(403).says("immutable");
    repo.delete_manifest(&first.manifest.digest).await.is(403).says("immutable");
    api.delete("/v2/repositories/alice/app/tags/v1").await.is(403).says("immutable");
    let restore = "/api/v1/repositories/alice/app/tags/v1/restore";
    api.post(restore).json(&json!({"digest": second.manifest.digest})).await.is(403);
    let standing = repo.manifest("v1").await.is(200).header("docker-content-digest");
    assert_eq!(standing, first.manifest.digest);

    repo.put_manifest("v1", &first.manifest).await.is(201);
    repo.put_manifest("v2", &second.manifest).await.is(201);
    repo.put_manifest("latest", &second.manifest).await.is(201);
    repo.delete_manifest("latest").await.is(202);
    api.patch(PATH).json(&rules(&[])).await.is(200);
    repo.put_manifest("other", &first.manifest).await.is(201);
    repo.put_manifest("other", &second.manifest).await.is(403);
    // As the Terraform provider writes it.
    let form = json!({"immutable_tags": true, "immutable_tags_rules": "1.*, rc", "id": 0});
    let set = api.patch("/v2/repositories/alice/app/").json(&form).await.is(200).json();
    assert_eq!(set["immutable_tags_settings"]["rules"], json!(["1.*", "rc"]));
    repo.put_manifest("other", &second.manifest).await.is(201);
    api.patch(PATH).json(&json!({"immutable_tags": false})).await.is(200);
    repo.put_manifest("v1", &second.manifest).await.is(201);
}

#[tokio::test]
async fn rules_are_tried_before_they_are_made_and_bad_ones_are_explained() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await.signed_in().await);
    alice.repo("alice/app").push(&other("one"), &["1.0", "1.0-rc", "latest"]).await;
    let api = alice.signed_in().await;
    let verify = format!("{PATH}/verify");

    let found = api.post(&verify).json(&json!({"regex": r"\d\.\d"})).await.is(200).json();
    assert_eq!(found, json!({"tags": ["1.0"]}));
    let hostile = ["(", r"(\w{500}){500}", "a)|(b", "", &"a".repeat(300)];
    for rule in hostile {
        api.post(&verify).json(&json!({ "regex": rule })).await.is(400);
        let form = json!({"immutable_tags": true, "immutable_tags_rules": [rule]});
        let refused = api.patch(PATH).json(&form).await.is(400).json();
        assert!(refused["fields"]["immutable_tags_rules"][0].is_string(), "{refused}");
    }
    let many = vec!["a"; 51];
    let form = json!({"immutable_tags": true, "immutable_tags_rules": many});
    api.patch(PATH).json(&form).await.is(400).says("50 rules");
    api.patch(PATH).json(&json!({})).await.is(400);
    bob.patch(PATH).json(&json!({"immutable_tags": true})).await.is(403);
    bob.post(&verify).json(&json!({"regex": "a"})).await.is(403);
    let now = api.get("/v2/repositories/alice/app").await.json();
    assert_eq!(now["immutable_tags_settings"]["enabled"], Value::Bool(false));
}

#[tokio::test]
async fn of_many_who_push_one_immutable_tag_at_once_one_wins() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let repo = alice.repo("alice/app");
    let images: Vec<_> = (0..6).map(|number| other(&format!("{number}"))).collect();
    for image in &images {
        repo.push(image, &[]).await;
    }
    alice.signed_in().await.patch(PATH).json(&json!({"immutable_tags": true})).await.is(200);

    let pushes = images.iter().map(|image| repo.put_manifest("v1", &image.manifest));
    let answers = futures_util::future::join_all(pushes.map(IntoFuture::into_future)).await;

    let mut statuses: Vec<_> = answers.iter().map(roadstead_testkit::Answer::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403, 403, 403, 403, 403]);
}

#[tokio::test]
async fn a_change_of_many_things_is_made_whole_or_not_at_all() {
    let hub = Hub::with().args(["--private-repositories", "0"]).start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&other("one"), &["v1"]).await;
    let api = alice.signed_in().await;
    let path = "/v2/repositories/alice/app";
    let before = api.get(path).await.is(200).json();
    let change = |is_private: bool, rule: &str, description: &str| {
        let form = json!({
            "is_private": is_private, "immutable_tags": true, "immutable_tags_rules": [rule],
            "description": description, "full_description": "# Whole",
        });
        api.patch(path).json(&form)
    };

    change(true, "v.*", "fine").await.is(403).says("0 of 0 private repositories");
    change(false, "(", "fine").await.is(400).says("immutable_tags_rules");
    change(false, "v.*", &"x".repeat(101)).await.is(400).says("at most 100");

    let after = api.get(path).await.is(200).json();
    for member in ["description", "full_description", "is_private", "immutable_tags_settings"] {
        assert_eq!(after[member], before[member], "{member}");
    }
    let log = api.get("/v2/auditlogs/alice").await.is(200).json();
    let actions = log["logs"].as_array().unwrap().iter().map(|entry| entry["action"].as_str());
    assert!(!actions.flatten().any(|action| action == "repo.immutable.tags.updated"), "{log}");
    let changed = change(false, "v.*", "fine").await.is(200).json();
    assert_eq!(
        (&changed["description"], &changed["full_description"]),
        (&json!("fine"), &json!("# Whole"))
    );
    assert_eq!(changed["immutable_tags_settings"], json!({"enabled": true, "rules": ["v.*"]}));
    let form =
        json!({"name": "new", "namespace": "alice", "full_description": "x".repeat(1 << 21)});
    api.post("/v2/repositories/").json(&form).await.is(400);
    api.get("/v2/repositories/alice/new").await.is(404);
}
