//! The client against real sockets. Each refusal is proved by a canary: a server that must hear nothing.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use roadstead_outbound::{Bounds, Client, Lookup, OutboundError, PictureError, Pictures, Rules};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const BOUNDS: Bounds = Bounds { bytes: 1000, time: Duration::from_secs(5), redirects: 3 };

/// A server that gives every connection the same answer, and counts them.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn at(ip: &str, answer: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let (address, answer) = (listener.local_addr().unwrap(), answer.into());
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let answer = answer.clone();
                tokio::spawn(async move {
                    let _ = stream.read(&mut [0; 4096]).await;
                    let _ = stream.write_all(&answer).await;
                    // Nothing said is no end: who waits for more waits.
                    if answer.is_empty() {
                        std::future::pending::<()>().await;
                    }
                });
            }
        });
        Self { address, connections }
    }

    fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    fn named(&self, host: &str) -> String {
        format!("http://{host}:{}/", self.address.port())
    }

    fn heard(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn ok(content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn leads_to(there: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {there}\r\ncontent-length: 0\r\n\r\n")
}

/// Names whose addresses change with each question.
struct Names(Mutex<VecDeque<Vec<IpAddr>>>);

impl Names {
    fn answering(answers: &[&[&str]]) -> Arc<Self> {
        let parsed = answers.iter().map(|ips| ips.iter().map(|ip| ip.parse().unwrap()).collect());
        Arc::new(Self(Mutex::new(parsed.collect())))
    }
}

#[async_trait]
impl Lookup for Names {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let next = self.0.lock().unwrap().pop_front();
        next.ok_or_else(|| io::Error::other(format!("{host} is asked for once more")))
    }
}

fn client(allowed: &[&str], names: Arc<Names>) -> Client {
    let allowed = allowed.iter().map(|network| network.parse().unwrap()).collect();
    Client::new(Rules { allowed }, names).unwrap()
}

/// May ask 127.0.0.1, and nothing else on this machine.
fn near(answers: &[&[&str]]) -> Client {
    client(&["127.0.0.1"], Names::answering(answers))
}

#[tokio::test]
async fn this_machine_is_not_asked_unless_its_network_is_allowed() {
    let canary = Server::at("127.0.0.1", ok("text/plain", b"inside")).await;
    let guarded = client(&[], Names::answering(&[&["127.0.0.1"], &["1.1.1.1", "127.0.0.1"]]));

    let by_address = guarded.get(&canary.url(), &BOUNDS).await.unwrap_err();
    assert!(matches!(by_address, OutboundError::NotPublic(_)), "{by_address}");
    for _ in 0..2 {
        let by_name = guarded.get(&canary.named("inside.example"), &BOUNDS).await.unwrap_err();
        assert!(matches!(by_name, OutboundError::NotPublic(_)), "{by_name}");
    }
    assert_eq!(canary.heard(), 0);

    let answer =
        near(&[&["127.0.0.1"]]).get(&canary.named("inside.example"), &BOUNDS).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.body.as_ref()), (200, b"inside".as_slice()));
    assert_eq!(answer.content_type.as_deref(), Some("text/plain"));
}

/// A name that is harmless when it is judged and leads inside when it is used.
#[tokio::test]
async fn the_address_that_was_judged_is_the_one_that_is_asked() {
    let judged = Server::at("127.0.0.1", ok("text/plain", b"judged")).await;
    let client = near(&[&["127.0.0.1"], &["127.0.0.2"]]);

    let answer = client.get(&judged.named("turns.example"), &BOUNDS).await.unwrap();
    assert_eq!(answer.body.as_ref(), b"judged");
    // No connection is kept: the next request judges the name anew.
    let refused = client.get(&judged.named("turns.example"), &BOUNDS).await.unwrap_err();
    assert!(matches!(refused, OutboundError::NotPublic(_)), "{refused}");
    assert_eq!(judged.heard(), 1);
}

#[tokio::test]
async fn each_step_of_a_redirect_is_judged() {
    let canary = Server::at("127.0.0.2", ok("text/plain", b"inside")).await;
    for there in [canary.url(), canary.named("inside.example"), "file:///etc/passwd".to_owned()] {
        let first = Server::at("127.0.0.1", leads_to(&there)).await;
        let client = near(&[&["127.0.0.2"]]);
        let refused = client.get(&first.url(), &BOUNDS).await.unwrap_err();
        assert!(
            matches!(refused, OutboundError::NotPublic(_) | OutboundError::Scheme),
            "{refused}"
        );
        assert_eq!(first.heard(), 1);
    }
    assert_eq!(canary.heard(), 0);

    let end = Server::at("127.0.0.1", ok("text/plain", b"end")).await;
    let first = Server::at("127.0.0.1", leads_to(&end.url())).await;
    assert_eq!(near(&[]).get(&first.url(), &BOUNDS).await.unwrap().body.as_ref(), b"end");
    let circle = Server::at("127.0.0.1", leads_to("/")).await;
    let refused = near(&[]).get(&circle.url(), &BOUNDS).await.unwrap_err();
    assert!(matches!(refused, OutboundError::Redirects), "{refused}");
    assert_eq!(circle.heard(), 4, "the first and three more");
}

#[tokio::test]
async fn length_and_time_end() {
    let long = Server::at("127.0.0.1", ok("text/plain", &[b'x'; 2000])).await;
    let endless = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n800\r\n".to_vec();
    let endless = Server::at("127.0.0.1", [endless, vec![b'x'; 0x800]].concat()).await;
    let silent = Server::at("127.0.0.1", Vec::new()).await;
    let swollen = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(1 << 20));
    let swollen = Server::at("127.0.0.1", swollen).await;
    let brief = Bounds { time: Duration::from_millis(300), ..BOUNDS };

    for server in [&long, &endless] {
        let refused = near(&[]).get(&server.url(), &BOUNDS).await.unwrap_err();
        assert!(matches!(refused, OutboundError::TooLong(1000)), "{refused}");
    }
    let refused = near(&[]).get(&silent.url(), &brief).await.unwrap_err();
    assert!(matches!(refused, OutboundError::TooSlow(_)), "{refused}");
    let refused = near(&[]).get(&swollen.url(), &BOUNDS).await.unwrap_err();
    assert!(matches!(refused, OutboundError::Failed(_)), "{refused}");
}

#[tokio::test]
async fn a_picture_is_fetched_once() {
    let png = b"\x89PNG\r\n\x1a\n....";
    let server = Server::at("127.0.0.1", ok("image/png", png)).await;
    let page = Server::at("127.0.0.1", ok("image/png", b"<script>alert(1)</script>")).await;
    let missing = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
    let missing = Server::at("127.0.0.1", missing).await;
    let pictures = Pictures::new(near(&[]));

    for _ in 0..3 {
        let picture = pictures.get(&server.url()).await.unwrap();
        assert_eq!(picture.kind.media_type(), "image/png");
        assert_eq!(picture.bytes.as_ref(), png);
    }
    assert_eq!(server.heard(), 1);
    assert!(matches!(pictures.get(&page.url()).await, Err(PictureError::Unknown)));
    assert!(matches!(pictures.get(&missing.url()).await, Err(PictureError::Status(404))));
}
