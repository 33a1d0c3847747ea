//! Jobs: work that follows from a change, and the lease that gives each to one worker at a time.

use roadstead_types::JobId;
use roadstead_types::time::Timestamp;

use crate::sql::record;
use crate::{DbError, Tx, dialect};

/// A job as it is written down.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub id: JobId,
    pub kind: &'static str,
    pub unique_key: Option<String>,
    pub payload: String,
    pub run_at: Timestamp,
    pub max_attempts: i64,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRecord {
    pub id: JobId,
    pub kind: String,
    pub payload: String,
    pub run_at: Timestamp,
    /// How often it was begun, a try that runs just now included.
    pub attempts: i64,
    pub max_attempts: i64,
    /// Who works on it, until when.
    pub worker: Option<String>,
    pub worker_until: Option<Timestamp>,
    pub last_error: Option<String>,
    pub created_at: Timestamp,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
}

record!(JobRecord {
    id,
    kind,
    payload,
    run_at,
    attempts,
    max_attempts,
    worker,
    worker_until,
    last_error,
    created_at,
    dead_at,
});

macro_rules! job_columns {
    () => {
        "id, kind, payload, run_at, attempts, max_attempts, worker, worker_until, last_error, \
         created_at, dead_at"
    };
}
pub(crate) use job_columns;

/// Adds a job, which begins once the transaction is committed. `false` when one with its key waits
/// already.
pub async fn insert(tx: &mut Tx<'_>, new: &NewJob) -> Result<bool, DbError> {
    let inserted = tx
        .sql(
            "INSERT INTO jobs (id, kind, unique_key, payload, run_at, attempts, max_attempts, \
             created_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7) \
             ON CONFLICT (kind, unique_key) DO NOTHING",
        )
        .bind(new.id)
        .bind(new.kind)
        .bind(new.unique_key.as_ref())
        .bind(&new.payload)
        .bind(new.run_at)
        .bind(new.max_attempts)
        .bind(new.created_at)
        .run()
        .await?;
    tx.has_new_jobs();
    Ok(inserted == 1)
}

/// Whether [`claim`] would find something. Workers that wait ask this, which writes nothing.
pub async fn is_due(tx: &mut Tx<'_>, kind: &str, now: Timestamp) -> Result<bool, DbError> {
    let row: Option<(JobId,)> = tx
        .sql(
            "SELECT id FROM jobs WHERE kind = $1 AND dead_at IS NULL AND run_at <= $2 \
             AND (worker IS NULL OR worker_until <= $2) LIMIT 1",
        )
        .bind(kind)
        .bind(now)
        .row()
        .await?;
    Ok(row.is_some())
}

/// Takes the lease of up to `limit` due jobs of a kind that nobody holds at `now`, those that are due
/// longest first. What begins forgets its key: it may have read already what the next change is about.
pub async fn claim(
    tx: &mut Tx<'_>,
    kind: &str,
    worker: &str,
    now: Timestamp,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<JobRecord>, DbError> {
    let mut claimed: Vec<JobRecord> = tx
        .sql(dialect::claim_jobs(tx.engine()))
        .bind(kind)
        .bind(worker)
        .bind(now)
        .bind(until)
        .bind(i64::from(limit))
        .rows()
        .await?;
    claimed.sort_by_key(|job| (job.run_at, job.id));
    Ok(claimed)
}

/// Prolongs a lease; `false` when it was lost.
pub async fn renew(
    tx: &mut Tx<'_>,
    id: JobId,
    worker: &str,
    until: Timestamp,
) -> Result<bool, DbError> {
    let renewed = tx
        .sql("UPDATE jobs SET worker_until = $3 WHERE id = $1 AND worker = $2")
        .bind(id)
        .bind(worker)
        .bind(until)
        .run()
        .await?;
    Ok(renewed == 1)
}

/// Removes a job that is done; `false` when the lease was lost.
pub async fn finish(tx: &mut Tx<'_>, id: JobId, worker: &str) -> Result<bool, DbError> {
    let ended = tx
        .sql("DELETE FROM jobs WHERE id = $1 AND worker = $2")
        .bind(id)
        .bind(worker)
        .run()
        .await?;
    Ok(ended == 1)
}

/// Puts a job that failed back for another try; `false` when the lease was lost.
pub async fn retry_at(
    tx: &mut Tx<'_>,
    id: JobId,
    worker: &str,
    run_at: Timestamp,
    error: &str,
) -> Result<bool, DbError> {
    let put_back = tx
        .sql(
            "UPDATE jobs SET run_at = $3, last_error = $4, worker = NULL, worker_until = NULL \
             WHERE id = $1 AND worker = $2",
        )
        .bind(id)
        .bind(worker)
        .bind(run_at)
        .bind(error)
        .run()
        .await?;
    Ok(put_back == 1)
}

/// Gives a job up; `false` when the lease was lost.
pub async fn bury(
    tx: &mut Tx<'_>,
    id: JobId,
    worker: &str,
    now: Timestamp,
    error: &str,
) -> Result<bool, DbError> {
    let buried = tx
        .sql(
            "UPDATE jobs SET dead_at = $3, last_error = $4, worker = NULL, worker_until = NULL \
             WHERE id = $1 AND worker = $2",
        )
        .bind(id)
        .bind(worker)
        .bind(now)
        .bind(error)
        .run()
        .await?;
    Ok(buried == 1)
}

/// Gives a lease back as if the try had never begun; for a worker that stops in good order.
pub async fn release(tx: &mut Tx<'_>, id: JobId, worker: &str) -> Result<bool, DbError> {
    let released = tx
        .sql(
            "UPDATE jobs SET attempts = attempts - 1, worker = NULL, worker_until = NULL \
             WHERE id = $1 AND worker = $2",
        )
        .bind(id)
        .bind(worker)
        .run()
        .await?;
    tx.has_new_jobs();
    Ok(released == 1)
}

/// Frees the leases whose worker's name starts with `prefix`: those of a node's earlier life. The
/// tries count, lest a job that ends the program be tried for ever.
pub async fn free_leases_of(tx: &mut Tx<'_>, prefix: &str) -> Result<u64, DbError> {
    tx.sql(
        "UPDATE jobs SET worker = NULL, worker_until = NULL \
         WHERE substr(worker, 1, CAST($2 AS INTEGER)) = $1",
    )
    .bind(prefix)
    .bind(prefix.chars().count() as u64)
    .run()
    .await
}

/// Jobs by id, given up or still to be done: a page, and how many there are in all.
pub async fn list(
    tx: &mut Tx<'_>,
    is_dead: bool,
    offset: u64,
    limit: u32,
) -> Result<(Vec<JobRecord>, u64), DbError> {
    let rows = tx
        .sql(concat!(
            "SELECT ",
            job_columns!(),
            " FROM jobs WHERE (dead_at IS NOT NULL) = $1 ORDER BY id LIMIT $2 OFFSET $3"
        ))
        .bind(is_dead)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql("SELECT COUNT(*) FROM jobs WHERE (dead_at IS NOT NULL) = $1")
        .bind(is_dead)
        .one()
        .await?;
    Ok((rows, total))
}

pub async fn find(tx: &mut Tx<'_>, id: JobId) -> Result<Option<JobRecord>, DbError> {
    tx.sql(concat!("SELECT ", job_columns!(), " FROM jobs WHERE id = $1")).bind(id).row().await
}

/// Brings a job that was given up back to life, with all its tries; `false` when there is none.
pub async fn revive(tx: &mut Tx<'_>, id: JobId, now: Timestamp) -> Result<bool, DbError> {
    let revived = tx
        .sql(
            "UPDATE jobs SET dead_at = NULL, attempts = 0, run_at = $2 \
             WHERE id = $1 AND dead_at IS NOT NULL",
        )
        .bind(id)
        .bind(now)
        .run()
        .await?;
    tx.has_new_jobs();
    Ok(revived == 1)
}

/// Forgets a job that nobody works on; `false` when there is none.
pub async fn delete_idle(tx: &mut Tx<'_>, id: JobId, now: Timestamp) -> Result<bool, DbError> {
    let deleted = tx
        .sql("DELETE FROM jobs WHERE id = $1 AND (worker IS NULL OR worker_until <= $2)")
        .bind(id)
        .bind(now)
        .run()
        .await?;
    Ok(deleted == 1)
}

/// Forgets jobs that were given up long ago.
pub async fn purge_dead(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.sql("DELETE FROM jobs WHERE dead_at IS NOT NULL AND dead_at < $1").bind(before).run().await
}
