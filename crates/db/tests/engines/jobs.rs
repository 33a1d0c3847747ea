use roadstead_db::jobs::{self, NewJob};
use roadstead_db::{Db, both_databases};
use roadstead_types::JobId;

use crate::fixture::*;

fn job(run_at: i64) -> NewJob {
    NewJob {
        id: id(),
        kind: "mail",
        unique_key: None,
        payload: r#"{"n":1}"#.into(),
        run_at: at(run_at),
        max_attempts: 3,
        created_at: at(0),
    }
}

async fn add(db: &Db, run_at: i64) -> JobId {
    let new = job(run_at);
    assert!(db.write(async |tx| jobs::insert(tx, &new).await).await.unwrap());
    new.id
}

async fn ids_claimed(db: &Db, worker: &str, now: i64, limit: u32) -> Vec<JobId> {
    let claimed =
        db.write(async |tx| jobs::claim(tx, "mail", worker, at(now), at(now + 30), limit).await);
    claimed.await.unwrap().into_iter().map(|job| job.id).collect()
}

both_databases! {
    async fn jobs_are_claimed_when_due_the_oldest_first_and_each_once(db: Db) {
        let (late, first, second) = (add(&db, 50).await, add(&db, 10).await, add(&db, 20).await);
        let mut tx = db.begin().await.unwrap();
        assert!(!jobs::is_due(&mut tx, "mail", at(9)).await.unwrap());
        assert!(!jobs::is_due(&mut tx, "hooks", at(99)).await.unwrap());
        assert!(jobs::is_due(&mut tx, "mail", at(10)).await.unwrap());
        drop(tx);

        assert_eq!(ids_claimed(&db, "a", 30, 1).await, [first]);
        assert_eq!(ids_claimed(&db, "b", 30, 9).await, [second]);
        assert_eq!(ids_claimed(&db, "c", 30, 9).await, []);
        // The leases of 30 s are over.
        assert_eq!(ids_claimed(&db, "c", 60, 9).await, [first, second, late]);
        let mut tx = db.begin().await.unwrap();
        assert!(!jobs::is_due(&mut tx, "mail", at(89)).await.unwrap());
        let (listed, _) = jobs::list(&mut tx, false, 0, 9).await.unwrap();
        let first = listed.iter().find(|job| job.id == first).unwrap();
        assert_eq!((first.attempts, first.worker.as_deref()), (2, Some("c")));
        assert_eq!((first.worker_until, first.payload.as_str()), (Some(at(90)), r#"{"n":1}"#));
    }

    async fn of_many_workers_each_job_is_given_to_one(db: Db) {
        let mut waiting = Vec::new();
        for _ in 0..24 {
            waiting.push(add(&db, 1).await);
        }
        let workers = (0..8).map(|number| {
            let db = db.clone();
            tokio::spawn(async move { ids_claimed(&db, &format!("w{number}"), 2, 3).await })
        });

        let mut claimed: Vec<JobId> = Vec::new();
        for taken in futures_util::future::join_all(workers).await {
            claimed.extend(taken.unwrap());
        }
        // PostgreSQL may have given somebody less than asked for, because others held the rows.
        claimed.extend(ids_claimed(&db, "rest", 2, 24).await);

        claimed.sort();
        assert_eq!(claimed, waiting);
    }

    async fn only_the_holder_of_the_lease_ends_a_job(db: Db) {
        let one = add(&db, 1).await;
        assert_eq!(ids_claimed(&db, "a", 1, 1).await, [one]);
        let mut tx = db.begin().await.unwrap();
        assert!(jobs::renew(&mut tx, one, "a", at(40)).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(ids_claimed(&db, "b", 39, 1).await, []);
        assert_eq!(ids_claimed(&db, "b", 40, 1).await, [one]);

        let mut tx = db.begin().await.unwrap();
        assert!(!jobs::renew(&mut tx, one, "a", at(99)).await.unwrap());
        assert!(!jobs::finish(&mut tx, one, "a").await.unwrap());
        assert!(!jobs::retry_at(&mut tx, one, "a", at(1), "x").await.unwrap());
        assert!(!jobs::bury(&mut tx, one, "a", at(1), "x").await.unwrap());
        assert!(!jobs::release(&mut tx, one, "a").await.unwrap());
        assert!(jobs::retry_at(&mut tx, one, "b", at(70), "no answer").await.unwrap());
        assert!(!jobs::finish(&mut tx, one, "b").await.unwrap());
        tx.commit().await.unwrap();

        assert_eq!(ids_claimed(&db, "c", 69, 1).await, []);
        assert_eq!(ids_claimed(&db, "c", 70, 1).await, [one]);
        let mut tx = db.begin().await.unwrap();
        let job = jobs::list(&mut tx, false, 0, 1).await.unwrap().0.remove(0);
        assert_eq!((job.attempts, job.last_error.as_deref()), (3, Some("no answer")));
        assert!(jobs::release(&mut tx, one, "c").await.unwrap());
        let job = jobs::list(&mut tx, false, 0, 1).await.unwrap().0.remove(0);
        assert_eq!((job.attempts, job.worker), (2, None));
        tx.commit().await.unwrap();
        assert_eq!(ids_claimed(&db, "d", 70, 1).await, [one]);
        let mut tx = db.begin().await.unwrap();
        assert!(jobs::finish(&mut tx, one, "d").await.unwrap());
        assert_eq!(jobs::list(&mut tx, false, 0, 9).await.unwrap(), (vec![], 0));
    }

    async fn a_key_holds_a_second_job_off_until_the_first_begins(db: Db) {
        let keyed = |key: &str| NewJob { unique_key: Some(key.into()), ..job(1) };
        let mut tx = db.begin().await.unwrap();
        assert!(jobs::insert(&mut tx, &keyed("repo 1")).await.unwrap());
        assert!(!jobs::insert(&mut tx, &keyed("repo 1")).await.unwrap());
        assert!(jobs::insert(&mut tx, &keyed("repo 2")).await.unwrap());
        assert!(jobs::insert(&mut tx, &NewJob { kind: "index", ..keyed("repo 1") }).await.unwrap());
        assert_eq!(jobs::claim(&mut tx, "mail", "a", at(1), at(9), 9).await.unwrap().len(), 2);
        assert!(jobs::insert(&mut tx, &keyed("repo 1")).await.unwrap());
        assert!(!jobs::insert(&mut tx, &keyed("repo 1")).await.unwrap());
    }

    async fn a_job_given_up_waits_for_an_administrator(db: Db) {
        let (one, other) = (add(&db, 1).await, add(&db, 1).await);
        assert_eq!(ids_claimed(&db, "a", 1, 9).await, [one, other]);
        let mut tx = db.begin().await.unwrap();
        for id in [one, other] {
            assert!(jobs::bury(&mut tx, id, "a", at(5), "550 no such user").await.unwrap());
        }
        assert!(!jobs::is_due(&mut tx, "mail", at(999)).await.unwrap());
        assert_eq!(jobs::list(&mut tx, false, 0, 9).await.unwrap(), (vec![], 0));
        let (dead, total) = jobs::list(&mut tx, true, 0, 1).await.unwrap();
        assert_eq!(total, 2);
        assert_eq!(jobs::find(&mut tx, one).await.unwrap().as_ref(), Some(&dead[0]));
        assert_eq!((dead[0].id, dead[0].dead_at), (one, Some(at(5))));
        assert_eq!(jobs::list(&mut tx, true, 1, 9).await.unwrap().0[0].id, other);

        assert!(jobs::revive(&mut tx, one, at(7)).await.unwrap());
        assert!(!jobs::revive(&mut tx, one, at(7)).await.unwrap());
        let (alive, _) = jobs::list(&mut tx, false, 0, 9).await.unwrap();
        assert_eq!((alive[0].attempts, alive[0].run_at), (0, at(7)));
        assert_eq!(jobs::purge_dead(&mut tx, at(5)).await.unwrap(), 0);
        assert!(jobs::delete_idle(&mut tx, other, at(7)).await.unwrap());
        assert_eq!(jobs::find(&mut tx, other).await.unwrap(), None);
        assert_eq!(jobs::claim(&mut tx, "mail", "b", at(7), at(9), 9).await.unwrap().len(), 1);
        assert!(!jobs::delete_idle(&mut tx, one, at(8)).await.unwrap(), "somebody works on it");
        assert!(jobs::bury(&mut tx, one, "b", at(8), "again").await.unwrap());
        assert_eq!(jobs::purge_dead(&mut tx, at(9)).await.unwrap(), 1);
    }

    async fn a_node_that_starts_frees_what_its_earlier_life_worked_on(db: Db) {
        let (one, _) = (add(&db, 1).await, add(&db, 1).await);
        assert_eq!(ids_claimed(&db, "n1/a", 1, 1).await.len(), 1);
        assert_eq!(ids_claimed(&db, "n12/a", 1, 1).await.len(), 1);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(jobs::free_leases_of(&mut tx, "n1/").await.unwrap(), 1);
        tx.commit().await.unwrap();

        assert_eq!(ids_claimed(&db, "n1/b", 2, 9).await, [one]);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(jobs::list(&mut tx, false, 0, 1).await.unwrap().0[0].attempts, 2);
    }

    async fn workers_learn_of_a_job_when_it_is_committed_and_not_before(db: Db) {
        let mut news = db.new_jobs();
        let mut tx = db.begin().await.unwrap();
        jobs::insert(&mut tx, &job(1)).await.unwrap();
        assert!(!news.has_changed().unwrap());
        tx.commit().await.unwrap();
        assert!(news.has_changed().unwrap());

        news.mark_unchanged();
        let mut dropped = db.begin().await.unwrap();
        jobs::insert(&mut dropped, &job(1)).await.unwrap();
        drop(dropped);
        assert!(!news.has_changed().unwrap());
    }
}
