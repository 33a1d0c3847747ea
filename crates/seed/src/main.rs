//! `cargo xtask seed` and the half of `cargo xtask bench hub` that asks the database itself.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use clap::{Parser, Subcommand};
use roadstead_seed::{Sizes, fill, full_text, sample};

#[derive(Parser)]
#[command(name = "seed", about = "Fill an empty database with a made-up hub")]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fill a database that has no accounts.
    Fill {
        #[command(flatten)]
        place: Place,
        #[arg(long, default_value_t = 1_000_000)]
        repositories: u64,
        #[arg(long, default_value_t = 10_000_000)]
        tags: u64,
        #[arg(long, default_value_t = 100_000)]
        accounts: u64,
    },
    /// Print some of what is in a made-up hub, as JSON.
    Sample {
        #[command(flatten)]
        place: Place,
    },
    /// Put questions to the full text search of the database itself; print times as JSON.
    FullText {
        #[command(flatten)]
        place: Place,
        /// How long each question is put again and again.
        #[arg(long, default_value_t = 2)]
        seconds: u64,
        questions: Vec<String>,
    },
}

#[derive(clap::Args)]
struct Place {
    /// `postgres://..`, `sqlite:PATH`, or the data folder of a hub on SQLite.
    #[arg(long)]
    database: String,
}

impl Place {
    fn url(&self) -> Result<String> {
        if ["sqlite:", "postgres:", "postgresql:"]
            .iter()
            .any(|kind| self.database.starts_with(kind))
        {
            return Ok(self.database.clone());
        }
        let folder = Path::new(&self.database);
        std::fs::create_dir_all(folder)?;
        Ok(format!("sqlite:{}", folder.join("roadstead.db").display()))
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    match Options::parse().command {
        Command::Fill { place, repositories, tags, accounts } => {
            fill(&place.url()?, Sizes { accounts, repositories, tags }).await
        }
        Command::Sample { place } => {
            println!("{}", serde_json::to_string(&sample(&place.url()?).await?)?);
            Ok(())
        }
        Command::FullText { place, seconds, questions } => {
            let long = Duration::from_secs(seconds);
            let report = full_text::ask(&place.url()?, &questions, long).await?;
            println!("{}", serde_json::to_string(&report)?);
            Ok(())
        }
    }
}
