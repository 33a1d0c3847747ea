//! The servers that are compared: how each is found, configured, started, and stopped.

mod access;
mod peers;
mod postgres;
mod roadstead;

use std::ffi::OsStr;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::load::http::Connection;
use super::process;
pub use access::{Credentials, PASSWORD, REPOSITORY, USER};
pub use peers::{Programs, which};
use postgres::Postgres;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Roadstead,
    RoadsteadPostgres,
    /// Another build of Roadstead, to see what a change is worth.
    Baseline,
    DockerRegistry,
    DistributionV3,
    Zot,
    Nginx,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Roadstead => "roadstead",
            Self::RoadsteadPostgres => "roadstead-postgres",
            Self::Baseline => "baseline",
            Self::DockerRegistry => "docker-registry",
            Self::DistributionV3 => "distribution-v3",
            Self::Zot => "zot",
            Self::Nginx => "nginx",
        }
    }

    /// Every server that speaks the registry protocol and may be pushed to.
    pub const REGISTRIES: [Self; 5] =
        [Self::Roadstead, Self::Baseline, Self::DockerRegistry, Self::DistributionV3, Self::Zot];
}

/// Certificate and key files.
#[derive(Clone)]
pub struct Tls {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// A running server; dropping it stops it.
pub struct Server {
    pub kind: Kind,
    pub addr: SocketAddr,
    pub dir: PathBuf,
    pub start_seconds: f64,
    child: Child,
    database: Option<Postgres>,
    credentials: Option<Credentials>,
}

/// What a server of some kind needs in order to be started.
pub(super) struct Launch {
    command: Command,
    ready_path: &'static str,
    database: Option<Postgres>,
}

impl Server {
    pub fn start(kind: Kind, programs: &Programs, work: &Path, tls: Option<&Tls>) -> Result<Self> {
        let dir = work.join(kind.name());
        fs::create_dir_all(&dir)?;
        let addr = free_address()?;
        let launch = match kind {
            Kind::Roadstead => roadstead::launch(&programs.roadstead, &dir, addr, tls, None),
            Kind::Baseline => {
                let program = programs.baseline.as_deref().context("no baseline binary")?;
                roadstead::launch(program, &dir, addr, tls, None)
            }
            Kind::RoadsteadPostgres => {
                let database = Postgres::start(&programs.postgres)?;
                roadstead::launch(&programs.roadstead, &dir, addr, tls, Some(database))
            }
            other => peers::launch(other, programs, &dir, addr, tls)?,
        };
        Self::spawn(kind, launch, dir, addr, tls.is_some())
    }

    /// Roadstead on a made-up hub: its data folder, or the URL of its PostgreSQL database.
    pub fn on_seeded(programs: &Programs, work: &Path, seeded: &str) -> Result<Self> {
        let dir = work.join("seeded");
        fs::create_dir_all(&dir)?;
        let addr = free_address()?;
        let launch = roadstead::launch_seeded(&programs.roadstead, &dir, addr, seeded);
        Self::spawn(Kind::Roadstead, launch, dir, addr, false)
    }

    fn spawn(
        kind: Kind,
        mut launch: Launch,
        dir: PathBuf,
        addr: SocketAddr,
        tls: bool,
    ) -> Result<Self> {
        let log = File::create(dir.join("bench.log"))?;
        launch.command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let began = Instant::now();
        let child = launch.command.spawn().with_context(|| format!("starting {kind:?}"))?;
        let mut server = Self {
            kind,
            addr,
            dir,
            start_seconds: 0.0,
            child,
            database: launch.database,
            credentials: None,
        };
        server.wait_until_ready(launch.ready_path, tls)?;
        server.start_seconds = began.elapsed().as_secs_f64();
        Ok(server)
    }

    /// Makes the account that pushes and pulls, where the server has accounts.
    pub fn with_account(mut self, programs: &Programs) -> Result<Self> {
        let program = match self.kind {
            Kind::Roadstead | Kind::RoadsteadPostgres => Some(&programs.roadstead),
            Kind::Baseline => programs.baseline.as_ref(),
            _ => None,
        };
        if let Some(program) = program {
            let url = self.database.as_ref().map(Postgres::url);
            roadstead::create_account(program, &self.dir, url.as_deref())?;
            self.credentials = Some(Credentials::discover(self.addr)?);
        }
        Ok(self)
    }

    pub fn name(&self) -> &'static str {
        self.kind.name()
    }

    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// The header lines of a request that may push and pull: empty, or a fresh bearer token.
    pub fn authorization(&self) -> Result<String> {
        self.credentials.as_ref().map_or(Ok(String::new()), Credentials::bearer)
    }

    pub fn connection(&self) -> Result<Connection> {
        Connection::open(self.addr)
    }

    /// The processes whose cost is this server's: with PostgreSQL, the database's too.
    pub fn roots(&self) -> Vec<u32> {
        let database = self.database.as_ref().map(Postgres::pid);
        std::iter::once(self.child.id()).chain(database).collect()
    }

    pub fn cpu_seconds(&self) -> f64 {
        process::cpu_seconds(&self.roots())
    }

    pub fn memory(&self) -> process::Memory {
        process::memory(&[self.child.id()])
    }

    fn wait_until_ready(&mut self, path: &str, tls: bool) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(30) {
            if let Some(status) = self.child.try_wait()? {
                let log = fs::read_to_string(self.dir.join("bench.log")).unwrap_or_default();
                bail!("{:?} ended at once ({status}): {log}", self.kind);
            }
            if answers(self.addr, path, tls) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(1));
        }
        bail!("{:?} was not ready after 30 s; see {}", self.kind, self.dir.display())
    }
}

fn answers(addr: SocketAddr, path: &str, tls: bool) -> bool {
    let Ok(mut connection) = Connection::open(addr) else {
        return false;
    };
    // Over TLS an open port is the sign; the first curl shows the rest.
    tls || connection.exchange("GET", path, "", b"").is_ok_and(|(head, _)| head.status < 500)
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

/// A command that ends with this program, however this program ends.
pub fn guarded(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}

/// Asks a child to end, and insists after five seconds.
pub fn stop(child: &mut Child) {
    let _ = rustix::process::kill_process(
        rustix::process::Pid::from_child(child),
        rustix::process::Signal::TERM,
    );
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(5) {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// A port that was free a moment ago.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
