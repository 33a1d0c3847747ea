//! Request bodies that a handler did not read to the end.
//!
//! An answer such as 401 is often ready before the body is there. Closing at once would reset the
//! connection under a client that still sends, and the answer would be lost with it; keeping the
//! connection silently would make a client that reuses it run into the close. So a short rest is
//! read and dropped; for a long one the client is told that the connection ends.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

/// A rest up to this size is read so that the connection can be kept.
const SHORT_BYTES: usize = 1 << 20;
const SHORT_TIME: Duration = Duration::from_millis(500);

/// What became of a request's body.
#[derive(Debug, Default)]
pub struct Rest {
    body: Mutex<Option<Incoming>>,
    was_read: AtomicBool,
}

/// The body as the handler gets it.
#[derive(Debug)]
pub struct RequestBody {
    body: Option<Incoming>,
    rest: Arc<Rest>,
}

impl Rest {
    pub fn watch(self: &Arc<Self>, body: Incoming) -> RequestBody {
        RequestBody { body: Some(body), rest: self.clone() }
    }

    /// After the handler is done: whether nothing of the body is left to come. `awaits_continue`
    /// tells that the client sends nothing before it is asked to; reading would ask it to.
    pub async fn settle(&self, awaits_continue: bool) -> bool {
        let taken = self.body.lock().expect("no code panics while it holds the rest").take();
        let Some(body) = taken else { return true };
        if awaits_continue && !self.was_read.load(Ordering::Relaxed) {
            return false;
        }
        tokio::time::timeout(SHORT_TIME, drop_short(body)).await.unwrap_or(false)
    }
}

async fn drop_short(mut body: Incoming) -> bool {
    let mut seen = 0;
    while seen <= SHORT_BYTES {
        match std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            None => return true,
            Some(Err(_)) => return false,
            Some(Ok(frame)) => seen += frame.data_ref().map_or(0, Bytes::len),
        }
    }
    false
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) {
            *self.rest.body.lock().expect("no code panics while it holds the rest") = Some(body);
        }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.rest.was_read.store(true, Ordering::Relaxed);
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}
