//! A person's machine: a home of its own for everything the program keeps.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use roadstead_testkit::{Hub, Image, Output, Tool, User, docker_archive};
use tempfile::TempDir;

pub struct Machine {
    home: TempDir,
    path: String,
}

impl Machine {
    pub fn new() -> Self {
        let path = std::env::var("PATH").unwrap();
        Self { home: tempfile::tempdir().unwrap(), path }
    }

    /// A machine on which this person has logged in.
    pub async fn of(hub: &Hub, user: &User) -> Self {
        let machine = Self::new();
        machine.login(hub, &user.name, &user.password).await.succeeds();
        machine
    }

    pub async fn login(&self, hub: &Hub, user: &str, password: &str) -> Output {
        let line = format!("login {} -u {user} --password-stdin", hub.address());
        self.tool(&line).input(password).run().await
    }

    /// `roadstead LINE`, not yet run.
    pub fn tool(&self, line: &str) -> Tool {
        self.at_home(Tool::roadstead().line(line))
    }

    pub async fn run(&self, line: &str) -> Output {
        self.tool(line).run().await
    }

    /// Another program with the same home.
    pub fn at_home(&self, tool: Tool) -> Tool {
        self.environment().into_iter().fold(tool, |tool, (name, value)| tool.env(name, value))
    }

    /// Everything the program keeps lies below one folder.
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        let below = |name: &str| self.home.path().join(name).into_os_string();
        vec![
            ("HOME", below("")),
            ("DOCKER_CONFIG", below(".docker")),
            ("XDG_CONFIG_HOME", below(".config")),
            ("XDG_CACHE_HOME", below(".cache")),
            ("REGISTRY_AUTH_FILE", below("auth.json")),
            ("PATH", self.path.clone().into()),
            ("DOCKER_HOST", std::env::var_os("ROADSTEAD_TEST_DOCKER").unwrap_or_default()),
        ]
    }

    pub fn docker(&self, line: &str) -> Tool {
        assert!(
            std::env::var_os("ROADSTEAD_TEST_DOCKER").is_some(),
            "no docker daemon for tests is running; run `cargo xtask test cli`"
        );
        self.at_home(Tool::installed("docker").line(line))
    }

    pub fn skopeo(&self, line: &str) -> Tool {
        self.at_home(Tool::installed("skopeo").args(["--insecure-policy"]).line(line))
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Writes an image as `docker save` would.
    pub fn archive(&self, name: &str, image: &Image) -> PathBuf {
        self.write("saved.tar", docker_archive(image, &[name]))
    }

    pub fn docker_config(&self) -> serde_json::Value {
        let text = std::fs::read_to_string(self.file(".docker/config.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// A credential helper that keeps each secret in a file, as `docker-credential-box`.
    pub fn install_helper(&mut self) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let (bin, kept) = (self.file("bin"), self.file("kept"));
        std::fs::create_dir_all(&kept).unwrap();
        let script = self.write("bin/docker-credential-box", helper(&kept));
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        self.path = format!("{}:{}", bin.display(), self.path);
        self.write(".docker/config.json", r#"{"credsStore": "box"}"#);
        kept
    }
}

/// `get` and `erase` are given a server's name, `store` a JSON object (docker-credential-helpers).
fn helper(kept: &Path) -> String {
    format!(
        r#"#!/bin/sh
input=$(cat)
case "$1" in
store)
    server=$(printf %s "$input" | sed 's/.*"ServerURL":"\([^"]*\)".*/\1/')
    printf %s "$input" > "{kept}/$server" ;;
get)
    cat "{kept}/$input" 2>/dev/null || {{ echo "credentials not found in native keychain"; exit 1; }} ;;
erase)
    rm -f "{kept}/$input" ;;
esac
"#,
        kept = kept.display()
    )
}
