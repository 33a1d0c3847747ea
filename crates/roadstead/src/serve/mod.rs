//! From sockets to requests. Everything a hostile or broken peer can do below HTTP is met here;
//! what a request means is decided by the surfaces.

mod accept;
mod activity;
mod connection;
mod deadlines;
mod drain;
mod gulps;
mod lane;
pub mod tls;
mod unread;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use roadstead_http::Shutdown;
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use connection::Server;
use drain::Drain;

/// Listeners that share room and end together.
pub struct Listeners {
    shutdown: Shutdown,
    room: Arc<Semaphore>,
    drain: Drain,
}

impl Listeners {
    pub fn new(shutdown: Shutdown) -> Self {
        Self { shutdown, room: accept::room_for_connections(), drain: Drain::new() }
    }

    /// Starts serving `router` on a bound socket.
    pub fn serve(&self, listener: TcpListener, router: Router, tls: Option<Arc<ServerConfig>>) {
        let server =
            Server { router, tls: tls.map(TlsAcceptor::from), shutdown: self.shutdown.clone() };
        tokio::spawn(accept::accept(listener, server, self.room.clone(), self.drain.hold()));
    }

    /// After the shutdown began: waits for connections. Tells whether all ended in time.
    pub async fn finish(self, limit: Duration) -> bool {
        self.drain.finish(limit).await
    }
}

/// Binds, or says which address cannot be had.
pub async fn bind(address: SocketAddr) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}; choose another with --listen if it is in use")
    })?;
    let bound = listener.local_addr().context("the listener has no address")?;
    Ok((listener, bound))
}
