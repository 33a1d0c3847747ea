//! Work written down for later: how operations order it, and how an administrator looks after it.

use roadstead_db::jobs::{self, JobRecord};
use roadstead_db::{DbError, Tx};
use roadstead_jobs::{Job, enqueue};
use roadstead_types::{JobId, Timestamp};

use crate::accounts::SystemKey;
use crate::audit::{Action, Event};
use crate::{Hub, StoreError};

/// How long a job that was given up stays to be looked at.
const KEPT: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 3600);

/// A job as an administrator sees it. What it is about stays out: it may name people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedJob {
    pub id: JobId,
    pub kind: String,
    /// When it begins, or could have.
    pub run_at: Timestamp,
    pub attempts: i64,
    pub max_attempts: i64,
    pub is_running: bool,
    pub last_error: Option<String>,
    pub created_at: Timestamp,
    pub given_up_at: Option<Timestamp>,
}

impl QueuedJob {
    /// In a word.
    pub const fn state(&self) -> &'static str {
        match (self.given_up_at, self.is_running) {
            (Some(_), _) => "given up",
            (None, true) => "running",
            (None, false) => "waiting",
        }
    }
}

impl From<JobRecord> for QueuedJob {
    fn from(record: JobRecord) -> Self {
        Self {
            id: record.id,
            kind: record.kind,
            run_at: record.run_at,
            attempts: record.attempts,
            max_attempts: record.max_attempts,
            is_running: record.worker.is_some(),
            last_error: record.last_error,
            created_at: record.created_at,
            given_up_at: record.dead_at,
        }
    }
}

impl Hub {
    /// Writes a job down in the transaction of the change it follows from.
    pub(crate) async fn enqueue<J: Job>(&self, tx: &mut Tx<'_>, job: &J) -> Result<(), DbError> {
        enqueue(tx, self.new_id(), self.now(), job).await?;
        Ok(())
    }

    /// Jobs that were given up, or those still to be done, by age: a page, and how many there are.
    pub async fn list_jobs(
        &self,
        _operator: &SystemKey,
        given_up: bool,
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<QueuedJob>, u64), StoreError> {
        let listed = self.db.read(async |tx| jobs::list(tx, given_up, offset, limit).await).await;
        let (rows, total) = listed?;
        Ok((rows.into_iter().map(QueuedJob::from).collect(), total))
    }

    pub async fn find_job(
        &self,
        _operator: &SystemKey,
        id: JobId,
    ) -> Result<Option<QueuedJob>, StoreError> {
        let found = self.db.read(async |tx| jobs::find(tx, id).await).await?;
        Ok(found.map(QueuedJob::from))
    }

    /// Has a job that was given up begun anew; `false` when there is none.
    pub async fn retry_job(&self, operator: &SystemKey, id: JobId) -> Result<bool, StoreError> {
        let now = self.now();
        self.db
            .write(async |tx| {
                let found = jobs::revive(tx, id, now).await?;
                if found {
                    self.record(tx, operator, Event::of(Action::JobRetry, id)).await?;
                }
                Ok(found)
            })
            .await
    }

    /// Forgets a job that was given up, or cancels one that waits; `false` when there is none, or it
    /// runs.
    pub async fn delete_job(&self, operator: &SystemKey, id: JobId) -> Result<bool, StoreError> {
        let now = self.now();
        self.db
            .write(async |tx| {
                let found = jobs::delete_idle(tx, id, now).await?;
                if found {
                    self.record(tx, operator, Event::of(Action::JobDelete, id)).await?;
                }
                Ok(found)
            })
            .await
    }

    /// Forgets jobs that were given up long ago. Returns how many.
    pub async fn purge_jobs(&self) -> Result<u64, StoreError> {
        let before = self.now().minus(KEPT);
        Ok(self.db.write(async |tx| jobs::purge_dead(tx, before).await).await?)
    }
}
