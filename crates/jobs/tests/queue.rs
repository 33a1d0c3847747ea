//! Workers on a real database, with a clock that the test moves.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use roadstead_db::jobs as rows;
use roadstead_db::jobs::JobRecord;
use roadstead_db::{Db, both_databases};
use roadstead_jobs::{Attempt, Failure, Job, Retries, Runner, Work, Workers, enqueue};
use roadstead_types::{Id, JobId, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

#[derive(Serialize, Deserialize)]
struct Parcel(String);

impl Job for Parcel {
    const KIND: &'static str = "parcel";
    const RETRIES: Retries = Retries {
        attempts: 3,
        first: Duration::from_secs(100),
        longest: Duration::from_secs(1000),
    };
}

#[derive(Clone)]
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn start() -> Self {
        Self(Arc::new(AtomicI64::new(1_800_000_000_000_000)))
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_unix_us(self.0.load(Ordering::SeqCst))
    }

    fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

/// Notes what it is given, and does what the parcel says.
#[derive(Clone, Default)]
struct Postman {
    seen: Arc<Mutex<Vec<(String, i64)>>>,
    at_once: Arc<AtomicUsize>,
    most_at_once: Arc<AtomicUsize>,
    gate: Arc<Notify>,
}

impl Postman {
    fn seen(&self) -> Vec<(String, i64)> {
        self.seen.lock().unwrap().clone()
    }
}

impl Work for Postman {
    type Job = Parcel;
    const SLOTS: usize = 3;
    const LIMIT: Duration = Duration::from_secs(20);

    async fn run(&self, Parcel(what): Parcel, attempt: Attempt) -> Result<(), Failure> {
        self.seen.lock().unwrap().push((what.clone(), attempt.number));
        let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(now, Ordering::SeqCst);
        if what == "held" {
            self.gate.notified().await;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        match what.as_str() {
            "broken" => panic!("this parcel breaks whoever opens it"),
            "late" => Err(Failure::Retry("nobody at home".to_owned())),
            "lost" => Err(Failure::GiveUp("no such street".to_owned())),
            _ => Ok(()),
        }
    }
}

async fn workers(db: &Db, node: &str, clock: &Clock, postman: &Postman) -> Workers {
    let now = clock.clone();
    let runner = Runner::new(db.clone(), node.to_owned(), move || now.now());
    let mut workers = Workers::start(runner).await.unwrap();
    workers.add(postman.clone());
    workers
}

async fn send(db: &Db, clock: &Clock, number: i64, what: &str) {
    let (id, parcel) = (JobId::from_raw(number), Parcel(what.to_owned()));
    db.write(async |tx| enqueue(tx, id, clock.now(), &parcel).await).await.unwrap();
}

async fn jobs(db: &Db, is_dead: bool) -> Vec<JobRecord> {
    db.read(async |tx| rows::list(tx, is_dead, 0, 100).await).await.unwrap().0
}

/// Asks again until it holds. A macro, because a closure that borrows and waits cannot move between
/// threads.
macro_rules! eventually {
    ($what:literal, $probe:expr) => {{
        let deadline = std::time::Instant::now() + Duration::from_secs(15);
        while !$probe {
            assert!(std::time::Instant::now() < deadline, "not within 15 s: {}", $what);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }};
}

both_databases! {
    async fn a_job_is_done_soon_after_its_commit_and_then_gone(db: Db) {
        let (clock, postman) = (Clock::start(), Postman::default());
        let workers = workers(&db, "n", &clock, &postman).await;
        // Let the workers go idle, so that it is the commit that wakes them.
        tokio::time::sleep(Duration::from_millis(100)).await;

        let started = std::time::Instant::now();
        send(&db, &clock, 1, "book").await;
        eventually!("done", jobs(&db, false).await.is_empty());

        assert!(started.elapsed() < Duration::from_millis(900), "{:?}", started.elapsed());
        assert_eq!(postman.seen(), [("book".to_owned(), 1)]);
        workers.finish(Duration::from_secs(5)).await;
    }

    async fn two_nodes_do_each_job_once_and_no_more_at_a_time_than_they_have_slots(db: Db) {
        let (clock, one, two) = (Clock::start(), Postman::default(), Postman::default());
        for number in 1..=60 {
            send(&db, &clock, number, &format!("parcel {number}")).await;
        }
        let first = workers(&db, "n1", &clock, &one).await;
        let second = workers(&db, "n2", &clock, &two).await;
        eventually!("all are done", jobs(&db, false).await.is_empty());
        first.finish(Duration::from_secs(5)).await;
        second.finish(Duration::from_secs(5)).await;

        let mut done = [one.seen(), two.seen()].concat();
        done.sort();
        done.dedup();
        assert_eq!((done.len(), one.seen().len() + two.seen().len()), (60, 60));
        assert!(done.iter().all(|(_, attempt)| *attempt == 1));
        assert!(one.most_at_once.load(Ordering::SeqCst) <= 3);
    }

    async fn a_job_that_fails_is_tried_again_later_and_given_up_in_the_end(db: Db) {
        let (clock, postman) = (Clock::start(), Postman::default());
        send(&db, &clock, 1, "late").await;
        let workers = workers(&db, "n", &clock, &postman).await;
        for (attempt, rest) in [(1, 50..=100), (2, 100..=200)] {
            eventually!("it failed", {
                jobs(&db, false).await.first().is_some_and(|job| job.last_error.is_some()
                    && job.attempts == attempt && job.worker.is_none())
            });
            let job = jobs(&db, false).await.remove(0);
            assert_eq!(job.last_error.as_deref(), Some("nobody at home"));
            let secs = job.run_at.unix_secs() - clock.now().unix_secs();
            assert!(rest.contains(&secs), "attempt {attempt} rests {secs} s");
            clock.advance(200);
        }
        eventually!("it is given up", !jobs(&db, true).await.is_empty());

        let dead = jobs(&db, true).await.remove(0);
        assert_eq!((dead.attempts, dead.last_error.as_deref()), (3, Some("nobody at home")));
        assert_eq!(jobs(&db, false).await, []);
        db.write(async |tx| rows::revive(tx, dead.id, clock.now()).await).await.unwrap();
        eventually!("it is tried anew", postman.seen().len() == 4);
        workers.finish(Duration::from_secs(5)).await;
    }

    async fn what_cannot_succeed_is_given_up_at_once_and_a_defect_is_not(db: Db) {
        let (clock, postman) = (Clock::start(), Postman::default());
        send(&db, &clock, 1, "lost").await;
        send(&db, &clock, 2, "broken").await;
        send(&db, &clock, 3, "book").await;
        let workers = workers(&db, "n", &clock, &postman).await;
        eventually!("all three were tried", {
            let waiting = jobs(&db, false).await;
            waiting.len() == 1 && waiting[0].last_error.is_some()
        });

        let dead = jobs(&db, true).await;
        assert_eq!((dead.len(), dead[0].last_error.as_deref()), (1, Some("no such street")));
        let broken = jobs(&db, false).await.remove(0);
        assert!(broken.last_error.unwrap().contains("panicked"));
        workers.finish(Duration::from_secs(5)).await;
    }

    async fn a_job_whose_worker_died_too_often_is_not_begun_again(db: Db) {
        let (clock, postman) = (Clock::start(), Postman::default());
        send(&db, &clock, 1, "deadly").await;
        for _ in 0..3 {
            // The node takes it and is gone.
            let (now, until) = (clock.now(), clock.now().plus(Duration::from_secs(30)));
            let claimed = db.write(async |tx| {
                rows::claim(tx, "parcel", "n/x", now, until, 9).await
            }).await;
            assert_eq!(claimed.unwrap().len(), 1);
            clock.advance(31);
        }
        let workers = workers(&db, "n", &clock, &postman).await;
        eventually!("it is given up", !jobs(&db, true).await.is_empty());

        assert_eq!(postman.seen(), []);
        let dead = jobs(&db, true).await.remove(0);
        assert!(dead.last_error.unwrap().contains("may have died"));
        workers.finish(Duration::from_secs(5)).await;
    }

    async fn a_stop_lets_jobs_end_or_hands_them_on_as_if_never_begun(db: Db) {
        let (clock, postman) = (Clock::start(), Postman::default());
        send(&db, &clock, 1, "held").await;
        let first = workers(&db, "n1", &clock, &postman).await;
        eventually!("it has begun", postman.seen().len() == 1);
        first.finish(Duration::from_millis(50)).await;
        let job = jobs(&db, false).await.remove(0);
        assert_eq!((job.attempts, job.worker), (0, None));

        let second = workers(&db, "n2", &clock, &postman).await;
        eventually!("it has begun anew", postman.seen().len() == 2);
        let finish = tokio::spawn(second.finish(Duration::from_secs(10)));
        tokio::time::sleep(Duration::from_millis(50)).await;
        postman.gate.notify_one();
        finish.await.unwrap();

        assert_eq!(jobs(&db, false).await, []);
        assert_eq!(postman.seen(), [("held".to_owned(), 1), ("held".to_owned(), 1)]);
    }
}
