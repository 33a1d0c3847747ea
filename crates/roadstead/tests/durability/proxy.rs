//! A TCP proxy that can let its server vanish, fall silent, or answer nonsense.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Pass,
    /// Connections break, and new ones are closed at once.
    Refuse,
    /// Connections stay, and not a byte moves.
    Hang,
    /// Every HTTP request gets this status.
    Answer(u16),
}

pub struct Proxy {
    address: SocketAddr,
    mode: watch::Sender<Mode>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let (sender, mode) = watch::channel(Mode::Pass);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, server, mode.clone()));
            }
        });
        Self { address, mode: sender, accepting }
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(mut client: TcpStream, server: SocketAddr, mut mode: watch::Receiver<Mode>) {
    // While nothing moves, not even the connection behind is made.
    let first = mode.wait_for(|mode| *mode != Mode::Hang).await.map(|mode| *mode);
    match first {
        Ok(Mode::Pass) => {
            if let Ok(mut server) = TcpStream::connect(server).await {
                pass(&mut client, &mut server, mode).await;
            }
        }
        Ok(Mode::Answer(status)) => answer(&mut client, status).await,
        Ok(Mode::Refuse | Mode::Hang) | Err(_) => {}
    }
}

async fn pass(client: &mut TcpStream, server: &mut TcpStream, mut mode: watch::Receiver<Mode>) {
    let copying = copy_bidirectional(client, server);
    tokio::pin!(copying);
    loop {
        let now = *mode.borrow_and_update();
        match now {
            Mode::Pass => tokio::select! {
                _ = &mut copying => return,
                changed = mode.changed() => if changed.is_err() { return },
            },
            Mode::Hang => {
                if mode.changed().await.is_err() {
                    return;
                }
            }
            Mode::Refuse | Mode::Answer(_) => return,
        }
    }
}

/// Reads one request whole, so that the answer is not lost to a reset, and closes.
async fn answer(client: &mut TcpStream, status: u16) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match client.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let length = content_length(&String::from_utf8_lossy(&head));
    let _ = tokio::io::copy(&mut (&mut *client).take(length), &mut tokio::io::sink()).await;
    let answer =
        format!("HTTP/1.1 {status} Fault\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let _ = client.write_all(answer.as_bytes()).await;
    let _ = client.shutdown().await;
}

fn content_length(head: &str) -> u64 {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let found = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    found.filter_map(|(_, value)| value.trim().parse().ok()).next().unwrap_or(0)
}
