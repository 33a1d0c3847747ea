//! Manifest GET and HEAD by a scattered tag out of 20 000, over 64 connections. Roadstead verifies
//! a bearer token on each request; the peers ask for none.

use std::time::Duration;

use anyhow::Result;

use super::{Small, authorizations, scattered};
use crate::bench::Bench;
use crate::bench::load::push::{self, MANIFEST, tag_name};
use crate::bench::report::{Bound, Table};
use crate::bench::servers::{Kind, REPOSITORY, Server};

const SERVERS: [Kind; 6] = [
    Kind::Roadstead,
    Kind::Baseline,
    Kind::RoadsteadPostgres,
    Kind::DistributionV3,
    Kind::DockerRegistry,
    Kind::Zot,
];

/// Tags spread over this many manifests.
const MANIFESTS: usize = 64;

pub fn run(bench: &Bench) -> Result<Vec<Table>> {
    let servers = bench.start(&SERVERS)?;
    let tags = bench.size(20_000, 500);
    for server in &servers {
        eprintln!("bench: {tags} tags on {}", server.name());
        fill(server, tags)?;
    }
    ["GET", "HEAD"].into_iter().map(|method| measure(bench, &servers, method, tags)).collect()
}

pub fn fill(server: &Server, tags: usize) -> Result<()> {
    let auth = server.authorization()?;
    let manifests = push::manifests(server.addr, REPOSITORY, &auth, MANIFESTS)?;
    push::tags(server.addr, REPOSITORY, &|| server.authorization(), &manifests, tags)
}

fn measure(bench: &Bench, servers: &[Server], method: &'static str, tags: usize) -> Result<Table> {
    let mut table = Table::new(format!("manifest {method} by tag, {tags} tags, 64 connections"));
    bench.in_turn(servers, |_, server| {
        let figures = by_tag(bench, server, method, tags)?;
        figures.record(&mut table, server.name());
        Ok(())
    })?;
    let peer = "distribution-v3";
    table.ratio("roadstead", "req/s", peer, Bound::AtLeast(2.0));
    table.ratio("roadstead-postgres", "req/s", peer, Bound::AtLeast(1.3));
    table.target("roadstead", "p99 ms", Bound::AtMost(15.0));
    table.target("roadstead-postgres", "p99 ms", Bound::AtMost(15.0));
    table.notes.push(
        "CPU of roadstead-postgres includes the database's processes; peers run without authentication.".to_owned(),
    );
    Ok(table)
}

pub fn by_tag(
    bench: &Bench,
    server: &Server,
    method: &'static str,
    tags: usize,
) -> Result<super::Figures> {
    let accept = format!("Accept: {MANIFEST}\r\n");
    let auth: Vec<_> = authorizations(server)?.into_iter().map(|auth| auth + &accept).collect();
    let path = |turn| format!("/v2/{REPOSITORY}/manifests/{}", tag_name(scattered(turn, tags)));
    let duration = Duration::from_secs(bench.size(4, 1) as u64);
    Small { server, method, connections: 64, duration }.run(&auth, path)
}
