//! A page of a hundred tags out of 100 000, at the beginning, in the middle, at the end.

use std::time::Duration;

use anyhow::Result;

use super::{Small, authorizations, manifests};
use crate::bench::Bench;
use crate::bench::load::push::tag_name;
use crate::bench::report::{Bound, Table};
use crate::bench::servers::{Kind, REPOSITORY, Server};

pub fn run(bench: &Bench) -> Result<Vec<Table>> {
    let tags = bench.size(100_000, 2_000);
    let mut tables = Vec::new();
    for server in bench.start(&[Kind::Roadstead, Kind::Baseline, Kind::RoadsteadPostgres])? {
        eprintln!("bench: {tags} tags on {}", server.name());
        manifests::fill(&server, tags)?;
        for connections in [1, 8] {
            tables.push(measure(bench, &server, tags, connections)?);
        }
        tables.push(pages(bench, &server, tags)?);
    }
    Ok(tables)
}

/// The same tags as a page of the site.
fn pages(bench: &Bench, server: &Server, tags: usize) -> Result<Table> {
    let title = format!("the page of {tags} tags on {}", server.name());
    let mut table = Table::new(title);
    let duration = Duration::from_secs(1);
    let load = Small { server, method: "GET", connections: 1, duration };
    for (row, query) in [("newest first", ""), ("by name", "?sort=name"), ("filtered", "?q=99")] {
        bench.in_turn(std::slice::from_ref(server), |_, _| {
            let path = format!("/{REPOSITORY}/tags{query}");
            load.run(&[String::new()], |_| path.clone())?.record(&mut table, row);
            Ok(())
        })?;
        table.target(row, "p50 ms", Bound::AtMost(3.0));
        table.target(row, "p99 ms", Bound::AtMost(15.0));
    }
    Ok(table)
}

fn measure(bench: &Bench, server: &Server, tags: usize, connections: usize) -> Result<Table> {
    let title =
        format!("tags/list?n=100 of {tags} tags on {}, {connections} connection(s)", server.name());
    let mut table = Table::new(title);
    let places =
        [("offset 0", 0), ("1 %", tags / 100), ("50 %", tags / 2), ("99 %", tags - tags / 100)];
    let duration = Duration::from_secs(1);
    bench.in_turn(std::slice::from_ref(server), |_, server| {
        let auth = authorizations(server)?;
        for (row, offset) in places {
            let last =
                if offset == 0 { String::new() } else { format!("&last={}", tag_name(offset)) };
            let path = format!("/v2/{REPOSITORY}/tags/list?n=100{last}");
            let load = Small { server, method: "GET", connections, duration };
            load.run(&auth, |_| path.clone())?.record(&mut table, row);
        }
        Ok(())
    })?;
    for (row, _) in places {
        table.target(row, "p99 ms", Bound::AtMost(5.0));
    }
    table.ratio("99 %", "p50 ms", "offset 0", Bound::AtMost(1.3));
    Ok(table)
}
