//! A person's machine: one client with a configuration of its own, and images to work with.

use std::path::{Path, PathBuf};

use roadstead_testkit::{Hub, Image, Output, Tool, User, docker_archive, image, noise};
use tempfile::TempDir;

/// An image with content that no other test has, so that no client knows its layers already.
pub fn fresh_image(hub: &Hub, label: &str) -> Image {
    let text = format!("{label} on {}", hub.address());
    image().docker().file("label.txt", &text).file("noise.bin", seeded(&text)).build()
}

fn seeded(text: &str) -> Vec<u8> {
    let seed = text.bytes().fold(17, |sum: u64, byte| sum.wrapping_mul(31) + u64::from(byte));
    noise(seed, 200_000).to_vec()
}

/// Writes the image as `docker save` would.
pub fn archive_file(dir: &Path, image: &Image, name: &str) -> PathBuf {
    let path = dir.join(format!("{}.tar", &image.manifest.digest[7..19]));
    std::fs::write(&path, docker_archive(image, &[name])).unwrap();
    path
}

/// The docker CLI with its own configuration, speaking to the daemon the tests share.
pub struct Docker {
    config: TempDir,
    daemon: String,
}

impl Docker {
    pub fn new() -> Self {
        let daemon = std::env::var("ROADSTEAD_TEST_DOCKER").unwrap_or_else(|_| {
            panic!("no docker daemon for tests is running; run `cargo xtask test clients`")
        });
        Self { config: tempfile::tempdir().unwrap(), daemon }
    }

    /// A machine on which this person has logged in.
    pub async fn of(hub: &Hub, user: &User) -> Self {
        let docker = Self::new();
        docker.login(hub, &user.name, &user.password).await.succeeds();
        docker
    }

    pub fn tool(&self) -> Tool {
        Tool::installed("docker")
            .env("DOCKER_HOST", &self.daemon)
            .env("DOCKER_CONFIG", self.config.path())
    }

    pub async fn run(&self, line: &str) -> Output {
        self.tool().line(line).run().await
    }

    pub async fn login(&self, hub: &Hub, user: &str, password: &str) -> Output {
        let line = format!("login {} -u {user} --password-stdin", hub.address());
        self.tool().line(&line).input(password).run().await
    }

    /// Puts an image into the daemon under this name.
    pub async fn load(&self, image: &Image, name: &str) {
        self.tool().line("load").input(docker_archive(image, &[name])).run().await.succeeds();
    }

    pub async fn forget(&self, name: &str) {
        self.run(&format!("rmi -f {name}")).await.succeeds();
    }

    /// The id of an image in the daemon, which is the digest of its config.
    pub async fn image_id(&self, name: &str) -> String {
        let output = self.run(&format!("image inspect -f {{{{.Id}}}} {name}")).await.succeeds();
        output.stdout.trim().to_owned()
    }

    pub fn stored_credentials(&self) -> String {
        std::fs::read_to_string(self.config.path().join("config.json")).unwrap()
    }
}
