//! A hub for programs that check it from outside: the real server, started on a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use crate::run::{TEST_BUILD, cargo, target, visibly};
use crate::services::{Backends, Daemon};

pub const USER: &str = "conformance";
pub const PASSWORD: &str = "conformance checks need a password";

/// Builds the server as the tests build it, so that nothing is built twice; returns its path.
pub fn build() -> Result<PathBuf> {
    visibly(&mut cargo(&format!("test {TEST_BUILD} --quiet --no-run --test clients")))?;
    Ok(target().join("debug/roadstead"))
}

/// Where rows and bytes of a hub lie.
#[derive(Clone, Debug, Default)]
pub struct Place {
    pub args: Vec<String>,
    pub env: Vec<(&'static str, String)>,
}

impl Place {
    /// A new database and a new prefix of the bucket.
    pub fn scaled(backends: &Backends, name: &str) -> Result<Self> {
        let database = backends.postgres.create_database(name)?;
        let storage = format!("s3://{}/{name}", backends.s3.bucket());
        let args = ["--database", &database, "--storage", &storage].map(str::to_owned).to_vec();
        Ok(Self { args, env: backends.s3.settings() })
    }
}

pub struct Hub {
    // Dropped in this order: the server ends before its folder goes.
    _daemon: Daemon,
    pub address: String,
    home: TempDir,
    program: PathBuf,
    place: Place,
}

impl Hub {
    pub fn start(program: &Path, place: &Place, options: &[String]) -> Result<Self> {
        let home = tempfile::tempdir()?;
        let (data, log) = (home.path().join("data"), home.path().join("log"));
        let mut server = Command::new(program);
        server.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(&data);
        server.args(&place.args).args(options);
        server.envs(place.env.iter().map(|(name, value)| (name, value)));
        let mut daemon = Daemon::start(&mut server, &log)?;
        let file = data.join("address");
        let read = || std::fs::read_to_string(&file).unwrap_or_default().trim().to_owned();
        daemon.wait("the hub is ready", &log, || !read().is_empty())?;
        let (program, place) = (program.to_owned(), place.clone());
        Ok(Self { _daemon: daemon, address: read(), home, program, place })
    }

    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Makes the account, with further options of `admin user create`.
    pub fn create_user(&self, options: &[&str]) -> Result<()> {
        let mut admin = Command::new(&self.program);
        admin.args(["admin", "user", "create", USER, "--email", "conformance@example.test"]);
        admin.args(options);
        admin.args(["--verified", "--password-stdin", "--data-dir"]).arg(self.data());
        admin.args(&self.place.args);
        admin.envs(self.place.env.iter().map(|(name, value)| (name, value)));
        let mut child = admin.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let mut pipe = child.stdin.take().context("standard input was asked for")?;
        std::io::Write::write_all(&mut pipe, PASSWORD.as_bytes())?;
        drop(pipe);
        ensure!(child.wait()?.success(), "the account could not be made");
        Ok(())
    }
}
