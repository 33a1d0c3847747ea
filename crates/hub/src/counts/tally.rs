//! Numbers in memory that many add to at once.

use std::collections::HashMap;

use roadstead_db::pulls::Pulls;
use roadstead_types::{RepositoryId, Tag, Timestamp};

use crate::sharded::Sharded;

/// Keys of one part; beyond them a pull is counted for its repository, not for its tag.
const MAX_KEYS: usize = 4096;

type Key = (RepositoryId, i64, Option<Tag>);
type Count = (u64, Timestamp);

/// A repository's keys lie in one part.
#[derive(Debug, Default)]
pub(crate) struct Tally(Sharded<Key, Count>);

impl Tally {
    pub(super) fn add(
        &self,
        repository: RepositoryId,
        day: i64,
        tag: Option<&Tag>,
        now: Timestamp,
    ) {
        add(&mut self.0.of(repository), (repository, day, tag.cloned()), 1, now);
    }

    /// Everything counted so far, in the order of the keys.
    pub(super) fn take(&self) -> Vec<Pulls> {
        let mut counted = Vec::new();
        for mut shard in self.0.all() {
            let shard = std::mem::take(&mut *shard);
            counted.extend(shard.into_iter().map(|((repository, day, tag), (count, last_at))| {
                Pulls { repository, day, tag, count, last_at }
            }));
        }
        counted.sort_by(|a, b| (a.repository, a.day, &a.tag).cmp(&(b.repository, b.day, &b.tag)));
        counted
    }

    pub(super) fn put_back(&self, counted: impl Iterator<Item = Pulls>) {
        for pulls in counted {
            let key = (pulls.repository, pulls.day, pulls.tag);
            add(&mut self.0.of(pulls.repository), key, pulls.count, pulls.last_at);
        }
    }
}

/// Adds to a key that is there, or makes it while there is room; a tag without room counts for its
/// repository, and a repository without room (the database has been away for long) is not counted.
fn add(shard: &mut HashMap<Key, Count>, key: Key, count: u64, at: Timestamp) {
    let is_full = shard.len() >= MAX_KEYS && !shard.contains_key(&key);
    let key = if is_full { (key.0, key.1, None) } else { key };
    if shard.len() >= 2 * MAX_KEYS && !shard.contains_key(&key) {
        metrics::counter!("roadstead_uncounted_pulls_total").increment(count);
        return;
    }
    let total = shard.entry(key).or_insert((0, at));
    total.0 += count;
    total.1 = total.1.max(at);
}

#[cfg(test)]
mod tests {
    use super::*;
    use roadstead_types::Id;

    fn at(us: i64) -> Timestamp {
        Timestamp::from_unix_us(us)
    }

    #[test]
    fn nothing_is_lost_while_there_is_room_and_memory_is_bounded() {
        let tally = Tally::default();
        let one = RepositoryId::from_raw(1);
        let tag: Tag = "v1".parse().unwrap();
        tally.add(one, 3, Some(&tag), at(5));
        tally.add(one, 3, Some(&tag), at(4));
        tally.add(one, 3, None, at(6));

        let counted = tally.take();
        let told: Vec<_> = counted.iter().map(|p| (p.tag.clone(), p.count, p.last_at)).collect();
        assert_eq!(told, [(None, 1, at(6)), (Some(tag), 2, at(5))]);
        tally.put_back(counted.into_iter());
        for number in 0..3 * MAX_KEYS {
            tally.add(one, 3, Some(&format!("t{number}").parse().unwrap()), at(7));
        }
        let counted = tally.take();
        let sum: u64 = counted.iter().map(|p| p.count).sum();
        assert_eq!(sum, 3 + 3 * MAX_KEYS as u64, "tags without room count for the repository");
        assert!(counted.len() <= MAX_KEYS + 1);
        assert_eq!(tally.take(), []);
    }
}
