//! Whether a connection has requests in flight: written by the service, read by its deadlines.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::telemetry::metrics::traffic;

/// Counts of one connection.
#[derive(Debug, Default)]
pub struct Activity {
    started: AtomicU64,
    finished: AtomicU64,
    is_cut_short: AtomicBool,
}

impl Activity {
    /// How many requests were begun so far.
    pub fn started(&self) -> u64 {
        self.started.load(Ordering::Relaxed)
    }

    pub fn is_busy(&self) -> bool {
        self.finished.load(Ordering::Relaxed) < self.started()
    }

    /// Notes that a request was answered while its body was still to come.
    pub fn cut_short(&self) {
        self.is_cut_short.store(true, Ordering::Relaxed);
    }

    pub fn is_cut_short(&self) -> bool {
        self.is_cut_short.load(Ordering::Relaxed)
    }

    /// Begins a request; it lasts until the guard is dropped.
    pub fn begin(self: &Arc<Self>) -> InFlight {
        self.started.fetch_add(1, Ordering::Relaxed);
        traffic().in_flight.increment(1.0);
        InFlight { _running: Arc::new(Running(self.clone())) }
    }
}

/// A request in flight, for as long as any clone of this is there.
#[derive(Clone, Debug)]
pub struct InFlight {
    _running: Arc<Running>,
}

#[derive(Debug)]
struct Running(Arc<Activity>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.finished.fetch_add(1, Ordering::Relaxed);
        traffic().in_flight.decrement(1.0);
    }
}

/// A response body that keeps its request in flight until the last piece was taken.
pub struct Tracked {
    body: axum::body::Body,
    request: InFlight,
}

impl Tracked {
    pub const fn new(body: axum::body::Body, request: InFlight) -> Self {
        Self { body, request }
    }

    pub fn request(&self) -> InFlight {
        self.request.clone()
    }
}

impl Body for Tracked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
