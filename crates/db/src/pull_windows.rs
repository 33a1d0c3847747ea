//! Pulls of an account or an address, counted in a window of time that begins with the first.

use roadstead_types::time::Timestamp;

use crate::sql::{record, rows_list};
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullWindow {
    /// Whose pulls they are.
    pub key: String,
    pub pulls: u64,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
}

record!(PullWindow { key, pulls, starts_at, ends_at });

/// How many rows go into one statement.
const ROWS: usize = 64;

/// Adds pulls to the windows that stand, and begins those that do not; returns how they stand now. The keys
/// differ and are in their order, which every node keeps to, so that nodes never wait for each other in a
/// circle.
pub async fn add(tx: &mut Tx<'_>, counted: &[PullWindow]) -> Result<Vec<PullWindow>, DbError> {
    let mut standing = Vec::with_capacity(counted.len());
    for chunk in counted.chunks(ROWS) {
        let mut statement = tx.sql(rows_list(
            "INSERT INTO pull_windows (key, pulls, starts_at, ends_at) VALUES ",
            4,
            chunk.len(),
            " ON CONFLICT (key) DO UPDATE SET \
             pulls = excluded.pulls + CASE WHEN pull_windows.ends_at > excluded.starts_at \
             THEN pull_windows.pulls ELSE 0 END, \
             starts_at = CASE WHEN pull_windows.ends_at > excluded.starts_at \
             THEN pull_windows.starts_at ELSE excluded.starts_at END, \
             ends_at = CASE WHEN pull_windows.ends_at > excluded.starts_at \
             THEN pull_windows.ends_at ELSE excluded.ends_at END \
             RETURNING key, pulls, starts_at, ends_at",
        ));
        for window in chunk {
            statement.push(&window.key);
            statement.push(window.pulls);
            statement.push(window.starts_at);
            statement.push(window.ends_at);
        }
        standing.extend(statement.rows::<PullWindow>().await?);
    }
    Ok(standing)
}

/// The window of a key, unless it is over.
pub async fn find(
    tx: &mut Tx<'_>,
    key: &str,
    now: Timestamp,
) -> Result<Option<PullWindow>, DbError> {
    tx.sql(
        "SELECT key, pulls, starts_at, ends_at FROM pull_windows WHERE key = $1 AND ends_at > $2",
    )
    .bind(key)
    .bind(now)
    .row()
    .await
}

/// Removes windows that are over.
pub async fn purge(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, DbError> {
    tx.sql("DELETE FROM pull_windows WHERE ends_at <= $1").bind(now).run().await
}
