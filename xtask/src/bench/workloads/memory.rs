//! Memory at rest, and with 64 uploads of 1 GiB under way at once.
//!
//! Each upload declares 1 GiB and is broken off after its first part: memory that grew with the
//! size would show long before, and 64 GiB need not be written.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::{MIB, salt};
use crate::bench::Bench;
use crate::bench::load::http::Connection;
use crate::bench::load::push::{self, Bodies};
use crate::bench::process::{Memory, PeakWatch};
use crate::bench::report::{Bound, Table};
use crate::bench::servers::{Kind, REPOSITORY, Server};

const UPLOADS: usize = 64;

pub fn run(bench: &Bench) -> Result<Vec<Table>> {
    let kinds = bench.available(&Kind::REGISTRIES);
    let sent = bench.size(128, 8);
    let mut table = Table::new(format!(
        "memory: at rest, and with {UPLOADS} uploads of 1 GiB under way (first {sent} MiB each)"
    ));
    let source = Bodies::new(1024 * MIB, salt() + 4);
    // Each figure needs a process without a past, and the data of 64 uploads is large.
    for _ in 0..bench.rounds.min(3) {
        for kind in &kinds {
            let folder = bench.work.join("memory");
            let server = Server::start(*kind, &bench.programs, &folder, None)?
                .with_account(&bench.programs)?;
            thread::sleep(Duration::from_secs(2));
            let idle = server.memory();
            let peak = uploads(&server, &source, (sent * MIB) as u64)?;
            table.record(server.name(), &figures(idle, peak));
            drop(server);
            std::fs::remove_dir_all(folder)?;
        }
    }
    table.target("roadstead", "idle RSS MiB", Bound::AtMost(40.0));
    table.target("roadstead", "uploads RSS MiB", Bound::AtMost(150.0));
    Ok(vec![table])
}

fn figures(idle: Memory, peak: Memory) -> [(&'static str, f64); 4] {
    [
        ("idle RSS MiB", idle.resident_mib),
        ("idle anon MiB", idle.anonymous_mib),
        ("uploads RSS MiB", peak.resident_mib),
        ("uploads anon MiB", peak.anonymous_mib),
    ]
}

fn uploads(server: &Server, source: &Bodies, limit: u64) -> Result<Memory> {
    let auth = &server.authorization()?;
    // All sessions exist before the first byte, and none is given up before the last.
    let (ready, done) = (&Barrier::new(UPLOADS), &Barrier::new(UPLOADS));
    let watch = PeakWatch::start(server.roots());
    let upload = || -> Result<()> {
        let body = source.fresh();
        let opened = open(server, auth, body.length());
        ready.wait();
        let sent = opened
            .and_then(|mut connection| body.send(&mut connection, limit).map(|()| connection));
        done.wait();
        sent.map(drop)
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..UPLOADS).map(|_| scope.spawn(upload)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().expect("a worker reports errors, it does not panic")
        })
    })?;
    Ok(watch.finish())
}

fn open(server: &Server, auth: &str, length: u64) -> Result<Connection> {
    let mut connection = server.connection()?;
    let session = push::begin(&mut connection, REPOSITORY, auth)?;
    connection.send(&push::patch_head(&session, auth, length))?;
    Ok(connection)
}
