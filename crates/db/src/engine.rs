//! The two engines behind one handle: opening, pools, transactions.
//!
//! Nothing here knows a table. Waiting, retrying and what a failure means to a user are the domain's.

mod migrate;
mod open;

use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use tokio::sync::watch;

use crate::error::DbError;
use crate::sql::answer;

/// Which engine a database runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A database. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Pools,
    /// Counts the commits that added jobs.
    new_jobs: watch::Sender<u64>,
}

#[derive(Clone, Debug)]
enum Pools {
    /// SQLite lets one connection write at a time; queueing for it here is fair, its own waiting is not.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

/// What queries run on: a transaction in [`Db::write`], a plain connection in [`Db::read`].
#[derive(Debug)]
pub struct Tx<'c> {
    pub(crate) connection: Connection<'c>,
    new_jobs: watch::Sender<u64>,
    adds_jobs: bool,
}

#[derive(Debug)]
pub(crate) enum Connection<'c> {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(Transaction<'c, Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'c, Postgres>),
}

impl Tx<'_> {
    pub fn engine(&self) -> Engine {
        match self.connection {
            Connection::SqliteRead(_) | Connection::SqliteWrite(_) => Engine::Sqlite,
            Connection::PostgresRead(_) | Connection::PostgresWrite(_) => Engine::Postgres,
        }
    }

    /// Makes the writes so far durable and visible. A `Tx` of [`Db::begin`] that is dropped instead
    /// rolls back.
    pub async fn commit(self) -> Result<(), DbError> {
        match self.connection {
            Connection::SqliteWrite(transaction) => transaction.commit().await?,
            Connection::PostgresWrite(transaction) => answer(transaction.commit()).await?,
            Connection::SqliteRead(_) | Connection::PostgresRead(_) => {}
        }
        if self.adds_jobs {
            self.new_jobs.send_modify(|commits| *commits += 1);
        }
        Ok(())
    }

    /// Has the workers of this process told once this is committed; before, they would find nothing.
    pub(crate) fn has_new_jobs(&mut self) {
        self.adds_jobs = true;
    }
}

impl Db {
    /// Opens `sqlite:PATH` or `postgres://...` and brings its schema up to date.
    pub async fn open(url: &str) -> Result<Self, DbError> {
        let db = Self { pools: open::open(url).await?, new_jobs: watch::Sender::default() };
        db.migrate().await?;
        Ok(db)
    }

    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs queries that change nothing. Each statement sees what was committed before it started;
    /// two statements may see different states.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DbError>,
    {
        let mut tx = self.connect().await?;
        work(&mut tx).await
    }

    /// Runs queries in one transaction: `Ok` commits, `Err` (or being dropped) rolls back. The work
    /// does SQL and nothing else, because on SQLite every other writer waits for it.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DbError>,
    {
        let mut tx = self.begin().await?;
        let value = work(&mut tx).await?;
        tx.commit().await?;
        Ok(value)
    }

    /// Begins a write transaction, for the rare caller that cannot use [`Db::write`].
    pub async fn begin(&self) -> Result<Tx<'static>, DbError> {
        let connection = match &self.pools {
            Pools::Sqlite { writer, .. } => {
                // Taking the write lock at once: a transaction that starts by reading and then
                // writes can be refused in the middle (SQLITE_BUSY_SNAPSHOT).
                Connection::SqliteWrite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            Pools::Postgres(pool) => {
                let begun = async { Ok(pool.begin().await.map_err(|error| away(pool, error))) };
                Connection::PostgresWrite(answer(begun).await??)
            }
        };
        Ok(self.tx(connection))
    }

    /// A connection for reading, outside of any transaction.
    pub(crate) async fn connect(&self) -> Result<Tx<'static>, DbError> {
        let connection = match &self.pools {
            Pools::Sqlite { readers, .. } => Connection::SqliteRead(readers.acquire().await?),
            Pools::Postgres(pool) => {
                Connection::PostgresRead(pool.acquire().await.map_err(|error| away(pool, error))?)
            }
        };
        Ok(self.tx(connection))
    }

    fn tx<'c>(&self, connection: Connection<'c>) -> Tx<'c> {
        Tx { connection, new_jobs: self.new_jobs.clone(), adds_jobs: false }
    }

    /// Changes with each commit of this process that made work for a job worker.
    pub fn new_jobs(&self) -> watch::Receiver<u64> {
        self.new_jobs.subscribe()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbError> {
        let mut tx = self.connect().await?;
        tx.sql("SELECT 1").run().await?;
        Ok(())
    }

    /// Waits for running work and closes all connections.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// A pool that waits in vain while it has no connection at all waits for the server, not for others.
fn away(pool: &PgPool, error: sqlx::Error) -> DbError {
    match error {
        sqlx::Error::PoolTimedOut if pool.num_idle() == 0 && pool.size() <= 1 => {
            DbError::Away("no connection could be made".to_owned())
        }
        other => other.into(),
    }
}
