//! A stream that gives up on peers that hold a connection and do nothing with it (threat D2).
//!
//! There is no limit on a whole request: an honest client on a slow line may take hours for a
//! layer. Bounded are the silences: before a request, within its head, and of a reader that takes
//! nothing of the answer. Silence within a request body is bounded where bodies are read
//! (`roadstead_http::body`).

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::activity::Activity;
use crate::telemetry::metrics::traffic;

/// From the first byte of a request until its head is complete.
const HEAD: Duration = Duration::from_secs(10);
/// Between requests. Longer than the 90 s that Go's clients keep a connection themselves, so that
/// a client rarely sends into a connection that is being closed.
const IDLE: Duration = Duration::from_secs(100);
/// How long a client may take nothing at all of an answer.
const STALL: Duration = Duration::from_secs(60);

/// What is spoken on the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// HTTP/1.1 in the clear. Clients that try TLS first get a 400 at once: dockerd waits 10 s for
    /// the handshake before it falls back to plain HTTP, and Go's clients recognise the answer and
    /// say "server gave HTTP response to HTTPS client".
    Plain,
    Http1OverTls,
    Http2OverTls,
}

/// Where the peer is between two requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    Head,
    Busy,
}

pub struct Deadlines<S> {
    inner: S,
    speech: Speech,
    activity: Arc<Activity>,
    phase: Phase,
    /// Requests begun when the phase was last looked at.
    seen: u64,
    read_until: Pin<Box<Sleep>>,
    write_until: Option<Pin<Box<Sleep>>>,
    is_stalled: bool,
}

impl<S> Deadlines<S> {
    pub fn new(inner: S, speech: Speech, activity: Arc<Activity>) -> Self {
        // The first request is due as soon as a head is: nobody connects to say nothing.
        let read_until = Box::pin(tokio::time::sleep(HEAD));
        Self {
            inner,
            speech,
            activity,
            phase: Phase::Head,
            seen: 0,
            read_until,
            write_until: None,
            is_stalled: false,
        }
    }

    /// Follows the peer to where it is now.
    fn settle(&mut self) {
        if self.activity.is_busy() {
            self.phase = Phase::Busy;
        } else if self.phase == Phase::Busy || self.activity.started() != self.seen {
            self.phase = Phase::Idle;
            self.read_until.as_mut().reset(Instant::now() + IDLE);
        }
        self.seen = self.activity.started();
    }

    fn on_read(&mut self, bytes: usize) {
        traffic().received.increment(bytes as u64);
        self.settle();
        // Frames of HTTP/2 are no sign of a request; there only the idle time counts.
        if self.phase == Phase::Idle && self.speech != Speech::Http2OverTls {
            self.phase = Phase::Head;
            self.read_until.as_mut().reset(Instant::now() + HEAD);
        }
    }

    fn on_progress(&mut self, written: usize) {
        self.is_stalled = false;
        traffic().sent.increment(written as u64);
    }

    /// Called when the peer takes nothing.
    fn poll_stalled(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let until = Instant::now() + STALL;
        let sleep = self.write_until.get_or_insert_with(|| Box::pin(tokio::time::sleep(STALL)));
        if !self.is_stalled {
            self.is_stalled = true;
            sleep.as_mut().reset(until);
        }
        ready!(sleep.as_mut().poll(cx));
        Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, "the reader takes nothing"))
    }

    fn poll_progress(
        &mut self,
        cx: &mut Context<'_>,
        polled: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match polled {
            Poll::Ready(Ok(written)) => {
                self.on_progress(written);
                Poll::Ready(Ok(written))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => self.poll_stalled(cx).map(Err),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Deadlines<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.inner).poll_read(cx, buffer) {
            Poll::Ready(Ok(())) if buffer.filled().len() > before => {
                self.on_read(buffer.filled().len() - before);
                Poll::Ready(Ok(()))
            }
            Poll::Ready(result) => Poll::Ready(result),
            Poll::Pending => {
                self.settle();
                if self.phase == Phase::Busy {
                    return Poll::Pending;
                }
                ready!(self.read_until.as_mut().poll(cx));
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "no request came")))
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Deadlines<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.poll_progress(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write_vectored(cx, slices);
        self.poll_progress(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_flush(cx) {
            Poll::Pending => self.poll_stalled(cx).map(Err),
            ready => ready,
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_shutdown(cx) {
            Poll::Pending => self.poll_stalled(cx).map(Err),
            ready => ready,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    fn pair(
        speech: Speech,
    ) -> (tokio::io::DuplexStream, Deadlines<tokio::io::DuplexStream>, Arc<Activity>) {
        let (client, server) = tokio::io::duplex(64);
        let activity = Arc::new(Activity::default());
        (client, Deadlines::new(server, speech, activity.clone()), activity)
    }

    async fn ends_after(stream: &mut Deadlines<tokio::io::DuplexStream>) -> Duration {
        let started = Instant::now();
        while stream.read_u8().await.is_ok() {}
        started.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_drips_in_is_cut_off_after_ten_seconds() {
        let (mut client, mut stream, _activity) = pair(Speech::Plain);
        let drip = tokio::spawn(async move {
            while client.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });

        let lasted = ends_after(&mut stream).await;

        assert_eq!(lasted.as_secs(), HEAD.as_secs());
        drop(stream);
        drip.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_kept_connection_may_rest_and_a_request_may_last() {
        let (mut client, mut stream, activity) = pair(Speech::Plain);
        client.write_all(b"GET").await.unwrap();
        let mut head = [0; 3];
        stream.read_exact(&mut head).await.unwrap();

        let request = activity.begin();
        let waited = tokio::time::timeout(Duration::from_secs(3600), stream.read_u8()).await;
        assert!(waited.is_err(), "a request in flight has no deadline here");
        drop(request);

        assert_eq!(ends_after(&mut stream).await.as_secs(), IDLE.as_secs());
        drop(client);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_takes_nothing_is_cut_off_and_a_slow_one_is_not() {
        let (mut client, mut stream, _activity) = pair(Speech::Plain);
        let slow = async {
            for _ in 0..10 {
                tokio::time::sleep(STALL - Duration::from_secs(1)).await;
                client.read_u8().await.unwrap();
            }
        };
        let (written, ()) =
            tokio::join!(tokio::time::timeout(STALL * 9, stream.write_all(&[0; 200])), slow);
        assert!(written.is_err(), "still writing");

        let cut_off = stream.write_all(&[0; 200]).await;

        assert_eq!(cut_off.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
