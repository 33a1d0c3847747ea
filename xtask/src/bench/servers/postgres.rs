//! A PostgreSQL cluster of its own, with its own defaults (fsync on), on a free loopback port.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::free_address;

pub struct Postgres {
    child: Child,
    dir: PathBuf,
    port: u16,
}

impl Postgres {
    /// `bin` is the folder of `initdb` and `postgres`.
    pub fn start(bin: &Path) -> Result<Self> {
        let dir = std::env::temp_dir().join(format!("bench-postgres-{}", std::process::id()));
        fs::create_dir_all(&dir)?;
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&dir))?;
        }
        let data = dir.join("data");
        run(as_owner(&bin.join("initdb"))
            .args(["-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C.UTF-8", "-D"])
            .arg(&data))?;
        let port = free_address()?.port();
        let mut command = as_owner(&bin.join("postgres"));
        command.arg("-D").arg(&data).arg("-k").arg(&dir).arg("-p").arg(port.to_string());
        command
            .args(["-c", "listen_addresses=127.0.0.1"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let server = Self { child: command.spawn()?, dir, port };
        server.wait_until_ready(bin)?;
        Ok(server)
    }

    fn wait_until_ready(&self, bin: &Path) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(30) {
            let mut probe = Command::new(bin.join("pg_isready"));
            probe.args(["-q", "-h", "127.0.0.1", "-p"]).arg(self.port.to_string());
            if probe.status()?.success() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL was not ready after 30 s")
    }

    pub fn url(&self) -> String {
        format!("postgres://bench@127.0.0.1:{}/postgres", self.port)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        super::stop(&mut self.child);
        let _ = fs::remove_dir_all(&self.dir);
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// PostgreSQL refuses to run as root; `setpriv` becomes its user and then the program itself, so
/// that the child's process id is the server's.
fn as_owner(program: &Path) -> Command {
    if !is_root() {
        return super::guarded(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--reuid=postgres", "--regid=postgres"]);
    command.args(["--clear-groups", "--"]).arg(program);
    command.current_dir("/");
    command
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("running {command:?}"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
