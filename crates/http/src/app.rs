//! What every handler can reach, and what is known of a connection.

use std::net::SocketAddr;
use std::sync::Arc;

use roadstead_hub::Hub;
use roadstead_outbound::Pictures;
use roadstead_types::Network;

use crate::origin::Origin;
use crate::shutdown::Shutdown;

/// Which scheme a 401 on `/v2/` asks for. One only: docker runs every handler it is offered and
/// lets Basic overwrite the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Challenge {
    Bearer,
    Basic,
}

/// State of all surfaces. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub hub: Hub,
    pub shutdown: Shutdown,
    /// The URL people use, where the operator told it; otherwise it is read off each request.
    pub public_url: Option<Origin>,
    /// Proxies whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Arc<[Network]>,
    pub challenge: Challenge,
    /// Fetches the pictures of READMEs; nothing where the operator does not want it.
    pub pictures: Option<Pictures>,
}

/// Set as a request extension by whoever accepted the connection.
#[derive(Clone, Copy, Debug)]
pub struct Connection {
    pub peer: SocketAddr,
    pub is_tls: bool,
}
