//! Blobs of a folder over plain HTTP, which the kernel sends from their files: the client gets the
//! bytes it asked for and nothing else, whatever it, the network and the file do meanwhile.

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use roadstead_testkit::{Backend, Client, Hub, RawConnection, Repo, eventually, noise};

use crate::desk::{everything, is_blob};

const MIB: usize = 1 << 20;

/// Alice's repository on a hub that keeps blobs in a folder.
struct Shelf {
    hub: Hub,
    repo: Repo,
    token: String,
    metrics: Client,
}

impl Shelf {
    async fn new() -> Self {
        let hub = Hub::with().backend(Backend::Embedded);
        let hub = hub.args(["--metrics-listen", "127.0.0.1:0"]).start().await;
        let alice = hub.user("alice").await;
        let repo = everything(&alice, "alice/app").await;
        let token = alice.registry_token(&["repository:alice/app:pull"]).await;
        let log = hub.log();
        let metrics = log.split("metrics on ").nth(1).unwrap().split("/metrics").next().unwrap();
        let metrics = Client::new(metrics.to_owned());
        Self { hub, repo, token, metrics }
    }

    fn file(&self, digest: &str) -> PathBuf {
        let hex = digest.strip_prefix("sha256:").unwrap();
        self.hub.data_dir().join(format!("blobs/blobs/sha256/{}/{hex}", &hex[..2]))
    }

    fn request(&self, method: &str, digest: &str, headers: &str) -> String {
        let (path, host) = (self.repo.path(&format!("blobs/{digest}")), self.hub.address());
        let token = &self.token;
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n{headers}\r\n"
        )
    }

    async fn begin(&self, digest: &str) -> RawConnection {
        let mut connection = self.hub.raw().await;
        connection.send(self.request("GET", digest, "")).await;
        let head = connection.read_head(20).await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        connection
    }

    /// How many descriptors of the server lead to this blob.
    fn descriptors(&self, digest: &str) -> usize {
        let file = self.file(digest).canonicalize().unwrap();
        let open = std::fs::read_dir(format!("/proc/{}/fd", self.hub.pid())).unwrap();
        open.filter(|fd| std::fs::read_link(fd.as_ref().unwrap().path()).is_ok_and(|to| to == file))
            .count()
    }

    /// Bytes that the kernel sent from files.
    async fn sent_from_files(&self) -> f64 {
        let text = self.metrics.get("/metrics").await.is(200).text();
        let metric = "roadstead_http_sent_from_files_bytes_total ";
        let value = text.lines().find_map(|line| line.strip_prefix(metric));
        value.map_or(0.0, |value| value.parse().unwrap())
    }

    /// Whether the file system of the folder tells what of a file is in memory (Linux, `RWF_NOWAIT`).
    fn tells_what_is_cached(&self, digest: &str) -> bool {
        let file = File::open(self.file(digest)).unwrap();
        let (mut byte, now) = ([0], rustix::io::ReadWriteFlags::NOWAIT);
        rustix::io::preadv2(file, &mut [std::io::IoSliceMut::new(&mut byte)], 0, now) == Ok(1)
    }
}

#[tokio::test]
async fn every_length_and_every_range_arrives_byte_for_byte() {
    let shelf = Shelf::new().await;
    let (mut asked_for, mut last) = (0, String::new());
    for length in [0, 1, 65_535, 65_536, 65_537, MIB - 1, MIB, MIB + 1, 3 * MIB + 70_001] {
        let bytes = noise(length as u64 + 1, length);
        let digest = shelf.repo.push_blob(bytes.clone()).await;
        is_blob(&shelf.repo.blob(&digest).await.is(200), &digest, &bytes);
        let head = shelf.repo.head_blob(&digest).await.is(200);
        assert_eq!(head.header("content-length"), length.to_string());
        for part in [0..length, 1..length, length / 3..length, length / 7..length / 7 * 6] {
            if part.is_empty() {
                continue;
            }
            let range = format!("bytes={}-{}", part.start, part.end - 1);
            let answer = shelf.repo.blob(&digest).header("range", &range).await.is(206);
            assert!(answer.bytes()[..] == bytes[part], "{range} of {length}");
        }
        asked_for += length * 4;
        last = digest;
    }

    if shelf.tells_what_is_cached(&last) {
        let sent = shelf.sent_from_files().await;
        assert!(sent > asked_for as f64 * 0.5, "only {sent} bytes came straight from files");
    }
}

#[tokio::test]
async fn answers_to_requests_sent_in_advance_come_whole_and_in_turn() {
    let shelf = Shelf::new().await;
    let (small, large) = (noise(1, 700), noise(2, 2 * MIB + 5));
    let small_digest = shelf.repo.push_blob(small.clone()).await;
    let large_digest = shelf.repo.push_blob(large.clone()).await;
    let missing = format!("sha256:{:064}", 0);
    let requests: [(_, _, _, &[u8]); 7] = [
        ("GET", &large_digest, "", &large),
        ("GET", &small_digest, "", &small),
        ("HEAD", &large_digest, "", b""),
        ("GET", &large_digest, "Range: bytes=9-1500000\r\n", &large[9..=1_500_000]),
        ("GET", &missing, "", b"{"),
        ("GET", &large_digest, "Range: bytes=-99999\r\n", &large[large.len() - 99_999..]),
        ("GET", &large_digest, "", &large),
    ];
    let mut connection = shelf.hub.raw().await;
    for round in 0..3 {
        let sent = requests
            .iter()
            .map(|(method, digest, headers, _)| shelf.request(method, digest, headers));
        connection.send(sent.collect::<String>()).await;
        for (method, _, headers, expected) in &requests {
            let head = connection.read_head(20).await;
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length = if method == &"HEAD" { 0 } else { length.unwrap().parse().unwrap() };
            let body = connection.read_bytes(length, 20).await;
            // Of the error only the beginning is known.
            assert_eq!(body.len(), if expected == b"{" { length } else { expected.len() });
            assert!(body.starts_with(expected), "round {round}: {method} {headers}\n{head}");
        }
    }
}

#[tokio::test]
async fn a_reader_that_pauses_and_sips_gets_everything() {
    let shelf = Shelf::new().await;
    // More than the kernel keeps for a connection.
    let bytes = noise(3, 20 * MIB + 3);
    let digest = shelf.repo.push_blob(bytes.clone()).await;
    let mut connection = shelf.begin(&digest).await;

    let mut read = Vec::new();
    while read.len() < bytes.len() {
        if read.len() < 3_000_000 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let sip = connection.read_bytes((bytes.len() - read.len()).min(100_003), 20).await;
        assert!(!sip.is_empty(), "the server stopped at {}", read.len());
        read.extend(sip);
    }

    assert!(read == bytes);
    connection.send(shelf.request("GET", &digest, "Range: bytes=5-9\r\n")).await;
    assert!(connection.read_head(20).await.starts_with("HTTP/1.1 206"));
    assert_eq!(connection.read_bytes(5, 20).await, bytes[5..10]);
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_leaves_nothing_open() {
    let shelf = Shelf::new().await;
    let bytes = noise(4, 20 * MIB);
    let digest = shelf.repo.push_blob(bytes.clone()).await;

    let mut connections = Vec::new();
    for _ in 0..8 {
        let mut connection = shelf.begin(&digest).await;
        assert!(bytes.starts_with(&connection.read_bytes(1_500_000, 20).await));
        connections.push(connection);
    }
    assert_eq!(shelf.descriptors(&digest), 8, "no download may have ended yet");
    drop(connections);

    let closed = async || (shelf.descriptors(&digest) == 0).then_some(());
    eventually("the files are closed", 20, closed).await;
    is_blob(&shelf.repo.blob(&digest).await.is(200), &digest, &bytes);
}

#[tokio::test]
async fn a_file_that_shrinks_breaks_the_download_and_is_never_padded() {
    let shelf = Shelf::new().await;
    let bytes = noise(5, 24 * MIB);
    let digest = shelf.repo.push_blob(bytes.clone()).await;
    let mut connection = shelf.begin(&digest).await;
    let mut read = connection.read_bytes(100_000, 20).await;
    tokio::time::sleep(Duration::from_millis(200)).await;

    File::options().write(true).open(shelf.file(&digest)).unwrap().set_len(12 << 20).unwrap();
    read.extend(connection.read_bytes(bytes.len(), 20).await);

    assert!(read.len() <= 12 * MIB && bytes.starts_with(&read), "{} bytes came", read.len());
    assert!(shelf.hub.log().contains("a download broke off"), "the operator is not told");
}
