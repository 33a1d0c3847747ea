//! Whether the hub can do its work right now.

use crate::Hub;

/// What answers and what does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    pub database: bool,
    pub store: bool,
}

impl Hub {
    /// Asks the database and the store, and tells the log why one does not answer.
    pub async fn readiness(&self) -> Readiness {
        let (database, store) = tokio::join!(self.db.ping(), self.blobs.check());
        if let Err(cause) = &database {
            tracing::warn!(%cause, "the database does not answer");
        }
        if let Err(cause) = &store {
            tracing::warn!(%cause, "the blob store does not answer");
        }
        Readiness { database: database.is_ok(), store: store.is_ok() }
    }
}
