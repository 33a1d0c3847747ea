//! The pages people look at most, on a hub with a million repositories, and what a first visit costs.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::hub::{self, QUESTIONS, Sample};
use super::{Small, scattered};
use crate::bench::Bench;
use crate::bench::report::{Bound, Table};
use crate::bench::servers::Server;

/// What a browser says it takes.
const BROWSER: &str = "Accept-Encoding: gzip, br\r\n";

pub fn run(bench: &Bench) -> Result<Vec<Table>> {
    let (seeded, sample) = hub::seeded(bench)?;
    let (server, _) = hub::start(bench, &seeded)?;
    Ok(vec![times(bench, &server, &sample)?, weight(&server)?])
}

/// What one visitor waits for, page after page.
fn times(bench: &Bench, server: &Server, sample: &Sample) -> Result<Table> {
    let mut table = Table::new("pages of the site, as HTML");
    let duration = Duration::from_secs(bench.size(5, 1) as u64);
    let load = Small { server, method: "GET", connections: 1, duration };
    let public = |turn| &sample.public[scattered(turn, sample.public.len())];
    let question = |turn: u64| hub::encoded(QUESTIONS[turn as usize % QUESTIONS.len()]);
    let pages: [(&str, &dyn Fn(u64) -> String); 4] = [
        ("home", &|_| "/explore".to_owned()),
        ("search", &|turn| format!("/search?q={}", question(turn))),
        ("repository", &|turn| page_of(public(turn))),
        ("its tags", &|turn| page_of(public(turn)) + "/tags"),
    ];
    for (row, path) in pages {
        load.run(&[BROWSER.to_owned()], path)?.record(&mut table, row);
        table.target(row, "p50 ms", Bound::AtMost(3.0));
        table.target(row, "p99 ms", Bound::AtMost(15.0));
    }
    Ok(table)
}

/// `library/redis` has its page at `/_/redis`.
fn page_of(repository: &str) -> String {
    match repository.strip_prefix("library/") {
        Some(name) => format!("/_/{name}"),
        None => format!("/{repository}"),
    }
}

/// The front page and everything it names, as a browser that was never here gets them.
fn weight(server: &Server) -> Result<Table> {
    let mut connection = server.connection()?;
    let (_, page) = connection.expect(200, "GET", "/", "", b"")?;
    let html = String::from_utf8(page).context("the front page is text")?;
    let named = html.split(['"', '#']).filter(|part| part.starts_with("/static/"));
    let paths: BTreeSet<&str> = named.chain(["/"]).collect();
    let mut bytes = 0;
    for path in &paths {
        bytes += connection.expect(200, "GET", path, BROWSER, b"")?.1.len();
    }
    let mut table = Table::new("a first visit of the front page");
    table.record("front page", &[("requests", paths.len() as f64), ("KB", bytes as f64 / 1e3)]);
    table.target("front page", "requests", Bound::AtMost(6.0));
    table.target("front page", "KB", Bound::AtMost(60.0));
    Ok(table)
}
