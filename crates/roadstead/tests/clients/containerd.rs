//! Containerd through `ctr`, with a daemon of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use roadstead_testkit::{Hub, Tool, Tools, eventually};
use tempfile::TempDir;

use crate::desk::{archive_file, fresh_image};

struct Containerd {
    home: TempDir,
    daemon: Child,
}

impl Containerd {
    async fn start() -> Self {
        let found = Tools::find("containerd").or_else(|| Tools::find("/usr/bin/containerd"));
        let program = found.expect("`containerd` is not installed; `cargo xtask test` installs it");
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join("config.toml");
        std::fs::write(&config, settings(home.path())).unwrap();
        let log = std::fs::File::create(home.path().join("log")).unwrap();
        let daemon = Command::new(program)
            .arg("-c")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let containerd = Self { home, daemon };
        eventually("containerd answers", 30, async || {
            (containerd.ctr("version").run().await.code == Some(0)).then_some(())
        })
        .await;
        containerd
    }

    fn ctr(&self, line: &str) -> Tool {
        Tool::installed("ctr")
            .args(["-a".as_ref(), socket(self.home.path()).as_os_str()])
            .line(line)
    }
}

impl Drop for Containerd {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

fn socket(home: &Path) -> PathBuf {
    home.join("sock")
}

/// Its own root, state and socket, so that a containerd of the machine is left alone.
fn settings(home: &Path) -> String {
    format!(
        "version = 2\nroot = {:?}\nstate = {:?}\n\
         disabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n\
         [grpc]\naddress = {:?}\n",
        home.join("root"),
        home.join("state"),
        socket(home)
    )
}

#[tokio::test]
async fn an_image_is_pushed_and_pulled_with_and_without_an_account() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let containerd = Containerd::start().await;
    let image = fresh_image(&hub, "ctr");
    let name = format!("{}/alice/app:1.0", hub.address());
    let file = archive_file(&hub.scratch(), &image, &name);
    let credentials = format!("alice:{}", alice.password);
    containerd.ctr("images import").args([file]).run().await.succeeds();

    let push = containerd.ctr("images push --plain-http --user");
    push.args([&credentials, &name]).run().await.succeeds();
    containerd.ctr("images rm --sync").args([&name]).run().await.succeeds();
    containerd.ctr("images pull --plain-http").args([&name]).run().await.succeeds();

    let listed = containerd.ctr("images ls").run().await.succeeds();
    let stored = alice.repo("alice/app").head_manifest("1.0").await.is(200);
    listed.says(&stored.header("docker-content-digest"));
    alice.set_private("alice/app", true).await;
    containerd.ctr("images rm --sync").args([&name]).run().await.succeeds();
    containerd.ctr("images pull --plain-http").args([&name]).run().await.fails();
    let pull = containerd.ctr("images pull --plain-http --user");
    pull.args([&credentials, &name]).run().await.succeeds();
}

#[tokio::test]
async fn a_foreign_push_is_refused() {
    let hub = Hub::start().await;
    let (_alice, mallory) = (hub.user("alice").await, hub.user("mallory").await);
    let containerd = Containerd::start().await;
    let name = format!("{}/alice/app:1.0", hub.address());
    let file = archive_file(&hub.scratch(), &fresh_image(&hub, "foreign"), &name);
    containerd.ctr("images import").args([file]).run().await.succeeds();

    let push = containerd.ctr("images push --plain-http --user");
    let refused = push.args([&format!("mallory:{}", mallory.password), &name]).run().await.fails();

    refused.says("403 Forbidden");
}
