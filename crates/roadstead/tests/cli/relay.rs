//! A bad line: a TCP relay that breaks its first connections after so many bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Down,
    Up,
}

/// Relays until it is dropped.
pub struct Relay {
    pub address: String,
    state: Arc<State>,
}

struct State {
    target: String,
    direction: Direction,
    /// Bytes after which a connection breaks.
    limit: u64,
    cuts_left: AtomicUsize,
    carried: AtomicU64,
}

impl Relay {
    pub async fn to(target: &str, direction: Direction, limit: u64, cuts: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let cuts_left = AtomicUsize::new(cuts);
        let (target, carried) = (target.to_owned(), AtomicU64::new(0));
        let state = Arc::new(State { target, direction, limit, cuts_left, carried });
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(shared.clone().relay(near));
            }
        });
        Self { address, state }
    }

    /// Bytes that went through in the direction that is cut.
    pub fn carried(&self) -> u64 {
        self.state.carried.load(Ordering::Relaxed)
    }

    pub fn cuts_left(&self) -> usize {
        self.state.cuts_left.load(Ordering::Relaxed)
    }
}

impl State {
    async fn relay(self: Arc<Self>, near: TcpStream) {
        let Ok(far) = TcpStream::connect(&self.target).await else { return };
        let (near_read, near_write) = near.into_split();
        let (far_read, far_write) = far.into_split();
        let up = self.pump(near_read, far_write, Direction::Up);
        let down = self.pump(far_read, near_write, Direction::Down);
        // When one way ends, both do: a cut line carries nothing.
        tokio::select! {
            () = up => {}
            () = down => {}
        }
    }

    async fn pump(
        &self,
        mut from: tokio::net::tcp::OwnedReadHalf,
        mut to: tokio::net::tcp::OwnedWriteHalf,
        direction: Direction,
    ) {
        let (mut buffer, mut sent) = (vec![0; 16 << 10], 0);
        while let Ok(read) = from.read(&mut buffer).await {
            if read == 0 || to.write_all(&buffer[..read]).await.is_err() {
                return;
            }
            if direction != self.direction {
                continue;
            }
            sent += read as u64;
            self.carried.fetch_add(read as u64, Ordering::Relaxed);
            if sent >= self.limit && self.take_cut() {
                return;
            }
        }
    }

    fn take_cut(&self) -> bool {
        let taken = self
            .cuts_left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        taken.is_ok()
    }
}
