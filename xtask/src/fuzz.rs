//! Every fuzz target for a minute: long enough to catch a parser that panics on the obvious.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context as _, Result, bail, ensure};

use crate::install;
use crate::run::{command, quietly, root, target, visibly};
use crate::tally::Tally;

const SECONDS: u32 = 60;

/// `cargo xtask fuzz`.
pub fn run() -> Result<Tally> {
    install::for_fuzzing()?;
    let targets = targets()?;
    visibly(&mut cargo_fuzz("build"))?;
    println!("xtask: fuzzing {} for {SECONDS} s each", targets.join(", "));
    let (waiting, tally) = (Mutex::new(targets), Mutex::new(Tally::default()));
    let next = || waiting.lock().expect("no lane panics while it looks").pop();
    std::thread::scope(|scope| {
        // One lane for each core; a target uses one.
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(name) = next() {
                    let result = fuzz(&name);
                    tally.lock().expect("no lane panics").step(&format!("fuzz {name}"), result);
                }
            });
        }
    });
    Ok(tally.into_inner().expect("no lane panics"))
}

/// The committed corpus is read, and what is found goes elsewhere.
fn fuzz(name: &str) -> Result<()> {
    let (found, log) = places(name)?;
    let mut fuzz = cargo_fuzz(&format!("run {name}"));
    fuzz.arg(&found).arg(root().join("fuzz/corpus").join(name));
    fuzz.args(["--", &format!("-max_total_time={SECONDS}"), "-print_final_stats=1"]);
    let file = std::fs::File::create(&log)?;
    let status = fuzz.stdout(file.try_clone()?).stderr(file).status()?;
    println!("fuzz {name}: {}", summary(&log));
    if !status.success() {
        let text = std::fs::read_to_string(&log).unwrap_or_default();
        let crash: Vec<_> = text.lines().skip_while(|line| !line.contains("panicked")).collect();
        bail!("see {}\n{}", log.display(), crash[..crash.len().min(30)].join("\n"));
    }
    Ok(())
}

/// A folder for new inputs, and a file for the output.
fn places(name: &str) -> Result<(PathBuf, PathBuf)> {
    let folder = target().join("fuzz").join(name);
    let found = folder.join("found");
    std::fs::create_dir_all(&found)?;
    Ok((found, folder.join("log")))
}

/// `Done 123456 runs in 61 second(s)`, as libFuzzer ends.
fn summary(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let done = text.lines().rev().find(|line| line.starts_with("Done "));
    done.unwrap_or("it did not come to its end").to_owned()
}

fn targets() -> Result<Vec<String>> {
    ensure!(root().join("fuzz/Cargo.toml").is_file(), "there is no folder of fuzz targets");
    let names: Vec<_> = quietly(&mut cargo_fuzz("list"))?.lines().map(str::to_owned).collect();
    names.first().context("the folder of fuzz targets is empty")?;
    Ok(names)
}

/// rustup's cargo, because the one that runs this program is of the pinned toolchain.
fn cargo_fuzz(line: &str) -> Command {
    let mut fuzz = command("cargo", &format!("+nightly fuzz {line}"));
    fuzz.current_dir(root()).env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
    fuzz
}
