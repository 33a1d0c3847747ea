//! `cargo xtask bench`: Roadstead beside its peers, in turn, on one machine, in one run.
//!
//! Every workload starts its servers, fills them alike, and measures them round by round (A B C,
//! A B C, ...), so that a slow minute of the machine hits all of them. What is compared is ratios;
//! see `docs/performance.md` for the method and the figures.

mod load;
mod process;
mod report;
mod servers;
mod workloads;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};
use report::Table;
use servers::{Kind, Programs, Server, Tls};

#[derive(Parser)]
#[command(name = "bench", about = "Measure Roadstead beside its peers")]
struct Options {
    /// What to measure; everything when none is named.
    workloads: Vec<Workload>,
    /// Little data and one round: does it run at all?
    #[arg(long)]
    quick: bool,
    /// Rounds of each workload.
    #[arg(long)]
    rounds: Option<usize>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Only these servers (by name, as printed).
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// A Roadstead binary to measure instead of building one.
    #[arg(long)]
    roadstead: Option<PathBuf>,
    /// Another Roadstead binary to measure beside it: is a change worth it?
    #[arg(long)]
    baseline: Option<PathBuf>,
    /// A zot binary (minimal build) to measure too.
    #[arg(long)]
    zot: Option<PathBuf>,
    /// What `cargo xtask seed` filled, for `hub` and `web`: a data folder or a PostgreSQL URL. Without it, one is
    /// filled and removed again.
    #[arg(long)]
    seeded: Option<String>,
    /// Where data goes while measuring; the disk of this folder is part of the result.
    #[arg(long)]
    work: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, ValueEnum, Debug, PartialEq, Eq)]
enum Workload {
    BlobGet,
    BlobPut,
    Manifests,
    Tokens,
    Tags,
    Clients,
    Memory,
    Start,
    Hub,
    Web,
}

/// What every workload is given.
struct Bench {
    programs: Programs,
    work: PathBuf,
    quick: bool,
    rounds: usize,
    only: Vec<String>,
    seeded: Option<String>,
    /// What else the machine was doing when the run began.
    load: String,
}

pub fn run(args: &[String]) -> Result<()> {
    let options =
        Options::parse_from(std::iter::once("bench".to_owned()).chain(args.iter().cloned()));
    if cfg!(debug_assertions) {
        return optimized(args, options.roadstead.is_none());
    }
    let target = target_folder()?;
    let work = options.work.unwrap_or_else(|| target.join("bench"));
    let work = work.join(format!("run-{}", std::process::id()));
    let mut programs = Programs::locate(&target, options.roadstead, options.zot);
    programs.baseline = options.baseline;
    programs.install()?;
    let rounds = options.rounds.unwrap_or(if options.quick { 1 } else { 5 });
    let bench = Bench {
        programs,
        work,
        quick: options.quick,
        rounds,
        only: options.only,
        seeded: options.seeded,
        load: load_average(),
    };
    let chosen = if options.workloads.is_empty() {
        Workload::value_variants()
    } else {
        &options.workloads[..]
    };
    let measured = bench.measure_all(chosen, options.format);
    let _ = fs::remove_dir_all(&bench.work);
    measured
}

/// The load generator must not be the slow part: run this program again as a release build, made
/// together with the server that is measured.
fn optimized(args: &[String], server: bool) -> Result<()> {
    let mut build = Command::new("cargo");
    build.args(["build", "--release", "--quiet", "-p", "xtask"]);
    if server {
        build.args(["-p", "roadstead"]);
    }
    eprintln!("bench: building with optimization");
    ensure!(build.status()?.success(), "the release build failed");
    let program = target_folder()?.join("release/xtask");
    let status = Command::new(program).arg("bench").args(args).status()?;
    ensure!(status.success(), "the benchmark failed");
    Ok(())
}

/// `target`, found from this program's own place in it (`target/PROFILE/xtask`).
fn target_folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let folder = program.parent().and_then(Path::parent);
    Ok(folder.context("this program is not in a target folder")?.to_owned())
}

impl Bench {
    /// Text appears as each workload ends, JSON as one document at the end; a workload that fails
    /// does not take the others with it.
    fn measure_all(&self, chosen: &[Workload], format: Format) -> Result<()> {
        let (mut done, mut failed) = (Vec::new(), Vec::new());
        if matches!(format, Format::Text) {
            self.print_head();
        }
        for workload in chosen {
            eprintln!("bench: {workload:?}");
            let mut tables = self.measure(*workload).unwrap_or_else(|error| {
                eprintln!("bench: {workload:?} failed: {error:#}");
                failed.push(format!("{workload:?}"));
                Vec::new()
            });
            tables.iter_mut().for_each(Table::settle);
            if matches!(format, Format::Text) {
                tables.iter().for_each(|table| print!("{}", table.render()));
            }
            done.extend(tables);
        }
        if matches!(format, Format::Json) {
            self.print_json(&done)?;
        }
        ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
        Ok(())
    }

    fn measure(&self, workload: Workload) -> Result<Vec<Table>> {
        fs::create_dir_all(&self.work)?;
        let found = match workload {
            Workload::BlobGet => workloads::blob_get::run(self),
            Workload::BlobPut => workloads::blob_put::run(self),
            Workload::Manifests => workloads::manifests::run(self),
            Workload::Tokens => workloads::tokens::run(self),
            Workload::Tags => workloads::tags::run(self),
            Workload::Clients => workloads::clients::run(self),
            Workload::Memory => workloads::memory::run(self),
            Workload::Start => workloads::start::run(self),
            Workload::Hub => workloads::hub::run(self),
            Workload::Web => workloads::web::run(self),
        };
        fs::remove_dir_all(&self.work)?;
        found
    }

    fn print_head(&self) {
        println!("{}\n{}", machine().join("\n"), self.programs.versions().join("\n"));
        println!("load average before: {}", self.load);
        println!("median (min-max) of {} rounds in turn; GB = 10^9 bytes", self.rounds);
    }

    fn print_json(&self, tables: &[Table]) -> Result<()> {
        let report = serde_json::json!({
            "machine": machine(), "load before": self.load, "programs": self.programs.versions(),
            "rounds": self.rounds, "quick": self.quick, "tables": tables,
        });
        println!("{}", serde_json::to_string_pretty(&report)?);
        Ok(())
    }

    /// Those of `kinds` that are wanted and installed.
    fn available(&self, kinds: &[Kind]) -> Vec<Kind> {
        let wanted =
            |kind: &Kind| self.only.is_empty() || self.only.iter().any(|name| name == kind.name());
        let mut found = Vec::new();
        for kind in kinds.iter().copied().filter(wanted) {
            if self.programs.has(kind) {
                found.push(kind);
            } else if kind != Kind::Baseline {
                eprintln!("bench: {} is not here and is left out", kind.name());
            }
        }
        found
    }

    fn start(&self, kinds: &[Kind]) -> Result<Vec<Server>> {
        let start = |kind| {
            Server::start(kind, &self.programs, &self.work, None)?.with_account(&self.programs)
        };
        self.available(kinds).into_iter().map(start).collect()
    }

    fn start_tls(&self, kinds: &[Kind], tls: &Tls) -> Result<Vec<Server>> {
        let start = |kind| Server::start(kind, &self.programs, &self.work, Some(tls));
        self.available(kinds).into_iter().map(start).collect()
    }

    /// All servers in turn, round after round, the disk quiet before each.
    fn in_turn(
        &self,
        servers: &[Server],
        mut once: impl FnMut(usize, &Server) -> Result<()>,
    ) -> Result<()> {
        for round in 0..self.rounds {
            for server in servers {
                rustix::fs::sync();
                once(round, server)
                    .with_context(|| format!("{} in round {round}", server.name()))?;
            }
        }
        Ok(())
    }

    /// A size for the full run, or a small one for `--quick`.
    fn size(&self, full: usize, quick: usize) -> usize {
        if self.quick { quick } else { full }
    }
}

fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

fn machine() -> Vec<String> {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    vec![
        format!("processor: {} x {}", cores, field(&read("/proc/cpuinfo"), "model name")),
        format!("memory: {}", field(&read("/proc/meminfo"), "MemTotal")),
        format!("kernel: {}", read("/proc/sys/kernel/osrelease").trim()),
    ]
}
