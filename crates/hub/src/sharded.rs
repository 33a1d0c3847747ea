//! A map in memory that many change at once.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Parts with a lock of their own, so that changes under different keys rarely meet.
const SHARDS: usize = 16;

#[derive(Debug)]
pub(crate) struct Sharded<K, V> {
    shards: [Mutex<HashMap<K, V>>; SHARDS],
    hasher: RandomState,
}

impl<K, V> Default for Sharded<K, V> {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), hasher: RandomState::default() }
    }
}

impl<K, V> Sharded<K, V> {
    /// The part where everything lies whose key has this in it.
    pub(crate) fn of(&self, part: impl Hash) -> MutexGuard<'_, HashMap<K, V>> {
        let place = self.hasher.hash_one(part) as usize % SHARDS;
        lock(&self.shards[place])
    }

    /// One part after the other.
    pub(crate) fn all(&self) -> impl Iterator<Item = MutexGuard<'_, HashMap<K, V>>> {
        self.shards.iter().map(lock)
    }
}

fn lock<K, V>(shard: &Mutex<HashMap<K, V>>) -> MutexGuard<'_, HashMap<K, V>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
