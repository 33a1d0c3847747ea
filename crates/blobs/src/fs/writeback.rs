//! Sends a growing file to the disk while it still grows, so that the sync at its end has little
//! left to wait for.

use std::fs::File;
use std::io::{self, IoSlice, Write};
use std::num::NonZeroU64;

use rustix::fs::{Advice, fadvise};

/// Bytes that gather before they are sent on their way.
const STEP: u64 = 2 << 20;

/// Writes to `file`, which is at `offset`.
pub(super) struct Writeback<'a> {
    file: &'a mut File,
    /// Before this byte everything was sent.
    sent: u64,
    written: u64,
}

impl<'a> Writeback<'a> {
    pub(super) fn new(file: &'a mut File, offset: u64) -> Self {
        Self { file, sent: offset, written: offset }
    }

    /// Only a hint, whose failure is the sync's to tell. Linux starts writing the range without
    /// waiting for it (mm/fadvise.c, `POSIX_FADV_DONTNEED`); pages on their way to the disk stay in
    /// the cache, where the first pull finds them.
    fn send(&mut self) {
        let length = NonZeroU64::new(self.written - self.sent);
        let _ = fadvise(&*self.file, self.sent, length, Advice::DontNeed);
        self.sent = self.written;
    }
}

impl Write for Writeback<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let written = self.file.write_vectored(slices)?;
        self.written += written as u64;
        if self.written - self.sent >= STEP {
            self.send();
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
