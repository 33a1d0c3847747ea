//! What the domain relies on: atomic writes, reads that cannot write, futures that can be sent,
//! errors that say what to do.

use std::time::Duration;

use roadstead_db::testing::TestDb;
use roadstead_db::{Db, DbError, Engine, accounts, both_databases, repos};
use roadstead_types::{AccountName, RepositoryName};

use crate::fixture::*;

/// As a handler of a web framework would use it: borrowing, and sent between threads.
struct Handler {
    db: Db,
    name: AccountName,
}

impl Handler {
    async fn run(&self, suffix: &str) -> Result<usize, DbError> {
        let found = self.db.read(async |tx| accounts::find_by_name(tx, &self.name).await).await?;
        let new = new_account(suffix);
        self.db
            .write(async |tx| {
                let taken = accounts::insert(tx, &new).await?.is_err();
                let again = accounts::find_by_name(tx, &self.name).await?;
                Ok(usize::from(found.is_some()) + usize::from(again.is_some()) + usize::from(taken))
            })
            .await
    }
}

fn must_be_send<T: Send>(value: T) -> T {
    value
}

both_databases! {
    async fn a_handler_that_borrows_can_be_sent(db: Db) {
        let name: AccountName = "alice".parse().unwrap();
        account(&db, "alice").await;
        let task = async move {
            let handler = Handler { db, name };
            must_be_send(handler.run("bob")).await
        };

        assert_eq!(tokio::spawn(task).await.unwrap().unwrap(), 2);
    }

    async fn a_write_that_fails_or_is_dropped_leaves_nothing(db: Db) {
        let alice = account(&db, "alice").await;
        let new = new_repository(alice, "alice/app");
        let refused = db.write(async |tx| {
            repos::insert(tx, &new).await?;
            Err::<(), _>(DbError::Full)
        }).await;
        assert!(matches!(refused, Err(DbError::Full)));
        let dropped = tokio::time::timeout(Duration::from_millis(50), db.write(async |tx| {
            repos::insert(tx, &new).await?;
            std::future::pending::<()>().await;
            Ok::<_, DbError>(())
        })).await;
        assert!(dropped.is_err());

        let path: RepositoryName = "alice/app".parse().unwrap();
        let found = db.read(async |tx| repos::find_by_path(tx, &path).await).await.unwrap();
        assert_eq!(found, None);
        assert!(db.write(async |tx| repos::insert(tx, &new).await).await.unwrap());
    }

    async fn a_database_opened_again_keeps_its_rows(db: Db) {
        db.ping().await.unwrap();
        account(&db, "alice").await;
        db.close().await;
        assert!(matches!(db.ping().await, Err(DbError::Away(_))));
    }
}

#[tokio::test]
async fn a_read_cannot_write_on_sqlite() {
    let database = TestDb::sqlite().await;
    let new = new_account("alice");

    let outcome = database.db.read(async |tx| accounts::insert(tx, &new).await).await;

    assert!(matches!(outcome, Err(DbError::Away(_))), "{outcome:?}");
    database.remove().await;
}

#[tokio::test]
async fn two_programs_share_a_sqlite_file() {
    let database = TestDb::sqlite().await;
    let other = Db::open(&database.url).await.unwrap();
    let name: AccountName = "alice".parse().unwrap();

    account(&other, "alice").await;

    let found = database.db.read(async |tx| accounts::find_by_name(tx, &name).await).await.unwrap();
    assert!(found.is_some());
    let (ours, theirs) = (database.db.clone(), other.clone());
    let writers = (0..20).map(|number| {
        let db = if number % 2 == 0 { ours.clone() } else { theirs.clone() };
        tokio::spawn(async move { account(&db, &format!("user-{number}")).await })
    });
    for writer in futures_util::future::join_all(writers).await {
        writer.unwrap();
    }
    other.close().await;
    database.remove().await;
}

#[tokio::test]
async fn addresses_that_lead_nowhere_are_told_apart() {
    for address in ["mysql://host/db", "data.db", "sqlite:", "sqlite::memory:"] {
        let outcome = Db::open(address).await;
        assert!(matches!(outcome, Err(DbError::Address(_))), "{address}: {outcome:?}");
    }
    let outcome = Db::open("sqlite:/nonexistent/folder/test.db").await;
    assert!(matches!(outcome, Err(DbError::Away(_))), "{outcome:?}");
    // Port 1 on loopback: nobody listens there.
    let outcome = Db::open("postgres://nobody@127.0.0.1:1/none").await;
    assert!(matches!(outcome, Err(DbError::Away(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_said_to_be_unreadable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    std::fs::write(&path, "no database at all, but long enough to be looked at".repeat(100))
        .unwrap();

    let outcome = Db::open(&format!("sqlite:{}", path.display())).await;

    assert!(matches!(outcome, Err(DbError::Corrupt { .. })), "{outcome:?}");
}

#[tokio::test]
async fn many_nodes_that_start_at_once_migrate_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(database) = TestDb::empty(engine).await else { continue };
        let opened = (0..4).map(|_| {
            let url = database.url.clone();
            tokio::spawn(async move { Db::open(&url).await })
        });
        for outcome in futures_util::future::join_all(opened).await {
            outcome.unwrap().unwrap().close().await;
        }
        database.remove().await;
    }
}

#[tokio::test]
async fn a_server_that_was_away_is_found_again_without_a_restart() {
    let Some(database) = TestDb::open(Engine::Postgres).await else { return };
    let db = &database.db;
    futures_util::future::join_all((0..8).map(|_| db.ping())).await;

    database.cut_connections().await;

    let mut failures = 0;
    while let Err(error) = db.ping().await {
        assert!(matches!(error, DbError::Away(_)) && error.is_transient(), "{error:?}");
        failures += 1;
        assert!(failures <= 16, "each broken connection fails at most once");
    }
    database.cut_connections().await;
    tokio::time::sleep(Duration::from_millis(1200)).await;
    db.ping().await.expect("a connection that lay idle is looked at before it is used");
    database.remove().await;
}
