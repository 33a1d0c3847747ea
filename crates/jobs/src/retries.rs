//! How often a job is tried, and how long it rests in between.

use std::time::Duration;

/// Each rest is twice as long as the one before, up to the longest.
#[derive(Clone, Copy, Debug)]
pub struct Retries {
    pub attempts: i64,
    pub first: Duration,
    pub longest: Duration,
}

impl Retries {
    /// The rest after so many failures: between half of what the rule says and all of it, as `random`
    /// decides, so that what failed together does not come back together.
    pub fn rest(&self, failures: i64, random: u32) -> Duration {
        let doublings = failures.saturating_sub(1).clamp(0, 31);
        let full = self.first.saturating_mul(1_u32 << doublings).min(self.longest);
        let half = full / 2;
        half + half.mul_f64(f64::from(random) / f64::from(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_double_up_to_the_longest_and_are_never_the_same() {
        let retries = Retries {
            attempts: 20,
            first: Duration::from_secs(10),
            longest: Duration::from_secs(3600),
        };
        let secs = |failures, random| retries.rest(failures, random).as_secs();

        assert_eq!([1, 2, 3, 4].map(|failures| secs(failures, u32::MAX)), [10, 20, 40, 80]);
        assert_eq!([1, 2, 3, 4].map(|failures| secs(failures, 0)), [5, 10, 20, 40]);
        assert_eq!([12, 40, i64::MAX].map(|failures| secs(failures, u32::MAX)), [3600; 3]);
    }
}
