//! Which addresses may be asked, judged once for each connection and before it is made.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use roadstead_types::Network;
use roadstead_types::network::is_public;
use url::{Host, Url};

use crate::client::OutboundError;

/// What the operator allows beyond the internet.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Networks that may be asked although they are not public, on any port.
    pub allowed: Vec<Network>,
}

impl Rules {
    fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.is_named(address)
    }

    fn is_named(&self, address: IpAddr) -> bool {
        self.allowed.iter().any(|network| network.contains(address))
    }

    /// Judges what can be judged before a name is looked up. A host that is an address never is.
    pub(crate) fn check(&self, url: &Url) -> Result<(), OutboundError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OutboundError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::Credentials);
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return Err(OutboundError::Scheme),
        };
        if let Some(address) = address.filter(|address| !self.allows(*address)) {
            return Err(OutboundError::NotPublic(address));
        }
        match url.port_or_known_default() {
            // Below 1024 only these speak HTTP; the others are mail, shells and the like.
            Some(80 | 443 | 1024..) => Ok(()),
            _ if address.is_some_and(|address| self.is_named(address)) => Ok(()),
            port => Err(OutboundError::Port(port.unwrap_or(0))),
        }
    }
}

/// How a name becomes addresses.
#[async_trait]
pub trait Lookup: Send + Sync + 'static {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// As this machine does it.
pub struct SystemNames;

#[async_trait]
impl Lookup for SystemNames {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// Stands where the HTTP client looks names up, so that it connects to what was judged and to nothing else.
#[derive(Clone)]
pub(crate) struct Guard {
    pub rules: Arc<Rules>,
    pub names: Arc<dyn Lookup>,
}

impl Guard {
    /// All addresses of a name. One that is not allowed spoils the name: which one would be used is up to whoever
    /// answers for it.
    async fn judged(&self, host: &str) -> Result<Vec<IpAddr>, OutboundError> {
        let found = self.names.addresses(host).await;
        let found = found.map_err(|error| OutboundError::Unknown(error.to_string()))?;
        match found.iter().find(|address| !self.rules.allows(**address)) {
            Some(address) => Err(OutboundError::NotPublic(*address)),
            None if found.is_empty() => Err(OutboundError::Unknown("it has no address".to_owned())),
            None => Ok(found),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let judged = guard.judged(name.as_str()).await?;
            // The client puts the port of the request in.
            let addresses = judged.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(url: &str) -> Result<(), String> {
        let url: Url = url.parse().map_err(|error: url::ParseError| error.to_string())?;
        Rules::default().check(&url).map_err(|error| error.to_string())
    }

    #[test]
    fn no_way_of_writing_an_inner_address_gets_through() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://017700000001/",
            "http://127.0.0.1./",
            "http://0/",
            "http://[::]/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:a9fe:a9fe]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[2002:a9fe:a9fe::]/",
            "http://[fd00:ec2::254]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://１２７.０.０.１/",
            "https://10.0.0.1:8443/",
        ] {
            assert!(judged(url).unwrap_err().contains("is not a public address"), "{url}");
        }
    }

    #[test]
    fn other_schemes_ports_and_credentials_are_refused() {
        for url in ["file:///etc/passwd", "ftp://1.1.1.1/", "gopher://1.1.1.1/", "data:image/png,x"]
        {
            assert!(judged(url).unwrap_err().contains("http and https"), "{url}");
        }
        for url in ["http://1.1.1.1:22/", "http://hub.example:25/", "https://hub.example:0/"] {
            assert!(judged(url).unwrap_err().contains("port"), "{url}");
        }
        assert!(judged("https://user:secret@hub.example/").unwrap_err().contains("password"));
        for url in ["http://1.1.1.1/", "https://hub.example:8443/a?b", "http://[2606:4700::1111]/"]
        {
            assert_eq!(judged(url), Ok(()), "{url}");
        }
    }
}
