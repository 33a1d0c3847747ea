//! Take-downs: a digest that is served and accepted nowhere.

use roadstead_testkit::{Answer, Backend, Hub, eventually, image, index, media};
use serde_json::{Value, json};

/// The sentence of a registry error, which the stock client prints.
fn refused(answer: Answer, reason: &str) {
    let answer = answer.is(403).code("DENIED");
    assert_eq!(answer.error_message(), format!("this content was taken down: {reason}"));
}

#[tokio::test]
async fn what_is_taken_down_is_neither_served_nor_accepted_in_any_repository() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    let (bad, good) = (image().file("a", "bad").build(), image().file("a", "good").build());
    alice.repo("alice/app").push(&bad, &["1"]).await;
    alice.repo("alice/app").push(&good, &["2"]).await;
    let (layer, digest) = (&bad.layers()[0], &bad.manifest.digest);
    let block = async |digest: &str, reason: &str| {
        let form = json!({"digest": digest, "reason": reason});
        keeper.post("/api/v1/admin/blocked").json(&form).await
    };

    block(&layer.digest, "a miner").await.is(201);
    block(digest, "an image with a miner").await.is(201);

    let repo = alice.repo("alice/app");
    refused(repo.manifest("1").await, "an image with a miner");
    refused(repo.manifest(digest).await, "an image with a miner");
    repo.head_manifest("1").await.is(403);
    refused(repo.blob(&layer.digest).await, "a miner");
    repo.head_blob(&layer.digest).await.is(403);
    repo.manifest("2").await.is(200);
    let other = bob.repo("bob/copy");
    other.push_blob(bad.config().bytes.clone()).await;
    refused(other.post_blob(&layer.digest, layer.bytes.clone()).await, "a miner");
    refused(other.mount(&layer.digest, "alice/app").await, "a miner");
    refused(other.put_manifest("1", &bad.manifest).await, "an image with a miner");
    let mut upload = other.begin_upload().await;
    upload.chunk(layer.bytes.clone()).await.is(202);
    refused(upload.finish(&layer.digest).await, "a miner");

    block(digest, "again").await.is(409).says("taken down already");
    block("sha256:short", "x").await.is(400);
    block(&good.manifest.digest, " ").await.is(400).says("1 to 200 characters");
    let listed = keeper.get("/api/v1/admin/blocked").await.is(200).json();
    assert_eq!((&listed["count"], &listed["results"][0]["digest"]), (&json!(2), &json!(digest)));
    assert_eq!(listed["results"][0]["blocked_by"], "keeper");
    for digest in [digest, &layer.digest] {
        keeper.delete(&format!("/api/v1/admin/blocked/{digest}")).await.is(204);
    }
    keeper.delete(&format!("/api/v1/admin/blocked/{digest}")).await.is(404).says("not taken down");
    repo.manifest("1").await.is(200);
    repo.blob(&layer.digest).await.is(200);
    let log = keeper.get("/api/v1/admin/audit?action=hub.digest.block").await.json();
    assert_eq!(log["results"][1]["after"], json!({"reason": "a miner"}));
}

#[tokio::test]
async fn a_child_that_is_taken_down_is_not_sent_in_the_place_of_its_index() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let child = image().file("a", "a").docker().build();
    let digest = child.manifest.digest.clone();
    alice.repo("alice/app").push_index(&index([child]), &["1"]).await;
    let old = alice.get("/v2/alice/app/manifests/1").header("accept", media::DOCKER_MANIFEST);
    assert_eq!(old.clone().await.is(200).header("docker-content-digest"), digest);

    hub.admin(&format!("block add {digest} --reason spam")).run().await.succeeds();

    eventually("the child is refused", 5, async || {
        (old.clone().await.status() == 403).then_some(())
    })
    .await;
    refused(old.await, "spam");
    alice.repo("alice/app").manifest("1").await.is(200);
}

#[tokio::test]
async fn outsiders_do_not_learn_from_a_take_down_what_a_private_repository_holds() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let alice = hub.user("alice").await;
    let built = image().file("a", "a").build();
    alice.repo("alice/app").push(&built, &["1"]).await;
    alice.set_private("alice/app", true).await;
    let form = json!({"digest": built.manifest.digest, "reason": "spam"});
    keeper.post("/api/v1/admin/blocked").json(&form).await.is(201);

    let stranger = hub.user("mallory").await;
    let hidden = stranger.repo("alice/app").manifest("1").await;
    let missing = stranger.repo("alice/nop").manifest("1").await;

    assert_eq!(hidden.face(&["alice/app"]), missing.face(&["alice/nop"]), "{}", hidden.story());
    assert!(!hidden.text().contains("spam"));
}

#[tokio::test]
async fn a_take_down_counts_on_other_nodes_and_from_the_command_line_within_two_seconds() {
    let first = Hub::start().await;
    let alice = first.user("alice").await;
    let built = image().file("a", "a").build();
    alice.repo("alice/app").push(&built, &["1"]).await;
    let second = match Backend::chosen() {
        Backend::Scaled => Some(Hub::with().joining(&first).start().await),
        _ => None,
    };
    let mut clients = vec![alice.clone()];
    clients.extend(second.iter().map(|node| alice.at(&node.url())));
    let digest = &built.manifest.digest;
    let is_refused = async |refused: bool| {
        for client in &clients {
            eventually("every node knows", 3, async || {
                let status = client.repo("alice/app").manifest("1").await.status();
                (status == if refused { 403 } else { 200 }).then_some(())
            })
            .await;
        }
    };

    let add = first.admin(&format!("block add {digest} --format json"));
    let told = add.args(["--reason", "spam and more"]).run().await.succeeds().stdout;
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["done"], "taken down");
    is_refused(true).await;
    let listed = first.admin("block list --format json").run().await.succeeds().stdout;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(
        (&listed[0]["reason"], &listed[0]["blocked_by"]),
        (&json!("spam and more"), &json!(null))
    );
    first.admin(&format!("block remove {digest}")).run().await.succeeds();
    is_refused(false).await;
    first.admin(&format!("block remove {digest}")).run().await.exits(1).says("not taken down");
    first.admin("block add md5:x --reason x").run().await.exits(2);
}
