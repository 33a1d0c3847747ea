//! `cargo test`, on both pairs of database and store, with the servers it needs.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::install;
use crate::run::{TEST_BUILD, cargo, root, watched};
use crate::services::{Backends, Docker};
use crate::tally::Tally;

/// The suites that drive the program.
const DRIVEN: &str = "crates/roadstead/tests";
/// Which tests of `clients` run on PostgreSQL and S3 too; the others meet the same code.
const SCALED_CLIENTS: &[&str] = &["docker", "skopeo"];

/// `cargo xtask test [FILTER]`.
pub fn test(filter: &[String]) -> Result<Tally> {
    install::for_tests()?;
    everything(filter)
}

/// All tests; what they need is installed.
pub fn everything(filter: &[String]) -> Result<Tally> {
    let wanted = Wanted::from(filter)?;
    println!("xtask: starting PostgreSQL, an S3 server and a docker daemon for the tests");
    let (backends, docker) = (Backends::start()?, Docker::start()?);
    let environment = Environment::of(&backends, &docker);

    let mut tally = Tally::default();
    tally.add(environment.run(
        "tests on SQLite and a folder",
        &mut wanted.embedded(),
        "embedded",
    )?);
    for mut command in wanted.scaled()? {
        tally.add(environment.run("tests on PostgreSQL and S3", &mut command, "scaled")?);
    }
    Ok(tally)
}

/// The tests of `clients` whose programs are had only on request, by the beginning of their names; `name` is
/// the variable that tells them where the program is.
pub fn asked_for(filter: &str, name: &'static str, value: OsString) -> Result<Tally> {
    let line = format!("test {TEST_BUILD} --test clients -- --ignored hub_api::{filter}");
    let mut command = cargo(&line);
    command.env(name, value);
    Environment(Vec::new()).run(&format!("tests with {filter}"), &mut command, "embedded")
}

/// `cargo xtask services`: the same servers, until somebody presses Enter.
pub fn serve() -> Result<()> {
    install::for_tests()?;
    let (backends, docker) = (Backends::start()?, Docker::start()?);
    for (name, value) in Environment::of(&backends, &docker).0 {
        println!("export {name}='{value}'");
    }
    println!("# put these into another shell; press Enter here to stop");
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

/// Which tests were asked for.
struct Wanted {
    files: Vec<String>,
    names: Vec<String>,
}

impl Wanted {
    fn from(filter: &[String]) -> Result<Self> {
        let known = driven_suites()?;
        let (files, names) = filter.iter().cloned().partition(|word| known.contains(word));
        Ok(Self { files, names })
    }

    fn embedded(&self) -> Command {
        self.command(&chosen(&self.files), &[])
    }

    fn scaled(&self) -> Result<Vec<Command>> {
        let mut files = if self.files.is_empty() { driven_suites()? } else { self.files.clone() };
        let clients = files.iter().position(|name| name == "clients").map(|at| files.remove(at));
        let mut commands = Vec::new();
        if !files.is_empty() {
            commands.push(self.command(&chosen(&files), &[]));
        }
        if clients.is_some() {
            let names = if self.names.is_empty() { SCALED_CLIENTS } else { &[] };
            commands.push(self.command(&chosen(&["clients".to_owned()]), names));
        }
        Ok(commands)
    }

    fn command(&self, selection: &str, names: &[&str]) -> Command {
        let mut command = cargo(&format!("test {TEST_BUILD} --no-fail-fast {selection} --"));
        command.args(&self.names).args(names);
        command
    }
}

fn chosen(files: &[String]) -> String {
    files.iter().map(|name| format!(" --test {name}")).collect()
}

/// `registry`, `accounts`, ..: a file or a folder each.
fn driven_suites() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root().join(DRIVEN))? {
        let path = entry?.path();
        let is_suite =
            path.join("main.rs").is_file() || path.extension().is_some_and(|e| e == "rs");
        if let (true, Some(name)) = (is_suite, path.file_stem()) {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

struct Environment(Vec<(&'static str, String)>);

impl Environment {
    fn of(backends: &Backends, docker: &Docker) -> Self {
        let mut pairs = backends.environment();
        pairs.extend(docker.environment());
        Self(pairs)
    }

    fn run(&self, what: &str, command: &mut Command, backend: &str) -> Result<Tally> {
        println!("\nxtask: {what}");
        command.env("ROADSTEAD_TEST_BACKEND", backend);
        command.envs(self.0.iter().map(|(name, value)| (name, value)));
        let mut tally = Tally::default();
        let mut failed = 0;
        let succeeded = watched(command, |line| {
            if let Some((passed, broken)) = counts(line) {
                tally.passed += passed;
                failed += broken;
            }
        })?;
        if !succeeded {
            // A build that breaks counts no test, and is a failure all the same.
            tally.fail(failed.max(1), what.to_owned());
        }
        Ok(tally)
    }
}

/// From `test result: ok. 12 passed; 0 failed; 0 ignored; ..`.
fn counts(line: &str) -> Option<(u64, u64)> {
    let rest = line.trim().strip_prefix("test result: ")?;
    let count = |word: &str| {
        let before = rest.split_once(word)?.0.trim_end();
        before.rsplit(' ').next()?.parse().ok()
    };
    Some((count("passed")?, count("failed;")?))
}

#[cfg(test)]
mod tests {
    use super::counts;

    #[test]
    fn counts_are_read_from_the_lines_cargo_prints() {
        let good = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
        let bad = "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured";

        assert_eq!(counts(good), Some((12, 0)));
        assert_eq!(counts(bad), Some((2, 3)));
        assert_eq!(counts("test a ... ok"), None);
    }
}
