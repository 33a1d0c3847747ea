//! Accepting connections until the shutdown, and no more at once than the process has descriptors for.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::connection::Server;
use super::drain::Held;
use crate::telemetry::metrics::traffic;

/// Most connections at once, however many descriptors there are.
const MOST_CONNECTIONS: usize = 16_384;
/// Descriptors kept for databases, stores and files that requests open.
const RESERVED: usize = 128;

/// Accepts and serves; returns when the shutdown begins, while connections still run.
pub async fn accept(listener: TcpListener, server: Server, room: Arc<Semaphore>, held: Held) {
    loop {
        let accepted = tokio::select! {
            () = server.shutdown.begun() => return,
            accepted = next(&listener, &room) => accepted,
        };
        let (stream, peer, permit) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                back_off(&error).await;
                continue;
            }
        };
        let (server, held) = (server.clone(), held.clone());
        traffic().connections.increment(1.0);
        tokio::spawn(async move {
            server.serve(stream, peer).await;
            traffic().connections.decrement(1.0);
            drop((permit, held));
        });
    }
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

/// Waits for room first, so that what cannot be served waits in the kernel's queue.
async fn next(listener: &TcpListener, room: &Arc<Semaphore>) -> io::Result<Accepted> {
    let permit = room.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, permit))
}

/// A client that gave up while it was queued is nothing. Without descriptors, trying again at once
/// would spin.
async fn back_off(error: &io::Error) {
    let is_clients = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    );
    if !is_clients {
        tracing::warn!(%error, "connections cannot be accepted; trying again in a moment");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// Raises the descriptor limit as far as the system allows and derives how many connections fit.
/// A download holds two descriptors: its connection and its file.
pub fn room_for_connections() -> Arc<Semaphore> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current < limit.maximum {
        let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::debug!(%error, "the descriptor limit stays as it is");
        }
    }
    let descriptors = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let descriptors = usize::try_from(descriptors).unwrap_or(usize::MAX);
    let most = (descriptors.saturating_sub(RESERVED) / 2).clamp(64, MOST_CONNECTIONS);
    Arc::new(Semaphore::new(most))
}
