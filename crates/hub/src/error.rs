//! The one error for "the database or the store failed": what a surface needs to answer, and for
//! the log the cause.

use std::fmt;

use roadstead_blobs::BlobError;
use roadstead_db::DbError;

/// An infrastructure failure. `Display` is for logs only; clients get a fixed text.
#[derive(Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    cause: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// Try again soon: contention, a database or store that is away.
    Unavailable,
    /// No room left for bytes or rows.
    Full,
    /// Something is wrong that waiting does not mend.
    Internal,
}

impl StoreError {
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self { kind: StoreErrorKind::Internal, cause: cause.to_string() }
    }

    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl std::error::Error for StoreError {}

impl From<DbError> for StoreError {
    fn from(error: DbError) -> Self {
        let kind = match &error {
            DbError::Busy | DbError::Away(_) => StoreErrorKind::Unavailable,
            DbError::Full => StoreErrorKind::Full,
            _ => StoreErrorKind::Internal,
        };
        count("database", kind);
        Self { kind, cause: format!("database: {error}") }
    }
}

impl From<BlobError> for StoreError {
    fn from(error: BlobError) -> Self {
        let kind = match &error {
            BlobError::Unavailable(_) => StoreErrorKind::Unavailable,
            BlobError::NoSpace => StoreErrorKind::Full,
            BlobError::NotFound(_)
            | BlobError::DigestMismatch { .. }
            | BlobError::StagedMissing(_)
            | BlobError::StateUnreadable(_)
            | BlobError::Io(_) => StoreErrorKind::Internal,
        };
        count("store", kind);
        Self { kind, cause: format!("blob store: {error}") }
    }
}

fn count(of: &'static str, kind: StoreErrorKind) {
    let kind = match kind {
        StoreErrorKind::Unavailable => "unavailable",
        StoreErrorKind::Full => "full",
        StoreErrorKind::Internal => "internal",
    };
    metrics::counter!("roadstead_failures_total", "of" => of, "kind" => kind).increment(1);
}
