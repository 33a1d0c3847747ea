//! Podman, with a store of its own.

use roadstead_testkit::{Hub, Tool};
use tempfile::TempDir;

use crate::desk::{archive_file, fresh_image};

struct Podman {
    home: TempDir,
}

impl Podman {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        // Podman refuses to run when the file it is pointed to is missing.
        std::fs::write(home.path().join("auth.json"), "{}").unwrap();
        Self { home }
    }

    fn tool(&self, line: &str) -> Tool {
        let (root, run) = (self.home.path().join("root"), self.home.path().join("run"));
        Tool::installed("podman")
            .args(["--root".as_ref(), root.as_os_str(), "--runroot".as_ref(), run.as_os_str()])
            .line("--storage-driver vfs --events-backend none")
            .line(line)
            .env("REGISTRY_AUTH_FILE", self.home.path().join("auth.json"))
    }
}

#[tokio::test]
async fn a_person_logs_in_pushes_and_pulls() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let podman = Podman::new();
    let image = fresh_image(&hub, "podman");
    let name = format!("{}/alice/app:1.0", hub.address());
    let file = archive_file(&hub.scratch(), &image, &name);
    podman.tool("load -i").args([file]).run().await.succeeds();
    let login = format!("login --tls-verify=false -u alice --password-stdin {}", hub.address());

    podman.tool(&login).input("wrong").run().await.exits(125).says("invalid username/password");
    podman.tool(&login).input(alice.password.as_str()).run().await.succeeds();
    podman.tool(&format!("push --tls-verify=false {name}")).run().await.succeeds();
    podman.tool(&format!("rmi -f {name}")).run().await.succeeds();
    let pulled = podman.tool(&format!("pull -q --tls-verify=false {name}")).run().await.succeeds();

    assert_eq!(format!("sha256:{}", pulled.stdout.trim()), image.config().digest);
}

#[tokio::test]
async fn a_missing_repository_is_refused_in_words() {
    let hub = Hub::start().await;
    hub.user("alice").await;
    let podman = Podman::new();
    let name = format!("{}/alice/nothing:1.0", hub.address());

    let refused = podman.tool(&format!("pull --tls-verify=false {name}")).run().await.exits(125);

    refused.says(&format!("reading manifest 1.0 in {}/alice/nothing", hub.address()));
}
