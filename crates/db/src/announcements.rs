//! What administrators tell everybody, for a time.

use roadstead_types::AnnouncementId;
use roadstead_types::time::Timestamp;

use crate::sql::record;
use crate::values::words;
use crate::{DbError, Tx};

/// How loud it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Info,
    Warning,
    Critical,
}

words!(Level { Info = "info", Warning = "warning", Critical = "critical" });

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnouncementRecord {
    pub id: AnnouncementId,
    pub text: String,
    pub level: Level,
    pub starts_at: Timestamp,
    /// Until it is removed where there is none.
    pub ends_at: Option<Timestamp>,
}

record!(AnnouncementRecord { id, text, level, starts_at, ends_at });

pub async fn insert(tx: &mut Tx<'_>, new: &AnnouncementRecord) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO announcements (id, text, level, starts_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(new.id)
    .bind(&new.text)
    .bind(new.level)
    .bind(new.starts_at)
    .bind(new.ends_at)
    .run()
    .await?;
    Ok(())
}

/// Removes one and returns its text.
pub async fn delete(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<Option<String>, DbError> {
    let row: Option<(String,)> =
        tx.sql("DELETE FROM announcements WHERE id = $1 RETURNING text").bind(id).row().await?;
    Ok(row.map(|(text,)| text))
}

/// All, those that begin last first; at most `limit`.
pub async fn list(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<AnnouncementRecord>, DbError> {
    tx.sql(
        "SELECT id, text, level, starts_at, ends_at FROM announcements \
         ORDER BY starts_at DESC, id DESC LIMIT $1",
    )
    .bind(i64::from(limit))
    .rows()
    .await
}

/// Forgets those that ended long ago.
pub async fn purge(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.sql("DELETE FROM announcements WHERE ends_at < $1").bind(before).run().await
}
