//! Pours rows into a database, thousands a statement.

use std::fmt::Write as _;

use anyhow::Result;
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;

use crate::connection::Connection;
use crate::rows::{Batch, Cell, Row, Table};

/// Values of one statement of SQLite, which takes 32 766.
const SQLITE_VALUES: usize = 16_000;

pub async fn write(connection: &mut Connection, batch: &Batch) -> Result<()> {
    for (table, rows) in &batch.0 {
        match connection {
            Connection::Sqlite(connection) => insert(connection, table, rows).await?,
            Connection::Postgres(connection) => copy(connection, table, rows).await?,
        }
    }
    Ok(())
}

async fn insert(connection: &mut SqliteConnection, table: &Table, rows: &[Row]) -> Result<()> {
    let columns = table.columns.len();
    for rows in rows.chunks(SQLITE_VALUES / columns) {
        let one = format!("({})", vec!["?"; columns].join(", "));
        let head = format!("INSERT INTO {} ({}) VALUES ", table.name, table.columns.join(", "));
        let text = head + &vec![one; rows.len()].join(", ");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for cell in rows.iter().flatten() {
            query = match cell {
                Cell::Null => query.bind(None::<i64>),
                Cell::Integer(value) => query.bind(value),
                Cell::Boolean(value) => query.bind(value),
                Cell::Text(value) => query.bind(value.as_str()),
                Cell::Bytes(value) => query.bind(value.as_slice()),
            };
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn copy(connection: &mut PgConnection, table: &Table, rows: &[Row]) -> Result<()> {
    let text = format!("COPY {} ({}) FROM STDIN", table.name, table.columns.join(", "));
    let mut lines = String::new();
    for row in rows {
        for (place, cell) in row.iter().enumerate() {
            lines.push_str(if place == 0 { "" } else { "\t" });
            push_cell(&mut lines, cell);
        }
        lines.push('\n');
    }
    let mut copy = connection.copy_in_raw(&text).await?;
    copy.send(lines.as_bytes()).await?;
    copy.finish().await?;
    Ok(())
}

/// The text format of COPY (PostgreSQL manual, COPY, File Formats).
fn push_cell(line: &mut String, cell: &Cell) {
    match cell {
        Cell::Null => line.push_str("\\N"),
        Cell::Integer(value) => _ = write!(line, "{value}"),
        Cell::Boolean(value) => line.push(if *value { 't' } else { 'f' }),
        Cell::Text(value) => {
            for letter in value.chars() {
                match letter {
                    '\\' => line.push_str("\\\\"),
                    '\t' => line.push_str("\\t"),
                    '\n' => line.push_str("\\n"),
                    '\r' => line.push_str("\\r"),
                    other => line.push(other),
                }
            }
        }
        Cell::Bytes(value) => {
            line.push_str("\\\\x");
            value.iter().for_each(|byte| _ = write!(line, "{byte:02x}"));
        }
    }
}
