//! `roadstead config check`.

use clap::{Args, Subcommand};

use super::Failure;
use super::options::ServeOptions;
use crate::config::ConfigError;

#[derive(Args)]
pub struct Configuration {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Report everything that is wrong with the settings, and change nothing
    Check(ServeOptions),
}

impl Configuration {
    pub fn run(self) -> Result<(), Failure> {
        let Command::Check(options) = self.command;
        let (file, problems) = match options.load() {
            Ok(config) => (config.file, config.warnings),
            Err(ConfigError(problems)) => (None, problems),
        };
        if problems.is_empty() {
            match file {
                Some(file) => println!("{}: no problems", file.display()),
                None => println!("no problems"),
            }
            return Ok(());
        }
        for problem in &problems {
            println!("{problem}");
        }
        let count = problems.len();
        eprintln!("{count} {}", if count == 1 { "problem" } else { "problems" });
        Err(Failure::Told)
    }
}
