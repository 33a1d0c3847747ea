//! A blocking HTTP/1.1 connection, kept open: just enough to drive a registry.
//!
//! Not a general client: no TLS, no redirects, no trailers.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rustix::net::{RecvFlags, recv};

const READ: usize = 1 << 20;

pub struct Connection {
    stream: TcpStream,
    /// Bytes received and not yet taken.
    pending: Vec<u8>,
    scratch: Vec<u8>,
}

pub struct Head {
    pub status: u16,
    text: String,
}

impl Head {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.text.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    fn length(&self) -> Result<Option<u64>> {
        let Some(value) = self.header("content-length") else {
            return Ok(None);
        };
        Ok(Some(value.parse().context("Content-Length is not a number")?))
    }
}

/// The head of a request without a body of its own framing.
pub fn request(method: &str, path: &str, headers: &str, body: Option<u64>) -> Vec<u8> {
    let length = body.map(|length| format!("Content-Length: {length}\r\n")).unwrap_or_default();
    format!("{method} {path} HTTP/1.1\r\nHost: bench\r\n{headers}{length}\r\n").into_bytes()
}

impl Connection {
    pub fn open(addr: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(addr).with_context(|| format!("connecting to {addr}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        Ok(Self { stream, pending: Vec::new(), scratch: vec![0; READ] })
    }

    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes).context("sending")
    }

    pub fn head(&mut self) -> Result<Head> {
        loop {
            if let Some(end) = find(&self.pending, b"\r\n\r\n") {
                let text = String::from_utf8(self.pending.drain(..end + 4).collect())?;
                let status = text.split(' ').nth(1).and_then(|word| word.parse().ok());
                let status = status.with_context(|| format!("not an HTTP answer: {text:?}"))?;
                return Ok(Head { status, text });
            }
            self.fill()?;
        }
    }

    fn fill(&mut self) -> Result<()> {
        let count = loop {
            match self.stream.read(&mut self.scratch[..64 * 1024]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other.context("receiving")?,
            }
        };
        ensure!(count > 0, "the server closed the connection");
        self.pending.extend_from_slice(&self.scratch[..count]);
        Ok(())
    }

    pub fn body(&mut self, head: &Head) -> Result<Vec<u8>> {
        if let Some(length) = head.length()? {
            let length = usize::try_from(length)?;
            while self.pending.len() < length {
                self.fill()?;
            }
            return Ok(self.pending.drain(..length).collect());
        }
        if head.header("transfer-encoding").is_some() {
            return self.chunks();
        }
        Ok(Vec::new())
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let end = loop {
                match find(&self.pending, b"\r\n") {
                    Some(end) => break end,
                    None => self.fill()?,
                }
            };
            let line = String::from_utf8_lossy(&self.pending[..end]).into_owned();
            let size = usize::from_str_radix(line.trim(), 16).context("chunk size")?;
            while self.pending.len() < end + 2 + size + 2 {
                self.fill()?;
            }
            body.extend_from_slice(&self.pending[end + 2..end + 2 + size]);
            self.pending.drain(..end + 2 + size + 2);
            if size == 0 {
                return Ok(body);
            }
        }
    }

    /// Throws a body away without copying it out of the kernel (`MSG_TRUNC` on a stream socket, tcp(7)).
    pub fn discard(&mut self, head: &Head) -> Result<u64> {
        let length = head.length()?.context("a blob answer without Content-Length")?;
        let already = length.min(self.pending.len() as u64);
        self.pending.drain(..usize::try_from(already)?);
        let mut left = length - already;
        while left > 0 {
            let most = usize::try_from(left)?.min(READ);
            let (_, count) = recv(&self.stream, &mut self.scratch[..most], RecvFlags::TRUNC)?;
            ensure!(count > 0, "the body ended {left} bytes early");
            left -= count as u64;
        }
        Ok(length)
    }

    /// One whole exchange with a small body both ways.
    pub fn exchange(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> Result<(Head, Vec<u8>)> {
        let length = (method != "GET" && method != "HEAD").then_some(body.len() as u64);
        let mut message = request(method, path, headers, length);
        message.extend_from_slice(body);
        self.send(&message)?;
        let head = self.head()?;
        let body = if method == "HEAD" { Vec::new() } else { self.body(&head)? };
        Ok((head, body))
    }

    pub fn expect(
        &mut self,
        status: u16,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> Result<(Head, Vec<u8>)> {
        let (head, answer) = self.exchange(method, path, headers, body)?;
        if head.status != status {
            bail!(
                "{method} {path}: {} instead of {status}: {}",
                head.status,
                String::from_utf8_lossy(&answer)
            );
        }
        Ok((head, answer))
    }
}

pub fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
