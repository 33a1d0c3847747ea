//! Many small requests over many kept-alive connections from one thread (epoll), every connection
//! asking again as soon as it has its answer.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::event::epoll;

use super::http::find;

pub struct Outcome {
    pub requests: u64,
    pub seconds: f64,
    /// Sorted.
    latencies_us: Vec<u32>,
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        self.requests as f64 / self.seconds
    }

    pub fn percentile_ms(&self, share: f64) -> f64 {
        let last = self.latencies_us.len().saturating_sub(1);
        let at = (last as f64 * share).round() as usize;
        f64::from(self.latencies_us.get(at).copied().unwrap_or(0)) / 1000.0
    }
}

struct Client {
    stream: TcpStream,
    received: Vec<u8>,
    asked: Instant,
    headless: bool,
}

/// `next(connection, buffer)` writes the next request of a connection.
pub fn drive(
    addr: SocketAddr,
    connections: usize,
    duration: Duration,
    next: &mut dyn FnMut(usize, &mut Vec<u8>),
) -> Result<Outcome> {
    let poll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    let mut clients = Vec::new();
    for number in 0..connections {
        let stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        epoll::add(
            &poll,
            &stream,
            epoll::EventData::new_u64(number as u64),
            epoll::EventFlags::IN,
        )?;
        clients.push(Client {
            stream,
            received: Vec::new(),
            asked: Instant::now(),
            headless: false,
        });
    }
    let began = Instant::now();
    let mut line = Vec::new();
    for (number, client) in clients.iter_mut().enumerate() {
        client.ask(number, &mut line, next)?;
    }
    let mut latencies_us = Vec::new();
    let mut events = Vec::with_capacity(connections);
    let tick = rustix::event::Timespec { tv_sec: 10, tv_nsec: 0 };
    while began.elapsed() < duration {
        events.clear();
        epoll::wait(&poll, rustix::buffer::spare_capacity(&mut events), Some(&tick))?;
        ensure!(!events.is_empty(), "no answer for ten seconds");
        for event in &events {
            let number = usize::try_from(event.data.u64())?;
            let client = &mut clients[number];
            if client.receive()? {
                latencies_us.push(u32::try_from(client.asked.elapsed().as_micros())?);
                client.ask(number, &mut line, next)?;
            }
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    latencies_us.sort_unstable();
    Ok(Outcome { requests: latencies_us.len() as u64, seconds, latencies_us })
}

impl Client {
    fn ask(
        &mut self,
        number: usize,
        line: &mut Vec<u8>,
        next: &mut dyn FnMut(usize, &mut Vec<u8>),
    ) -> Result<()> {
        line.clear();
        next(number, line);
        self.headless = line.starts_with(b"HEAD");
        self.received.clear();
        self.asked = Instant::now();
        // A request of some hundred bytes always fits the empty send buffer of a connection.
        let sent = self.stream.write(line).context("sending")?;
        ensure!(sent == line.len(), "the send buffer took half a request");
        Ok(())
    }

    /// Takes what has arrived; true when the answer is whole.
    fn receive(&mut self) -> Result<bool> {
        let mut scratch = [0; 16 * 1024];
        match self.stream.read(&mut scratch) {
            Ok(0) => bail!("the server closed a connection"),
            Ok(count) => self.received.extend_from_slice(&scratch[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error).context("receiving"),
        }
        let Some(end) = find(&self.received, b"\r\n\r\n") else {
            return Ok(false);
        };
        if !self.received.starts_with(b"HTTP/1.1 200") {
            bail!("an answer that is not 200: {}", String::from_utf8_lossy(&self.received));
        }
        Ok(self.headless || self.whole(end))
    }

    fn whole(&self, end: usize) -> bool {
        match content_length(&self.received[..end]) {
            Some(length) => self.received.len() >= end + 4 + length,
            None => self.received.ends_with(b"0\r\n\r\n"),
        }
    }
}

fn content_length(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"\r\ncontent-length:";
    let at = head.windows(NAME.len()).position(|window| window.eq_ignore_ascii_case(NAME))?;
    let value = &head[at + NAME.len()..];
    let value = &value[..value.iter().position(|byte| *byte == b'\r').unwrap_or(value.len())];
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}
