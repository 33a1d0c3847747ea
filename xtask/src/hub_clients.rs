//! Clients of Docker Hub's API that Debian does not package: got where they can be had, and run.
//!
//! What cannot be had here is neither passed nor failed, and said again at the end.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::run::{find, found, target, visibly};
use crate::tally::Tally;
use crate::{node, suites};

const NPM_PACKAGES: [&str; 2] = ["docker-hub-api@0.8.0", "renovate@39.99.0"];

/// `cargo xtask hub-clients`.
pub fn run() -> Result<Tally> {
    let mut tally = Tally::default();
    match hub_tool() {
        Ok(program) => tally.add(suites::asked_for("hub_tool", "HUB_TOOL", program.into())?),
        Err(error) => tally.could_not_run(format!("the tests with hub-tool: {error:#}")),
    }
    match npm_packages() {
        Ok(modules) => tally.add(suites::asked_for("node", "NODE_PATH", modules)?),
        Err(error) => {
            tally.could_not_run(format!("the tests with {}: {error:#}", NPM_PACKAGES.join(", ")));
        }
    }
    Ok(tally)
}

fn hub_tool() -> Result<PathBuf> {
    let named = std::env::var_os("HUB_TOOL").map(PathBuf::from);
    named.or_else(|| find("hub-tool")).context(
        "there is no package of it; name a ready-made program in HUB_TOOL or put it into PATH",
    )
}

/// Into a folder below `target`; returns that of the modules.
fn npm_packages() -> Result<OsString> {
    node::check()?;
    let home = target().join("hub-clients");
    let stamp = home.join(NPM_PACKAGES.join("-"));
    if !stamp.exists() {
        println!("xtask: installing {}, clients the tests use", NPM_PACKAGES.join(" and "));
        std::fs::create_dir_all(&home)?;
        let mut npm = Command::new(found("npm")?);
        // Nothing of theirs runs before a test runs it.
        npm.args(["install", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"]);
        visibly(npm.arg("--no-save").arg("--prefix").arg(&home).args(NPM_PACKAGES))?;
        std::fs::write(&stamp, "")?;
    }
    Ok(home.join("node_modules").into())
}
