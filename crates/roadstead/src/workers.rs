//! The workers of this process, which do the jobs that operations leave behind.

use anyhow::Context;
use roadstead_db::Db;
use roadstead_hub::Hub;
use roadstead_jobs::{Runner, Workers};
use roadstead_mail::{Mailer, Sender};
use roadstead_worker::LetterWork;

use crate::config::Config;

/// Starts them. `base` is the hub's URL for links in letters.
pub async fn start(
    hub: &Hub,
    db: &Db,
    node: String,
    config: &Config,
    base: &str,
) -> anyhow::Result<Workers> {
    let clock = hub.clone();
    let runner = Runner::new(db.clone(), node, move || clock.now());
    let mut workers = Workers::start(runner).await.context("the database cannot be written")?;
    let mailer = mailer(config, base)?;
    workers.add(LetterWork::new(hub.clone(), mailer, base.to_owned()));
    Ok(workers)
}

fn mailer(config: &Config, base: &str) -> anyhow::Result<Mailer> {
    let mail = &config.server.mail;
    let authority = base.split_once("://").map_or(base, |(_, authority)| authority);
    let from = mail.from.clone().unwrap_or_else(|| Sender::of_host(without_port(authority)));
    match &mail.server {
        Some(server) => {
            tracing::info!("letters go out through {server}");
            Mailer::smtp(server, from, authority).map_err(anyhow::Error::msg)
        }
        None => Ok(Mailer::outbox(&config.data.data_dir.join("outbox"), from, authority)),
    }
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}
