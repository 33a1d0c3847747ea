//! Crane: small tools over the whole protocol.

use roadstead_testkit::{Hub, Tool, Tools, User, image};
use tempfile::TempDir;

use crate::desk::{archive_file, fresh_image};

/// Crane with a configuration of its own.
struct Crane {
    config: TempDir,
}

impl Crane {
    fn new() -> Self {
        Self { config: tempfile::tempdir().unwrap() }
    }

    async fn of(hub: &Hub, user: &User) -> Self {
        let crane = Self::new();
        let login = crane.tool("auth login").args([hub.address(), "-u", &user.name]);
        login.line("--password-stdin").input(user.password.as_str()).run().await.succeeds();
        crane
    }

    fn tool(&self, line: &str) -> Tool {
        let tool = match Tools::find("crane") {
            Some(path) => Tool::new(path),
            None => Tool::new(go_installed()),
        };
        tool.env("DOCKER_CONFIG", self.config.path()).line(line)
    }

    async fn says(&self, line: &str) -> String {
        self.tool(line).run().await.succeeds().stdout.trim().to_owned()
    }
}

/// Where `go install` puts programs when nothing else is said.
fn go_installed() -> std::path::PathBuf {
    let home = std::env::home_dir().expect("somebody runs the tests");
    let path = home.join("go/bin/crane");
    assert!(path.exists(), "`crane` is not installed; `cargo xtask test` installs it");
    path
}

#[tokio::test]
async fn an_image_is_pushed_listed_validated_pulled_and_deleted() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let crane = Crane::of(&hub, &alice).await;
    let name = format!("{}/alice/app", hub.address());
    let file = archive_file(&hub.scratch(), &fresh_image(&hub, "crane"), "app:1");
    let back = hub.scratch().join("back.tar");

    crane.says(&format!("push {} {name}:1.0", file.display())).await;
    crane.says(&format!("tag {name}:1.0 stable")).await;

    assert_eq!(crane.says(&format!("ls {name}")).await, "1.0\nstable");
    let digest = crane.says(&format!("digest {name}:1.0")).await;
    assert_eq!(crane.says(&format!("digest {name}:stable")).await, digest);
    crane.tool(&format!("validate --remote {name}:1.0")).run().await.succeeds().says("PASS");
    crane.says(&format!("pull {name}:1.0 {}", back.display())).await;
    crane.tool(&format!("validate --tarball {}", back.display())).run().await.succeeds();
    crane.says(&format!("delete {name}@{digest}")).await;
    assert_eq!(crane.says(&format!("ls {name}")).await, "");
}

#[tokio::test]
async fn a_copy_within_the_hub_keeps_the_digest() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let digest = alice.repo("alice/one").push(&image().file("a", "a").build(), &["1"]).await;
    let crane = Crane::of(&hub, &alice).await;
    let (one, two) =
        (format!("{}/alice/one", hub.address()), format!("{}/alice/two", hub.address()));

    crane.says(&format!("copy {one}:1 {two}:1")).await;

    assert_eq!(crane.says(&format!("digest {two}:1")).await, digest);
}

#[tokio::test]
async fn the_catalog_shows_each_caller_what_it_may_see() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let image = image().file("a", "a").build();
    alice.repo("alice/open").push(&image, &["1"]).await;
    alice.repo("alice/shut").push(&image, &["1"]).await;
    alice.set_private("alice/shut", true).await;
    let catalog = format!("catalog {}", hub.address());

    assert_eq!(Crane::new().says(&catalog).await, "alice/open");
    assert_eq!(Crane::of(&hub, &alice).await.says(&catalog).await, "alice/open\nalice/shut");
}

#[tokio::test]
async fn a_stranger_is_refused() {
    let hub = Hub::start().await;
    let (_alice, mallory) = (hub.user("alice").await, hub.user("mallory").await);
    let crane = Crane::of(&hub, &mallory).await;
    let name = format!("{}/alice/app:1.0", hub.address());
    let file = archive_file(&hub.scratch(), &fresh_image(&hub, "foreign"), "app:1");

    let refused = crane.tool(&format!("push {} {name}", file.display())).run().await.fails();

    // Crane asks for the manifest first, and to a stranger nothing is there.
    refused.says("unexpected status code 401 Unauthorized");
}
