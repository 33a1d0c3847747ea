//! How much of uploads may be in memory at once, over the whole process.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes in memory at once: eight parts of the usual size.
const BUDGET: u64 = 64 << 20;
/// What is counted; finer would only cost.
const UNIT: u64 = 64 << 10;

#[derive(Clone, Debug)]
pub(super) struct MemoryBudget(Arc<Semaphore>);

impl Default for MemoryBudget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(usize::try_from(BUDGET / UNIT).unwrap_or(1))))
    }
}

impl MemoryBudget {
    /// Waits until `bytes` may be loaded. A larger request than the whole budget gets all of it.
    pub(super) async fn take(&self, bytes: u64) -> OwnedSemaphorePermit {
        let units = bytes.min(BUDGET).div_ceil(UNIT).max(1);
        let units = u32::try_from(units).expect("the budget is small");
        Arc::clone(&self.0).acquire_many_owned(units).await.expect("never closed")
    }
}
