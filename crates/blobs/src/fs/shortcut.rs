//! From a file into a socket without a copy of the bytes in this program: `sendfile(2)`.
//!
//! `sendfile` waits for the disk when a page is not in memory, and has no flag against that. So a
//! part is given out only when its pages were just seen in memory, and what is not goes through
//! the stream, which reads on a thread that may wait. A page that is lost between the look and the
//! sending makes the sender wait for one read of the disk; it can make nothing wrong.

use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, IoSliceMut};
use std::ops::Range;
use std::os::fd::AsFd;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::stream::{Stream, StreamExt};
use rustix::fs::sendfile;
use rustix::io::{ReadWriteFlags, retry_on_intr};

use super::read::Reader;
use crate::{BlobError, Download, Locator};

/// A shorter rest is read: a small copy is cheaper than the calls that would avoid it.
const LEAST: u64 = 64 << 10;
/// How far the pages that are looked at lie apart: no further than what Linux reads ahead by
/// default, so that one that is there stands for those around it.
const STRIDE: usize = 128 << 10;

/// A download whose bytes can leave by either way, in any turn.
pub(super) fn download(reader: Reader) -> Download {
    let reader = Arc::new(Mutex::new(reader));
    let bytes = Shared(Arc::clone(&reader)).boxed();
    Download { bytes, shortcut: Some(Shortcut(reader)) }
}

type Common = Arc<Mutex<Reader>>;

fn lock(reader: &Common) -> MutexGuard<'_, Reader> {
    reader.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The stream of a download that also has a shortcut.
struct Shared(Common);

impl Stream for Shared {
    type Item = Result<Bytes, BlobError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *lock(&self.0)).poll_next(cx)
    }
}

/// Takes parts out of a download. The stream goes on behind them, and they go on behind what the
/// stream gave, so whoever sends both in the order he got them sends the whole.
#[derive(Clone)]
pub struct Shortcut(Common);

impl fmt::Debug for Shortcut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shortcut({} bytes left)", self.left())
    }
}

impl Shortcut {
    /// Bytes that neither way has given out yet.
    pub fn left(&self) -> u64 {
        lock(&self.0).left()
    }

    /// The next part, unless it is short or not in memory: then the stream has to give the next.
    pub fn take_cached(&self) -> Option<CachedPart> {
        lock(&self.0).take_cached()
    }
}

/// A part of a blob's file that was in memory a moment ago.
#[derive(Debug)]
pub struct CachedPart {
    file: Arc<File>,
    locator: Locator,
    at: u64,
    left: usize,
}

impl CachedPart {
    /// Longest part.
    pub const MOST: usize = 1 << 20;

    /// The beginning of `range`, if it is long enough and in memory. On a file system that cannot
    /// tell, nothing ever is.
    pub(super) fn find(file: &Arc<File>, locator: &Locator, range: Range<u64>) -> Option<Self> {
        let (at, length) = (range.start, range.end - range.start);
        let left = usize::try_from(length).unwrap_or(Self::MOST).min(Self::MOST);
        let is_cached = |at| {
            let mut byte = [0];
            let read = &mut [IoSliceMut::new(&mut byte)];
            rustix::io::preadv2(file, read, at, ReadWriteFlags::NOWAIT) == Ok(1)
        };
        let mut looked_at = (0..left).step_by(STRIDE).chain(left.checked_sub(1));
        (length >= LEAST && looked_at.all(|offset| is_cached(at + offset as u64))).then(|| Self {
            file: Arc::clone(file),
            locator: locator.clone(),
            at,
            left,
        })
    }

    /// Bytes still to be sent.
    pub fn left(&self) -> usize {
        self.left
    }

    /// Sends as much as `socket` takes. `UnexpectedEof`: the file has become shorter.
    pub fn send(&mut self, socket: impl AsFd) -> io::Result<usize> {
        let mut at = self.at;
        let sent = retry_on_intr(|| sendfile(&socket, &self.file, Some(&mut at), self.left))?;
        if sent == 0 {
            let message = format!("`{}` has become shorter", self.locator.0);
            return Err(io::Error::new(ErrorKind::UnexpectedEof, message));
        }
        self.at = at;
        self.left -= sent;
        Ok(sent)
    }
}
