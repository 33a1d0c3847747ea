//! What can go wrong between the domain and its database, sorted by what a caller can do about it.

use std::sync::Arc;

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::postgres::PgDatabaseError;

/// Failures of the database. `Clone`, because one query may answer many callers.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DbError {
    /// Others were faster or too many: a lock, a deadlock, a full pool, an id taken twice, a row
    /// referred to that has just been deleted. Done again from the start, the work may well succeed.
    #[error("the database is busy")]
    Busy,
    /// No connection, or it broke. It is unknown whether a commit under way took effect.
    #[error("the database is away: {0}")]
    Away(String),
    #[error("the disk of the database is full")]
    Full,
    /// A unique constraint that the query does not handle itself.
    #[error("a row with the same key exists: {0}")]
    Conflict(String),
    /// A row, or the file, that cannot be read.
    #[error("the database holds something unreadable: {what}")]
    Corrupt { what: String },
    /// The database is newer than this program, or its schema was changed by other means.
    #[error("the schema of the database does not fit this program: {0}")]
    Schema(String),
    #[error("not a database address: {0}")]
    Address(String),
    #[error(transparent)]
    Other(Arc<sqlx::Error>),
}

impl DbError {
    /// Whether trying again later, unchanged, may succeed.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Busy | Self::Away(_) | Self::Full)
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => {
                from_database(database.as_ref()).unwrap_or_else(|| Self::Other(Arc::new(error)))
            }
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::BeginFailed
            | sqlx::Error::WorkerCrashed => Self::Away(error.to_string()),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                Self::Corrupt { what: error.to_string() }
            }
            _ => Self::Other(Arc::new(error)),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for DbError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            other => Self::Schema(other.to_string()),
        }
    }
}

fn from_database(error: &dyn DatabaseError) -> Option<DbError> {
    if error.kind() == ErrorKind::UniqueViolation {
        return Some(if is_id(error) {
            DbError::Busy
        } else {
            DbError::Conflict(error.message().to_owned())
        });
    }
    if error.kind() == ErrorKind::ForeignKeyViolation {
        return Some(DbError::Busy);
    }
    match error.try_downcast_ref::<PgDatabaseError>() {
        Some(error) => from_postgres(error),
        None => from_sqlite(error),
    }
}

/// Whether the key violated is a generated id: two nodes drew the same one, and the next will differ.
fn is_id(error: &dyn DatabaseError) -> bool {
    match error.try_downcast_ref::<PgDatabaseError>() {
        Some(error) => error.detail().is_some_and(|detail| detail.starts_with("Key (id)=")),
        None => error.message().ends_with(".id"),
    }
}

/// PostgreSQL 15, appendix A "Error Codes".
fn from_postgres(error: &PgDatabaseError) -> Option<DbError> {
    let away = || DbError::Away(error.message().to_owned());
    match error.code() {
        "40001" | "40P01" | "55P03" | "57014" => Some(DbError::Busy),
        "53100" => Some(DbError::Full),
        // Read-only: this server is a standby after a fail-over.
        "25006" => Some(away()),
        code if code.starts_with("53") => Some(DbError::Busy),
        code if code.starts_with("08") || code.starts_with("57P") => Some(away()),
        code if code.starts_with("XX") => {
            Some(DbError::Corrupt { what: error.message().to_owned() })
        }
        _ => None,
    }
}

/// sqlite.org/rescode.html; the low byte is the primary code.
fn from_sqlite(error: &dyn DatabaseError) -> Option<DbError> {
    let code: u32 = error.code()?.parse().ok()?;
    let message = || error.message().to_owned();
    match code & 0xff {
        // BUSY, LOCKED, INTERRUPT
        5 | 6 | 9 => Some(DbError::Busy),
        // READONLY, IOERR, CANTOPEN
        8 | 10 | 14 => Some(DbError::Away(message())),
        // FULL
        13 => Some(DbError::Full),
        // CORRUPT, NOTADB
        11 | 26 => Some(DbError::Corrupt { what: message() }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Db;

    #[tokio::test]
    async fn a_full_disk_is_told_apart_and_what_was_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let db =
            Db::open(&format!("sqlite:{}", folder.path().join("t.db").display())).await.unwrap();

        let outcome = db
            .write(async |tx| {
                // As few pages as there are, which is how a full disk looks to SQLite.
                tx.sql("PRAGMA max_page_count = 1").run().await?;
                tx.sql("INSERT INTO login_failures VALUES ($1, 1, 1)")
                    .bind("x".repeat(100_000))
                    .run()
                    .await
            })
            .await;

        assert!(matches!(outcome, Err(DbError::Full)), "{outcome:?}");
        assert!(outcome.unwrap_err().is_transient());
        db.ping().await.unwrap();
    }
}
