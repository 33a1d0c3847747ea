//! What is measured. Each module starts its servers, fills them, and returns tables with targets.

pub mod blob_get;
pub mod blob_put;
pub mod clients;
pub mod hub;
pub mod manifests;
pub mod memory;
pub mod start;
pub mod tags;
pub mod tokens;
pub mod web;

use std::time::Duration;

use anyhow::Result;

use super::load::http::request;
use super::load::small::{self, Outcome};
use super::process::PeakWatch;
use super::report::Table;
use super::servers::Server;

const MIB: usize = 1 << 20;

/// A closed loop of small requests, with its cost on the server.
struct Small<'a> {
    server: &'a Server,
    method: &'static str,
    connections: usize,
    duration: Duration,
}

impl Small<'_> {
    /// `path(n)` is the path of the n-th request; `auth` is spread over the connections.
    fn run(&self, auth: &[String], path: impl Fn(u64) -> String) -> Result<Figures> {
        let mut count = 0;
        let mut next = |connection: usize, line: &mut Vec<u8>| {
            let headers = &auth[connection % auth.len()];
            line.extend_from_slice(&request(self.method, &path(count), headers, None));
            count += 1;
        };
        let watch = PeakWatch::start(self.server.roots());
        let before = self.server.cpu_seconds();
        let outcome = small::drive(self.server.addr, self.connections, self.duration, &mut next)?;
        let cpu = self.server.cpu_seconds() - before;
        let peak = watch.finish();
        Ok(Figures { outcome, cpu, anonymous_mib: peak.anonymous_mib })
    }
}

pub struct Figures {
    outcome: Outcome,
    cpu: f64,
    anonymous_mib: f64,
}

impl Figures {
    fn record(&self, table: &mut Table, row: &str) {
        table.record(
            row,
            &[
                ("req/s", self.outcome.per_second()),
                ("p50 ms", self.outcome.percentile_ms(0.50)),
                ("p99 ms", self.outcome.percentile_ms(0.99)),
                ("cpu us/req", self.cpu * 1e6 / self.outcome.requests as f64),
                ("anon MiB", self.anonymous_mib),
            ],
        );
    }
}

/// Some tokens, so that the server does not see one string for ever.
fn authorizations(server: &Server) -> Result<Vec<String>> {
    (0..4).map(|_| server.authorization()).collect()
}

/// A salt for this run's content: different in every process, so that no run meets old bytes.
fn salt() -> u64 {
    u64::from(std::process::id()) << 20
}

/// A number that jumps about in `0..count`, the same for every server.
fn scattered(turn: u64, count: usize) -> usize {
    let mixed = (turn + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
    (mixed % count as u64) as usize
}
