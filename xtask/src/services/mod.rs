//! Servers that the tests talk to, each with a folder and a port of its own, gone when dropped.
//!
//! Nothing of the machine is used: no running database, no docker daemon, no fixed port.

mod docker;
mod postgres;
mod s3;

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal, kill_process};

pub use docker::Docker;
pub use postgres::Postgres;
pub use s3::S3;

use crate::run::{shown, until};

/// The database and the store of scaled hubs.
pub struct Backends {
    pub postgres: Postgres,
    pub s3: S3,
}

impl Backends {
    pub fn start() -> Result<Self> {
        Ok(Self { postgres: Postgres::start()?, s3: S3::start()? })
    }

    /// What the tests read, see `testkit::Backend` and the suites of `db` and `blobs`.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("ROADSTEAD_TEST_POSTGRES", self.postgres.url("postgres"))];
        pairs.extend(self.s3.environment());
        pairs
    }
}

/// A child process that is asked to end when dropped, and killed when it does not obey.
pub struct Daemon {
    child: Child,
}

impl Daemon {
    /// Starts it with its output in `log`.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let file = std::fs::File::create(log)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let child = command.spawn().with_context(|| format!("`{}`", shown(command)))?;
        Ok(Self { child })
    }

    /// Waits for `ready`; an early end is an error that shows the log.
    pub fn wait(&mut self, what: &str, log: &Path, ready: impl Fn() -> bool) -> Result<()> {
        let child = &mut self.child;
        let mut ended = false;
        let waited = until(what, Duration::from_secs(60), || {
            ended = !matches!(child.try_wait(), Ok(None));
            ended || ready()
        });
        let said = || std::fs::read_to_string(log).unwrap_or_default();
        waited.with_context(said)?;
        anyhow::ensure!(!ended, "{what}: it ended at once\n{}", said());
        Ok(())
    }

    pub fn signal(&self, signal: Signal) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, signal);
        }
    }

    fn end(&mut self) {
        let child = &mut self.child;
        if until("the end", Duration::from_secs(20), || !matches!(child.try_wait(), Ok(None)))
            .is_err()
        {
            let _ = child.kill();
        }
        let _ = child.wait();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.signal(Signal::TERM);
        self.end();
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Whether something accepts connections there.
pub fn accepts(port: u16) -> bool {
    std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
}
