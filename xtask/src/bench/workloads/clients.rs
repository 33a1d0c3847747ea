//! Stock clients end to end: docker push and pull, skopeo both ways, of an image of 522 MB in eight
//! layers that do not compress. Much of docker's time is docker's own (gzip, unpacking).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::{MIB, salt};
use crate::bench::Bench;
use crate::bench::load::image;
use crate::bench::report::{Bound, Table};
use crate::bench::servers::{Kind, PASSWORD, Server, USER, guarded, which};

const SERVERS: [Kind; 5] =
    [Kind::Roadstead, Kind::Baseline, Kind::DockerRegistry, Kind::DistributionV3, Kind::Zot];
const LAYERS: usize = 8;

pub fn run(bench: &Bench) -> Result<Vec<Table>> {
    let servers = bench.start(&SERVERS)?;
    let size = bench.size(62 * MIB + MIB / 4, MIB);
    let megabytes = LAYERS * size / 1_000_000;
    let mut table = Table::new(format!(
        "stock clients, an image of {megabytes} MB in {LAYERS} layers (seconds)"
    ));
    let docker = which("dockerd").map(|_| Docker::start()).transpose()?;
    if docker.is_none() {
        table.notes.push("dockerd is not installed: skopeo only.".to_owned());
    }
    for round in 0..bench.rounds.min(3) {
        let layout = bench.work.join(format!("image-{round}"));
        image::write_layout(&layout, LAYERS, size, salt() + 100 * round as u64)?;
        for server in &servers {
            rustix::fs::sync();
            skopeo_round(server, &layout, round, &mut table)?;
        }
        for server in &servers {
            rustix::fs::sync();
            if let Some(docker) = &docker {
                docker.round(server, &layout, round, &mut table)?;
            }
        }
        fs::remove_dir_all(layout)?;
    }
    let peer = "docker-registry";
    table.ratio("roadstead", "docker push", peer, Bound::AtMost(1.0));
    table.ratio("roadstead", "docker pull", peer, Bound::AtMost(1.0));
    table.ratio("roadstead", "skopeo push", peer, Bound::AtMost(0.7));
    table.ratio("roadstead", "skopeo pull", peer, Bound::AtMost(1.0));
    table.target("roadstead", "docker re-push", Bound::AtMost(0.5));
    table.target("roadstead", "skopeo re-push", Bound::AtMost(0.5));
    Ok(vec![table])
}

/// Runs a step; records its wall time and the server's CPU.
fn timed(
    server: &Server,
    table: &mut Table,
    names: (&'static str, Option<&'static str>),
    command: &mut Command,
) -> Result<()> {
    let before = server.cpu_seconds();
    let began = Instant::now();
    check(command)?;
    table.record(server.name(), &[(names.0, began.elapsed().as_secs_f64())]);
    if let Some(name) = names.1 {
        table.record(server.name(), &[(name, server.cpu_seconds() - before)]);
    }
    Ok(())
}

fn check(command: &mut Command) -> Result<()> {
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("running {command:?}"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

fn skopeo_round(server: &Server, layout: &Path, round: usize, table: &mut Table) -> Result<()> {
    let local = format!("oci:{}:1", layout.display());
    let remote = format!("docker://{}/bench/skopeo{round}:1", server.addr);
    let back = layout.with_extension("back");
    let push = || skopeo(server, "dest", &local, &remote);
    timed(server, table, ("skopeo push", Some("push cpu s")), &mut push())?;
    timed(server, table, ("skopeo re-push", None), &mut push())?;
    let copy = format!("oci:{}:1", back.display());
    timed(
        server,
        table,
        ("skopeo pull", Some("pull cpu s")),
        &mut skopeo(server, "src", &remote, &copy),
    )?;
    Ok(fs::remove_dir_all(back)?)
}

/// `side` is where the registry is: `src` or `dest`.
fn skopeo(server: &Server, side: &str, from: &str, to: &str) -> Command {
    let mut command = Command::new("skopeo");
    command.args(["--insecure-policy", "copy", "--quiet", &format!("--{side}-tls-verify=false")]);
    if server.credentials().is_some() {
        command.arg(format!("--{side}-creds={USER}:{PASSWORD}"));
    }
    command.args([from, to]);
    command
}

/// A docker daemon of our own, with its own folders and socket.
struct Docker {
    child: Child,
    folder: PathBuf,
}

impl Docker {
    fn start() -> Result<Self> {
        // A socket's path must be short (sun_path holds 108 bytes), hence not below `target`.
        let folder = std::env::temp_dir().join(format!("bench-docker-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let log = fs::File::create(folder.join("log"))?;
        let mut command = guarded("dockerd");
        command
            .arg("--data-root")
            .arg(folder.join("root"))
            .arg("--exec-root")
            .arg(folder.join("exec"));
        command.arg("--pidfile").arg(folder.join("pid")).arg("--host").arg(socket(&folder));
        command.args(["--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-masq=false"]);
        let child = command.stdout(log.try_clone()?).stderr(log).stdin(Stdio::null()).spawn()?;
        let docker = Self { child, folder };
        let began = Instant::now();
        while check(docker.command().arg("version")).is_err() {
            if began.elapsed() > Duration::from_secs(60) {
                bail!(
                    "dockerd did not come up: {}",
                    fs::read_to_string(docker.folder.join("log"))?
                );
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(docker)
    }

    fn command(&self) -> Command {
        let mut command = Command::new("docker");
        command.arg("--host").arg(socket(&self.folder));
        command.env("DOCKER_CONFIG", self.folder.join("config"));
        command
    }

    fn round(&self, server: &Server, layout: &Path, round: usize, table: &mut Table) -> Result<()> {
        let image = format!("{}/bench/docker{round}:1", server.addr);
        self.load(layout, &image)?;
        if server.credentials().is_some() {
            let host = server.addr.to_string();
            check(self.command().args([
                "login",
                "--username",
                USER,
                "--password",
                PASSWORD,
                &host,
            ]))?;
        }
        timed(
            server,
            table,
            ("docker push", None),
            self.command().args(["push", "--quiet", &image]),
        )?;
        timed(
            server,
            table,
            ("docker re-push", None),
            self.command().args(["push", "--quiet", &image]),
        )?;
        check(self.command().args(["rmi", &image]))?;
        timed(
            server,
            table,
            ("docker pull", None),
            self.command().args(["pull", "--quiet", &image]),
        )?;
        check(self.command().args(["rmi", &image]))
    }

    fn load(&self, layout: &Path, image: &str) -> Result<()> {
        let mut command = Command::new("skopeo");
        command
            .args(["--insecure-policy", "copy", "--quiet", "--dest-daemon-host"])
            .arg(socket(&self.folder));
        check(
            command
                .arg(format!("oci:{}:1", layout.display()))
                .arg(format!("docker-daemon:{image}")),
        )
    }
}

fn socket(folder: &Path) -> String {
    format!("unix://{}/sock", folder.display())
}

impl Drop for Docker {
    fn drop(&mut self) {
        crate::bench::servers::stop(&mut self.child);
        let _ = fs::remove_dir_all(&self.folder);
    }
}
