//! A durable queue: work that follows from a change is written down in the transaction of that
//! change, and done afterwards by whichever node takes its lease.
//!
//! A job is done at least once: a node may die after the work and before it says so. Handlers must
//! therefore stand being run twice. Nothing here knows what a job does; rows and leases are
//! `roadstead_db::jobs`.

mod attempt;
mod retries;
mod runner;

use std::time::Duration;

use roadstead_db::jobs::{self, NewJob};
use roadstead_db::{DbError, Tx};
use roadstead_types::{JobId, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use retries::Retries;
pub use runner::{Runner, Workers};

/// A kind of work, and what is written down of it: ids rather than copies, and no secrets.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// Its name in the database. Never changes, because jobs outlive the program that wrote them.
    const KIND: &'static str;
    const RETRIES: Retries;

    /// Jobs with the same key that wait at the same time are one.
    fn unique_key(&self) -> Option<String> {
        None
    }
}

/// What does the jobs of one kind.
pub trait Work: Send + Sync + 'static {
    type Job: Job;

    /// How many run at once on a node.
    const SLOTS: usize;
    /// When a try that has not ended counts as failed.
    const LIMIT: Duration;

    /// One try. It may be cut off at any `await`, and what it did may be done again.
    fn run(
        &self,
        job: Self::Job,
        attempt: Attempt,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// Which job, and which try at it.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    pub job: JobId,
    /// Counts from 1.
    pub number: i64,
    /// When the job was written down.
    pub created_at: Timestamp,
}

/// Why a try did not succeed, in words for an administrator: no secrets, no addresses of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It may go better later.
    Retry(String),
    /// It never will.
    GiveUp(String),
}

/// Writes a job down. It begins once the transaction is committed, and never if it is not. `false`
/// when one with its key waits already.
pub async fn enqueue<J: Job>(
    tx: &mut Tx<'_>,
    id: JobId,
    now: Timestamp,
    job: &J,
) -> Result<bool, DbError> {
    let payload = serde_json::to_string(job).expect("a job is plain data with string keys");
    let new = NewJob {
        id,
        kind: J::KIND,
        unique_key: job.unique_key(),
        payload,
        run_at: now,
        max_attempts: J::RETRIES.attempts,
        created_at: now,
    };
    jobs::insert(tx, &new).await
}
