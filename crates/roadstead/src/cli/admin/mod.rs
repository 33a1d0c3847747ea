//! `roadstead admin`: what an operator does with access to the data, also while the hub runs.

mod announcement;
mod audit;
mod block;
mod invite;
mod job;
mod official;
mod org;
mod plan;
mod reserved;
mod search;
mod settings;
mod token;
mod usage;
mod user;

use clap::{Args, Subcommand};
use roadstead_hub::Hub;
use roadstead_hub::accounts::SystemKey;
use serde::Serialize;

use super::Failure;
use super::options::DataOptions;
use super::output::{Format, print};
use crate::app;

#[derive(Args)]
pub struct Admin {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Accounts of people
    #[command(subcommand)]
    User(user::User),
    /// Organizations
    #[command(subcommand)]
    Org(org::Org),
    /// Access tokens, made in somebody's name
    #[command(subcommand)]
    Token(token::Token),
    /// Invitations, for hubs where sign-up is by invitation
    #[command(subcommand)]
    Invite(invite::Invite),
    /// Official images: repositories in `library`
    #[command(subcommand)]
    Official(official::Official),
    /// Digests that are served and accepted nowhere
    #[command(subcommand)]
    Block(block::Block),
    /// Settings that are changed while the hub runs
    #[command(subcommand)]
    Settings(settings::Settings),
    /// Names that nobody takes
    #[command(subcommand)]
    Reserved(reserved::Reserved),
    /// What everybody is told
    #[command(subcommand)]
    Announcement(announcement::Announcement),
    /// The index that repositories are found by
    #[command(subcommand)]
    Search(search::Search),
    /// Work that was given up, such as letters that no mail server took
    #[command(subcommand)]
    Job(job::Job),
    /// Plans: what a namespace may have
    #[command(subcommand)]
    Plan(plan::Plan),
    /// What namespaces hold
    #[command(subcommand)]
    Usage(usage::Usage),
    /// The audit log: who changed what, and who was denied
    Audit(audit::Audit),
}

/// What all of these commands take.
#[derive(Args)]
struct Common {
    /// How to print the result
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    options: DataOptions,
}

/// A command that says nothing more.
#[derive(Args)]
struct Plain {
    #[command(flatten)]
    common: Common,
}

/// A command about one thing, by its name.
#[derive(Args)]
struct Named {
    name: String,
    #[command(flatten)]
    common: Common,
}

/// What was done to something.
#[derive(Serialize)]
struct Done {
    name: String,
    done: &'static str,
}

/// A hub, and the proof that its operator is acting.
struct Desk<'a> {
    hub: &'a Hub,
    key: SystemKey,
    format: Format,
}

impl Admin {
    pub fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::User(command) => command.run(),
            Command::Org(command) => command.run(),
            Command::Token(command) => command.run(),
            Command::Invite(command) => command.run(),
            Command::Official(command) => command.run(),
            Command::Block(command) => command.run(),
            Command::Settings(command) => command.run(),
            Command::Reserved(command) => command.run(),
            Command::Announcement(command) => command.run(),
            Command::Search(command) => command.run(),
            Command::Job(command) => command.run(),
            Command::Plan(command) => command.run(),
            Command::Usage(command) => command.run(),
            Command::Audit(command) => command.run(),
        }
    }
}

impl Desk<'_> {
    fn done(&self, name: &str, done: &'static str) -> anyhow::Result<()> {
        let told = Done { name: name.to_owned(), done };
        print(self.format, &told, |it| format!("{} was {}", it.name, it.done));
        Ok(())
    }
}

impl Common {
    fn run(self, work: impl AsyncFnOnce(&Desk<'_>) -> anyhow::Result<()>) -> Result<(), Failure> {
        let config = self.options.load()?;
        app::with_hub(config, async |hub| {
            work(&Desk { hub, key: SystemKey::for_operator(), format: self.format }).await
        })?;
        Ok(())
    }
}
