//! Fills an empty database.

use std::time::Instant;

use anyhow::Result;
use roadstead_db::Db;

use crate::connection::Connection;
use crate::content::{self, Content};
use crate::people;
use crate::repositories::Repositories;
use crate::rows::Batch;
use crate::sink;
use crate::sizes::Sizes;

/// Accounts and repositories that are written together.
const BATCH: usize = 5_000;
/// Repositories between two lines of progress.
const TOLD: u64 = 100_000;

/// What a namespace holds, as `db::recount` counts it.
const COUNT_BLOBS: &str = "INSERT INTO namespace_blobs (namespace_id, blob_id, links) \
     SELECT r.namespace_id, l.blob_id, COUNT(*) FROM repository_blobs l \
     JOIN repositories r ON r.id = l.repository_id GROUP BY r.namespace_id, l.blob_id";
const COUNT_BYTES: &str = "INSERT INTO namespace_use (namespace_id, stored_bytes, reserved_bytes) \
     SELECT held.namespace_id, CAST(SUM(held.size_bytes) AS BIGINT), 0 FROM \
     (SELECT n.namespace_id, b.size_bytes FROM namespace_blobs n JOIN blobs b ON b.id = n.blob_id \
     UNION ALL SELECT r.namespace_id, m.size_bytes FROM repositories r \
     JOIN manifests m ON m.repository_id = r.id) held GROUP BY held.namespace_id";

/// Makes the tables and fills them; `url` is that of an empty database.
pub async fn fill(url: &str, sizes: Sizes) -> Result<()> {
    sizes.check()?;
    let db = Db::open(url).await?;
    db.close().await;
    let mut connection = Connection::begin_filling(url).await?;
    let began = Instant::now();
    let tell = |what: &str| eprintln!("seed: {what} after {:.0} s", began.elapsed().as_secs_f64());
    fill_accounts(&mut connection, &sizes).await?;
    tell("accounts");
    fill_repositories(&mut connection, &sizes, tell).await?;
    connection.run(COUNT_BLOBS).await?;
    connection.run(COUNT_BYTES).await?;
    connection.end_filling().await?;
    tell("all");
    Ok(())
}

async fn fill_accounts(connection: &mut Connection, sizes: &Sizes) -> Result<()> {
    let numbers: Vec<_> = (1..=sizes.accounts).collect();
    for numbers in numbers.chunks(BATCH) {
        let mut batch = Batch::default();
        numbers.iter().for_each(|number| people::add_account(&mut batch, sizes, *number));
        sink::write(connection, &batch).await?;
    }
    Ok(())
}

async fn fill_repositories(
    connection: &mut Connection,
    sizes: &Sizes,
    tell: impl Fn(&str),
) -> Result<()> {
    let content = Content::make();
    let mut batch = Batch::default();
    content::add_blobs(&mut batch);
    let (mut repositories, mut tags) = (0, 0);
    for repository in Repositories::new(*sizes) {
        repositories += 1;
        tags += repository.tags;
        repository.add(&mut batch, sizes, &content);
        if repositories % BATCH as u64 == 0 {
            sink::write(connection, &std::mem::take(&mut batch)).await?;
        }
        if repositories % TOLD == 0 {
            tell(&format!("{repositories} repositories and {tags} tags"));
        }
    }
    sink::write(connection, &batch).await
}
