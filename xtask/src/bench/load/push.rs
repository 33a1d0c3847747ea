//! Writing to a registry: blobs in the three steps every client uses, manifests, many tags.

use std::fs::File;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::http::{Connection, Head, request};
use super::{hex, noise, sha256};

pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// A large body that costs no memory of its own: a shared block, repeated, then 16 bytes of its own.
#[derive(Clone)]
pub struct Body<'a> {
    block: &'a [u8],
    repeat: usize,
    tail: [u8; 16],
    pub digest: String,
}

/// Makes bodies that differ in their last bytes, hashing the common beginning once.
pub struct Bodies {
    block: Vec<u8>,
    repeat: usize,
    prefix: Sha256,
    next: AtomicUsize,
    salt: u64,
}

impl Bodies {
    /// `salt` keeps the content of one run apart from that of another.
    pub fn new(size: usize, salt: u64) -> Self {
        let block = noise(salt, size.min(16 << 20));
        let repeat = size / block.len();
        let mut prefix = Sha256::new();
        for _ in 0..repeat {
            prefix.update(&block);
        }
        Self { block, repeat, prefix, next: AtomicUsize::new(1), salt }
    }

    pub fn fresh(&self) -> Body<'_> {
        let number = self.next.fetch_add(1, Ordering::Relaxed) as u64;
        let mut tail = [0; 16];
        tail[..8].copy_from_slice(&number.to_le_bytes());
        tail[8..].copy_from_slice(&self.salt.to_le_bytes());
        let digest = self.prefix.clone().chain_update(tail).finalize();
        let digest = format!("sha256:{}", hex(&digest));
        Body { block: &self.block, repeat: self.repeat, tail, digest }
    }
}

impl Body<'_> {
    pub fn length(&self) -> u64 {
        (self.block.len() * self.repeat + self.tail.len()) as u64
    }

    /// Sends at most `limit` bytes, in pieces of 1 MiB.
    pub fn send(&self, connection: &mut Connection, limit: u64) -> Result<()> {
        let mut sent = 0;
        for _ in 0..self.repeat {
            for piece in self.block.chunks(1 << 20) {
                if sent >= limit {
                    return Ok(());
                }
                connection.send(piece)?;
                sent += piece.len() as u64;
            }
        }
        connection.send(&self.tail)
    }
}

impl Body<'_> {
    pub fn write_file(&self, path: &Path) -> Result<()> {
        let mut file = File::create(path)?;
        for _ in 0..self.repeat {
            file.write_all(self.block)?;
        }
        Ok(file.write_all(&self.tail)?)
    }
}

/// Where the session is: the path of a `Location`, which may be absolute (distribution-spec, "end-4a").
fn location(head: &Head) -> Result<String> {
    let value = head.header("location").context("an upload answer without Location")?;
    let Some((_, rest)) = value.split_once("://") else {
        return Ok(value.to_owned());
    };
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    Ok(path.to_owned())
}

pub fn begin(connection: &mut Connection, repository: &str, auth: &str) -> Result<String> {
    let path = format!("/v2/{repository}/blobs/uploads/");
    let (head, _) = connection.expect(202, "POST", &path, auth, b"")?;
    location(&head)
}

/// The head of the PATCH that carries a whole body.
pub fn patch_head(session: &str, auth: &str, length: u64) -> Vec<u8> {
    let headers = format!("{auth}Content-Type: application/octet-stream\r\n");
    request("PATCH", session, &headers, Some(length))
}

/// POST, PATCH with the whole body, PUT: what docker does for every layer.
pub fn blob(
    connection: &mut Connection,
    repository: &str,
    auth: &str,
    body: &Body<'_>,
) -> Result<()> {
    let session = begin(connection, repository, auth)?;
    connection.send(&patch_head(&session, auth, body.length()))?;
    body.send(connection, u64::MAX)?;
    let head = connection.head()?;
    let answer = connection.body(&head)?;
    ensure!(head.status == 202, "PATCH: {} {}", head.status, String::from_utf8_lossy(&answer));
    let session = location(&head)?;
    let join = if session.contains('?') { '&' } else { '?' };
    let path = format!("{session}{join}digest={}", body.digest);
    connection.expect(201, "PUT", &path, auth, b"")?;
    Ok(())
}

/// A small blob from memory.
fn small_blob(
    connection: &mut Connection,
    repository: &str,
    auth: &str,
    bytes: &[u8],
) -> Result<String> {
    let digest = sha256(bytes);
    let session = begin(connection, repository, auth)?;
    let join = if session.contains('?') { '&' } else { '?' };
    let headers = format!("{auth}Content-Type: application/octet-stream\r\n");
    connection.expect(201, "PUT", &format!("{session}{join}digest={digest}"), &headers, bytes)?;
    Ok(digest)
}

/// Some manifests of an ordinary size (a config and eight layers, about 1.5 KB) and the blobs they name.
pub fn manifests(
    addr: SocketAddr,
    repository: &str,
    auth: &str,
    count: usize,
) -> Result<Vec<Vec<u8>>> {
    let mut connection = Connection::open(addr)?;
    let mut descriptors = Vec::new();
    for number in 0..9 {
        let bytes = noise(7000 + number, 1024);
        let digest = small_blob(&mut connection, repository, auth, &bytes)?;
        descriptors.push(json!({
            "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
            "digest": digest,
            "size": bytes.len(),
        }));
    }
    descriptors[0]["mediaType"] = "application/vnd.oci.image.config.v1+json".into();
    let manifest = |number: usize| {
        json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptors[0],
            "layers": descriptors[1..],
            "annotations": {"org.example.number": number.to_string()},
        })
    };
    Ok((0..count).map(|number| manifest(number).to_string().into_bytes()).collect())
}

pub fn tag_name(number: usize) -> String {
    format!("t{number:06}")
}

/// Puts `count` tags over the given manifests, eight requests at a time. `auth` is asked for again
/// for every worker, because a token lives five minutes only.
pub fn tags(
    addr: SocketAddr,
    repository: &str,
    auth: &(dyn Fn() -> Result<String> + Sync),
    manifests: &[Vec<u8>],
    count: usize,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let worker = || -> Result<()> {
        let mut connection = Connection::open(addr)?;
        let mut headers = String::new();
        for turn in 0.. {
            if turn % 2000 == 0 {
                headers = format!("{}Content-Type: {MANIFEST}\r\n", auth()?);
            }
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                break;
            }
            let path = format!("/v2/{repository}/manifests/{}", tag_name(number));
            let manifest = &manifests[number % manifests.len()];
            connection.expect(201, "PUT", &path, &headers, manifest)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..8).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().expect("a worker reports errors, it does not panic")
        })
    })
}
