//! The socket of a connection in the clear: what stands for a part of a file is sent from the file.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use rustix::io::Errno;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use super::lane::{Lane, is_stand_in};
use crate::telemetry::metrics::traffic;

pub struct Wire {
    stream: TcpStream,
    lane: Arc<Lane>,
}

impl Wire {
    pub fn new(stream: TcpStream, lane: Arc<Lane>) -> Self {
        Self { stream, lane }
    }

    fn poll_send_part(&self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(cx))?;
            match self.stream.try_io(Interest::WRITABLE, || self.lane.send(&self.stream)) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                done => return Poll::Ready(done.inspect(count).inspect_err(log_files)),
            }
        }
    }
}

fn count(sent: &usize) {
    traffic().sent_from_files.increment(*sent as u64);
}

/// What the file did is for the operator; what the client did is not.
fn log_files(error: &io::Error) {
    let is_files =
        error.kind() == ErrorKind::UnexpectedEof || Errno::from_io_error(error) == Some(Errno::IO);
    if is_files {
        tracing::error!(cause = %error, "a download broke off");
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    /// Either what comes before the first stand-in or of its part what the socket takes; hyper
    /// comes back with the rest.
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match slices.iter().position(|slice| is_stand_in(slice)) {
            Some(0) => self.poll_send_part(cx),
            Some(first) => Pin::new(&mut self.stream).poll_write_vectored(cx, &slices[..first]),
            None => Pin::new(&mut self.stream).poll_write_vectored(cx, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
