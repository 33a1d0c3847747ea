//! A PostgreSQL cluster in a temporary folder.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::run::{found, quietly};
use crate::services::{Daemon, free_port};

pub struct Postgres {
    // Dropped in this order: the server ends before its folder goes.
    daemon: Daemon,
    port: u16,
    _home: TempDir,
}

impl Postgres {
    pub fn start() -> Result<Self> {
        let home = tempfile::tempdir()?;
        let (programs, data) = (programs()?, home.path().join("data"));
        give_to_postgres(home.path())?;
        let mut init = unprivileged(&programs.join("initdb"));
        init.args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N", "-D"]);
        quietly(init.arg(&data))?;
        let port = free_port()?;
        let mut server = unprivileged(&programs.join("postgres"));
        server.arg("-D").arg(&data).arg("-k").arg(home.path()).args(["-p", &port.to_string()]);
        // Throw-away data: what is measured elsewhere keeps fsync, what is tested here need not.
        server.args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]);
        server.args(["-c", "max_connections=300"]);
        let log = home.path().join("log");
        let mut daemon = Daemon::start(&mut server, &log)?;
        let ready = found("pg_isready").unwrap_or_else(|_| programs.join("pg_isready"));
        daemon.wait("PostgreSQL answers", &log, || {
            let port = port.to_string();
            let probe = Command::new(&ready).args(["-q", "-h", "127.0.0.1", "-p", &port]).status();
            probe.is_ok_and(|status| status.success())
        })?;
        Ok(Self { daemon, port, _home: home })
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    pub fn create_database(&self, name: &str) -> Result<String> {
        let sql = format!("CREATE DATABASE {name}");
        quietly(Command::new("psql").args(["-q", &self.url("postgres"), "-c", &sql]))?;
        Ok(self.url(name))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // "Fast shutdown" (PostgreSQL manual, Shutting Down the Server): clients are cut off.
        self.daemon.signal(Signal::INT);
    }
}

/// Debian keeps the server's programs out of PATH, one folder for each major version.
fn programs() -> Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is missing")?;
    let mut found: Vec<_> = versions.flatten().map(|entry| entry.path().join("bin")).collect();
    found.retain(|bin| bin.join("postgres").is_file());
    found.sort();
    found.pop().context("PostgreSQL's server is missing; run `cargo xtask install`")
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// PostgreSQL refuses to run as root, so root hands over to the user of the Debian package.
fn unprivileged(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
    command.current_dir("/");
    command
}

fn give_to_postgres(folder: &Path) -> Result<()> {
    if !is_root() {
        return Ok(());
    }
    let ids = quietly(Command::new("id").args(["-u", "postgres"]))?;
    let owner = ids.trim().parse().context("`id -u postgres` gives a number")?;
    chown(folder, Some(owner), None)?;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}
