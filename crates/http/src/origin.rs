//! Where a request came from, and under which scheme and host the client sees us.

use std::convert::Infallible;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use http::header::{HOST, HeaderMap};
use http::request::Parts;

use crate::app::{App, Connection};

/// `scheme://host[:port]`, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub scheme: &'static str,
    /// Host and port as they stand in the `Host` header.
    pub authority: String,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

/// The text is not `http://host[:port]` or `https://host[:port]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginError;

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write it as `https://hub.example.com`, without a path")
    }
}

impl std::error::Error for OriginError {}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let (scheme, rest) = text.split_once("://").ok_or(OriginError)?;
        let scheme = match scheme {
            "http" => "http",
            "https" => "https",
            _ => return Err(OriginError),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if !is_authority(authority) {
            return Err(OriginError);
        }
        Ok(Self { scheme, authority: authority.to_owned() })
    }
}

/// Whether the text can be a host with an optional port and nothing that could leave a header.
fn is_authority(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && text.bytes().all(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'[' | b']')
        })
}

impl FromRequestParts<App> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(parts, app))
    }
}

impl Origin {
    /// The operator's URL, else what the request itself tells.
    pub fn of(parts: &Parts, app: &App) -> Self {
        if let Some(public) = &app.public_url {
            return public.clone();
        }
        let connection = parts.extensions.get::<Connection>();
        let proxied = connection.is_some_and(|c| is_trusted(c.peer.ip(), app));
        let forwarded = proxied.then(|| header(&parts.headers, "x-forwarded-proto")).flatten();
        let is_tls = match forwarded {
            Some(scheme) => scheme.eq_ignore_ascii_case("https"),
            None => connection.is_some_and(|c| c.is_tls),
        };
        let host = proxied
            .then(|| header(&parts.headers, "x-forwarded-host"))
            .flatten()
            .or_else(|| header(&parts.headers, HOST.as_str()))
            .or_else(|| parts.uri.authority().map(http::uri::Authority::as_str))
            .filter(|host| is_authority(host))
            .unwrap_or("localhost");
        Self { scheme: if is_tls { "https" } else { "http" }, authority: host.to_owned() }
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn is_trusted(address: IpAddr, app: &App) -> bool {
    app.trusted_proxies.iter().any(|network| network.contains(address))
}

/// The address of the client: the peer, or what a trusted proxy says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    pub fn of(parts: &Parts, app: &App) -> Self {
        let peer = parts
            .extensions
            .get::<Connection>()
            .map_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), |c| c.peer.ip());
        if !is_trusted(peer, app) {
            return Self(peer);
        }
        // The right-most address that is not one of our proxies is the one they saw.
        let forwarded = header(&parts.headers, "x-forwarded-for").unwrap_or_default();
        let client = forwarded
            .rsplit(',')
            .filter_map(|text| text.trim().parse::<IpAddr>().ok())
            .find(|address| !is_trusted(*address, app));
        Self(client.unwrap_or(peer))
    }
}

impl FromRequestParts<App> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(parts, app))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_and_host_and_nothing_else() {
        assert_eq!(
            "https://hub.example:8443/".parse::<Origin>().unwrap().to_string(),
            "https://hub.example:8443"
        );
        for bad in [
            "hub.example",
            "ftp://a",
            "https://",
            "https://a/b",
            "https://a b",
            "https://a\r\nX: y",
        ] {
            assert!(bad.parse::<Origin>().is_err(), "{bad:?}");
        }
    }
}
