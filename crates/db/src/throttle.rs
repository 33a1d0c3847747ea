//! What may happen only so often, failed sign-ins above all: counted per key in a window that starts with
//! the first.

use std::time::Duration;

use roadstead_types::time::Timestamp;

use crate::{DbError, Tx};

/// How many failures the running window has, and when it ends.
pub async fn failures(
    tx: &mut Tx<'_>,
    key: &str,
    now: Timestamp,
) -> Result<Option<(i64, Timestamp)>, DbError> {
    tx.sql(
        "SELECT failures, window_ends_at FROM login_failures \
         WHERE key = $1 AND window_ends_at > $2",
    )
    .bind(key)
    .bind(now)
    .row()
    .await
}

/// Counts a failure and returns how many the window has now.
pub async fn record_failure(
    tx: &mut Tx<'_>,
    key: &str,
    now: Timestamp,
    window: Duration,
) -> Result<i64, DbError> {
    let (failures,) = tx
        .sql(
            "INSERT INTO login_failures (key, failures, window_ends_at) VALUES ($1, 1, $3) \
             ON CONFLICT (key) DO UPDATE SET \
             failures = CASE WHEN login_failures.window_ends_at > $2 \
             THEN login_failures.failures + 1 ELSE 1 END, \
             window_ends_at = CASE WHEN login_failures.window_ends_at > $2 \
             THEN login_failures.window_ends_at ELSE excluded.window_ends_at END \
             RETURNING failures",
        )
        .bind(key)
        .bind(now)
        .bind(now.plus(window))
        .one()
        .await?;
    Ok(failures)
}

/// Forgets the failures of a key, after a success.
pub async fn clear(tx: &mut Tx<'_>, key: &str) -> Result<(), DbError> {
    tx.sql("DELETE FROM login_failures WHERE key = $1").bind(key).run().await?;
    Ok(())
}

/// Removes windows that have ended.
pub async fn purge(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, DbError> {
    tx.sql("DELETE FROM login_failures WHERE window_ends_at <= $1").bind(now).run().await
}
