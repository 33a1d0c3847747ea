//! Buffers used again and again: no zeroing and no allocation per frame, and none of the memory
//! that an allocator keeps back for each thread after large buffers came and went.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

/// Length of one frame. Larger ones fall out of the processor's cache between read and send.
pub(crate) const FRAME: usize = 256 << 10;
pub(crate) struct FramePool {
    idle: Mutex<Vec<Box<[u8]>>>,
    keep: usize,
}

impl std::fmt::Debug for FramePool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FramePool")
    }
}

impl FramePool {
    /// Keeps at most `keep` buffers for later, beyond those in use.
    pub(crate) fn new(keep: usize) -> Self {
        Self { idle: Mutex::default(), keep }
    }

    /// A buffer with unspecified content. The last one given back comes first: it is still warm.
    pub(crate) fn take(self: &Arc<Self>) -> Frame {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let buffer = idle.unwrap_or_else(|| vec![0; FRAME].into_boxed_slice());
        Frame { buffer, filled: 0, pool: Arc::clone(self) }
    }

    fn give_back(&self, buffer: Box<[u8]>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.keep {
            idle.push(buffer);
        }
    }
}

/// One buffer, returned to its pool when the last reference to its bytes is dropped.
pub(crate) struct Frame {
    buffer: Box<[u8]>,
    filled: usize,
    pool: Arc<FramePool>,
}

impl Frame {
    pub(crate) fn buffer(&mut self, length: usize) -> &mut [u8] {
        &mut self.buffer[..length]
    }

    /// The first `filled` bytes.
    pub(crate) fn into_bytes(mut self, filled: usize) -> Bytes {
        self.filled = filled;
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Frame {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.pool.give_back(std::mem::take(&mut self.buffer));
    }
}
