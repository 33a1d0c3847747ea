//! Uploads that go on where they stopped (distribution-spec, "Pushing a blob in chunks").
//!
//! One PATCH names its place with `Content-Range`, so that a registry keeps what arrived of it when
//! the connection breaks; the session then says how much that is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::StreamExt as _;
use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, LOCATION, RANGE};
use reqwest::{Body, Response, StatusCode, Url};

use super::Repository;
use crate::ClientError;
use crate::copy::{ByteStream, Descriptor, Patience, Source};
use crate::progress::Meter;

/// Roadstead tells the offset exactly; elsewhere `Range: 0-0` may mean no byte or one.
const EXACT_OFFSET: &str = "roadstead-upload-offset";

/// An open upload: where the next piece goes, and how much is there.
struct Session {
    location: Url,
    offset: u64,
}

impl Repository {
    pub(super) async fn upload(
        &self,
        blob: &Descriptor,
        from: &dyn Source,
        meter: &dyn Meter,
    ) -> Result<(), ClientError> {
        let mut patience = Patience::default();
        let mut session = None;
        loop {
            let tried = self.advance(&mut session, blob, from, meter).await;
            match tried {
                Ok(()) => return Ok(()),
                Err(error) => {
                    let reached = session.as_ref().map_or(0, |session| session.offset);
                    patience.wait_after(error, reached).await?;
                    session = self.look_up(session).await?;
                    // A session that is gone may have been closed, and only its answer was lost.
                    if session.is_none() && self.has_blob(blob).await.unwrap_or(false) {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// One attempt: opens a session if there is none, sends what is missing, closes it.
    async fn advance(
        &self,
        session: &mut Option<Session>,
        blob: &Descriptor,
        from: &dyn Source,
        meter: &dyn Meter,
    ) -> Result<(), ClientError> {
        let current = match session {
            Some(current) => current,
            None => session.insert(self.open_session().await?),
        };
        meter.at(current.offset);
        if current.offset < blob.size {
            let bytes = from.open(blob, current.offset).await?;
            self.send_rest(current, blob, bytes, meter).await?;
        }
        self.close(current, blob).await
    }

    async fn open_session(&self) -> Result<Session, ClientError> {
        let url = self.url("blobs/uploads/");
        let answer = self.send(&[], |http| http.post(&url).body("")).await?;
        match answer.status() {
            StatusCode::ACCEPTED => Ok(Session { location: self.location(&answer)?, offset: 0 }),
            _ => Err(self.refused(answer).await),
        }
    }

    async fn send_rest(
        &self,
        session: &mut Session,
        blob: &Descriptor,
        bytes: ByteStream,
        meter: &dyn Meter,
    ) -> Result<(), ClientError> {
        let (first, length) = (session.offset, blob.size - session.offset);
        let (body, sent) = counted(bytes, first);
        let request = self
            .registry
            .http
            .patch(session.location.clone())
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_LENGTH, length)
            .header(CONTENT_RANGE, format!("{first}-{}", blob.size - 1))
            .body(body);
        let scopes = [self.scope()];
        let sending = self.send_once(&scopes, request);
        let answer = watched(sending, &sent, meter).await?;
        if answer.status() != StatusCode::ACCEPTED {
            return Err(self.refused(answer).await);
        }
        session.location = self.location(&answer)?;
        session.offset = blob.size;
        Ok(())
    }

    async fn close(&self, session: &Session, blob: &Descriptor) -> Result<(), ClientError> {
        let mut url = session.location.clone();
        url.query_pairs_mut().append_pair("digest", &blob.digest.to_string());
        let answer = self.send(&[], |http| http.put(url.clone()).body("")).await?;
        match answer.status() {
            StatusCode::CREATED => Ok(()),
            _ => Err(self.refused(answer).await),
        }
    }

    /// Asks a session how far it is; one that is gone, or says nothing useful, is begun anew.
    async fn look_up(&self, session: Option<Session>) -> Result<Option<Session>, ClientError> {
        let Some(session) = session else { return Ok(None) };
        let url = session.location.clone();
        let Ok(answer) = self.send(&[], |http| http.get(url.clone())).await else {
            // Still cut off: the next attempt waits longer and asks again.
            return Ok(Some(session));
        };
        if !answer.status().is_success() {
            return Ok(None);
        }
        let Some(offset) = offset(&answer) else { return Ok(None) };
        let location = self.location(&answer).unwrap_or(session.location);
        Ok(Some(Session { location, offset }))
    }

    /// A session that a mount opened although nobody needs it.
    pub(super) async fn cancel_session(&self, answer: &Response) {
        if let Ok(location) = self.location(answer) {
            // It ends by itself if this does not arrive.
            let _ = self.send(&[], |http| http.delete(location.clone())).await;
        }
    }

    /// `Location`, relative or absolute. Tokens and bytes go nowhere else than to the registry
    /// over plain HTTP.
    fn location(&self, answer: &Response) -> Result<Url, ClientError> {
        let value = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let url = value.and_then(|value| answer.url().join(value).ok());
        let is_safe =
            |url: &Url| url.scheme() == "https" || url.as_str().starts_with(&self.registry.base);
        url.filter(is_safe).ok_or_else(|| {
            ClientError::Corrupt(format!("{} does not say where an upload goes", self.host()))
        })
    }
}

/// How many bytes a session has.
fn offset(answer: &Response) -> Option<u64> {
    let text = |name: &str| answer.headers().get(name)?.to_str().ok();
    if let Some(exact) = text(EXACT_OFFSET) {
        return exact.parse().ok();
    }
    let last = text(RANGE.as_str())?.rsplit_once('-')?.1.parse::<u64>().ok()?;
    Some(if last == 0 { 0 } else { last + 1 })
}

/// A body that counts what was taken from it.
fn counted(bytes: ByteStream, from: u64) -> (Body, Arc<AtomicU64>) {
    let sent = Arc::new(AtomicU64::new(from));
    let counter = sent.clone();
    let counted = bytes.inspect(move |piece| {
        if let Ok(piece) = piece {
            counter.fetch_add(piece.len() as u64, Ordering::Relaxed);
        }
    });
    (Body::wrap_stream(counted), sent)
}

/// Shows how far a body is while it is sent.
async fn watched<T>(sending: impl Future<Output = T>, sent: &AtomicU64, meter: &dyn Meter) -> T {
    let mut sending = std::pin::pin!(sending);
    let mut tick = tokio::time::interval(std::time::Duration::from_millis(100));
    loop {
        tokio::select! {
            answer = &mut sending => return answer,
            _ = tick.tick() => meter.at(sent.load(Ordering::Relaxed)),
        }
    }
}
