//! Look-ups that arrive together are asked together.
//!
//! While queries are running, keys that arrive wait, and go together in the next one. A key only ever
//! joins a query that starts after it arrived, so its answer is as fresh as a query of its own.
//! Nothing is kept after it was answered: this is no cache.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use crate::{Db, DbError};

type Query<K, V> =
    Box<dyn Fn(Db, Vec<K>) -> BoxFuture<'static, Result<Vec<V>, DbError>> + Send + Sync>;
type Waiters<V> = Vec<oneshot::Sender<Result<V, DbError>>>;

/// Joins single look-ups into queries for many.
pub struct Batcher<K, V> {
    shared: Arc<Shared<K, V>>,
}

struct Shared<K, V> {
    db: Db,
    max_batch: usize,
    max_in_flight: usize,
    query: Query<K, V>,
    state: Mutex<State<K, V>>,
}

struct State<K, V> {
    /// Keys in the order they came, each once.
    queue: VecDeque<K>,
    waiting: HashMap<K, Waiters<V>>,
    in_flight: usize,
}

impl<K, V> Batcher<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + 'static,
{
    /// `query` answers each key at its place. At most `max_in_flight` queries run at once, with at
    /// most `max_batch` keys each.
    pub fn new<F, R>(db: Db, max_batch: usize, max_in_flight: usize, query: F) -> Self
    where
        F: Fn(Db, Vec<K>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<V>, DbError>> + Send + 'static,
    {
        let query: Query<K, V> = Box::new(move |db, keys| Box::pin(query(db, keys)));
        let state =
            Mutex::new(State { queue: VecDeque::new(), waiting: HashMap::new(), in_flight: 0 });
        Self { shared: Arc::new(Shared { db, max_batch, max_in_flight, query, state }) }
    }

    /// What the database holds for `key`, read after this call began.
    pub async fn get(&self, key: K) -> Result<V, DbError> {
        let (sender, receiver) = oneshot::channel();
        if self.shared.enqueue(key, sender) {
            // A task of its own, so that a caller who goes away leaves the others their answer.
            let flights = Flights { shared: self.shared.clone(), landed: false };
            tokio::spawn(flights.run());
        }
        match receiver.await {
            Ok(answer) => answer,
            Err(_) => Err(DbError::Away("the look-up broke off".to_owned())),
        }
    }
}

impl<K, V> fmt::Debug for Batcher<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batcher").field("max_batch", &self.shared.max_batch).finish()
    }
}

impl<K, V> Clone for Batcher<K, V> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

impl<K, V> Shared<K, V> {
    fn state(&self) -> MutexGuard<'_, State<K, V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash, V> Shared<K, V> {
    /// Puts a key in the queue and says whether another run of flights is to be started.
    fn enqueue(&self, key: K, waiter: oneshot::Sender<Result<V, DbError>>) -> bool {
        let mut state = self.state();
        match state.waiting.get_mut(&key) {
            Some(waiters) => waiters.push(waiter),
            None => {
                state.queue.push_back(key.clone());
                state.waiting.insert(key, vec![waiter]);
            }
        }
        let start = state.in_flight < self.max_in_flight;
        state.in_flight += usize::from(start);
        start
    }
}

/// One query after the other, until nobody waits.
struct Flights<K, V> {
    shared: Arc<Shared<K, V>>,
    landed: bool,
}

impl<K: Clone + Eq + Hash, V: Clone> Flights<K, V> {
    async fn run(mut self) {
        while let Some((keys, waiters)) = self.board() {
            let answers = (self.shared.query)(self.shared.db.clone(), keys).await;
            hand_out(answers, waiters);
        }
    }

    /// Takes the keys that wait. With none left this run has landed: both in one step, so that a key
    /// which arrives now finds that it must start another.
    fn board(&mut self) -> Option<(Vec<K>, Vec<Waiters<V>>)> {
        let mut state = self.shared.state();
        let count = state.queue.len().min(self.shared.max_batch);
        if count == 0 {
            state.in_flight -= 1;
            self.landed = true;
            return None;
        }
        let keys: Vec<K> = state.queue.drain(..count).collect();
        let waiters =
            keys.iter().map(|key| state.waiting.remove(key).unwrap_or_default()).collect();
        Some((keys, waiters))
    }
}

impl<K, V> Drop for Flights<K, V> {
    /// A run that ends early, by a panic or because the runtime stops, fails those who wait for it.
    fn drop(&mut self) {
        if !self.landed {
            let mut state = self.shared.state();
            state.in_flight -= 1;
            state.queue.clear();
            state.waiting.clear();
        }
    }
}

fn hand_out<V: Clone>(answers: Result<Vec<V>, DbError>, waiters: Vec<Waiters<V>>) {
    match answers {
        Ok(answers) => {
            debug_assert_eq!(answers.len(), waiters.len());
            for (answer, waiters) in answers.into_iter().zip(waiters) {
                send(Ok(answer), waiters);
            }
        }
        Err(error) => waiters.into_iter().for_each(|waiters| send(Err(error.clone()), waiters)),
    }
}

fn send<V: Clone>(answer: Result<V, DbError>, mut waiters: Waiters<V>) {
    // A waiter that has gone away is no error.
    let last = waiters.pop();
    for waiter in waiters {
        let _ = waiter.send(answer.clone());
    }
    if let Some(waiter) = last {
        let _ = waiter.send(answer);
    }
}
