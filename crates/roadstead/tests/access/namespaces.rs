//! Whose name is it: own namespaces, `library`, and everybody else's.

use roadstead_testkit::{Hub, image};

use crate::stage::access_token;

const SENTENCE: &str = "You cannot push a \"root\" repository. Please rename your repository in <user>/<repo> (ex: alice/ubuntu)";

#[tokio::test]
async fn a_push_without_a_namespace_is_refused_with_the_way_out() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let keeper = hub.admin_user("keeper").await;
    let scoped = alice.bearer(&["repository:ubuntu:pull,push"]).await;
    let long = alice.bearer(&["repository:library/ubuntu:pull,push"]).await;
    let pat = access_token(&hub, "alice", "repo:admin").await;
    let pat = hub.anonymous().with_basic("alice", &pat);

    for (client, name) in [
        (&alice.basic(), "ubuntu"),
        (&alice.basic(), "library/ubuntu"),
        (&scoped, "ubuntu"),
        (&scoped, "library/ubuntu"),
        (&long, "ubuntu"),
        (&pat, "ubuntu"),
    ] {
        let repo = client.repo(name);
        let refused = repo.open_upload().await.is(403).code("DENIED");
        assert_eq!(refused.error_message(), SENTENCE);
        let built = image().build();
        let refused = repo.put_manifest("1", &built.manifest).await.is(403).code("DENIED");
        assert_eq!(refused.error_message(), SENTENCE);
    }
    hub.anonymous().repo("ubuntu").open_upload().await.is(401);
    keeper.basic().repo("ubuntu").manifest("1").await.is(404).code("NAME_UNKNOWN");
}

#[tokio::test]
async fn one_official_image_has_two_spellings_and_one_content() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await;
    let built = image().build();
    let (short, long) = (
        keeper.bearer(&["repository:tool:pull,push,delete"]).await,
        keeper.bearer(&["repository:library/tool:pull,push,delete"]).await,
    );

    // A token for one spelling is good for the other, and Locations keep the client's.
    let digest = short.repo("library/tool").push(&built, &["1"]).await;
    long.repo("tool").put_manifest("2", &built.manifest).await.is(201);
    let opened = long.repo("tool").open_upload().await.is(202);
    assert!(opened.header("location").starts_with("/v2/tool/blobs/uploads/"));
    short.repo("library/tool").upload_at(&opened.header("location")).cancel().await.is(204);
    for name in ["tool", "library/tool"] {
        for client in [&short, &long, &hub.anonymous(), &keeper.basic()] {
            let repo = client.repo(name);
            repo.manifest(&digest).await.is(200);
            let list = repo.tags_page("").await.is(200).json();
            assert_eq!(list["tags"], serde_json::json!(["1", "2"]));
            assert_eq!(list["name"], name);
        }
    }
    let catalog = keeper.basic().get("/v2/_catalog").await.is(200).json();
    assert_eq!(catalog["repositories"], serde_json::json!(["library/tool"]));
    short.repo("tool").delete_manifest(&digest).await.is(202);
    long.repo("library/tool").manifest("1").await.is(404);
}

#[tokio::test]
async fn a_push_makes_a_repository_in_the_own_namespace_alone() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let bob = hub.user("bob").await;
    let keeper = hub.admin_user("keeper").await;
    let built = image().build();

    for name in ["alice/new", "nobody-at-all/new", "alic/eee", "users/new"] {
        let scope = format!("repository:{name}:pull,push");
        for client in [bob.basic(), bob.bearer(&[&scope]).await, keeper.basic()] {
            client.repo(name).open_upload().await.is(403).code("DENIED");
            client.repo(name).put_manifest("1", &built.manifest).await.is(403).code("DENIED");
            client.repo(name).mount(&built.blobs[0].digest, "bob/app").await.is(403);
        }
    }
    alice.basic().repo("alice/new").tags_page("").await.is(404).code("NAME_UNKNOWN");

    // Asking makes nothing; the first push does, and it is public.
    alice.bearer(&["repository:alice/new:pull,push"]).await;
    alice.basic().repo("alice/new").manifest("1").await.is(404);
    alice.basic().repo("alice/new").tags_page("").await.is(404);
    alice.repo("alice/new").push(&built, &["1"]).await;
    hub.anonymous().repo("alice/new").manifest("1").await.is(200);
}

/// Twenty pushes at once to a name that nothing has yet.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn first_pushes_at_the_same_moment_make_one_repository() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let client = alice.bearer(&["repository:alice/new:pull,push"]).await;

    let pushes: Vec<_> = (0..20_u8)
        .map(|number| {
            let repo = client.repo("alice/new");
            tokio::spawn(async move { repo.push_blob(vec![number]).await })
        })
        .collect();
    for push in pushes {
        let digest = push.await.unwrap();
        client.repo("alice/new").blob(&digest).await.is(200);
    }
    let catalog = alice.basic().get("/v2/_catalog").await.is(200).json();
    assert_eq!(catalog["repositories"], serde_json::json!(["alice/new"]));
}

#[tokio::test]
async fn who_did_not_verify_an_address_may_only_read() {
    let hub = Hub::start().await;
    let dora = hub.unverified_user("dora").await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().build(), &["1"]).await;
    let name = "dora/app";
    let scope = format!("repository:{name}:pull,push,delete");

    for client in [dora.basic(), dora.bearer(&[&scope]).await] {
        let repo = client.repo(name);
        repo.open_upload().await.is(403).code("DENIED").says("verify the e-mail address");
        repo.put_manifest("1", &image().build().manifest).await.is(403).says("verify");
        repo.delete_manifest("1").await.is(403).says("verify");
        repo.tags_page("").await.is(404).code("NAME_UNKNOWN");
    }
    dora.repo("alice/app").manifest("1").await.is(200);

    hub.admin("user verify dora").run().await.succeeds();
    dora.repo(name).push(&image().build(), &["1"]).await;
}
