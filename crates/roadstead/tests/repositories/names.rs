use roadstead_testkit::{Client, Hub, image};
use serde_json::{Value, json};

async fn rename(api: &Client, from: &str, to: &str) -> roadstead_testkit::Answer {
    api.post(&format!("/api/v1/repositories/{from}/rename")).json(&json!({ "name": to })).await
}

#[tokio::test]
async fn every_former_name_pulls_and_none_pushes() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let digest = alice.repo("alice/aa").push(&image().build(), &["1"]).await;
    let api = alice.signed_in().await;

    rename(&api, "alice/aa", "bb").await.is(200);
    assert_eq!(rename(&api, "alice/bb", "cc").await.is(200).json()["name"], "cc");

    let nobody = hub.anonymous();
    for name in ["alice/aa", "alice/bb", "alice/cc"] {
        let pulled = nobody.repo(name).manifest("1").await.is(200);
        assert_eq!(pulled.header("docker-content-digest"), digest);
        assert_eq!(nobody.get(&format!("/v2/repositories/{name}")).await.json()["name"], "cc");
    }
    for name in ["alice/aa", "alice/bb"] {
        alice.repo(name).open_upload().await.is(403).says("now called `alice/cc`");
        let form = json!({"name": name.replace("alice/", ""), "namespace": "alice"});
        api.post("/v2/repositories/").json(&form).await.is(409);
    }
    alice.repo("alice/cc").push(&image().file("n", "n").build(), &["2"]).await;
    nobody.repo("alice/aa").manifest("2").await.is(200);

    // Around in a circle, and two that change places.
    assert_eq!(rename(&api, "alice/cc", "aa").await.is(200).json()["name"], "aa");
    alice.repo("alice/dd").push(&image().build(), &["1"]).await;
    rename(&api, "alice/dd", "bb").await.is(409);
    rename(&api, "alice/aa", "dd").await.is(409);
    rename(&api, "alice/aa", "a").await.is(400);
    let former = "/api/v1/repositories/alice/aa/former-names";
    let names = api.get(former).await.is(200).json();
    let names: Vec<_> =
        names["former_names"].as_array().unwrap().iter().map(|n| &n["name"]).collect();
    assert_eq!(names, ["alice/bb", "alice/cc"]);
    let release = format!("{former}/release");
    api.post(&release).json(&json!({"name": "alice/aa"})).await.is(400);
    api.post(&release).json(&json!({"name": "alice/dd"})).await.is(404);
    api.post(&release).json(&json!({"name": "alice/bb"})).await.is(204);
    rename(&api, "alice/dd", "bb").await.is(200);
    let bob = hub.user("bob").await.signed_in().await;
    rename(&bob, "alice/aa", "zz").await.is(403);
    bob.get(former).await.is(403);
}

#[tokio::test]
async fn a_transfer_takes_the_old_owner_out_and_keeps_their_name_pulling() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await;
    let mallory = hub.user("mallory").await;
    let digest = keeper.repo("keeper/app").push(&image().build(), &["1"]).await;
    let early = keeper.bearer(&["repository:keeper/app:pull,push"]).await.repo("keeper/app");
    let upload = early.begin_upload().await;
    let api = keeper.signed_in().await;
    let transfer = "/api/v1/repositories/keeper/app/transfer";
    let to = |namespace: &str| json!({ "namespace": namespace });
    for namespace in ["mallory", "nobody-here"] {
        api.post(transfer).json(&to(namespace)).await.is(403).says("may not make repositories");
    }
    mallory.signed_in().await.post(transfer).json(&to("mallory")).await.is(403);

    // Whoever hands it to where it is takes no right from anybody.
    let collaborators = "/v2/repositories/keeper/app/collaborators";
    api.post(collaborators).json(&json!({"user": "mallory"})).await.is(201);
    api.post(transfer).json(&to("keeper")).await.is(200);
    let kept = api.get(collaborators).await.is(200).json();
    assert_eq!(kept["results"][0]["user"], "mallory", "{kept}");

    let moved = api.post(transfer).json(&to("library")).await.is(200).json();

    assert_eq!((&moved["namespace"], &moved["is_official"]), (&json!("library"), &json!(true)));
    for name in ["keeper/app", "app", "library/app"] {
        let pulled = hub.anonymous().repo(name).manifest("1").await.is(200);
        assert_eq!(pulled.header("docker-content-digest"), digest);
    }
    // The push that was under way, its token, and the old name are all over.
    upload.finish_with(&roadstead_testkit::sha256("x"), "x").await.is(401);
    early.open_upload().await.is(401);
    keeper.repo("keeper/app").open_upload().await.is(403).says("now called `library/app`");
    let form = json!({"name": "app", "namespace": "keeper"});
    api.post("/v2/repositories/").json(&form).await.is(409);
    let list = api.get("/v2/repositories/keeper/").await.is(200).json();
    assert_eq!(list["results"], Value::Array(Vec::new()));
    let back = "/api/v1/repositories/library/app/transfer";
    let moved = api.post(back).json(&json!({"namespace": "keeper", "name": "tool"})).await.is(200);
    assert_eq!(moved.json()["is_official"], false, "the badge belongs to the namespace");
}
