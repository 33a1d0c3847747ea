//! The site in a real browser: Debian's Chromium, driven by the programs of `crates/roadstead/tests/browser`
//! against the real server, filled with a small hub.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::hub::{self, Hub, Place};
use crate::run::{found, root, target, visibly, watched};
use crate::services::Docker;
use crate::tally::Tally;
use crate::{install, node};

const TESTS: &str = "crates/roadstead/tests/browser";

/// `cargo xtask browser [FILTER]`: journeys, accessibility of every page, the keyboard.
pub fn test(filter: Option<&str>) -> Result<Tally> {
    let mut tally = Tally::default();
    let programs = match Programs::get() {
        Ok(programs) => programs,
        Err(error) => {
            tally.could_not_run(format!("the site in a real browser: {error:#}"));
            return Ok(tally);
        }
    };
    let (stage, docker) = (Stage::set(programs)?, Docker::start()?);
    let mut tests = stage.node();
    tests.args(["--test", "--test-reporter=spec"]).envs(docker.environment());
    tests.args(files(filter)?);
    let mut failed = 0;
    let succeeded = watched(&mut tests, |line| {
        tally.passed += count(line, "pass").unwrap_or(0);
        failed += count(line, "fail").unwrap_or(0);
    })?;
    if !succeeded {
        tally.fail(failed.max(1), "the site in a real browser".to_owned());
    }
    Ok(tally)
}

/// `cargo xtask screenshots FOLDER`: every page, light and dark, wide and narrow.
pub fn screenshots(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let stage = Stage::set(Programs::get()?)?;
    visibly(stage.node().arg(tests_folder().join("screenshots.js")).arg(folder))
}

fn tests_folder() -> PathBuf {
    root().join(TESTS)
}

/// Those with `filter` in their names; all without one.
fn files(filter: Option<&str>) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(tests_folder())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.js") && filter.is_none_or(|filter| name.contains(filter)) {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

/// From `ℹ pass 12`, with which Node ends.
fn count(line: &str, word: &str) -> Option<u64> {
    line.strip_prefix("ℹ ")?.strip_prefix(word)?.trim().parse().ok()
}

/// What drives the browser, and the browser.
struct Programs {
    node: PathBuf,
    modules: OsString,
    chromium: PathBuf,
}

impl Programs {
    fn get() -> Result<Self> {
        install::for_browser()?;
        node::check()?;
        Ok(Self { node: found("node")?, modules: modules()?, chromium: found("chromium")? })
    }
}

/// Into a folder below `target`, as the lock file says; returns that of the modules.
fn modules() -> Result<OsString> {
    let (home, lock) = (target().join("browser"), tests_folder().join("package-lock.json"));
    let (wanted, stamp) = (std::fs::read(&lock)?, home.join("installed.json"));
    if !std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        println!("xtask: installing Playwright and axe, which the tests in a browser use");
        std::fs::create_dir_all(&home)?;
        for name in ["package.json", "package-lock.json"] {
            std::fs::copy(tests_folder().join(name), home.join(name))?;
        }
        let mut npm = Command::new(found("npm")?);
        // Nothing of theirs runs before a test runs it.
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]).arg(&home);
        visibly(&mut npm)?;
        std::fs::copy(&lock, &stamp)?;
    }
    Ok(home.join("node_modules").into())
}

/// A hub with the people and repositories that the tests speak of.
struct Stage {
    hub: Hub,
    server: PathBuf,
    programs: Programs,
}

impl Stage {
    fn set(programs: Programs) -> Result<Self> {
        let server = hub::build()?;
        let options = ["--api-limit", "unlimited", "--private-repositories", "5"];
        let hub = Hub::start(&server, &Place::default(), &options.map(str::to_owned))?;
        let stage = Self { hub, server, programs };
        visibly(stage.node().arg(tests_folder().join("world.js"))).context("filling the hub")?;
        Ok(stage)
    }

    /// Node with all that `hub.js` and `browser.js` read.
    fn node(&self) -> Command {
        let mut node = Command::new(&self.programs.node);
        node.env("NODE_PATH", &self.programs.modules).env("CHROMIUM", &self.programs.chromium);
        node.env("HUB_ADDRESS", &self.hub.address).env("HUB_PROGRAM", &self.server);
        let data = self.hub.data();
        node.env("WORLD", data.join("world.json")).env("HUB_DATA", data);
        node
    }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn counts_are_read_from_the_lines_node_prints() {
        assert_eq!(count("ℹ pass 12", "pass"), Some(12));
        assert_eq!(count("ℹ fail 0", "fail"), Some(0));
        assert_eq!(count("✔ pass 12 (3 ms)", "pass"), None);
        assert_eq!(count("ℹ tests 12", "pass"), None);
    }
}
