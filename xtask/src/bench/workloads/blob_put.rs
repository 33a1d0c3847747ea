//! Writing layers: POST, PATCH with the whole body, PUT; new content every time; 201 means durable.

use anyhow::Result;

use super::{MIB, salt};
use crate::bench::Bench;
use crate::bench::load::blobs;
use crate::bench::load::push::Bodies;
use crate::bench::process::PeakWatch;
use crate::bench::report::{Bound, Table};
use crate::bench::servers::{Kind, REPOSITORY, Server};

pub fn run(bench: &Bench) -> Result<Vec<Table>> {
    let servers = bench.start(&Kind::REGISTRIES)?;
    let mut tables = vec![
        upload(bench, &servers, bench.size(10, 1), 8, 8)?,
        upload(bench, &servers, bench.size(1024, 64), 1, 1)?,
    ];
    for table in &mut tables {
        table.ratio("roadstead", "MB/s", "docker-registry", Bound::AtLeast(2.0));
        table.ratio("roadstead", "cpu s/GB", "docker-registry", Bound::AtMost(0.5));
        table.ratio("roadstead", "MB/s", "distribution-v3", Bound::AtLeast(1.3));
        table.ratio("roadstead", "cpu s/GB", "distribution-v3", Bound::AtMost(0.8));
    }
    Ok(tables)
}

fn upload(
    bench: &Bench,
    servers: &[Server],
    mebibytes: usize,
    connections: usize,
    each: usize,
) -> Result<Table> {
    let title = format!("blob PUT, {mebibytes} MiB, {connections} connection(s)");
    let mut table = Table::new(title);
    let source = Bodies::new(mebibytes * MIB, salt() + mebibytes as u64);
    bench.in_turn(servers, |_, server| {
        let fresh = || (0..each).map(|_| source.fresh()).collect();
        let bodies: Vec<Vec<_>> = (0..connections).map(|_| fresh()).collect();
        let auth = server.authorization()?;
        let watch = PeakWatch::start(server.roots());
        let before = server.cpu_seconds();
        let moved = blobs::write(server.addr, REPOSITORY, &auth, &bodies)?;
        let cpu = server.cpu_seconds() - before;
        let peak = watch.finish();
        let bytes = moved.bytes as f64;
        table.record(
            server.name(),
            &[
                ("MB/s", bytes / 1e6 / moved.seconds),
                ("cpu s/GB", cpu / (bytes / 1e9)),
                ("anon MiB", peak.anonymous_mib),
            ],
        );
        Ok(())
    })?;
    Ok(table)
}
