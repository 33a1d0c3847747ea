//! Docker, when it works: log in, push, pull, log out.

use roadstead_testkit::Hub;

use crate::desk::{Docker, fresh_image};

#[tokio::test]
async fn a_person_logs_in_pushes_pulls_and_logs_out() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let docker = Docker::new();
    let image = fresh_image(&hub, "first");
    let name = format!("{}/alice/app:1.0", hub.address());
    docker.load(&image, &name).await;

    docker.login(&hub, "alice", &alice.password).await.succeeds().says("Login Succeeded");
    let pushed = docker.run(&format!("push {name}")).await.succeeds().says("1.0: digest: sha256:");
    docker.forget(&name).await;
    docker.run(&format!("pull {name}")).await.succeeds().says("Downloaded newer image");

    assert_eq!(docker.image_id(&name).await, image.config().digest);
    let digest = pushed_digest(&pushed.stdout);
    assert_eq!(alice.repo("alice/app").head_manifest("1.0").await.header("etag"), quoted(&digest));
    docker
        .run(&format!("logout {}", hub.address()))
        .await
        .succeeds()
        .says(&format!("Removing login credentials for {}", hub.address()));
}

#[tokio::test]
async fn docker_keeps_a_refresh_token_and_not_the_password() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;

    let docker = Docker::of(&hub, &alice).await;

    let kept: serde_json::Value = serde_json::from_str(&docker.stored_credentials()).unwrap();
    let entry = &kept["auths"][hub.address()];
    assert!(entry["identitytoken"].as_str().is_some_and(|token| token.starts_with("rsd_ref_")));
    assert_eq!(entry["auth"], "YWxpY2U6", "`alice:` with nothing behind the colon");
}

#[tokio::test]
async fn another_machine_pulls_by_digest_without_an_account() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let docker = Docker::of(&hub, &alice).await;
    let image = fresh_image(&hub, "by digest");
    let name = format!("{}/alice/app", hub.address());
    docker.load(&image, &format!("{name}:1.0")).await;
    let pushed = docker.run(&format!("push {name}:1.0")).await.succeeds();
    docker.forget(&format!("{name}:1.0")).await;

    let reference = format!("{name}@{}", pushed_digest(&pushed.stdout));
    Docker::new().run(&format!("pull {reference}")).await.succeeds().says("Digest: sha256:");

    assert_eq!(docker.image_id(&reference).await, image.config().digest);
}

#[tokio::test]
async fn every_tag_arrives_with_pull_a() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let docker = Docker::of(&hub, &alice).await;
    let name = format!("{}/alice/many", hub.address());
    for tag in ["1.0", "1.1", "latest"] {
        docker.load(&fresh_image(&hub, tag), &format!("{name}:{tag}")).await;
    }
    docker.run(&format!("push -a {name}")).await.succeeds();
    for tag in ["1.0", "1.1", "latest"] {
        docker.forget(&format!("{name}:{tag}")).await;
    }

    docker.run(&format!("pull -a {name}")).await.succeeds();

    let listed = docker.run(&format!("images {name} --format {{{{.Tag}}}}")).await.succeeds();
    let mut tags: Vec<_> = listed.stdout.split_whitespace().collect();
    tags.sort_unstable();
    assert_eq!(tags, ["1.0", "1.1", "latest"]);
}

#[tokio::test]
async fn a_second_push_uploads_nothing_and_another_repository_mounts_the_layers() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let docker = Docker::of(&hub, &alice).await;
    let image = fresh_image(&hub, "shared");
    let (one, two) =
        (format!("{}/alice/one:1", hub.address()), format!("{}/alice/two:1", hub.address()));
    docker.load(&image, &one).await;
    docker.run(&format!("push {one}")).await.succeeds().says("Pushed");
    docker.run(&format!("tag {one} {two}")).await.succeeds();

    let again = docker.run(&format!("push {one}")).await.succeeds();
    let mounted = docker.run(&format!("push {two}")).await.succeeds();

    again.says("Layer already exists").never_says("Pushed");
    mounted.says("Mounted from alice/one").never_says("Pushed");
}

#[tokio::test]
async fn an_official_image_answers_to_its_short_and_its_full_name() {
    let hub = Hub::start().await;
    let admin = hub.admin_user("root-of-hub").await;
    let docker = Docker::of(&hub, &admin).await;
    let image = fresh_image(&hub, "official");
    let short = format!("{}/ubuntu:24.04", hub.address());
    let full = format!("{}/library/ubuntu:24.04", hub.address());
    docker.load(&image, &short).await;
    docker.run(&format!("push {short}")).await.succeeds();
    docker.forget(&short).await;

    let stranger = Docker::new();
    for name in [&short, &full] {
        stranger.run(&format!("pull {name}")).await.succeeds();
        assert_eq!(stranger.image_id(name).await, image.config().digest);
    }
}

#[tokio::test]
async fn docker_manifest_inspect_reads_a_plain_http_hub() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let docker = Docker::of(&hub, &alice).await;
    let name = format!("{}/alice/app:1.0", hub.address());
    docker.load(&fresh_image(&hub, "inspect"), &name).await;
    docker.run(&format!("push {name}")).await.succeeds();

    let inspected = docker.run(&format!("manifest inspect --insecure {name}")).await.succeeds();

    let manifest: serde_json::Value = serde_json::from_str(&inspected.stdout).unwrap();
    assert_eq!(manifest["layers"].as_array().map(Vec::len), Some(2));
}

/// From `1.0: digest: sha256:.. size: 735`.
fn pushed_digest(stdout: &str) -> String {
    let (_, rest) = stdout.split_once("digest: ").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

fn quoted(digest: &str) -> String {
    format!("\"{digest}\"")
}
