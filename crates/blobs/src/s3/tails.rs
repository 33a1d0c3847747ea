//! Tails this process wrote last, so that the next request of an upload need not fetch them back.
//! Only a shortcut: what counts is the object in the bucket. The copies are unnamed local files.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use crate::spool::Spooled;

/// Tails kept; each is shorter than a part.
const KEPT: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Tails(Mutex<VecDeque<(Uuid, Spooled)>>);

impl Tails {
    pub(super) fn put(&self, key: Uuid, tail: Spooled) {
        let mut tails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tails.len() == KEPT {
            tails.pop_front();
        }
        tails.push_back((key, tail));
    }

    /// Takes a tail out, if it is here and has the right length.
    pub(super) fn take(&self, key: Uuid, length: u64) -> Option<Spooled> {
        let mut tails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = tails.iter().position(|(other, _)| *other == key)?;
        tails.remove(at).map(|(_, tail)| tail).filter(|tail| tail.length == length)
    }
}
