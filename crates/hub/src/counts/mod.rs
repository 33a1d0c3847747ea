//! Counting pulls without ever making one wait for it.
//!
//! A pull adds to a number in memory; every two seconds, and when the program ends, the numbers go to the
//! database. A crash loses the last few seconds of counts and nothing else.

mod tally;

use roadstead_db::pulls::{self, Pulls};
use roadstead_types::{Tag, Timestamp};

pub(crate) use tally::Tally;

use crate::access::{Pull, Repo, Right};
use crate::{Hub, StoreError};

/// Rows of one transaction, so that pushes never wait long for it.
const BATCH: usize = 256;
/// Microseconds of a day.
const DAY_US: i64 = 24 * 3600 * 1_000_000;
/// Days that are told one by one.
const MAX_DAYS: i64 = 366;
/// Tags that are told one by one.
const MAX_TAGS: u32 = 100;

/// What was pulled in the last days.
#[derive(Clone, Debug, Default)]
pub struct PullStatistics {
    /// Midnight UTC of the day, and its pulls; days without are left out.
    pub days: Vec<(Timestamp, u64)>,
    /// The most pulled tags; `None` stands for pulls by digest.
    pub tags: Vec<(Option<String>, u64)>,
}

impl Repo<Pull> {
    /// Counts the download of a manifest, by a tag or by its digest.
    pub fn count_pull(&self, tag: Option<&Tag>) {
        let now = self.hub.now();
        self.hub.pulls.add(self.facts.id, now.unix_us().div_euclid(DAY_US), tag, now);
    }
}

impl<R: Right + crate::access::Allows<Pull>> Repo<R> {
    /// Pulls of the last `days`, as far as they have reached the database.
    pub async fn pull_statistics(&self, days: i64) -> Result<PullStatistics, StoreError> {
        let id = self.facts.id;
        let today = self.hub.now().unix_us().div_euclid(DAY_US);
        let first = today - days.clamp(1, MAX_DAYS) + 1;
        let (days, tags) = self
            .hub
            .db
            .read(async |tx| {
                let days = pulls::by_day(tx, id, first).await?;
                let tags = pulls::by_tag(tx, id, first, MAX_TAGS).await?;
                Ok::<_, StoreError>((days, tags))
            })
            .await?;
        let midnight = |day: i64| Timestamp::from_unix_us(day.saturating_mul(DAY_US));
        Ok(PullStatistics {
            days: days.into_iter().map(|(day, count)| (midnight(day), count)).collect(),
            tags: tags
                .into_iter()
                .map(|(tag, count)| ((!tag.is_empty()).then_some(tag), count))
                .collect(),
        })
    }
}

impl Hub {
    /// Writes down what was counted since the last time. What cannot be written now is kept for the next.
    pub async fn flush_counts(&self) -> Result<(), StoreError> {
        self.flush_pulls().await?;
        self.flush_pull_windows().await
    }

    async fn flush_pulls(&self) -> Result<(), StoreError> {
        let mut counted = self.pulls.take();
        while !counted.is_empty() {
            let batch: Vec<Pulls> = counted.drain(..counted.len().min(BATCH)).collect();
            if let Err(error) = self.db.write(async |tx| pulls::add(tx, &batch).await).await {
                self.pulls.put_back(batch.into_iter().chain(counted));
                return Err(error.into());
            }
        }
        Ok(())
    }
}
