//! A connection to a database of either engine, past the hub.

use anyhow::{Result, ensure};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

/// Kibibytes of page cache, so that indexes grow in memory.
const SQLITE_CACHE: &str = "-524288";

pub enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Connection {
    /// Opens a made-up hub for questions.
    pub async fn open(url: &str) -> Result<Self> {
        Ok(match url.strip_prefix("sqlite:") {
            Some(path) => Self::Sqlite(sqlite(path).connect().await?),
            None => Self::Postgres(PgConnection::connect(url).await?),
        })
    }

    /// Begins to fill a database that has its tables and no accounts. One whose filling broke off is
    /// to be thrown away: there is no journal, nothing is synced, no foreign key is looked up.
    pub async fn begin_filling(url: &str) -> Result<Self> {
        let mut connection = match url.strip_prefix("sqlite:") {
            Some(path) => {
                let options = sqlite(path).journal_mode(SqliteJournalMode::Off);
                let options = options.synchronous(SqliteSynchronous::Off).foreign_keys(false);
                Self::Sqlite(options.connect().await?)
            }
            None => Self::Postgres(hasty(url).await?),
        };
        let accounts = connection.numbers("SELECT COUNT(*) FROM accounts").await?;
        ensure!(accounts == [0], "the database has accounts; only an empty one can be filled");
        connection.run("BEGIN").await?;
        Ok(connection)
    }

    /// Leaves a database as one that has been in use for a while: PostgreSQL knows its rows.
    pub async fn end_filling(mut self) -> Result<()> {
        self.run("COMMIT").await?;
        if matches!(self, Self::Postgres(_)) {
            self.run("VACUUM (ANALYZE)").await?;
        }
        self.close().await
    }

    pub async fn close(self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }

    /// Statements without values, several with `;` between them.
    pub async fn run(&mut self, sql: &'static str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => _ = connection.execute(sqlx::raw_sql(sql)).await?,
            Self::Postgres(connection) => _ = connection.execute(sqlx::raw_sql(sql)).await?,
        }
        Ok(())
    }

    /// The first column of all rows.
    pub async fn numbers(&mut self, sql: &'static str) -> Result<Vec<i64>> {
        Ok(match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_all(connection).await?,
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_all(connection).await?,
        })
    }

    /// The same of a statement with one text.
    pub async fn numbers_for(&mut self, sql: &'static str, text: &str) -> Result<Vec<i64>> {
        Ok(match self {
            Self::Sqlite(connection) => {
                sqlx::query_scalar(sql).bind(text).fetch_all(connection).await?
            }
            Self::Postgres(connection) => {
                sqlx::query_scalar(sql).bind(text).fetch_all(connection).await?
            }
        })
    }

    /// The first two columns of all rows.
    pub async fn pairs(&mut self, sql: &'static str) -> Result<Vec<(String, String)>> {
        Ok(match self {
            Self::Sqlite(connection) => sqlx::query_as(sql).fetch_all(connection).await?,
            Self::Postgres(connection) => sqlx::query_as(sql).fetch_all(connection).await?,
        })
    }
}

fn sqlite(path: &str) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new().filename(path);
    options.pragma("cache_size", SQLITE_CACHE).pragma("temp_store", "MEMORY")
}

/// A role that is no superuser may not leave foreign keys alone; then each is looked up.
async fn hasty(url: &str) -> Result<PgConnection> {
    let mut connection = PgConnection::connect(url).await?;
    if connection.execute("SET session_replication_role = replica").await.is_err() {
        eprintln!("seed: the role is no superuser, so foreign keys are checked; this takes longer");
    }
    connection.execute("SET synchronous_commit = off").await?;
    Ok(connection)
}
