//! The command line. Exit codes: 0 done, 1 refused or failed, 2 not understood.

mod admin;
mod check;
mod config;
mod options;
mod output;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::ConfigError;

/// A Docker Hub of your own: registry, accounts and repositories in one program.
#[derive(Parser)]
#[command(name = "roadstead", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the hub
    Serve(serve::Serve),
    /// Manage accounts, tokens and official repositories, also while the hub runs
    Admin(admin::Admin),
    /// Compare rows and bytes and report what is wrong
    Check(check::Check),
    /// Look at the configuration
    Config(config::Configuration),
}

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// Not understood: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// Refused or failed: exit code 1.
    #[error("{0:#}")]
    Failed(#[from] anyhow::Error),
    /// What is wrong has been told already: exit code 1.
    #[error("")]
    Told,
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage(format!("the configuration cannot be used:\n{error}"))
    }
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    // Exits with 2 on what it does not understand, with 0 after `--help`.
    let result = match Cli::parse().command {
        Command::Serve(command) => command.run(),
        Command::Admin(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Config(command) => command.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Told) => ExitCode::from(1),
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(if matches!(failure, Failure::Usage(_)) { 2 } else { 1 })
        }
    }
}

#[cfg(test)]
mod tests;
