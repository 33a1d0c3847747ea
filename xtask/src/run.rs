//! Other programs: shown before they run, and their failure turned into an error.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

/// A command from a program and words separated by blanks.
pub fn command(program: &str, line: &str) -> Command {
    let mut command = Command::new(program);
    command.args(line.split_whitespace());
    command
}

/// The cargo that runs this program.
pub fn cargo(line: &str) -> Command {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = command(&program, line);
    command.current_dir(root());
    command
}

/// What every build for tests is given. One selection throughout: with another, or with `-p`, cargo
/// would choose other features of the same dependencies and build them again.
pub const TEST_BUILD: &str =
    "--workspace --features roadstead/crash-points,roadstead-blobs/testing";

/// The workspace's folder.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("xtask lies in the workspace").to_owned()
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

/// Says what runs, runs it with this terminal, and says how long it took.
pub fn visibly(command: &mut Command) -> Result<()> {
    let line = shown(command);
    println!("\n$ {line}");
    let started = Instant::now();
    let status = command.status().with_context(|| format!("`{line}` cannot be started"))?;
    println!("  ({:.1} s)", started.elapsed().as_secs_f64());
    ensure!(status.success(), "`{line}` ended with {status}");
    Ok(())
}

/// Runs it and returns standard output; standard error goes into the error.
pub fn quietly(command: &mut Command) -> Result<String> {
    let line = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{line}` cannot be started"))?;
    if !output.status.success() {
        bail!("`{line}`: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs it with its standard output both shown and given line by line to `see`; tells whether it
/// succeeded.
pub fn watched(command: &mut Command, mut see: impl FnMut(&str)) -> Result<bool> {
    let line = shown(command);
    println!("\n$ {line}");
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{line}` cannot be started"))?;
    let pipe = child.stdout.take().context("standard output was asked for")?;
    for text in BufReader::new(pipe).split(b'\n') {
        let text = text?;
        let text = String::from_utf8_lossy(&text);
        writeln!(std::io::stdout(), "{text}")?;
        see(&text);
    }
    Ok(child.wait()?.success())
}

/// The path of a program: in PATH, or where cargo and go install for this user.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let home = std::env::home_dir().unwrap_or_default();
    // Debian keeps daemons in sbin, which is not in everybody's PATH.
    let more = ["/usr/sbin", "/sbin", "/usr/local/go/bin"].map(PathBuf::from);
    let own = [home.join("go/bin"), home.join(".cargo/bin")];
    let mut folders = std::env::split_paths(&path).chain(own).chain(more);
    folders.find_map(|folder| Some(folder.join(program)).filter(|file| file.is_file()))
}

/// `find`, or an error that says how to get it.
pub fn found(program: &str) -> Result<PathBuf> {
    find(program).with_context(|| format!("`{program}` is missing; run `cargo xtask install`"))
}

/// Asks again every 50 ms until `ready` says yes.
pub fn until(what: &str, limit: Duration, mut ready: impl FnMut() -> bool) -> Result<()> {
    let started = Instant::now();
    while !ready() {
        ensure!(started.elapsed() < limit, "not within {limit:?}: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
