//! The batcher alone: who flies with whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use roadstead_db::testing::TestDb;
use roadstead_db::{Batcher, DbError};
use tokio::sync::{Mutex, Semaphore};

/// A query that notes its keys and waits at a gate.
struct Gated {
    batcher: Batcher<u32, u32>,
    flights: Arc<Mutex<Vec<Vec<u32>>>>,
    gate: Arc<Semaphore>,
    _database: TestDb,
}

async fn gated(max_batch: usize, max_in_flight: usize) -> Gated {
    let database = TestDb::sqlite().await;
    let (flights, gate) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Semaphore::new(0)));
    let (noted, opened) = (flights.clone(), gate.clone());
    let query = move |_, keys: Vec<u32>| {
        let (noted, opened) = (noted.clone(), opened.clone());
        async move {
            noted.lock().await.push(keys.clone());
            opened.acquire().await.unwrap().forget();
            match keys.contains(&13) {
                true => Err(DbError::Busy),
                false => Ok(keys.iter().map(|key| key * 10).collect()),
            }
        }
    };
    let batcher = Batcher::new(database.db.clone(), max_batch, max_in_flight, query);
    Gated { batcher, flights, gate, _database: database }
}

impl Gated {
    fn ask(&self, key: u32) -> tokio::task::JoinHandle<Result<u32, DbError>> {
        let batcher = self.batcher.clone();
        tokio::spawn(async move { batcher.get(key).await })
    }

    async fn settle(&self) {
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

#[tokio::test]
async fn the_first_flies_alone_and_those_who_come_meanwhile_fly_together() {
    let gated = gated(64, 1).await;
    let mut asked = vec![gated.ask(1)];
    gated.settle().await;
    asked.extend([2, 3, 2, 1].map(|key| gated.ask(key)));
    gated.settle().await;
    assert_eq!(*gated.flights.lock().await, [vec![1]], "the second flight waits for the first");

    gated.gate.add_permits(2);
    let answers: Vec<u32> =
        join_all(asked).await.into_iter().map(|answer| answer.unwrap().unwrap()).collect();

    assert_eq!(answers, [10, 20, 30, 20, 10]);
    // Key 1 again, because who asked while it was in the air must not get an older answer.
    assert_eq!(*gated.flights.lock().await, [vec![1], vec![2, 3, 1]]);
}

#[tokio::test]
async fn flights_are_as_many_and_as_large_as_allowed() {
    let gated = gated(2, 3).await;
    let mut asked = Vec::new();
    for key in 0..9 {
        asked.push(gated.ask(key));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    gated.settle().await;
    assert_eq!(gated.flights.lock().await.len(), 3);
    gated.gate.add_permits(100);
    join_all(asked).await;

    let flights = gated.flights.lock().await;
    assert_eq!(flights.iter().map(Vec::len).sum::<usize>(), 9);
    assert!(flights.iter().all(|keys| keys.len() <= 2));
}

#[tokio::test]
async fn who_goes_away_harms_nobody_and_an_error_reaches_all_of_its_flight() {
    let gated = gated(64, 1).await;
    let first = gated.ask(1);
    gated.settle().await;
    let (gone, unlucky, with_it) = (gated.ask(2), gated.ask(13), gated.ask(3));
    gated.settle().await;
    first.abort();
    gone.abort();
    gated.settle().await;
    gated.gate.add_permits(2);

    assert!(matches!(unlucky.await.unwrap(), Err(DbError::Busy)));
    assert!(matches!(with_it.await.unwrap(), Err(DbError::Busy)));
    gated.gate.add_permits(1);
    assert_eq!(gated.batcher.get(4).await.unwrap(), 40, "and the next look-up is well");
}

#[tokio::test]
async fn a_query_that_panics_fails_its_own_and_not_the_next() {
    let database = TestDb::sqlite().await;
    let calls = Arc::new(AtomicUsize::new(0));
    let batcher = Batcher::new(database.db.clone(), 8, 1, move |_, keys: Vec<u32>| {
        let call = calls.fetch_add(1, Ordering::Relaxed);
        async move {
            assert!(call > 0, "the first call panics, as the test wants");
            Ok(keys)
        }
    });

    assert!(matches!(batcher.get(1).await, Err(DbError::Away(_))));
    assert_eq!(batcher.get(2).await.unwrap(), 2);
}
