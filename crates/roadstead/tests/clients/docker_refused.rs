//! Docker, when it is refused: the words a person reads, and that they come at once.
//!
//! The engine tries a push again for about 50 seconds when an error looks passing to it, so every
//! refusal here must end within a few seconds.

use std::time::Duration;

use roadstead_testkit::{Hub, Output, eventually};

use crate::desk::{Docker, fresh_image};

const DENIED: &str = "denied: requested access to the resource is denied";
const AT_ONCE: Duration = Duration::from_secs(15);

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_read_the_same() {
    let hub = Hub::start().await;
    hub.user("alice").await;
    let docker = Docker::new();

    for (user, password) in [("alice", "wrong"), ("nobody", "wrong")] {
        let refused = docker.login(&hub, user, password).await.exits(1);

        let text = format!(
            "Error response from daemon: Get \"http://{}/v2/\": unauthorized: incorrect username or password",
            hub.address()
        );
        assert_eq!(refused.stderr.trim_end().lines().last(), Some(&*text));
    }
}

#[tokio::test]
async fn a_password_beside_a_second_factor_is_told_to_be_an_access_token() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.turn_on_second_factor().await;

    let refused = Docker::new().login(&hub, "alice", &alice.password).await.exits(1);

    let text = format!(
        "Error response from daemon: Get \"http://{}/v2/\": unauthorized: this account has a second factor, so its password does not sign in here; use an access token in its place",
        hub.address()
    );
    assert_eq!(refused.stderr.trim_end().lines().last(), Some(&*text));
    let made = hub.admin("token create alice --label docker --scope repo:write").run().await;
    let token = made.succeeds().stdout;
    Docker::new().login(&hub, "alice", token.trim()).await.succeeds();
}

#[tokio::test]
async fn a_strangers_namespace_refuses_a_push() {
    let hub = Hub::start().await;
    hub.user("alice").await;
    let mallory = hub.user("mallory").await;
    let docker = Docker::of(&hub, &mallory).await;

    let refused = push(&hub, &docker, "alice/app:1.0").await;

    assert_eq!(last_line(&refused), DENIED);
}

#[tokio::test]
async fn a_push_without_login_is_refused() {
    let hub = Hub::start().await;
    hub.user("alice").await;

    let refused = push(&hub, &Docker::new(), "alice/app:1.0").await;

    assert_eq!(last_line(&refused), DENIED);
}

#[tokio::test]
async fn a_root_push_is_told_the_right_name() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let docker = Docker::of(&hub, &alice).await;

    let refused = push(&hub, &docker, "ubuntu:latest").await;

    assert_eq!(
        last_line(&refused),
        "denied: You cannot push a \"root\" repository. Please rename your repository in \
         <user>/<repo> (ex: alice/ubuntu)"
    );
}

#[tokio::test]
async fn an_unverified_account_is_told_to_verify() {
    let hub = Hub::start().await;
    let carol = hub.unverified_user("carol").await;
    let docker = Docker::of(&hub, &carol).await;

    let refused = push(&hub, &docker, "carol/app:1.0").await;

    refused.says("denied: verify the e-mail address of `carol` first");
}

#[tokio::test]
async fn a_private_repository_reads_like_a_missing_one_to_a_stranger() {
    let hub = Hub::start().await;
    let (alice, mallory) = (hub.user("alice").await, hub.user("mallory").await);
    let owner = Docker::of(&hub, &alice).await;
    let name = format!("{}/alice/secret:1.0", hub.address());
    owner.load(&fresh_image(&hub, "secret"), &name).await;
    owner.run(&format!("push {name}")).await.succeeds();
    alice.set_private("alice/secret", true).await;
    owner.forget(&name).await;

    for stranger in [Docker::new(), Docker::of(&hub, &mallory).await] {
        for repository in ["alice/secret", "alice/nothing-here"] {
            let full = format!("{}/{repository}", hub.address());
            let refused = stranger.run(&format!("pull {full}:1.0")).await.exits(1);
            let text = format!(
                "Error response from daemon: pull access denied for {full}, repository does not \
                 exist or may require 'docker login': {DENIED}"
            );
            assert_eq!(refused.stderr.trim_end(), text);
        }
    }
    owner.run(&format!("pull {name}")).await.succeeds();
}

#[tokio::test]
async fn a_push_beyond_the_plan_is_told_the_numbers() {
    let hub = Hub::with().args(["--namespace-storage", "64 KiB"]).start().await;
    let alice = hub.user("alice").await;
    let docker = Docker::of(&hub, &alice).await;

    let refused = push(&hub, &docker, "alice/app:1.0").await;

    let text = last_line(&refused);
    assert!(
        text.starts_with("denied: the plan `default` allows 64.0 KiB: 0 B are stored"),
        "{text}"
    );
    // The engine cancels what it sent beside the refused layer after it has told of the refusal.
    let api = alice.signed_in().await;
    let freed = eventually("nothing is reserved any more", 20, async || {
        let usage = api.get("/api/v1/namespaces/alice/usage").await.is(200).json();
        (usage["storage_bytes"]["reserved"] == 0).then_some(())
    });
    freed.await;
}

#[tokio::test]
async fn a_missing_tag_is_named() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let docker = Docker::of(&hub, &alice).await;
    let name = format!("{}/alice/app", hub.address());
    docker.load(&fresh_image(&hub, "tagged"), &format!("{name}:1.0")).await;
    docker.run(&format!("push {name}:1.0")).await.succeeds();

    let missing = docker.run(&format!("pull {name}:2.0")).await.exits(1);

    missing.says(&format!("manifest for {name}:2.0 not found: manifest unknown"));
}

#[tokio::test]
async fn an_immutable_tag_is_named_and_the_way_out_with_it() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let docker = Docker::of(&hub, &alice).await;
    let name = format!("{}/alice/app:1.0", hub.address());
    docker.load(&fresh_image(&hub, "first"), &name).await;
    docker.run(&format!("push {name}")).await.succeeds();
    let path = "/v2/namespaces/alice/repositories/app/immutabletags";
    let form = serde_json::json!({"immutable_tags": true});
    alice.signed_in().await.patch(path).json(&form).await.is(200);

    let refused = push(&hub, &docker, "alice/app:1.0").await;

    let sentence = "tag 1.0 is immutable: it cannot be moved; push under another tag";
    assert_eq!(last_line(&refused), format!("denied: {sentence}"));
}

#[tokio::test]
async fn who_has_pulled_enough_is_told_to_sign_in_and_then_may_go_on() {
    let hub = Hub::with().args(["--pull-limit-anonymous", "1"]).start().await;
    let alice = hub.user("alice").await;
    // Two images, because docker keeps the manifest of one that it has pulled before.
    let repo = alice.repo("alice/app");
    let digest = repo.push(&fresh_image(&hub, "first"), &["1.0"]).await;
    repo.push(&fresh_image(&hub, "second"), &["2.0"]).await;
    let (docker, name) = (Docker::new(), format!("{}/alice/app", hub.address()));
    docker.run(&format!("pull {name}:1.0")).await.succeeds();
    let looked = hub.anonymous().repo("alice/app").head_manifest(&digest).await.is(200);
    assert_eq!(looked.header("ratelimit-remaining"), "0;w=21600", "one pull counts once");

    let refused = docker.run(&format!("pull {name}:2.0")).await.exits(1);

    assert!(refused.took < AT_ONCE, "{}", refused.story());
    assert_eq!(
        refused.stderr.trim_end(),
        "Error response from daemon: toomanyrequests: You have reached your unauthenticated pull \
         rate limit (1 in 6 h). Sign in with `docker login` for a limit of your own, or wait 6 h"
    );
    let signed_in = Docker::of(&hub, &alice).await;
    signed_in.run(&format!("pull {name}:2.0")).await.succeeds();
}

async fn push(hub: &Hub, docker: &Docker, name: &str) -> Output {
    let name = format!("{}/{name}", hub.address());
    docker.load(&fresh_image(hub, "unwanted"), &name).await;
    let refused = docker.run(&format!("push {name}")).await.exits(1);
    assert!(refused.took < AT_ONCE, "docker tried again and again: {}", refused.story());
    refused
}

fn last_line(output: &Output) -> &str {
    output.stderr.trim_end().lines().last().unwrap_or_default()
}
