//! Skopeo: copies in every direction, inspection, listing, deletion.

use roadstead_testkit::{Hub, Output, Tool, User, image, index, media, oci_layout};
use serde_json::Value;

use crate::desk::{archive_file, fresh_image};

/// `skopeo COMMAND ..` over plain HTTP; copies take `--src-` and `--dest-` forms of the option.
fn skopeo(command: &str) -> Tool {
    let tls = match command {
        "copy" => vec!["--src-tls-verify=false", "--dest-tls-verify=false"],
        _ => vec!["--tls-verify=false"],
    };
    Tool::installed("skopeo").args(["--insecure-policy", command]).args(tls)
}

fn pair(user: &User) -> String {
    format!("{}:{}", user.name, user.password)
}

async fn copy_as(user: &User, from: &str, to: &str, options: &[&str]) -> Output {
    let credentials = pair(user);
    let side = if to.starts_with("docker://") { "--dest-creds" } else { "--src-creds" };
    skopeo("copy").args([side, &credentials]).args(options).args([from, to]).run().await
}

#[tokio::test]
async fn an_image_travels_there_and_back_unchanged() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let image = fresh_image(&hub, "skopeo");
    let file = archive_file(&hub.scratch(), &image, "app:1");
    let there = format!("docker://{}/alice/app:1.0", hub.address());
    let back = hub.scratch().join("back");

    let from = format!("docker-archive:{}", file.display());
    copy_as(&alice, &from, &there, &[]).await.succeeds();
    copy_as(&alice, &there, &format!("dir:{}", back.display()), &[]).await.succeeds();

    let manifest: Value =
        serde_json::from_slice(&std::fs::read(back.join("manifest.json")).unwrap()).unwrap();
    let config = manifest["config"]["digest"].as_str().unwrap();
    assert_eq!(config, image.config().digest);
    let stored = std::fs::read(back.join(config.trim_start_matches("sha256:"))).unwrap();
    assert_eq!(stored, image.config().bytes);
}

#[tokio::test]
async fn a_multi_platform_image_keeps_its_digest() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let platforms = ["amd64", "arm64", "riscv64"].map(|architecture| {
        image().architecture(architecture).file("arch.txt", architecture).build()
    });
    let index = index(platforms);
    let layout = hub.scratch().join("layout");
    oci_layout(&layout, &index, "multi");
    let there = format!("docker://{}/alice/multi:1.0", hub.address());

    let from = format!("oci:{}:multi", layout.display());
    // Without `--preserve-digests` skopeo compresses layers on the way.
    copy_as(&alice, &from, &there, &["--all", "--preserve-digests"]).await.succeeds();

    let stored = alice.repo("alice/multi").manifest("1.0").await.is(200);
    assert_eq!(stored.header("docker-content-digest"), index.manifest.digest);
    assert_eq!(stored.header("content-type"), media::OCI_INDEX);
    let back = format!("oci:{}:again", hub.scratch().join("again").display());
    copy_as(&alice, &there, &back, &["--all", "--preserve-digests"]).await.succeeds();
    let named = std::fs::read_to_string(hub.scratch().join("again/index.json")).unwrap();
    assert!(named.contains(&index.manifest.digest), "{named}");
}

#[tokio::test]
async fn one_repository_is_copied_to_another_on_the_hub() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let image = image().file("a", "a").build();
    let digest = alice.repo("alice/one").push(&image, &["1"]).await;

    let from = format!("docker://{}/alice/one:1", hub.address());
    let to = format!("docker://{}/alice/two:1", hub.address());
    let options = ["--preserve-digests", "--src-creds", &pair(&alice)];
    copy_as(&alice, &from, &to, &options).await.succeeds();

    let copied = alice.repo("alice/two").head_manifest("1").await.is(200);
    assert_eq!(copied.header("docker-content-digest"), digest);
}

#[tokio::test]
async fn inspect_and_list_tags_work_without_an_account() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let image = image().file("a", "a").build();
    alice.repo("alice/app").push(&image, &["1.0", "latest"]).await;
    let name = format!("docker://{}/alice/app", hub.address());

    let inspected = skopeo("inspect").args([format!("{name}:1.0")]).run().await.succeeds();
    let listed = skopeo("list-tags").args([&name]).run().await.succeeds();

    let inspected: Value = serde_json::from_str(&inspected.stdout).unwrap();
    assert_eq!(inspected["Digest"], image.manifest.digest);
    assert_eq!(inspected["RepoTags"], serde_json::json!(["1.0", "latest"]));
    let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
    assert_eq!(listed["Tags"], serde_json::json!(["1.0", "latest"]));
}

#[tokio::test]
async fn delete_takes_the_manifest_and_its_tags() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let repo = alice.repo("alice/app");
    let digest = repo.push(&image().file("a", "a").build(), &["1.0"]).await;
    let name = format!("docker://{}/alice/app:1.0", hub.address());

    skopeo("delete").args(["--creds", &pair(&alice), &name]).run().await.succeeds();

    repo.manifest(&digest).await.is(404);
    repo.manifest("1.0").await.is(404);
}

#[tokio::test]
async fn login_is_checked_and_a_foreign_push_is_denied_in_words() {
    let hub = Hub::start().await;
    let (_alice, mallory) = (hub.user("alice").await, hub.user("mallory").await);
    let auth = hub.scratch().join("auth.json");
    let login = |password: &str| {
        let tool = skopeo("login").line("-u mallory --password-stdin").args([hub.address()]);
        tool.env("REGISTRY_AUTH_FILE", &auth).input(password).run()
    };

    login("wrong").await.fails().says("invalid username/password");
    login(&mallory.password).await.succeeds().says("Login Succeeded!");
    let file = archive_file(&hub.scratch(), &fresh_image(&hub, "foreign"), "app:1");
    let to = format!("docker://{}/alice/app:1", hub.address());
    let refused = skopeo("copy").args([format!("docker-archive:{}", file.display()), to]);

    refused
        .env("REGISTRY_AUTH_FILE", &auth)
        .run()
        .await
        .fails()
        .says("requested access to the resource is denied");
}
