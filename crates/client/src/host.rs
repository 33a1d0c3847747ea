//! Where a registry is: `name[:port]`, as it stands before the first slash of an image's name.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use crate::ClientError;

/// A registry's address without scheme. Credentials are kept under this text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Host(String);

impl Host {
    const DOCKER_HUB: &str = "docker.io";

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Docker Hub goes by one name and answers under another.
    pub(crate) fn registry_address(&self) -> &str {
        if self.is_docker_hub() { "registry-1.docker.io" } else { &self.0 }
    }

    /// The address of the JSON API.
    pub(crate) fn api_address(&self) -> &str {
        if self.is_docker_hub() { "hub.docker.com" } else { &self.0 }
    }

    /// What docker calls it in its configuration.
    pub fn credential_key(&self) -> &str {
        if self.is_docker_hub() { "https://index.docker.io/v1/" } else { &self.0 }
    }

    /// Whether docker, too, would speak plain HTTP to it unasked.
    pub(crate) fn is_loopback(&self) -> bool {
        let name = match self.0.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => &self.0,
        };
        let name = name.trim_start_matches('[').trim_end_matches(']');
        name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    fn is_docker_hub(&self) -> bool {
        self.0 == Self::DOCKER_HUB
    }
}

impl FromStr for Host {
    type Err = ClientError;

    /// Takes what people paste: with a scheme, with a path, with a slash at the end.
    fn from_str(text: &str) -> Result<Self, ClientError> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = rest.unwrap_or(text).split('/').next().unwrap_or_default();
        let fits = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
        if host.is_empty() || host.len() > 260 || !host.chars().all(fits) {
            return Err(ClientError::Invalid(format!(
                "`{text}` is no address of a hub; write `hub.example.com` or `localhost:5000`"
            )));
        }
        let host = host.to_ascii_lowercase();
        match host.as_str() {
            "index.docker.io" | "registry-1.docker.io" => Ok(Self(Self::DOCKER_HUB.to_owned())),
            _ => Ok(Self(host)),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_becomes_the_key_docker_uses() {
        let host = |text: &str| text.parse::<Host>().unwrap();

        assert_eq!(host("https://Hub.Example.com/v2/").as_str(), "hub.example.com");
        assert_eq!(host("http://localhost:5000").as_str(), "localhost:5000");
        assert_eq!(
            host("https://index.docker.io/v1/").credential_key(),
            "https://index.docker.io/v1/"
        );
        for bad in ["", "https://", "a b", "user@host"] {
            assert!(bad.parse::<Host>().is_err(), "{bad}");
        }
    }

    #[test]
    fn loopback_is_told_from_the_rest() {
        for local in ["localhost", "localhost:5000", "127.0.0.1:80", "127.1.2.3", "[::1]:5000"] {
            assert!(local.parse::<Host>().unwrap().is_loopback(), "{local}");
        }
        for other in ["localhost.example.com", "10.0.0.1:5000", "hub:5000"] {
            assert!(!other.parse::<Host>().unwrap().is_loopback(), "{other}");
        }
    }
}
