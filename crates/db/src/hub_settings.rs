//! What administrators decide while the hub runs, and a number that moves on with each decision.
//!
//! The number stands among the settings, under `revision`. Nodes keep the decisions in memory and read them
//! again when it has moved on.

use crate::sql::record;
use crate::{DbError, Tx};

/// The row that is no setting.
const REVISION: &str = "revision";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingRow {
    pub name: String,
    pub value: String,
}

record!(SettingRow { name, value });

/// How often something was decided.
pub async fn revision(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    let row: Option<(i64,)> = tx
        .sql("SELECT CAST(value AS BIGINT) FROM hub_settings WHERE name = $1")
        .bind(REVISION)
        .row()
        .await?;
    Ok(row.map_or(0, |(revision,)| revision))
}

/// Counts a decision, in its transaction, and keeps others from being made until that ends.
pub async fn advance(tx: &mut Tx<'_>) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO hub_settings (name, value) VALUES ($1, '1') ON CONFLICT (name) \
         DO UPDATE SET value = CAST(CAST(hub_settings.value AS BIGINT) + 1 AS TEXT)",
    )
    .bind(REVISION)
    .run()
    .await?;
    Ok(())
}

pub async fn list(tx: &mut Tx<'_>) -> Result<Vec<SettingRow>, DbError> {
    tx.sql("SELECT name, value FROM hub_settings WHERE name <> $1 ORDER BY name LIMIT 1000")
        .bind(REVISION)
        .rows()
        .await
}

/// Decides a setting; without a value, leaves it to the configuration again.
pub async fn set(tx: &mut Tx<'_>, name: &str, value: Option<&str>) -> Result<(), DbError> {
    let statement = match value {
        Some(value) => tx
            .sql(
                "INSERT INTO hub_settings (name, value) VALUES ($1, $2) \
                 ON CONFLICT (name) DO UPDATE SET value = $2",
            )
            .bind(name)
            .bind(value),
        None => tx.sql("DELETE FROM hub_settings WHERE name = $1").bind(name),
    };
    statement.run().await?;
    Ok(())
}
