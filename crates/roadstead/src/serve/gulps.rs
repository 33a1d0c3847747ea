//! A stream that is read in gulps of bounded size.
//!
//! Each upload holds several of hyper's read buffers, whose size is the memory that uploads take.
//! hyper has one setting for that and for what it gathers of a download before it writes, where
//! more is better. So its buffers keep their size, and the stream gives less at once.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf, Take};

/// One byte less than a power of two: hyper doubles a buffer that a read has filled, so buffers of
/// 128 KiB are the last.
const GULP: u64 = (128 << 10) - 1;

pub struct Gulps<S>(Take<S>);

impl<S: AsyncRead> Gulps<S> {
    pub fn new(stream: S) -> Self {
        Self(stream.take(GULP))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Gulps<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.0.set_limit(GULP);
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Gulps<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(self.0.get_mut()).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(self.0.get_mut()).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.get_ref().is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(self.0.get_mut()).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(self.0.get_mut()).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    #[tokio::test]
    async fn a_gulp_is_bounded_and_nothing_is_lost() {
        let whole: Vec<_> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
        let (mut client, server) = tokio::io::duplex(1 << 20);
        client.write_all(&whole).await.unwrap();
        drop(client);

        let (mut gulps, mut read, mut lengths) = (Gulps::new(server), Vec::new(), Vec::new());
        let mut buffer = vec![0; 1 << 20];
        loop {
            let length = gulps.read(&mut buffer).await.unwrap();
            if length == 0 {
                break;
            }
            read.extend_from_slice(&buffer[..length]);
            lengths.push(length);
        }

        assert_eq!(lengths, [131_071, 131_071, 37_858]);
        assert!(read == whole);
    }
}
