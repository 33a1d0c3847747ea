//! Takes due jobs and has them done, a bounded number at a time, until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use roadstead_db::jobs::{self, JobRecord};
use roadstead_db::{Db, DbError};
use roadstead_types::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::{Job, Work, attempt};

/// How long a lease lasts. A node that dies holds its jobs up no longer than that.
pub(crate) const LEASE: Duration = Duration::from_secs(30);
/// How often a worker without work looks for jobs of other processes and for retries that have come
/// due. Jobs of its own process wake it at once.
const POLL: Duration = Duration::from_secs(1);
/// How long jobs that were cut off may take to give their leases back.
const CUT_OFF: Duration = Duration::from_secs(3);

/// What workers need beside the work.
#[derive(Clone)]
pub struct Runner {
    pub(crate) db: Db,
    node: String,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// How far a stop has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Running,
    /// Nothing new is begun.
    Draining,
    /// What still runs is interrupted.
    CuttingOff,
}

pub(crate) type Phases = watch::Receiver<Phase>;

/// The workers of a process.
pub struct Workers {
    runner: Runner,
    phase: watch::Sender<Phase>,
    loops: JoinSet<()>,
}

impl Runner {
    /// `node` names this node in the leases it takes; it is the same after a restart.
    pub fn new(db: Db, node: String, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { db, node, now: Arc::new(now) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// Works on jobs of one kind until the phase changes, and then waits for those under way.
    async fn work_on<W: Work>(self, work: Arc<W>, mut phases: Phases) {
        let mut news = self.db.new_jobs();
        let mut running = JoinSet::new();
        while *phases.borrow_and_update() == Phase::Running {
            news.mark_unchanged();
            let free = W::SLOTS - running.len();
            for (job, worker) in self.claim::<W>(free).await {
                let attempt = attempt::run(self.clone(), work.clone(), job, worker, phases.clone());
                running.spawn(attempt);
            }
            let has_room = running.len() < W::SLOTS;
            tokio::select! {
                _ = phases.changed() => {}
                Some(_) = running.join_next() => {}
                _ = news.changed(), if has_room => {}
                () = tokio::time::sleep(POLL + POLL.mul_f64(rand::random())), if has_room => {}
            }
        }
        running.join_all().await;
    }

    async fn claim<W: Work>(&self, limit: usize) -> Vec<(JobRecord, String)> {
        // A name for each claim, so that a try that outlives its lease cannot end a later one.
        let worker = format!("{}/{:016x}", self.node, rand::random::<u64>());
        match self.try_claim(W::Job::KIND, &worker, limit).await {
            Ok(jobs) => jobs.into_iter().map(|job| (job, worker.clone())).collect(),
            Err(cause) => {
                tracing::warn!(kind = W::Job::KIND, %cause, "jobs could not be looked for");
                Vec::new()
            }
        }
    }

    async fn try_claim(
        &self,
        kind: &str,
        worker: &str,
        limit: usize,
    ) -> Result<Vec<JobRecord>, DbError> {
        let now = self.now();
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        if limit == 0 || !self.db.read(async |tx| jobs::is_due(tx, kind, now).await).await? {
            return Ok(Vec::new());
        }
        self.db
            .write(async |tx| jobs::claim(tx, kind, worker, now, now.plus(LEASE), limit).await)
            .await
    }
}

impl Workers {
    /// Frees what an earlier life of this node was working on, and starts without any work.
    pub async fn start(runner: Runner) -> Result<Self, DbError> {
        let prefix = format!("{}/", runner.node);
        runner.db.write(async |tx| jobs::free_leases_of(tx, &prefix).await).await?;
        let (phase, _) = watch::channel(Phase::Running);
        Ok(Self { runner, phase, loops: JoinSet::new() })
    }

    /// Begins to do the jobs of one kind.
    pub fn add<W: Work>(&mut self, work: W) {
        let phases = self.phase.subscribe();
        self.loops.spawn(self.runner.clone().work_on(Arc::new(work), phases));
    }

    /// Begins nothing new, gives what runs some time, and interrupts the rest, which another worker
    /// then begins anew.
    pub async fn finish(mut self, patience: Duration) {
        self.phase.send_replace(Phase::Draining);
        let drained = async { while self.loops.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, drained).await.is_ok() {
            return;
        }
        self.phase.send_replace(Phase::CuttingOff);
        let ended = async { while self.loops.join_next().await.is_some() {} };
        if tokio::time::timeout(CUT_OFF, ended).await.is_err() {
            tracing::warn!("jobs did not end in time; their leases run out by themselves");
        }
    }
}
