//! Tokens used where they were not meant to be, or after what they were made for has changed.

use roadstead_testkit::{Hub, User, image, noise, sha256};

const APP: &str = "alice/app";

async fn with_app() -> (Hub, User) {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo(APP).push(&image().build(), &["1"]).await;
    (hub, alice)
}

fn all_of(name: &str) -> String {
    format!("repository:{name}:pull,push,delete")
}

#[tokio::test]
async fn a_token_for_one_repository_opens_no_other() {
    let (hub, alice) = with_app().await;
    alice.repo("alice/other").push(&image().build(), &["1"]).await;
    alice.set_private("alice/other", true).await;
    let token = alice.bearer(&[&all_of(APP)]).await;
    let other = token.repo("alice/other");
    let blob = &image().build().blobs[0].digest;

    for ask in [
        other.manifest("1"),
        other.head_manifest("1"),
        other.blob(blob),
        other.tags_page(""),
        other.referrers(blob, ""),
        other.open_upload(),
        other.put_manifest("1", &image().build().manifest),
        other.delete_manifest("1"),
        other.delete_blob(blob),
        token.repo("alice/unmade").open_upload(),
    ] {
        let refused = ask.await.is(401);
        let challenge = refused.header("www-authenticate");
        assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
    }
    token.repo(APP).manifest("1").await.is(200);
    // The name in the path decides, whatever the query says.
    let path = "/v2/alice/other/manifests/1?repository=alice/app&name=alice/app&ns=alice/app";
    token.get(path).await.is(401);
    hub.anonymous().get("/v2/alice/unmade/manifests/1").await.is(401);
}

/// Deleted and made again under the same name, it is another repository (Harbor #22900).
#[tokio::test]
async fn nothing_of_the_old_reaches_a_repository_made_again() {
    let (hub, alice) = with_app().await;
    let bob = hub.user("bob").await;
    let pull = "repository:alice/app:pull";
    let (old, visitor) = (alice.bearer(&[&all_of(APP)]).await, bob.bearer(&[pull]).await);
    let passing = hub.anonymous();
    let token = passing.get(&format!("/token?scope={pull}")).await.is(200).json();
    let passing = hub.token(token["token"].as_str().unwrap());
    let secret = noise(5, 1000);
    let old_layer = old.repo(APP).push_blob("a layer of the old one").await;
    let mut upload = old.repo(APP).begin_upload().await;
    upload.chunk(secret.slice(..500)).await.is(202);

    alice.signed_in().await.delete("/v2/repositories/alice/app/").await.is(202);
    old.repo(APP).manifest("1").await.is(401);
    upload.status().await.is(401);
    let new = image().file("new", "new").build();
    alice.repo(APP).push(&new, &["1"]).await;

    for client in [&old, &visitor, &passing] {
        let repo = client.repo(APP);
        repo.manifest("1").await.is(401);
        repo.blob(&new.blobs[0].digest).await.is(401);
        repo.tags_page("").await.is(401);
        repo.delete_manifest("1").await.is(401);
    }
    let fresh = alice.bearer(&[&all_of(APP)]).await;
    fresh.repo(APP).manifest("1").await.is(200);
    fresh.repo(APP).blob(&old_layer).await.is(404);
    let mut upload = upload.used_by(&fresh);
    upload.status().await.is(404).code("BLOB_UPLOAD_UNKNOWN");
    upload.chunk(secret.slice(500..)).await.is(404);
    upload.finish(&sha256(&secret)).await.is(404);
    assert_eq!(fresh.repo(APP).tags().await, ["1"], "its history begins anew");
}

#[tokio::test]
async fn a_hidden_repository_is_hidden_from_tokens_made_while_it_was_public() {
    let (hub, alice) = with_app().await;
    let bob = hub.user("bob").await;
    let pull = "repository:alice/app:pull";
    let anonymous = hub.anonymous().get(&format!("/token?scope={pull}")).await.is(200).json();
    let anonymous = hub.token(anonymous["token"].as_str().unwrap());
    let visitor = bob.bearer(&[pull]).await;
    let built = image().build();
    let asks = |client: &roadstead_testkit::Client| {
        let repo = client.repo(APP);
        vec![
            repo.manifest("1"),
            repo.manifest(&built.manifest.digest),
            repo.head_manifest("1"),
            repo.blob(&built.blobs[0].digest),
            repo.tags_page(""),
            repo.referrers(&built.manifest.digest, ""),
        ]
    };
    for client in [&anonymous, &visitor] {
        for ask in asks(client) {
            ask.await.is(200);
        }
    }

    alice.set_private(APP, true).await;
    for client in [&anonymous, &visitor, &hub.anonymous()] {
        for ask in asks(client) {
            ask.await.is(401);
        }
    }
    // The owner's older token is void as well: a new one is a request away.
    alice.repo(APP).manifest("1").await.is(200);

    alice.set_private(APP, false).await;
    for ask in asks(&hub.anonymous()) {
        ask.await.is(200);
    }
    for ask in asks(&visitor) {
        ask.await.is(401);
    }
}
