//! A repository, as far as it can be searched for.

use roadstead_types::{AccountId, RepositoryId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub id: RepositoryId,
    pub namespace_id: AccountId,
    pub namespace: String,
    /// Without the namespace.
    pub name: String,
    pub description: String,
    pub topics: Vec<String>,
    /// The long description; only its beginning is looked at.
    pub readme: String,
    /// `amd64`, `arm64`, ... of its images.
    pub architectures: Vec<String>,
    pub stars: u64,
    pub pulls: u64,
    pub updated_at: Timestamp,
    pub is_private: bool,
    pub is_official: bool,
    pub is_automated: bool,
    pub is_archived: bool,
}

/// Standing of an official repository beside others, in the unit of [`Document::rank`].
const OFFICIAL: f64 = 6.0;
/// An archived repository is what people look for last.
const ARCHIVED: f64 = 6.0;
/// Pulls are many and say less than stars do.
const PULLS: f64 = 0.25;
/// Keeps the rank above 0 whatever is taken off.
const BASE: f64 = ARCHIVED;

impl Document {
    /// What the repository's standing adds to any match, in the points of `matching`: one for each
    /// doubling of its stars, so that many stars help but do not drown a better match.
    pub(crate) fn rank(&self) -> f64 {
        let official = if self.is_official { OFFICIAL } else { 0.0 };
        let archived = if self.is_archived { ARCHIVED } else { 0.0 };
        BASE + official - archived + doublings(self.stars) + PULLS * doublings(self.pulls)
    }
}

/// Precision is lost beyond 2^53, where nobody counts stars any more.
#[expect(clippy::cast_precision_loss)]
fn doublings(count: u64) -> f64 {
    (count as f64 + 1.0).log2()
}
