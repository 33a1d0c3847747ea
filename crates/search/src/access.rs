//! Which private repositories somebody may read.

use std::collections::HashSet;

use roadstead_types::ids::Id;
use roadstead_types::{AccountId, RepositoryId};

/// What somebody may read besides everything that is public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readable {
    namespaces: HashSet<u64>,
    repositories: HashSet<u64>,
}

/// What the index keeps of a repository's visibility in one number: 0 for a public one, else the
/// namespace that owns it. Most answers are given by that number alone.
pub(crate) const PUBLIC: u64 = 0;

impl Readable {
    /// The eyes of the public.
    pub fn public() -> Self {
        Self::default()
    }

    /// Adds all of a namespace.
    #[must_use]
    pub fn namespaces(mut self, namespaces: impl IntoIterator<Item = AccountId>) -> Self {
        self.namespaces.extend(namespaces.into_iter().map(key));
        self
    }

    /// Adds single repositories.
    #[must_use]
    pub fn repositories(mut self, repositories: impl IntoIterator<Item = RepositoryId>) -> Self {
        self.repositories.extend(repositories.into_iter().map(key));
        self
    }

    /// Whether a repository may be shown; `id` is only asked for where it matters.
    pub(crate) fn includes(&self, owner_if_private: u64, id: impl FnOnce() -> u64) -> bool {
        owner_if_private == PUBLIC
            || self.namespaces.contains(&owner_if_private)
            || !self.repositories.is_empty() && self.repositories.contains(&id())
    }
}

/// An id as the index keeps it. Ids are positive (`types/ids`), so none is [`PUBLIC`].
pub(crate) fn key(id: impl Id) -> u64 {
    id.raw().unsigned_abs()
}
