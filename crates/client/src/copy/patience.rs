//! How often to try again.

use std::time::Duration;

use crate::ClientError;

/// Tries in a row that may bring nothing.
const TRIES: u32 = 6;
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// Counts attempts that brought nothing. One that moved on starts the count anew, so that a bad line
/// carries a large image in the end.
#[derive(Debug, Default)]
pub struct Patience {
    in_vain: u32,
    reached: u64,
}

impl Patience {
    /// Waits before the next try, or gives the error back when there is no point in one.
    pub async fn wait_after(
        &mut self,
        error: ClientError,
        reached: u64,
    ) -> Result<(), ClientError> {
        if !error.is_passing() {
            return Err(error);
        }
        if reached > self.reached {
            *self = Self { in_vain: 0, reached };
        }
        self.in_vain += 1;
        if self.in_vain >= TRIES {
            return Err(error);
        }
        tokio::time::sleep(FIRST_WAIT * 2_u32.pow(self.in_vain - 1)).await;
        Ok(())
    }
}
