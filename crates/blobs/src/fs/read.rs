//! Reading: straight from the page cache on the async task, on a blocking thread only when cold.
//!
//! `preadv2(RWF_NOWAIT)` copies what is in memory and never waits for the disk, so a warm blob costs
//! no hand-over between threads.

use std::fs::File;
use std::future::Future;
use std::io::{self, ErrorKind, IoSliceMut};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::stream::Stream;
use rustix::io::ReadWriteFlags;
use tokio::task::JoinHandle;

use super::folder::Folder;
use super::shortcut::CachedPart;
use crate::frames::{FRAME, Frame, FramePool};
use crate::intake::blocking;
use crate::{BlobError, Locator, cut_short};

pub(super) async fn read(
    folder: &Arc<Folder>,
    pool: &Arc<FramePool>,
    locator: &Locator,
    range: Range<u64>,
) -> Result<Reader, BlobError> {
    let file = open(folder, locator).await?;
    if file.metadata()?.len() < range.end {
        return Err(cut_short(locator));
    }
    Ok(Reader {
        file: Arc::new(file),
        pool: Arc::clone(pool),
        locator: locator.clone(),
        at: range.start,
        end: range.end,
        cold: None,
    })
}

pub(super) async fn stat(
    folder: &Arc<Folder>,
    locator: &Locator,
) -> Result<Option<u64>, BlobError> {
    match open(folder, locator).await {
        Ok(file) => Ok(Some(file.metadata()?.len())),
        Err(BlobError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn open(folder: &Arc<Folder>, locator: &Locator) -> Result<File, BlobError> {
    let opened = match folder.open_cached(&locator.0) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => {
            let (folder, key) = (Arc::clone(folder), locator.0.clone());
            blocking(move || Ok(folder.open_read(&key))).await?
        }
        other => other,
    };
    match opened {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(BlobError::NotFound(locator.clone()))
        }
        other => Ok(other?),
    }
}

pub(super) struct Reader {
    file: Arc<File>,
    pool: Arc<FramePool>,
    locator: Locator,
    at: u64,
    end: u64,
    /// A read that had to wait for the disk.
    cold: Option<JoinHandle<(Frame, io::Result<usize>)>>,
}

impl Stream for Reader {
    type Item = Result<Bytes, BlobError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.at >= this.end && this.cold.is_none() {
            return Poll::Ready(None);
        }
        let (frame, read) = match this.cold.as_mut() {
            None => match this.read_cached() {
                Some(done) => done,
                None => ready!(this.poll_cold(cx)),
            },
            Some(_) => ready!(this.poll_cold(cx)),
        };
        Poll::Ready(Some(this.advance(frame, read)))
    }
}

impl Reader {
    pub(super) fn left(&self) -> u64 {
        self.end - self.at
    }

    /// Takes the next part out of what is to be read, if it can be sent from memory as it is.
    pub(super) fn take_cached(&mut self) -> Option<CachedPart> {
        // What a thread is reading comes first.
        if self.cold.is_some() {
            return None;
        }
        let part = CachedPart::find(&self.file, &self.locator, self.at..self.end)?;
        self.at += part.left() as u64;
        Some(part)
    }

    fn want(&self) -> usize {
        usize::try_from(self.end - self.at).unwrap_or(FRAME).min(FRAME)
    }

    /// `None` when the bytes are not in memory; then a thread was set to read them.
    fn read_cached(&mut self) -> Option<(Frame, io::Result<usize>)> {
        let (want, at) = (self.want(), self.at);
        let mut frame = self.pool.take();
        let slices = &mut [IoSliceMut::new(frame.buffer(want))];
        match rustix::io::preadv2(&*self.file, slices, at, ReadWriteFlags::NOWAIT) {
            Ok(read) => Some((frame, Ok(read))),
            // Not cached (EAGAIN), or a file system that cannot tell (EOPNOTSUPP): read it the
            // slow way, which also brings the true error if there is one.
            Err(_) => {
                let file = Arc::clone(&self.file);
                self.cold = Some(tokio::task::spawn_blocking(move || {
                    let read = read_at(&file, frame.buffer(want), at);
                    (frame, read)
                }));
                None
            }
        }
    }

    fn poll_cold(&mut self, cx: &mut Context<'_>) -> Poll<(Frame, io::Result<usize>)> {
        let Some(job) = self.cold.as_mut() else { return Poll::Pending };
        let done = ready!(Pin::new(job).poll(cx));
        self.cold = None;
        Poll::Ready(done.unwrap_or_else(|_| {
            (self.pool.take(), Err(io::Error::other("the reading thread was lost")))
        }))
    }

    fn advance(&mut self, frame: Frame, read: io::Result<usize>) -> Result<Bytes, BlobError> {
        match read {
            Ok(read) if read > 0 => {
                self.at += read as u64;
                Ok(frame.into_bytes(read))
            }
            failed => {
                self.end = self.at;
                Err(failed.map_or_else(BlobError::from, |_| cut_short(&self.locator)))
            }
        }
    }
}

fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    loop {
        match file.read_at(buffer, at) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}
