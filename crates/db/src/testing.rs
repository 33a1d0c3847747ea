//! A database of its own for each test, on either engine (feature `testing`).
//!
//! SQLite lies in a temporary folder. PostgreSQL needs `ROADSTEAD_TEST_POSTGRES`, the URL of a server
//! and a role that may create databases; without it that half says so and does nothing.

mod schema;

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::{Db, DbError, Engine};

pub use schema::describe;

/// Names the PostgreSQL server that tests may create databases on.
pub const POSTGRES_VARIABLE: &str = "ROADSTEAD_TEST_POSTGRES";

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A fresh database. [`TestDb::remove`] takes it away again.
#[derive(Debug)]
pub struct TestDb {
    pub db: Db,
    /// What [`Db::open`] takes.
    pub url: String,
    home: Home,
}

/// A place for a database, with nothing in it.
#[derive(Debug)]
pub struct EmptyDb {
    pub url: String,
    home: Home,
}

#[derive(Debug)]
enum Home {
    Sqlite { _folder: tempfile::TempDir },
    Postgres { server: String, name: String },
}

impl TestDb {
    /// A database of that engine; `None` when there is no server for it.
    pub async fn open(engine: Engine) -> Option<Self> {
        let EmptyDb { url, home } = Self::empty(engine).await?;
        let db = Db::open(&url).await.expect("a fresh database opens");
        Some(Self { db, url, home })
    }

    pub async fn sqlite() -> Self {
        Self::open(Engine::Sqlite).await.expect("SQLite needs no server")
    }

    /// Only the place: nothing is migrated yet.
    pub async fn empty(engine: Engine) -> Option<EmptyDb> {
        match engine {
            Engine::Sqlite => Some(empty_sqlite()),
            Engine::Postgres => empty_postgres().await,
        }
    }

    /// Breaks all connections to it from the server's side, as a restart of PostgreSQL does.
    pub async fn cut_connections(&self) {
        if let Home::Postgres { server, name } = &self.home {
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ";
            execute(server, format!("{cut}'{name}'")).await;
        }
    }

    /// Closes the database and removes it.
    pub async fn remove(self) {
        self.db.close().await;
        self.home.remove().await;
    }
}

/// Leaves all tags as the release before wrote them.
pub async fn forget_version_keys(db: &Db) -> Result<u64, DbError> {
    db.write(async |tx| tx.sql("UPDATE tags SET version_key = NULL").run().await).await
}

impl EmptyDb {
    pub async fn remove(self) {
        self.home.remove().await;
    }
}

impl Home {
    async fn remove(&self) {
        if let Self::Postgres { server, name } = self {
            execute(server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

fn empty_sqlite() -> EmptyDb {
    let folder = tempfile::tempdir().expect("a folder for the test database");
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    EmptyDb { url, home: Home::Sqlite { _folder: folder } }
}

async fn empty_postgres() -> Option<EmptyDb> {
    let Ok(server) = std::env::var(POSTGRES_VARIABLE) else {
        eprintln!("not run on PostgreSQL: {POSTGRES_VARIABLE} is not set");
        return None;
    };
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = format!("roadstead_test_{}_{number}", std::process::id());
    // One with this name was left by a process that died.
    execute(&server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    execute(&server, format!("CREATE DATABASE {name}")).await;
    let url = with_database(&server, &name);
    Some(EmptyDb { url, home: Home::Postgres { server, name } })
}

async fn execute(server: &str, sql: String) {
    let mut connection = PgConnection::connect(server).await.expect("the test server answers");
    connection.execute(AssertSqlSafe(sql)).await.expect("the test role may create databases");
    connection.close().await.expect("the test server answers");
}

/// The URL with another database: what stands between the last `/` and the `?`.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) =
        url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let scheme = base.find("://").map_or(0, |at| at + 3);
    let server = base[scheme..].find('/').map_or(base, |slash| &base[..scheme + slash]);
    match query {
        Some(query) => format!("{server}/{name}?{query}"),
        None => format!("{server}/{name}"),
    }
}

/// Runs a test on a fresh database and removes that also when the test fails.
pub fn run<F>(engine: Engine, test: impl FnOnce(Db) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime for the test");
    runtime.block_on(async {
        let Some(database) = TestDb::open(engine).await else { return };
        let outcome = tokio::spawn(test(database.db.clone())).await;
        database.remove().await;
        if let Err(error) = outcome {
            std::panic::resume_unwind(error.into_panic());
        }
    });
}

/// Makes of each `async fn name(db: Db) { .. }` a test on SQLite and one on PostgreSQL.
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: Db) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn test($db: $crate::Db) $body

            #[test]
            $(#[$meta])*
            fn sqlite() {
                $crate::testing::run($crate::Engine::Sqlite, test);
            }

            #[test]
            $(#[$meta])*
            fn postgres() {
                $crate::testing::run($crate::Engine::Postgres, test);
            }
        }
    )+};
}
