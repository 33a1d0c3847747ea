//! The client: one GET at a time, within bounds.

use std::error::Error as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Response, StatusCode, redirect};
use url::Url;

use crate::guard::{Guard, Lookup, Rules};

const CONNECT: Duration = Duration::from_secs(5);

/// Why there is no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OutboundError {
    #[error("only http and https addresses are asked")]
    Scheme,
    #[error("the address has a user name or a password in it")]
    Credentials,
    #[error("port {0} is none that web servers use")]
    Port(u16),
    #[error("{0} is not a public address, and this hub does not allow its network")]
    NotPublic(IpAddr),
    #[error("the name is not known: {0}")]
    Unknown(String),
    #[error("it leads on and on")]
    Redirects,
    #[error("it leads from https to http")]
    Downgrade,
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    #[error("the answer took longer than {} seconds", .0.as_secs())]
    TooSlow(Duration),
    #[error("the other side failed: {0}")]
    Failed(String),
}

/// What one request may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Of the body. The client itself bounds the head: 100 fields in some hundred KiB.
    pub bytes: usize,
    /// From the first look-up to the last byte.
    pub time: Duration,
    pub redirects: usize,
}

/// An answer, whatever it says.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub content_type: Option<String>,
    pub body: Bytes,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    rules: Arc<Rules>,
}

impl Client {
    pub fn new(rules: Rules, names: Arc<dyn Lookup>) -> Result<Self, OutboundError> {
        let rules = Arc::new(rules);
        let http = reqwest::Client::builder()
            .user_agent(concat!("roadstead/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(Guard { rules: Arc::clone(&rules), names }))
            // A proxy would look names up once more, and not as we judge them.
            .no_proxy()
            // Followed here, where each step is judged.
            .redirect(redirect::Policy::none())
            // A connection that is kept would serve a name whose address was judged long ago.
            .pool_max_idle_per_host(0)
            .referer(false)
            .connect_timeout(CONNECT)
            .build()
            .map_err(|error| failed(&error))?;
        Ok(Self { http, rules })
    }

    /// Asks for `url`, following redirects as far as `bounds` allow.
    pub async fn get(&self, url: &str, bounds: &Bounds) -> Result<Answer, OutboundError> {
        let url: Url = url.parse().map_err(|_| OutboundError::Scheme)?;
        match tokio::time::timeout(bounds.time, self.follow(url, bounds)).await {
            Ok(answer) => answer,
            Err(_) => Err(OutboundError::TooSlow(bounds.time)),
        }
    }

    async fn follow(&self, mut url: Url, bounds: &Bounds) -> Result<Answer, OutboundError> {
        for _ in 0..=bounds.redirects {
            self.rules.check(&url)?;
            let response =
                self.http.get(url.clone()).send().await.map_err(|error| failed(&error))?;
            match next(&url, &response)? {
                Some(there) => url = there,
                None => return read(response, bounds.bytes).await,
            }
        }
        Err(OutboundError::Redirects)
    }
}

/// Where a redirect leads. Nothing of the request goes along but its address.
fn next(url: &Url, response: &Response) -> Result<Option<Url>, OutboundError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let there = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let there = there.and_then(|there| url.join(there).ok()).ok_or(OutboundError::Redirects)?;
    if url.scheme() == "https" && there.scheme() != "https" {
        return Err(OutboundError::Downgrade);
    }
    Ok(Some(there))
}

async fn read(mut response: Response, most: usize) -> Result<Answer, OutboundError> {
    let content_type = response.headers().get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + piece.len() > most {
            return Err(OutboundError::TooLong(most));
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer { status: response.status(), content_type, body: body.freeze() })
}

/// What the guard said lies under what the client says of it.
fn failed(error: &reqwest::Error) -> OutboundError {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(refused) = inner.downcast_ref::<OutboundError>() {
            return refused.clone();
        }
        cause = inner.source();
    }
    OutboundError::Failed(error.to_string())
}
