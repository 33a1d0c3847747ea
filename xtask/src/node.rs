//! Node.js, for the tests that drive what is written for it.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::run::{find, quietly};

/// What renovate and Playwright need.
const OLDEST: u32 = 20;

/// An error that says what is missing.
pub fn check() -> Result<()> {
    let node = find("node").context("there is no `node` in PATH")?;
    let version = quietly(Command::new(node).arg("--version"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|it| it.parse().ok());
    ensure!(
        major.is_some_and(|major: u32| major >= OLDEST),
        "Node.js {OLDEST} or newer is needed, and this is {}",
        version.trim()
    );
    Ok(())
}
