//! Writing layers: POST, PATCH with the whole body, PUT; new content every time; 201 means durable.

use std::fs;

use anyhow::Result;

use super::{MIB, salt};
use crate::bench::Bench;
use crate::bench::load::blobs;
use crate::bench::load::push::{self, Bodies, Body};
use crate::bench::process::PeakWatch;
use crate::bench::report::{Bound, Table};
use crate::bench::servers::{Kind, REPOSITORY, Server};

pub fn run(bench: &Bench) -> Result<Vec<Table>> {
    let mut tables =
        vec![rounds(bench, bench.size(10, 1), 8, 8)?, rounds(bench, bench.size(1024, 64), 1, 1)?];
    for table in &mut tables {
        table.ratio("roadstead", "MB/s", "docker-registry", Bound::AtLeast(2.0));
        table.ratio("roadstead", "cpu s/GB", "docker-registry", Bound::AtMost(0.5));
        table.ratio("roadstead", "MB/s", "distribution-v3", Bound::AtLeast(1.3));
        table.ratio("roadstead", "cpu s/GB", "distribution-v3", Bound::AtMost(0.8));
    }
    Ok(tables)
}

/// Every server begins every round anew on an empty folder: what earlier rounds wrote takes no
/// disk, and the memory that cached it serves the next one.
fn rounds(bench: &Bench, mebibytes: usize, connections: usize, each: usize) -> Result<Table> {
    let mut table = Table::new(format!("blob PUT, {mebibytes} MiB, {connections} connection(s)"));
    let source = Bodies::new(mebibytes * MIB, salt() + mebibytes as u64);
    let kinds = bench.available(&Kind::REGISTRIES);
    for _ in 0..bench.rounds {
        for kind in &kinds {
            let folder = bench.work.join("put");
            let server = Server::start(*kind, &bench.programs, &folder, None)?
                .with_account(&bench.programs)?;
            let fresh = || (0..each).map(|_| source.fresh()).collect();
            let bodies: Vec<Vec<_>> = (0..connections).map(|_| fresh()).collect();
            upload(&server, &bodies, &mut table)?;
            drop(server);
            fs::remove_dir_all(folder)?;
        }
    }
    Ok(table)
}

fn upload(server: &Server, bodies: &[Vec<Body<'_>>], table: &mut Table) -> Result<()> {
    let auth = server.authorization()?;
    // The first upload of a process pays for its threads and statements.
    let first = Bodies::new(MIB, salt());
    push::blob(&mut server.connection()?, REPOSITORY, &auth, &first.fresh())?;
    let total: u64 = bodies.iter().flatten().map(Body::length).sum();
    back_memory(usize::try_from(total)? * 3 / 2);
    rustix::fs::sync();
    let watch = PeakWatch::start(server.roots());
    let before = server.cpu_seconds();
    let moved = blobs::write(server.addr, REPOSITORY, &auth, bodies)?;
    let cpu = server.cpu_seconds() - before;
    let peak = watch.finish();
    let bytes = moved.bytes as f64;
    let figures = [
        ("MB/s", bytes / 1e6 / moved.seconds),
        ("cpu s/GB", cpu / (bytes / 1e9)),
        ("anon MiB", peak.anonymous_mib),
    ];
    table.record(server.name(), &figures);
    Ok(())
}

/// In a virtual machine the first touch of a page that the host took back costs three times the
/// copy itself, and fell on whichever server came first to such pages (seen: 2.9 against 0.95 s of
/// CPU a GB, from round to round). Pages touched and freed just now are the next to be given out.
fn back_memory(bytes: usize) {
    std::hint::black_box(vec![1_u8; bytes]);
}
