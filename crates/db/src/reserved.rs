//! Names nobody may take, besides those the program itself needs. One that ends in `*` stands for all
//! names that begin so.

use roadstead_types::AccountName;
use roadstead_types::time::Timestamp;

use crate::sql::record;
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservedRecord {
    pub name: String,
    pub reason: String,
    pub created_at: Timestamp,
}

record!(ReservedRecord { name, reason, created_at });

/// Reserves a name; `false` when it is already.
pub async fn insert(tx: &mut Tx<'_>, new: &ReservedRecord) -> Result<bool, DbError> {
    let inserted = tx
        .sql(
            "INSERT INTO reserved_names (name, reason, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(&new.name)
        .bind(&new.reason)
        .bind(new.created_at)
        .run()
        .await?;
    Ok(inserted == 1)
}

pub async fn delete(tx: &mut Tx<'_>, name: &str) -> Result<bool, DbError> {
    let removed = tx.sql("DELETE FROM reserved_names WHERE name = $1").bind(name).run().await?;
    Ok(removed == 1)
}

/// A page by name, and how many there are in all.
pub async fn list(
    tx: &mut Tx<'_>,
    offset: u64,
    limit: u32,
) -> Result<(Vec<ReservedRecord>, u64), DbError> {
    let rows = tx
        .sql("SELECT name, reason, created_at FROM reserved_names ORDER BY name LIMIT $1 OFFSET $2")
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx.sql("SELECT COUNT(*) FROM reserved_names").one().await?;
    Ok((rows, total))
}

/// Whether the name is reserved, by itself or by its beginning.
pub async fn holds(tx: &mut Tx<'_>, name: &AccountName) -> Result<bool, DbError> {
    let row: Option<(String,)> = tx
        .sql(
            "SELECT name FROM reserved_names WHERE name = $1 OR (name LIKE '%*' \
             AND substr($1, 1, length(name) - 1) = substr(name, 1, length(name) - 1)) LIMIT 1",
        )
        .bind(name)
        .row()
        .await?;
    Ok(row.is_some())
}
