//! Which requests of this node may write to a session. Their names stand in the leases they take, so
//! a lease whose request has ended without giving it back is recognised: the database was away then.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone, Debug)]
pub(crate) struct Writers {
    /// What the names of this node's writers start with.
    prefix: Arc<str>,
    running: Arc<Mutex<HashSet<String>>>,
}

/// A request that runs. Dropped, it is known to have ended.
#[derive(Debug)]
pub(super) struct Writer {
    name: String,
    among: Writers,
}

impl Writers {
    pub(crate) fn of(node: &str) -> Self {
        Self { prefix: format!("{node}/").into(), running: Arc::default() }
    }

    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// A new one, to be made before it asks for its lease.
    pub(super) fn start(&self) -> Writer {
        let name = format!("{}{}", self.prefix, uuid::Uuid::new_v4().simple());
        self.running().insert(name.clone());
        Writer { name, among: self.clone() }
    }

    /// Whether `name` is a writer of this node that has ended. Nothing is known of other nodes.
    pub(super) fn has_ended(&self, name: &str) -> bool {
        name.starts_with(&*self.prefix) && !self.running().contains(name)
    }

    fn running(&self) -> MutexGuard<'_, HashSet<String>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writer {
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.among.running().remove(&self.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_knows_its_own_dead_and_nobody_elses() {
        let (one, twelve) = (Writers::of("n1"), Writers::of("n12"));
        let (living, other) = (one.start(), twelve.start());
        let dead = one.start().name().to_owned();

        assert!(one.has_ended(&dead) && one.has_ended("n1/of-an-earlier-life"));
        assert!(!one.has_ended(living.name()) && !one.has_ended(other.name()));
        assert!(!twelve.has_ended(&dead));
    }
}
