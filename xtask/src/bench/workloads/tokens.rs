//! What the requests around a pull cost, against a manifest HEAD on the same server.

use std::time::Duration;

use anyhow::{Context, Result};

use super::{Small, authorizations, manifests};
use crate::bench::Bench;
use crate::bench::load::push;
use crate::bench::report::{Bound, Table};
use crate::bench::servers::{Kind, REPOSITORY, Server};

const BLOBS: usize = 256;

pub fn run(bench: &Bench) -> Result<Vec<Table>> {
    let servers = bench.start(&[Kind::Roadstead, Kind::Baseline, Kind::RoadsteadPostgres])?;
    servers.iter().map(|server| measure(bench, server)).collect()
}

fn measure(bench: &Bench, server: &Server) -> Result<Table> {
    let tags = bench.size(20_000, 500);
    manifests::fill(server, tags)?;
    let digests = fill_blobs(server)?;
    let mut table =
        Table::new(format!("token issue and blob HEAD on {}, 64 connections", server.name()));
    let duration = Duration::from_secs(bench.size(4, 1) as u64);
    bench.in_turn(std::slice::from_ref(server), |_, server| {
        manifests::by_tag(bench, server, "HEAD", tags)?.record(&mut table, "manifest HEAD");
        let path = server.credentials().context("Roadstead asks for tokens")?.anonymous_path();
        let load = Small { server, method: "GET", connections: 64, duration };
        load.run(&[String::new()], |_| path.clone())?.record(&mut table, "token issue");
        let load = Small { method: "HEAD", ..load };
        let blob = |turn: u64| format!("/v2/{REPOSITORY}/blobs/{}", digests[turn as usize % BLOBS]);
        load.run(&authorizations(server)?, blob)?.record(&mut table, "blob HEAD");
        Ok(())
    })?;
    for row in ["token issue", "blob HEAD"] {
        table.ratio(row, "cpu us/req", "manifest HEAD", Bound::AtMost(2.0));
    }
    Ok(table)
}

fn fill_blobs(server: &Server) -> Result<Vec<String>> {
    let auth = server.authorization()?;
    let mut connection = server.connection()?;
    let source = push::Bodies::new(1024, super::salt());
    let push = |_| {
        let body = source.fresh();
        push::blob(&mut connection, REPOSITORY, &auth, &body).map(|()| body.digest.clone())
    };
    (0..BLOBS).map(push).collect()
}
