//! `cargo xtask seed`: made-up hubs. The work is done by a program of its own (`crates/seed`), which may name
//! the database.

use std::process::Command;

use anyhow::Result;

use crate::run::{cargo, quietly, target, visibly};

/// Together with the server, so that what both use is built once.
const BUILD: &str = "build --release --quiet --package roadstead --package roadstead-seed";

pub fn run(args: &[String]) -> Result<()> {
    visibly(program("fill")?.args(args))
}

/// One of its commands, optimized: ten million rows are many.
pub fn program(command: &str) -> Result<Command> {
    quietly(&mut cargo(BUILD))?;
    let mut program = Command::new(target().join("release/roadstead-seed"));
    program.arg(command);
    Ok(program)
}
