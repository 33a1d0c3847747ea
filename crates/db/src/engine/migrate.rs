//! The schema: paired files, forward only, run when the database is opened.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::{Db, Pools};
use crate::error::DbError;

struct Pair {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// The pair of files of this number and name.
macro_rules! pair {
    ($version:literal, $name:literal, $file:literal) => {
        Pair {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $file, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $file, ".sql")),
        }
    };
}

const MIGRATIONS: &[Pair] = &[
    pair!(1, "foundation", "0001_foundation"),
    pair!(2, "jobs", "0002_jobs"),
    pair!(3, "hub", "0003_hub"),
    pair!(4, "lists", "0004_lists"),
    pair!(5, "search", "0005_search"),
    pair!(6, "storage", "0006_storage"),
    pair!(7, "sessions", "0007_sessions"),
    pair!(8, "pull_limits", "0008_pull_limits"),
    pair!(9, "pull_order", "0009_pull_order"),
    pair!(10, "own_account", "0010_own_account"),
    pair!(11, "versions", "0011_versions"),
];

impl Db {
    pub(super) async fn migrate(&self) -> Result<(), DbError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                // Programs that start together would both find an empty file: only SQLite's write
                // lock keeps them apart. The migrator's own transactions nest as savepoints.
                let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
                let migrator = migrator(|pair| pair.sqlite);
                migrator.run_direct(None, &mut *transaction, false).await?;
                transaction.commit().await?;
            }
            Pools::Postgres(pool) => migrator(|pair| pair.postgres).run(pool).await?,
        }
        Ok(())
    }
}

fn migrator(text: fn(&Pair) -> &'static str) -> Migrator {
    let migrations = MIGRATIONS.iter().map(|pair| {
        let sql = text(pair).into_sql_str();
        Migration::new(pair.version, pair.name.into(), MigrationType::Simple, sql, false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    // A newer release only adds, so the one before it still runs while nodes are replaced one by one.
    migrator.set_ignore_missing(true);
    migrator
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::MIGRATIONS;

    /// A file that is not in the list would be run by nobody.
    #[test]
    fn every_file_is_in_the_list_and_every_number_follows_the_one_before() {
        let listed: BTreeSet<_> = MIGRATIONS
            .iter()
            .map(|pair| format!("{:04}_{}.sql", pair.version, pair.name))
            .collect();
        let numbers: Vec<_> = MIGRATIONS.iter().map(|pair| pair.version).collect();

        assert!(numbers.into_iter().eq(1..=MIGRATIONS.len() as i64));
        for engine in ["sqlite", "postgres"] {
            let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
            let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
            let there: BTreeSet<_> = names.map(|name| name.into_string().unwrap()).collect();
            assert_eq!(there, listed, "{engine}");
        }
    }
}
