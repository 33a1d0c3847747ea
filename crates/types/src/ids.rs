//! A newtype for each table's id, and the bits an id is made of.
//!
//! An id is 63 bits: 41 of milliseconds since 2025-01-01, so that rows lie in the order they were
//! made, and 22 that start at random in each millisecond and count up. Ids are never reused, so a
//! name that is deleted and made again never inherits what was granted to the old one.

use std::fmt;

/// Milliseconds from the Unix epoch to 2025-01-01T00:00:00Z.
const EPOCH_MS: i64 = 1_735_689_600_000;
const LOW_BITS: u32 = 22;

/// What every typed id can do.
pub trait Id: Copy + Ord + fmt::Debug {
    fn from_raw(raw: i64) -> Self;
    fn raw(self) -> i64;
}

/// Hands out raw ids that only rise. Feed it the clock and fresh random bits.
#[derive(Debug, Default)]
pub struct IdSequence {
    last: i64,
}

impl IdSequence {
    /// The next raw id for `unix_ms`; `random` chooses where a new millisecond starts.
    pub fn next(&mut self, unix_ms: i64, random: u32) -> i64 {
        let ms = (unix_ms - EPOCH_MS).max(0);
        // Half the space is left above the start, so counting up stays in its millisecond.
        let start = ms << LOW_BITS | i64::from(random) & ((1 << (LOW_BITS - 1)) - 1);
        self.last = start.max(self.last + 1);
        self.last
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(i64);

        impl Id for $name {
            fn from_raw(raw: i64) -> Self {
                Self(raw)
            }

            fn raw(self) -> i64 {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    )*};
}

ids! {
    /// A user, an organization or `library`: whatever owns a namespace.
    AccountId;
    RepositoryId;
    BlobId;
    ManifestId;
    /// One entry of a tag's history.
    TagMoveId;
    AccessTokenId;
    TeamId;
    InvitationId;
    /// A signed-in session.
    SessionId;
    /// One entry of the audit log. Rises with time.
    AuditEventId;
    AnnouncementId;
    JobId;
}

/// The id of an upload session: 128 random bits, because it stands in a URL.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct UploadId(pub uuid::Uuid);

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl UploadId {
    /// Reads the one spelling that [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let id = Self(uuid::Uuid::try_parse(text).ok()?);
        (id.to_string() == text).then_some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_only_rise_even_when_the_clock_steps_back() {
        let mut sequence = IdSequence::default();

        let ids = [
            sequence.next(EPOCH_MS + 5, u32::MAX),
            sequence.next(EPOCH_MS + 5, 0),
            sequence.next(EPOCH_MS + 1, 9),
            sequence.next(EPOCH_MS + 6, 0),
        ];

        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
        assert!(ids[0] > 0);
    }
}
