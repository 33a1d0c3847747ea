//! Pulls: of a day, of a tag, and in all.

use std::collections::BTreeMap;

use roadstead_types::time::Timestamp;
use roadstead_types::{RepositoryId, Tag};

use crate::sql::rows_list;
use crate::{DbError, Tx, search};

/// What was counted somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulls {
    pub repository: RepositoryId,
    /// Days since 1970-01-01 UTC.
    pub day: i64,
    /// `None` for pulls by digest.
    pub tag: Option<Tag>,
    pub count: u64,
    pub last_at: Timestamp,
}

/// How many rows go into one statement.
const ROWS: usize = 64;

/// Adds counts. `counted` is in the order of repository, day and tag, which every node keeps to, so that
/// nodes never wait for each other in a circle.
pub async fn add(tx: &mut Tx<'_>, counted: &[Pulls]) -> Result<(), DbError> {
    for chunk in counted.chunks(ROWS) {
        add_days(tx, chunk).await?;
    }
    let mut totals: BTreeMap<RepositoryId, (u64, Timestamp)> = BTreeMap::new();
    for pulls in counted {
        let total = totals.entry(pulls.repository).or_insert((0, pulls.last_at));
        total.0 += pulls.count;
        total.1 = total.1.max(pulls.last_at);
    }
    let totals: Vec<_> = totals.into_iter().collect();
    for chunk in totals.chunks(ROWS) {
        add_totals(tx, chunk).await?;
    }
    for pulls in counted {
        if let Some(tag) = &pulls.tag {
            add_to_tag(tx, pulls, tag).await?;
        }
    }
    Ok(())
}

async fn add_days(tx: &mut Tx<'_>, chunk: &[Pulls]) -> Result<(), DbError> {
    let mut statement = tx.sql(rows_list(
        "INSERT INTO daily_pulls (repository_id, day, tag, pulls) VALUES ",
        4,
        chunk.len(),
        " ON CONFLICT (repository_id, day, tag) DO UPDATE \
         SET pulls = daily_pulls.pulls + excluded.pulls",
    ));
    for pulls in chunk {
        statement.push(pulls.repository);
        statement.push(pulls.day);
        statement.push(pulls.tag.as_ref().map_or("", Tag::as_str));
        statement.push(pulls.count);
    }
    statement.run().await?;
    Ok(())
}

async fn add_totals(
    tx: &mut Tx<'_>,
    chunk: &[(RepositoryId, (u64, Timestamp))],
) -> Result<(), DbError> {
    let mut statement = tx.sql(rows_list(
        "INSERT INTO repository_counts (repository_id, stars, pulls, pulled_at) VALUES ",
        4,
        chunk.len(),
        " ON CONFLICT (repository_id) DO UPDATE SET \
         pulls = repository_counts.pulls + excluded.pulls, \
         pulled_at = CASE WHEN repository_counts.pulled_at > excluded.pulled_at \
         THEN repository_counts.pulled_at ELSE excluded.pulled_at END \
         RETURNING repository_id, pulls",
    ));
    for (repository, (count, last_at)) in chunk {
        statement.push(*repository);
        statement.push(0_i64);
        statement.push(*count);
        statement.push(*last_at);
    }
    let after: Vec<(RepositoryId, u64)> = statement.rows().await?;
    let added: BTreeMap<_, _> = chunk.iter().map(|(id, (count, _))| (*id, *count)).collect();
    for (repository, pulls) in after {
        let before = pulls.saturating_sub(added.get(&repository).copied().unwrap_or(0));
        if step(before) != step(pulls) {
            search::changed(tx, repository).await?;
        }
    }
    Ok(())
}

/// The search ranks by magnitude, so it need not hear of every pull: it is told about each eighth between
/// one power of two and the next.
fn step(pulls: u64) -> (u32, u64) {
    let magnitude = pulls.max(1).ilog2();
    (magnitude, pulls >> magnitude.saturating_sub(3))
}

/// A tag that is gone since is left out.
async fn add_to_tag(tx: &mut Tx<'_>, pulls: &Pulls, tag: &Tag) -> Result<(), DbError> {
    tx.sql(
        "UPDATE tags SET pull_count = pull_count + $3, pulled_at = CASE WHEN pulled_at > $4 \
         THEN pulled_at ELSE $4 END WHERE repository_id = $1 AND name = $2",
    )
    .bind(pulls.repository)
    .bind(tag)
    .bind(pulls.count)
    .bind(pulls.last_at)
    .run()
    .await?;
    Ok(())
}

/// Pulls of each day from `first_day` on that had any, the oldest first.
pub async fn by_day(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    first_day: i64,
) -> Result<Vec<(i64, u64)>, DbError> {
    tx.sql(
        "SELECT day, CAST(SUM(pulls) AS BIGINT) FROM daily_pulls \
         WHERE repository_id = $1 AND day >= $2 GROUP BY day ORDER BY day",
    )
    .bind(repository)
    .bind(first_day)
    .rows()
    .await
}

/// The most pulled tags since `first_day`; an empty name stands for pulls by digest.
pub async fn by_tag(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    first_day: i64,
    limit: u32,
) -> Result<Vec<(String, u64)>, DbError> {
    tx.sql(
        "SELECT tag, CAST(SUM(pulls) AS BIGINT) AS total FROM daily_pulls \
         WHERE repository_id = $1 AND day >= $2 GROUP BY tag ORDER BY total DESC, tag LIMIT $3",
    )
    .bind(repository)
    .bind(first_day)
    .bind(i64::from(limit))
    .rows()
    .await
}
