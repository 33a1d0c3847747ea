//! Whether the hub can do its work right now.

use std::fmt::Display;
use std::time::Duration;

use crate::Hub;

/// Longest wait for either before it counts as away: load balancers ask every few seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// What answers and what does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    pub database: bool,
    pub store: bool,
}

impl Hub {
    /// Asks the database and the store, and tells the log why one does not answer.
    pub async fn readiness(&self) -> Readiness {
        let (database, store) = tokio::join!(
            answers("database", self.db.ping()),
            answers("blob store", self.blobs.check()),
        );
        Readiness { database, store }
    }
}

async fn answers<E: Display>(what: &str, question: impl Future<Output = Result<(), E>>) -> bool {
    match tokio::time::timeout(PATIENCE, question).await {
        Ok(Ok(())) => return true,
        Ok(Err(cause)) => tracing::warn!(%cause, "the {what} does not answer as it should"),
        Err(_) => tracing::warn!("the {what} does not answer"),
    }
    false
}
