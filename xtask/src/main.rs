//! The project's own tool; `cargo xtask help` names its commands.
//!
//! It only starts other programs and reads what they say; no part of the server is linked into it.

mod api;
mod bench;
mod browser;
mod ci;
mod conformance;
mod deps;
mod fuzz;
mod hub;
mod hub_clients;
mod install;
mod node;
mod run;
mod seed;
mod services;
mod suites;
mod tally;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::tally::Tally;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, test and measure Roadstead")]
struct Options {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test: both databases, both stores, the real clients. Installs what is missing.
    Test {
        /// A part of a test's name, or the name of a test file such as `clients`.
        filter: Vec<String>,
    },
    /// Everything that must hold before a change is merged.
    Ci,
    /// Run the official OCI conformance program in every configuration.
    Conformance {
        /// Only configurations whose name holds this text.
        filter: Option<String>,
    },
    /// Ask Roadstead's own API whatever its document allows, and more.
    Api,
    /// Run the clients of Docker Hub's API that no package brings: hub-tool, and those of npm.
    HubClients,
    /// Use the site as people do, in Chromium, and check every page of it for accessibility.
    Browser {
        /// A part of the name of a file in `crates/roadstead/tests/browser`.
        filter: Option<String>,
    },
    /// Take pictures of every page, light and dark, wide and narrow.
    Screenshots { folder: PathBuf },
    /// Compare the speed of this registry with its peers; `cargo xtask bench --help` tells more.
    #[command(disable_help_flag = true)]
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Fill an empty database with a made-up hub; `cargo xtask seed --help` tells more.
    #[command(disable_help_flag = true)]
    Seed {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Start the servers the tests need and print their variables, for running single tests by hand.
    Services,
    /// Check that crates depend on each other in the allowed directions only.
    Deps,
    /// Fuzz every target for a minute.
    Fuzz,
    /// Install the programs that the tests need.
    Install,
}

fn main() -> ExitCode {
    match perform(Options::parse().command) {
        Ok(tally) => tally.report(),
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn perform(task: Task) -> anyhow::Result<Tally> {
    match task {
        Task::Test { filter } => suites::test(&filter),
        Task::Ci => ci::run(),
        Task::Conformance { filter } => conformance::run(filter.as_deref()),
        Task::Api => api::run(),
        Task::HubClients => hub_clients::run(),
        Task::Browser { filter } => browser::test(filter.as_deref()),
        Task::Screenshots { folder } => browser::screenshots(&folder).map(|()| Tally::default()),
        Task::Bench { args } => bench::run(&args).map(|()| Tally::default()),
        Task::Seed { args } => seed::run(&args).map(|()| Tally::default()),
        Task::Services => suites::serve().map(|()| Tally::default()),
        Task::Deps => deps::check().map(|()| Tally::default()),
        Task::Fuzz => fuzz::run(),
        Task::Install => install::for_ci().map(|()| Tally::default()),
    }
}
