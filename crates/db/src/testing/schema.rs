//! Writes a schema down in words that are the same on both engines, to compare them.

use std::collections::BTreeSet;

use crate::{Db, DbError, Engine, Tx};

/// Tables, columns, keys, indexes and foreign keys, one a line, sorted.
pub async fn describe(db: &Db) -> Result<String, DbError> {
    let mut tx = db.connect().await?;
    let lines = match db.engine() {
        Engine::Sqlite => sqlite(&mut tx).await?,
        Engine::Postgres => postgres(&mut tx).await?,
    };
    Ok(lines.into_iter().collect::<Vec<_>>().join("\n"))
}

async fn sqlite(tx: &mut Tx<'_>) -> Result<BTreeSet<String>, DbError> {
    let columns: Vec<(String, String, String, String)> = tx
        .sql(
            "SELECT m.name, c.name, c.type, CASE WHEN c.\"notnull\" OR c.pk THEN '' ELSE ' null' END \
             FROM sqlite_schema m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
        )
        .rows()
        .await?;
    let indexes: Vec<(String, String, String)> = tx
        .sql(
            "SELECT m.name, CASE WHEN i.\"unique\" THEN 'unique' ELSE 'index' END, \
             (SELECT group_concat(name, ', ') FROM \
             (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) \
             FROM sqlite_schema m, pragma_index_list(m.name) i \
             WHERE m.type = 'table' AND i.origin <> 'pk' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
             UNION ALL SELECT m.name, 'unique', (SELECT group_concat(name, ', ') FROM \
             (SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk)) \
             FROM sqlite_schema m WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
        )
        .rows()
        .await?;
    let keys: Vec<(String, String, String, String)> = tx
        .sql(
            "SELECT m.name, f.\"from\", f.\"table\", \
             CASE f.on_delete WHEN 'CASCADE' THEN ' cascade' ELSE '' END \
             FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
        )
        .rows()
        .await?;
    Ok(lines(columns, indexes, keys))
}

async fn postgres(tx: &mut Tx<'_>) -> Result<BTreeSet<String>, DbError> {
    let columns: Vec<(String, String, String, String)> = tx
        .sql(
            "SELECT table_name::text, column_name::text, data_type::text, \
             CASE is_nullable WHEN 'NO' THEN '' ELSE ' null' END FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
        )
        .rows()
        .await?;
    let indexes: Vec<(String, String, String)> = tx
        .sql(
            "SELECT c.relname::text, CASE WHEN i.indisunique THEN 'unique' ELSE 'index' END, \
             (SELECT string_agg(a.attname, ', ' ORDER BY k.place) \
             FROM unnest(i.indkey) WITH ORDINALITY k(attnum, place) \
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) \
             FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = 'public' AND c.relname NOT LIKE '\\_sqlx%'",
        )
        .rows()
        .await?;
    let keys: Vec<(String, String, String, String)> = tx
        .sql(
            "SELECT c.relname::text, a.attname::text, t.relname::text, \
             CASE f.confdeltype WHEN 'c' THEN ' cascade' ELSE '' END FROM pg_constraint f \
             JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class t ON t.oid = f.confrelid \
             JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1] \
             WHERE f.contype = 'f'",
        )
        .rows()
        .await?;
    Ok(lines(columns, indexes, keys))
}

fn lines(
    columns: Vec<(String, String, String, String)>,
    indexes: Vec<(String, String, String)>,
    keys: Vec<(String, String, String, String)>,
) -> BTreeSet<String> {
    let columns = columns.into_iter().map(|(table, column, kind, null)| {
        format!("{table}: column {column} {}{null}", one_word(&kind))
    });
    let indexes =
        indexes.into_iter().map(|(table, kind, columns)| format!("{table}: {kind} ({columns})"));
    let keys = keys
        .into_iter()
        .map(|(table, from, to, delete)| format!("{table}: key {from} -> {to}{delete}"));
    columns.chain(indexes).chain(keys).collect()
}

/// SQLite has no booleans of its own.
fn one_word(kind: &str) -> &str {
    match kind {
        "INTEGER" | "bigint" | "boolean" => "integer",
        "TEXT" | "text" => "text",
        "BLOB" | "bytea" => "bytes",
        other => other,
    }
}
