//! One try at one job: done under a lease that is renewed, and its outcome written down.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use roadstead_db::DbError;
use roadstead_db::jobs::{self, JobRecord};

use crate::runner::{LEASE, Phase, Phases, Runner};
use crate::{Attempt, Failure, Job, Work};

/// Longest reason that is kept, in characters; some quote what another server said.
const MAX_REASON: usize = 1000;

/// How a try ended.
#[derive(Debug)]
enum Outcome {
    Done,
    Failed(Failure),
    /// The program stops.
    Interrupted,
    /// Somebody else works on it by now.
    LeaseLost,
}

impl Outcome {
    const fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed(Failure::Retry(_)) => "failed",
            Self::Failed(Failure::GiveUp(_)) => "given up",
            Self::Interrupted => "interrupted",
            Self::LeaseLost => "lease lost",
        }
    }
}

pub(crate) async fn run<W: Work>(
    runner: Runner,
    work: Arc<W>,
    job: JobRecord,
    worker: String,
    phases: Phases,
) {
    let outcome = match last_chance(&job) {
        Some(failure) => Outcome::Failed(failure),
        None => tokio::select! {
            outcome = attempt(&*work, &job) => outcome,
            () = keep_lease(&runner, &job, &worker) => Outcome::LeaseLost,
            () = cut_off(phases) => Outcome::Interrupted,
        },
    };
    metrics::counter!("roadstead_jobs_total", "kind" => W::Job::KIND, "outcome" => outcome.word())
        .increment(1);
    if let Err(cause) = write_down::<W>(&runner, &job, &worker, &outcome).await {
        // The lease runs out, and the job is done again.
        let (kind, id) = (W::Job::KIND, job.id);
        tracing::warn!(kind, %id, %cause, "the outcome of a job could not be written down");
    }
}

/// A job that never came back, because it ended the program or outlived its leases, is not begun for
/// ever.
fn last_chance(job: &JobRecord) -> Option<Failure> {
    (job.attempts > job.max_attempts).then(|| {
        Failure::GiveUp("its last try ended without an outcome: the program may have died".into())
    })
}

async fn attempt<W: Work>(work: &W, job: &JobRecord) -> Outcome {
    let order = match serde_json::from_str::<W::Job>(&job.payload) {
        Ok(order) => order,
        // A newer node may have written it, and may be the one to take it next time.
        Err(cause) => {
            return Outcome::Failed(Failure::Retry(format!("it cannot be read: {cause}")));
        }
    };
    let this = Attempt { job: job.id, number: job.attempts, created_at: job.created_at };
    let work = AssertUnwindSafe(work.run(order, this)).catch_unwind();
    match tokio::time::timeout(W::LIMIT, work).await {
        Ok(Ok(Ok(()))) => Outcome::Done,
        Ok(Ok(Err(failure))) => Outcome::Failed(failure),
        Ok(Err(_panic)) => Outcome::Failed(Failure::Retry("a defect: the handler panicked".into())),
        Err(_elapsed) => {
            let text = format!("it did not end within {} s", W::LIMIT.as_secs());
            Outcome::Failed(Failure::Retry(text))
        }
    }
}

/// Returns once the lease is lost. A database that does not answer is asked again: the lease may
/// outlast the outage.
async fn keep_lease(runner: &Runner, job: &JobRecord, worker: &str) {
    loop {
        tokio::time::sleep(LEASE / 3).await;
        let until = runner.now().plus(LEASE);
        let renewed =
            runner.db.write(async |tx| jobs::renew(tx, job.id, worker, until).await).await;
        match renewed {
            Ok(true) => {}
            Ok(false) => return,
            Err(cause) => tracing::warn!(id = %job.id, %cause, "a job's lease was not renewed"),
        }
    }
}

async fn cut_off(mut phases: Phases) {
    let never_comes = phases.wait_for(|phase| *phase == Phase::CuttingOff).await.is_err();
    if never_comes {
        // Whoever could cut off is gone.
        std::future::pending::<()>().await;
    }
}

async fn write_down<W: Work>(
    runner: &Runner,
    job: &JobRecord,
    worker: &str,
    outcome: &Outcome,
) -> Result<(), DbError> {
    let (id, now, kind) = (job.id, runner.now(), W::Job::KIND);
    let failure = match outcome {
        Outcome::Done => {
            runner.db.write(async |tx| jobs::finish(tx, id, worker).await).await?;
            return Ok(());
        }
        Outcome::Interrupted => {
            runner.db.write(async |tx| jobs::release(tx, id, worker).await).await?;
            return Ok(());
        }
        Outcome::LeaseLost => {
            tracing::warn!(kind, %id, "a job outlived its lease; another worker has it");
            return Ok(());
        }
        Outcome::Failed(failure) => failure,
    };
    match next_try::<W>(job, failure) {
        Ok((rest, why)) => {
            let try_number = job.attempts;
            tracing::warn!(kind, %id, try_number, retry_in = ?rest, why, "a job failed");
            let at = now.plus(rest);
            runner.db.write(async |tx| jobs::retry_at(tx, id, worker, at, &why).await).await?;
        }
        Err(why) => {
            tracing::error!(kind, %id, why, "a job was given up; see `roadstead admin job list`");
            runner.db.write(async |tx| jobs::bury(tx, id, worker, now, &why).await).await?;
        }
    }
    Ok(())
}

/// When to try again; `Err` when that is over. Both with the reason.
fn next_try<W: Work>(job: &JobRecord, failure: &Failure) -> Result<(Duration, String), String> {
    let (Failure::Retry(why) | Failure::GiveUp(why)) = failure;
    let why: String = why.chars().take(MAX_REASON).collect();
    if matches!(failure, Failure::GiveUp(_)) || job.attempts >= job.max_attempts {
        return Err(why);
    }
    Ok((W::Job::RETRIES.rest(job.attempts, rand::random()), why))
}
