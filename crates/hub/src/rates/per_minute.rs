//! Counting by the minute, on this node alone.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Keys counted in a minute; those beyond are told apart from nobody.
const MAX_KEYS: usize = 50_000;

/// How often each key came in the present minute of the clock.
#[derive(Debug)]
pub(crate) struct PerMinute<K>(Mutex<(i64, HashMap<K, u64>)>);

impl<K> Default for PerMinute<K> {
    fn default() -> Self {
        Self(Mutex::new((0, HashMap::new())))
    }
}

impl<K: Eq + Hash> PerMinute<K> {
    /// Counts one more, and tells how many there are now; `None` when the minute has too many keys already.
    pub(crate) fn count(&self, key: K, minute: i64) -> Option<u64> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.0 != minute {
            *counts = (minute, HashMap::new());
        }
        if counts.1.len() >= MAX_KEYS && !counts.1.contains_key(&key) {
            return None;
        }
        let count = counts.1.entry(key).or_default();
        *count += 1;
        Some(*count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_every_minute_begins_at_nothing() {
        let counts = PerMinute::default();
        for key in 0..MAX_KEYS {
            assert_eq!(counts.count(key, 7), Some(1));
        }
        assert_eq!(counts.count(MAX_KEYS, 7), None);
        assert_eq!(counts.count(3, 7), Some(2));
        assert_eq!(counts.count(MAX_KEYS, 8), Some(1));
        assert_eq!(counts.count(3, 8), Some(1));
    }
}
