//! The command line. Exit codes: 0 done, 1 refused or failed, 2 not understood; for the commands of
//! a client also 4 not allowed, 5 not there (docs/design/0003-command-line.md).

mod admin;
mod api;
mod ask;
mod bars;
mod check;
mod collab;
mod completion;
mod config;
mod login;
mod options;
mod org;
mod output;
mod place;
mod repo;
mod search;
mod serve;
mod session;
mod tag;
mod team;
mod token;
mod transfer;

use std::process::ExitCode;

use anyhow::Context;
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
    Login(login::LogIn),
    Logout(login::LogOut),
    Whoami(login::WhoAmI),
    Push(transfer::Push),
    Pull(transfer::Pull),
    Cp(transfer::Copy),
    Search(search::Search),
    /// Repositories: list, make, describe, star, move, delete
    #[command(subcommand)]
    Repo(repo::Repo),
    /// Tags of a repository: list, look at, follow their history
    #[command(subcommand)]
    Tag(tag::Tag),
    /// Organizations and their members
    #[command(subcommand)]
    Org(org::Org),
    /// Teams of an organization and what they may do
    #[command(subcommand)]
    Team(team::Team),
    /// Collaborators of a repository
    #[command(subcommand)]
    Collab(collab::Collab),
    /// Access tokens: what programs log in with
    #[command(subcommand)]
    Token(token::Token),
    Api(api::Api),
    Completion(completion::Completion),
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
    /// Not allowed, or not without signing in: exit code 4.
    #[error("{0}")]
    Denied(String),
    /// Not there: exit code 5.
    #[error("{0}")]
    Missing(String),
    /// What is wrong has been told already: exit code 1.
    #[error("")]
    Told,
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage(format!("the configuration cannot be used:\n{error}"))
    }
}

impl Failure {
    const fn exit_code(&self) -> u8 {
        match self {
            Self::Failed(_) | Self::Told => 1,
            Self::Usage(_) => 2,
            Self::Denied(_) => 4,
            Self::Missing(_) => 5,
        }
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
        Command::Completion(command) => command.run(),
        Command::Login(command) => wait_for(command.run()),
        Command::Logout(command) => wait_for(command.run()),
        Command::Whoami(command) => wait_for(command.run()),
        Command::Push(command) => wait_for(command.run()),
        Command::Pull(command) => wait_for(command.run()),
        Command::Cp(command) => wait_for(command.run()),
        Command::Search(command) => wait_for(command.run()),
        Command::Repo(command) => wait_for(command.run()),
        Command::Tag(command) => wait_for(command.run()),
        Command::Org(command) => wait_for(command.run()),
        Command::Team(command) => wait_for(command.run()),
        Command::Collab(command) => wait_for(command.run()),
        Command::Token(command) => wait_for(command.run()),
        Command::Api(command) => wait_for(command.run()),
    };
    let Err(failure) = result else { return ExitCode::SUCCESS };
    if !matches!(failure, Failure::Told) {
        eprintln!("error: {failure}");
    }
    ExitCode::from(failure.exit_code())
}

/// Runs a command of a client to its end.
fn wait_for(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("the async runtime cannot start")?.block_on(work)
}

#[cfg(test)]
mod tests;
