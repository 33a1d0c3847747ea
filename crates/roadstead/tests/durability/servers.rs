//! A PostgreSQL cluster and an S3 server that a test may stop, each with a folder and a port of its own.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use roadstead_testkit::{Tool, Tools, eventually};
use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    listener.local_addr().expect("a listener has an address")
}

fn accepts(address: SocketAddr) -> bool {
    std::net::TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok()
}

fn spawn(command: &mut Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn signal(child: &Child, signal: Signal) {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let _ = kill_process(pid.expect("a child has a positive id"), signal);
}

/// PostgreSQL with every commit on the disk, as in earnest.
pub struct Postgres {
    home: TempDir,
    programs: PathBuf,
    address: SocketAddr,
    child: Option<Child>,
}

impl Postgres {
    pub async fn start() -> Self {
        let home = tempfile::tempdir().expect("a temporary directory can be made");
        let programs = programs();
        give_to_postgres(home.path()).await;
        let data = home.path().join("data");
        let mut init = unprivileged(&programs.join("initdb"));
        init.args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-D"]);
        let made = init.arg(&data).stdout(Stdio::null()).status();
        assert!(made.is_ok_and(|status| status.success()), "initdb failed");
        let mut postgres = Self { home, programs, address: free_address(), child: None };
        postgres.resume().await;
        postgres
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    pub async fn resume(&mut self) {
        let mut server = unprivileged(&self.programs.join("postgres"));
        server.arg("-D").arg(self.home.path().join("data")).arg("-k").arg(self.home.path());
        server.args(["-p", &self.address.port().to_string()]);
        server.args(["-c", "listen_addresses=127.0.0.1"]);
        self.child = Some(spawn(&mut server));
        let url = format!("postgres://postgres@{}/postgres", self.address);
        eventually("PostgreSQL answers", 30, async || {
            let asked = Tool::new("psql").args(["-q", &url, "-c", "SELECT 1"]).run().await;
            (asked.code == Some(0)).then_some(())
        })
        .await;
    }

    /// "Fast shutdown" (PostgreSQL manual, Shutting Down the Server): clients are cut off.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            signal(&child, Signal::INT);
            let _ = child.wait();
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Debian keeps the server's programs out of PATH, one folder for each major version.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> = versions.map(|entry| entry.path().join("bin")).collect();
    found.retain(|bin| bin.join("postgres").is_file());
    found.sort();
    found.pop().expect("PostgreSQL's server is installed; `cargo xtask test` does that")
}

/// PostgreSQL refuses to run as root, so root hands over to the user of the Debian package.
fn unprivileged(program: &Path) -> Command {
    if !geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
    command.current_dir("/");
    command
}

async fn give_to_postgres(folder: &Path) {
    if !geteuid().is_root() {
        return;
    }
    let id = Tool::new("id").args(["-u", "postgres"]).run().await.succeeds();
    let owner = id.stdout.trim().parse().expect("`id -u` gives a number");
    chown(folder, Some(owner), None).expect("root may give a folder away");
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder, open).expect("root may open a folder");
}

/// An S3 server on a folder (s3s-fs), with one bucket.
pub struct S3 {
    child: Child,
    address: SocketAddr,
    _home: TempDir,
}

impl S3 {
    pub const BUCKET: &str = "bucket";
    pub const ACCESS_KEY: &str = "test-access-key";
    pub const SECRET_KEY: &str = "test-secret-key";

    pub async fn start() -> Self {
        let home = tempfile::tempdir().expect("a temporary directory can be made");
        // A bucket is a folder here.
        std::fs::create_dir(home.path().join(Self::BUCKET)).expect("a folder can be made");
        let address = free_address();
        let mut server = Command::new(s3_program());
        server.args(["--host", "127.0.0.1", "--port", &address.port().to_string()]);
        server.args(["--access-key", Self::ACCESS_KEY, "--secret-key", Self::SECRET_KEY]);
        let child = spawn(server.arg(home.path()).env("RUST_LOG", "error"));
        eventually("the S3 server answers", 30, async || accepts(address).then_some(())).await;
        Self { child, address, _home: home }
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn s3_program() -> PathBuf {
    let home = std::env::home_dir().map(|home| home.join(".cargo/bin/s3s-fs"));
    let found = Tools::find("s3s-fs").or_else(|| home.filter(|path| path.is_file()));
    found.expect("`s3s-fs` is not installed; `cargo xtask test` installs it")
}
