//! An upload session, followed from `Location` to `Location`.

use bytes::Bytes;

use crate::answer::Answer;
use crate::client::{Ask, Client};

/// A session of one caller. Each step goes to the newest `Location` the server gave.
#[derive(Clone, Debug)]
pub struct Upload {
    client: Client,
    location: String,
    sent: u64,
}

impl Upload {
    pub(crate) fn new(client: Client, location: &str) -> Self {
        Self { client, location: location.to_owned(), sent: 0 }
    }

    pub fn location(&self) -> &str {
        &self.location
    }

    /// The session's id: the end of its path.
    pub fn id(&self) -> &str {
        let path = self.location.split('?').next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default()
    }

    /// The session as another caller would use it.
    pub fn used_by(&self, other: &Client) -> Self {
        Self { client: other.clone(), ..self.clone() }
    }

    /// One PATCH without `Content-Range`.
    pub async fn patch(&mut self, bytes: impl Into<Bytes>) -> Answer {
        let ask = self.client.patch(&self.location).header("content-type", OCTETS).body(bytes);
        self.follow(ask).await
    }

    /// One PATCH that names its place, right after what was sent before.
    pub async fn chunk(&mut self, bytes: impl Into<Bytes>) -> Answer {
        let start = self.sent;
        self.chunk_at(start, bytes).await
    }

    /// One PATCH that claims to start at `start`.
    pub async fn chunk_at(&mut self, start: u64, bytes: impl Into<Bytes>) -> Answer {
        let bytes = bytes.into();
        let end = start + bytes.len() as u64;
        let ask = self.client.patch(&self.location).header("content-type", OCTETS);
        let range = format!("{start}-{}", end.saturating_sub(1));
        let answer = self.follow(ask.header("content-range", range).body(bytes)).await;
        if answer.status() == 202 {
            self.sent = end;
        }
        answer
    }

    /// One PATCH with chunked transfer coding and no length, as docker sends layers.
    pub async fn stream<B: Into<Bytes>>(&mut self, pieces: impl IntoIterator<Item = B>) -> Answer {
        let ask = self.client.patch(&self.location).pieces(pieces);
        self.follow(ask).await
    }

    /// GET on the session.
    pub async fn status(&mut self) -> Answer {
        let ask = self.client.get(&self.location);
        self.follow(ask).await
    }

    /// Where the session stands, as its `Range` header says; 0 when nothing is stored.
    pub async fn offset(&mut self) -> u64 {
        let range = self.status().await.is(204).header("range");
        let last = range.rsplit('-').next().and_then(|last| last.parse::<u64>().ok());
        let last = last.expect("Range is 0-N");
        // `0-0` stands for nothing as well as for one byte; nothing is the usual case.
        if last == 0 { 0 } else { last + 1 }
    }

    /// PUT without a body.
    pub async fn finish(&self, digest: &str) -> Answer {
        self.finish_ask(digest).body("").await
    }

    /// PUT with the rest, or the whole, of the bytes.
    pub async fn finish_with(&self, digest: &str, bytes: impl Into<Bytes>) -> Answer {
        self.finish_ask(digest).header("content-type", OCTETS).body(bytes).await
    }

    /// The closing PUT, to be changed before it is sent.
    pub fn finish_ask(&self, digest: &str) -> Ask {
        let joint = if self.location.contains('?') { '&' } else { '?' };
        self.client.put(&format!("{}{joint}digest={digest}", self.location))
    }

    pub async fn cancel(&self) -> Answer {
        self.client.delete(&self.location).await
    }

    async fn follow(&mut self, ask: Ask) -> Answer {
        let answer = ask.await;
        if let (true, Some(next)) = (answer.status() < 300, answer.maybe_header("location")) {
            self.location = next;
        }
        answer
    }
}

const OCTETS: &str = "application/octet-stream";
