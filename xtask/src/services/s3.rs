//! An S3 server on a folder (s3s-fs), with one bucket.

use std::process::Command;

use anyhow::Result;
use tempfile::TempDir;

use crate::run::found;
use crate::services::{Daemon, accepts, free_port};

const BUCKET: &str = "roadstead-test";
const ACCESS_KEY: &str = "test-access-key";
const SECRET_KEY: &str = "test-secret-key";

pub struct S3 {
    _daemon: Daemon,
    port: u16,
    _home: TempDir,
}

impl S3 {
    pub fn start() -> Result<Self> {
        let home = tempfile::tempdir()?;
        let root = home.path().join("root");
        // A bucket is a folder here.
        std::fs::create_dir_all(root.join(BUCKET))?;
        let port = free_port()?;
        let mut server = Command::new(found("s3s-fs")?);
        server.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
        server.args(["--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY]).arg(&root);
        server.env("RUST_LOG", "error");
        let log = home.path().join("log");
        let mut daemon = Daemon::start(&mut server, &log)?;
        daemon.wait("the S3 server answers", &log, || accepts(port))?;
        Ok(Self { _daemon: daemon, port, _home: home })
    }

    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn bucket(&self) -> &'static str {
        BUCKET
    }

    /// For tests.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("ROADSTEAD_TEST_S3_ENDPOINT", self.endpoint()),
            ("ROADSTEAD_TEST_S3_BUCKET", BUCKET.to_owned()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
        ]
    }

    /// For a hub.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("ROADSTEAD_S3_ENDPOINT", self.endpoint()),
            ("ROADSTEAD_S3_PATH_STYLE", "on".to_owned()),
            ("ROADSTEAD_S3_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("ROADSTEAD_S3_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
        ]
    }
}
