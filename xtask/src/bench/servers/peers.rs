//! The peers: where their programs are, and the smallest fair configuration of each.
//!
//! Fair means: files on the same disk, access log off, caches in memory where the server has them,
//! no authentication (which only helps the peer).

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::{Kind, Launch, Tls, guarded};

/// Pinned, so that two runs of this benchmark mean the same peer.
const DISTRIBUTION: &str = "github.com/distribution/distribution/v3/cmd/registry@v3.1.2";

pub struct Programs {
    pub roadstead: PathBuf,
    pub postgres: PathBuf,
    distribution_v3: PathBuf,
    /// zot is measured when a binary is given or found; see `docs/performance.md`.
    pub zot: Option<PathBuf>,
    pub baseline: Option<PathBuf>,
}

impl Programs {
    pub fn locate(target: &Path, roadstead: Option<PathBuf>, zot: Option<PathBuf>) -> Self {
        let peers = target.join("bench/peers");
        let zot = zot
            .or_else(|| Some(peers.join("zot")).filter(|path| path.is_file()))
            .or_else(|| which("zot"));
        Self {
            roadstead: roadstead.unwrap_or_else(|| target.join("release/roadstead")),
            postgres: postgres_folder(),
            distribution_v3: peers.join("registry"),
            zot,
            baseline: None,
        }
    }

    pub fn has(&self, kind: Kind) -> bool {
        match kind {
            Kind::Roadstead => self.roadstead.is_file(),
            Kind::RoadsteadPostgres => {
                self.roadstead.is_file() && self.postgres.join("initdb").is_file()
            }
            Kind::Baseline => self.baseline.is_some(),
            Kind::DockerRegistry => which("docker-registry").is_some(),
            Kind::DistributionV3 => self.distribution_v3.is_file(),
            Kind::Zot => self.zot.is_some(),
            Kind::Nginx => nginx().is_some(),
        }
    }

    /// Builds the peer that comes as Go source, once.
    pub fn install(&self) -> Result<()> {
        if self.distribution_v3.is_file() {
            return Ok(());
        }
        eprintln!("bench: go install {DISTRIBUTION}");
        let folder = self.distribution_v3.parent().context("the program has a folder")?;
        fs::create_dir_all(folder)?;
        let status = Command::new("go")
            .args(["install", DISTRIBUTION])
            .env("GOBIN", folder)
            .current_dir(folder)
            .status();
        ensure!(status.context("running go")?.success(), "go install {DISTRIBUTION} failed");
        Ok(())
    }

    /// One line for every program, for the head of a report.
    pub fn versions(&self) -> Vec<String> {
        let mut lines = vec![format!("distribution-v3: {DISTRIBUTION}")];
        let debian = ["docker-registry", "nginx", "skopeo", "docker.io"];
        for package in debian {
            let output = Command::new("dpkg-query")
                .args(["-W", "-f=${Package}: ${Version}", package])
                .output();
            if let Ok(output) = output
                && output.status.success()
            {
                lines.push(String::from_utf8_lossy(&output.stdout).into_owned());
            }
        }
        lines
    }
}

pub fn launch(
    kind: Kind,
    programs: &Programs,
    dir: &Path,
    addr: SocketAddr,
    tls: Option<&Tls>,
) -> Result<Launch> {
    let (command, ready_path) = match kind {
        Kind::DockerRegistry => (distribution(Path::new("docker-registry"), dir, addr)?, "/v2/"),
        Kind::DistributionV3 => (distribution(&programs.distribution_v3, dir, addr)?, "/v2/"),
        Kind::Zot => (zot(programs.zot.as_deref().context("no zot binary")?, dir, addr)?, "/v2/"),
        Kind::Nginx => (nginx_command(dir, addr, tls)?, "/"),
        Kind::Roadstead | Kind::RoadsteadPostgres | Kind::Baseline => bail!("not a peer"),
    };
    Ok(Launch { command, ready_path, database: None })
}

/// docker-registry 2.8 and distribution v3 read the same configuration.
fn distribution(program: &Path, dir: &Path, addr: SocketAddr) -> Result<Command> {
    let config = dir.join("config.yml");
    let data = dir.join("data");
    fs::write(
        &config,
        format!(
            "version: 0.1\nlog:\n  level: error\n  accesslog:\n    disabled: true\nstorage:\n  \
             filesystem:\n    rootdirectory: {}\n  cache:\n    blobdescriptor: inmemory\n  delete:\n    \
             enabled: true\nhttp:\n  addr: {addr}\n",
            data.display()
        ),
    )?;
    let mut command = guarded(program);
    // v3 would look for a trace collector otherwise.
    command.arg("serve").arg(config).env("OTEL_TRACES_EXPORTER", "none");
    Ok(command)
}

fn zot(program: &Path, dir: &Path, addr: SocketAddr) -> Result<Command> {
    let config = dir.join("config.json");
    let settings = serde_json::json!({
        "distSpecVersion": "1.1.1",
        "storage": {"rootDirectory": dir.join("data"), "gc": false},
        "http": {"address": addr.ip().to_string(), "port": addr.port().to_string()},
        "log": {"level": "error"},
    });
    fs::write(&config, settings.to_string())?;
    let mut command = guarded(program);
    command.arg("serve").arg(config);
    Ok(command)
}

/// Serves `DIR/data` as files: a blob at the very path a registry has it.
fn nginx_command(dir: &Path, addr: SocketAddr, tls: Option<&Tls>) -> Result<Command> {
    let data = dir.join("data");
    fs::create_dir_all(&data)?;
    let user = if rustix::process::geteuid().is_root() { "user root;" } else { "" };
    let listen = tls.map_or_else(
        || format!("listen {addr};"),
        |tls| {
            format!(
                "listen {addr} ssl; ssl_protocols TLSv1.3; ssl_certificate {}; ssl_certificate_key {};",
                tls.certificate.display(),
                tls.key.display()
            )
        },
    );
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {}/{name};\n", dir.display()))
        .concat();
    let config = dir.join("nginx.conf");
    fs::write(
        &config,
        format!(
            "{user}\nworker_processes 2;\ndaemon off;\npid {dir}/nginx.pid;\nerror_log {dir}/error.log;\n\
             events {{ worker_connections 1024; }}\nhttp {{\naccess_log off;\nsendfile on;\ntcp_nopush on;\n\
             keepalive_requests 10000000;\ndefault_type application/octet-stream;\n{temporary}\
             server {{ {listen} root {data}; }}\n}}\n",
            dir = dir.display(),
            data = data.display(),
        ),
    )?;
    let mut command = guarded(nginx().context("nginx is not installed")?);
    command.arg("-c").arg(config).arg("-p").arg(dir).arg("-e").arg(dir.join("error.log"));
    Ok(command)
}

fn nginx() -> Option<PathBuf> {
    which("nginx").or_else(|| Some(PathBuf::from("/usr/sbin/nginx")).filter(|path| path.is_file()))
}

pub fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Debian keeps the server programs in a folder per version, outside of PATH.
fn postgres_folder() -> PathBuf {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|folders| folders.flatten().map(|folder| folder.path().join("bin")).collect())
        .unwrap_or_default();
    versions.sort();
    versions.pop().or_else(|| which("initdb")?.parent().map(Path::to_path_buf)).unwrap_or_default()
}
