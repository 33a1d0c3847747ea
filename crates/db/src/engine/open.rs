//! Opening the pools: addresses, pragmas, time limits.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{Connection, Executor};

use super::Pools;
use crate::error::DbError;

/// How long a caller queues for a SQLite connection before it is told that the database is busy.
const SQLITE_WAIT: Duration = Duration::from_secs(15);
/// How long a caller waits for PostgreSQL. Short, so that a server that is away is a quick answer.
const POSTGRES_WAIT: Duration = Duration::from_secs(4);
const POSTGRES_CONNECTIONS: u32 = 16;
/// A connection that lay idle longer is asked for a sign of life before it is used again.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);
/// How long a connection that is given back may take for a sign of life.
const RELEASE_WAIT: Duration = Duration::from_secs(3);
/// Bytes of the file that SQLite reads through the page cache instead of copying.
const SQLITE_MMAP: &str = "134217728";
/// Kibibytes of page cache for each connection, negative as SQLite wants it.
const SQLITE_CACHE: &str = "-4096";
/// The write-ahead log is cut back to this after a checkpoint.
const SQLITE_JOURNAL_LIMIT: &str = "67108864";

pub(super) async fn open(url: &str) -> Result<Pools, DbError> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        return sqlite(Path::new(path)).await;
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return postgres(url).await;
    }
    Err(DbError::Address(format!(
        "`{}` is neither `sqlite:PATH` nor `postgres://...`",
        url.split(':').next().unwrap_or_default()
    )))
}

async fn sqlite(path: &Path) -> Result<Pools, DbError> {
    if path.as_os_str().is_empty() || path == Path::new(":memory:") {
        return Err(DbError::Address("a SQLite database needs a path to its file".to_owned()));
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .journal_mode(SqliteJournalMode::Wal)
        // A commit is on the disk before it is acknowledged; NORMAL may lose the last ones.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(SQLITE_WAIT)
        .statement_cache_capacity(256)
        .row_buffer_size(256)
        .pragma("cache_size", SQLITE_CACHE)
        .pragma("mmap_size", SQLITE_MMAP)
        .pragma("journal_size_limit", SQLITE_JOURNAL_LIMIT)
        .pragma("temp_store", "MEMORY");
    let pool = || {
        SqlitePoolOptions::new()
            .test_before_acquire(false)
            .acquire_timeout(SQLITE_WAIT)
            .after_release(|connection, _| Box::pin(is_usable(connection)))
            .idle_timeout(None)
            .max_lifetime(None)
    };
    // The writer first: it makes the file and switches it to WAL, which a reader cannot.
    let writer = pool().max_connections(1).connect_with(options.clone()).await?;
    let readers = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8);
    let readers = pool()
        .max_connections(readers as u32)
        .connect_lazy_with(options.pragma("query_only", "ON"));
    Ok(Pools::Sqlite { writer, readers })
}

/// A transaction that was dropped is rolled back behind our back. On a full disk SQLite has done that
/// itself, the rollback fails, and `sqlx` counts the connection as in a transaction for ever.
async fn is_usable(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

/// The pool asks too, but without a limit: a connection to a frozen server would take its place in the
/// pool for ever. An error closes it at once.
async fn still_answers(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    match tokio::time::timeout(RELEASE_WAIT, connection.ping()).await {
        Ok(answered) => answered.map(|()| true),
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}

async fn postgres(url: &str) -> Result<Pools, DbError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| DbError::Address(error.to_string()))?
        .application_name("roadstead")
        .statement_cache_capacity(512);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(POSTGRES_WAIT)
        .test_before_acquire(false)
        .before_acquire(|connection, metadata| {
            Box::pin(async move {
                Ok(metadata.idle_for < TRUSTED_IDLE || connection.ping().await.is_ok())
            })
        })
        .after_connect(|connection, _| Box::pin(prepare(connection)))
        .after_release(|connection, _| Box::pin(still_answers(connection)))
        .connect_with(options)
        .await
        .map_err(|error| match error {
            sqlx::Error::PoolTimedOut => DbError::Away("no connection could be made".to_owned()),
            other => other.into(),
        })?;
    Ok(Pools::Postgres(pool))
}

/// Limits that keep one lost client from holding the others up; and access by key alone, because
/// plans are prepared while tables are small and kept while they grow. Set by statement, not as
/// start options, which connection poolers refuse.
const POSTGRES_SETTINGS: &str = "SET statement_timeout = '30s'; SET lock_timeout = '8s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET jit = off; \
     SET default_transaction_isolation = 'read committed'; \
     SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

async fn prepare(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    connection.execute(POSTGRES_SETTINGS).await.map(|_| ())
}
