//! Tokens for a server that asks for them: the challenge is read, the token service asked.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use base64::Engine as _;

use crate::bench::load::http::Connection;

/// The repository that every workload uses, on every server.
pub const REPOSITORY: &str = "bench/app";
pub const USER: &str = "bench";
pub const PASSWORD: &str = "bench-Password-4711";

pub struct Credentials {
    addr: SocketAddr,
    /// Path of the token service.
    realm: String,
    service: String,
}

impl Credentials {
    /// Reads the challenge of `GET /v2/`.
    pub fn discover(addr: SocketAddr) -> Result<Self> {
        let (head, _) = Connection::open(addr)?.expect(401, "GET", "/v2/", "", b"")?;
        let challenge = head.header("www-authenticate").context("401 without a challenge")?;
        let realm = parameter(challenge, "realm").context("a challenge without realm")?;
        let (_, rest) = realm.split_once("://").context("the realm is not a URL")?;
        let path = rest.find('/').map_or("/", |at| &rest[at..]);
        let service = parameter(challenge, "service").context("a challenge without service")?;
        Ok(Self { addr, realm: path.to_owned(), service: service.to_owned() })
    }

    /// Request path of an anonymous token for pulling.
    pub fn anonymous_path(&self) -> String {
        format!("{}?service={}&scope=repository:{REPOSITORY}:pull", self.realm, self.service)
    }

    pub fn bearer(&self) -> Result<String> {
        let path = format!("{},push", self.anonymous_path());
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"));
        let headers = format!("Authorization: Basic {basic}\r\n");
        let (_, body) = Connection::open(self.addr)?.expect(200, "GET", &path, &headers, b"")?;
        let answer: serde_json::Value = serde_json::from_slice(&body)?;
        let token = answer["token"].as_str().context("an answer without token")?;
        Ok(format!("Authorization: Bearer {token}\r\n"))
    }
}

fn parameter<'a>(challenge: &'a str, name: &str) -> Option<&'a str> {
    let start = challenge.find(&format!("{name}=\""))? + name.len() + 2;
    challenge[start..].split('"').next()
}
