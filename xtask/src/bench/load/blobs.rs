//! Moving large blobs over several connections at once.

use std::net::SocketAddr;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use anyhow::{Result, bail};

use super::http::{Connection, request};
use super::push::{self, Body};

pub struct Moved {
    pub bytes: u64,
    pub seconds: f64,
}

/// Every connection reads `each` blobs, one after the other, starting at a place of its own.
pub fn read(
    addr: SocketAddr,
    paths: &[String],
    auth: &str,
    connections: usize,
    each: usize,
) -> Result<Moved> {
    together(connections, |number| {
        let mut connection = Connection::open(addr)?;
        let requests: Vec<_> = paths.iter().map(|path| request("GET", path, auth, None)).collect();
        Ok(move || {
            let mut bytes = 0;
            for turn in 0..each {
                connection.send(&requests[(number + turn) % requests.len()])?;
                let head = connection.head()?;
                if head.status != 200 {
                    bail!("GET of a blob answered {}", head.status);
                }
                bytes += connection.discard(&head)?;
            }
            Ok(bytes)
        })
    })
}

/// Every connection uploads its own bodies.
pub fn write(
    addr: SocketAddr,
    repository: &str,
    auth: &str,
    bodies: &[Vec<Body<'_>>],
) -> Result<Moved> {
    together(bodies.len(), |number| {
        let mut connection = Connection::open(addr)?;
        Ok(move || {
            let mut bytes = 0;
            for body in &bodies[number] {
                push::blob(&mut connection, repository, auth, body)?;
                bytes += body.length();
            }
            Ok(bytes)
        })
    })
}

/// Prepares on every thread, lets all go at once, and times until the last is done.
fn together<Work>(count: usize, prepare: impl Fn(usize) -> Result<Work> + Sync) -> Result<Moved>
where
    Work: FnMut() -> Result<u64>,
{
    let barrier = Barrier::new(count + 1);
    let (prepare, barrier) = (&prepare, &barrier);
    thread::scope(|scope| {
        let worker = move |number| {
            let work = prepare(number);
            barrier.wait();
            work?()
        };
        let workers: Vec<_> =
            (0..count).map(|number| scope.spawn(move || worker(number))).collect();
        barrier.wait();
        let began = Instant::now();
        let mut bytes = 0;
        for worker in workers {
            bytes += worker.join().expect("a worker reports errors, it does not panic")?;
        }
        Ok(Moved { bytes, seconds: began.elapsed().as_secs_f64() })
    })
}
