//! Numbers that look random and are the same on each run.

/// What a throw is for, so that the numbers of one table tell nothing of another's.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    Repository = 1,
    Readme,
    Teams,
    Grants,
}

/// xorshift, begun anew for each row: a row depends on its own number alone.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    pub const fn of(subject: Subject, number: u64) -> Self {
        let mixed = (number << 8 | subject as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        Self(mixed ^ mixed >> 32 | 1)
    }

    pub const fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    pub const fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    /// Up to `end`, small numbers far more often: `n` about once in `n` throws.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn skewed(&mut self, end: u64) -> u64 {
        const FLAT: f64 = 6.0;
        let share = self.below(1 << 30) as f64 / f64::from(1 << 30);
        (FLAT * ((end as f64 + FLAT) / FLAT).powf(share) - FLAT) as u64
    }

    /// As the numbers of the most popular go, by Zipf: `most` once among `count`, half of it twice, ...
    pub const fn popularity(&mut self, most: u64, count: u64) -> u64 {
        most / (1 + self.below(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_popular_and_most_are_not() {
        let stars = |number| Dice::of(Subject::Repository, number).popularity(1000, 10_000);
        let mut all: Vec<_> = (0..10_000).map(stars).collect();
        all.sort_unstable();

        assert!((200..=1000).contains(&all[9_999]), "{}", all[9_999]);
        assert_eq!(all[5_000], 0);
        assert!((5_000..20_000).contains(&all.iter().sum::<u64>()));
    }
}
