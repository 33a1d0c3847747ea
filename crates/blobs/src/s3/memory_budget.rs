//! How much of uploads may be in memory at once, over the whole process, and the buffers for it.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::BlobError;
use crate::frames::{FRAME, FramePool};
use crate::intake::blocking;
use crate::spool::Spooled;

/// Bytes in memory at once: four parts of the usual size.
const BUDGET: u64 = 32 << 20;
/// What is counted; finer would only cost.
const UNIT: u64 = 64 << 10;

#[derive(Clone, Debug)]
pub(super) struct MemoryBudget {
    units: Arc<Semaphore>,
    frames: Arc<FramePool>,
}

impl Default for MemoryBudget {
    fn default() -> Self {
        let units = Semaphore::new(usize::try_from(BUDGET / UNIT).unwrap_or(1));
        // Keeping them all costs less than what the allocator keeps when they come and go.
        let idle = usize::try_from(BUDGET).unwrap_or(0) / FRAME;
        Self { units: Arc::new(units), frames: Arc::new(FramePool::new(idle)) }
    }
}

impl MemoryBudget {
    /// Waits until `bytes` may be loaded. A larger request than the whole budget gets all of it.
    pub(super) async fn take(&self, bytes: u64) -> OwnedSemaphorePermit {
        let units = bytes.min(BUDGET).div_ceil(UNIT).max(1);
        let units = u32::try_from(units).expect("the budget is small");
        Arc::clone(&self.units).acquire_many_owned(units).await.expect("never closed")
    }

    /// Reads a part into memory that was taken for it, and gives the part back.
    pub(super) async fn load(&self, part: Spooled) -> Result<(Spooled, Vec<Bytes>), BlobError> {
        let frames = Arc::clone(&self.frames);
        blocking(move || {
            let bytes = part.load(&frames)?;
            Ok((part, bytes))
        })
        .await
    }
}
