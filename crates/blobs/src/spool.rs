//! Parts of an upload on their way to a bucket, gathered in unnamed local files.
//!
//! A slow sender holds disk, not memory. The files have no names, so a crash leaves nothing behind.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::mpsc::Sender;

use crate::frames::{FRAME, FramePool};

/// Bytes in a local file: its first `length` ones.
#[derive(Debug)]
pub(crate) struct Spooled {
    file: File,
    pub(crate) length: u64,
}

impl Spooled {
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(folder)?, length: 0 })
    }

    pub(crate) fn holding(folder: &Path, bytes: &[u8]) -> io::Result<Self> {
        let mut spooled = Self::new(folder)?;
        spooled.push(bytes)?;
        Ok(spooled)
    }

    fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, self.length)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Everything, in memory. Blocks.
    pub(crate) fn load(&self, pool: &Arc<FramePool>) -> io::Result<Vec<Bytes>> {
        let mut frames = Vec::new();
        let mut at = 0;
        while at < self.length {
            let length = usize::try_from(self.length - at).unwrap_or(FRAME).min(FRAME);
            let mut frame = pool.take();
            self.file.read_exact_at(frame.buffer(length), at)?;
            frames.push(frame.into_bytes(length));
            at += length as u64;
        }
        Ok(frames)
    }
}

/// How large each part is. S3 allows 10 000 parts, so later ones grow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PartPlan {
    /// Bytes of each of the first [`PartPlan::STEPS`]`[0].0` parts.
    pub(crate) first: u64,
}

impl PartPlan {
    /// Up to which part a multiple of the first size holds.
    const STEPS: [(usize, u64); 3] = [(2_000, 1), (6_000, 2), (10_000, 4)];

    pub(crate) fn size(self, part: usize) -> u64 {
        let step = Self::STEPS.iter().find(|(end, _)| part < *end);
        step.unwrap_or(&Self::STEPS[2]).1 * self.first
    }

    /// The largest upload: with parts of 8 MiB, 203 GiB.
    pub(crate) fn capacity(self) -> u64 {
        let (mut parts, mut bytes) = (0, 0);
        for (end, factor) in Self::STEPS {
            bytes += (end - parts) as u64 * factor * self.first;
            parts = end;
        }
        bytes
    }
}

/// Cuts what is written into parts, and passes on each that is full.
pub(crate) struct PartWriter {
    folder: Arc<PathBuf>,
    plan: PartPlan,
    /// Index of the part that is being filled.
    part: usize,
    filling: Spooled,
    full: Sender<Spooled>,
}

impl PartWriter {
    pub(crate) fn new(
        folder: Arc<PathBuf>,
        plan: PartPlan,
        part: usize,
        filling: Spooled,
        full: Sender<Spooled>,
    ) -> Self {
        Self { folder, plan, part, filling, full }
    }

    /// The part that did not become full.
    pub(crate) fn into_rest(self) -> Spooled {
        self.filling
    }

    fn room(&self) -> u64 {
        // A node with another plan may have left a longer tail.
        self.plan.size(self.part).saturating_sub(self.filling.length)
    }

    fn pass_on(&mut self) -> io::Result<()> {
        let next = Spooled::new(&self.folder)?;
        let full = std::mem::replace(&mut self.filling, next);
        self.part += 1;
        self.full.blocking_send(full).map_err(|_| ErrorKind::BrokenPipe.into())
    }
}

impl Write for PartWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.room() == 0 {
            self.pass_on()?;
        }
        let take = usize::try_from(self.room()).unwrap_or(usize::MAX).min(bytes.len());
        self.filling.push(&bytes[..take])?;
        if self.room() == 0 {
            self.pass_on()?;
        }
        Ok(take)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_parts_hold_the_capacity() {
        let plan = PartPlan { first: 8 << 20 };
        let sum: u64 = (0..10_000).map(|part| plan.size(part)).sum();

        assert_eq!(sum, plan.capacity());
        assert!(plan.capacity() > 200 << 30);
        assert_eq!(plan.size(9_999), 32 << 20);
    }
}
