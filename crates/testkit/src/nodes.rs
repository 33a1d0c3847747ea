//! A load balancer that knows nothing: each TCP connection goes to the next node in turn.
//!
//! `User::at(balancer.url())` opens a connection for each request, so each meets another node.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Forwards connections round robin until it is dropped.
#[derive(Debug)]
pub struct RoundRobin {
    address: String,
    accepting: JoinHandle<()>,
}

impl RoundRobin {
    pub async fn over<S: Into<String>>(nodes: impl IntoIterator<Item = S>) -> Self {
        let nodes: Arc<[String]> = nodes.into_iter().map(Into::into).collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address").to_string();
        let turn = AtomicUsize::new(0);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let node = nodes[turn.fetch_add(1, Ordering::Relaxed) % nodes.len()].clone();
                tokio::spawn(forward(client, node));
            }
        });
        Self { address, accepting }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn address(&self) -> &str {
        &self.address
    }
}

async fn forward(mut client: TcpStream, node: String) {
    if let Ok(mut server) = TcpStream::connect(&node).await {
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}

impl Drop for RoundRobin {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
