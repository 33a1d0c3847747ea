//! From the start of the process on an empty folder to the first good answer.

use std::fs;

use anyhow::Result;

use crate::bench::Bench;
use crate::bench::report::{Bound, Table};
use crate::bench::servers::{Kind, Server};

pub fn run(bench: &Bench) -> Result<Vec<Table>> {
    let mut table = Table::new("start on an empty folder, until ready");
    let kinds = bench.available(&Kind::REGISTRIES);
    for _ in 0..bench.rounds * 2 {
        for kind in &kinds {
            let folder = bench.work.join("start");
            let server = Server::start(*kind, &bench.programs, &folder, None)?;
            table.record(server.name(), &[("ready ms", server.start_seconds * 1000.0)]);
            drop(server);
            fs::remove_dir_all(folder)?;
        }
    }
    table.target("roadstead", "ready ms", Bound::AtMost(200.0));
    Ok(vec![table])
}
