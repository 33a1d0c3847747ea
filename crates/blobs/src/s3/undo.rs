//! What an append made in the bucket, to be removed if its state does not come to count.
//!
//! Two ways lead there: the append fails or is dropped, or it returns and its caller goes back to
//! the state before (a client that broke off and cannot say where it stopped). The second shows
//! only when the next request brings another state.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use roadstead_types::UploadId;
use uuid::Uuid;

use super::bucket::Bucket;
use super::staged::{Leftover, Staged};

/// Uploads remembered. Of one that is forgotten, garbage may stay; nothing worse.
const REMEMBERED: usize = 1024;

/// Things in the bucket that only one append knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) object: Option<Leftover>,
    pub(super) multipart: Option<(Uuid, String)>,
}

/// Removes what it names when it is dropped, that is, unless the append succeeds.
pub(super) struct Undo {
    bucket: Arc<Bucket>,
    upload: UploadId,
    pub(super) made: Made,
}

impl Undo {
    pub(super) fn new(bucket: Arc<Bucket>, upload: UploadId) -> Self {
        Self { bucket, upload, made: Made::default() }
    }

    /// The append succeeded.
    pub(super) fn disarm(mut self) -> Made {
        std::mem::take(&mut self.made)
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        self.bucket.remove_made_later(self.upload, std::mem::take(&mut self.made));
    }
}

/// What the last append of each upload made, until it is known whether that counts. Forgetting it
/// (as a restart does) removes nothing.
#[derive(Debug, Default)]
pub(super) struct LastMade(Mutex<VecDeque<(UploadId, Made)>>);

impl LastMade {
    pub(super) fn remember(&self, upload: UploadId, made: Made) {
        self.forget(upload);
        let mut all = self.all();
        if all.len() == REMEMBERED {
            all.pop_front();
        }
        all.push_back((upload, made));
    }

    pub(super) fn forget(&self, upload: UploadId) {
        self.all().retain(|(other, _)| *other != upload);
    }

    /// What the upload's last append made and `staged`, the state that counts, does not have.
    /// A multipart upload stays one for all later states, so another key means it is unknown.
    pub(super) fn unknown_to(&self, upload: UploadId, staged: &Staged) -> Made {
        let mut all = self.all();
        let Some(at) = all.iter().position(|(other, _)| *other == upload) else {
            return Made::default();
        };
        let mut unknown = all[at].1.clone();
        unknown.object = unknown.object.filter(|object| Some(*object) != staged.rest());
        unknown.multipart = unknown.multipart.filter(|(key, _)| *key != staged.key());
        if unknown != Made::default() {
            all.remove(at);
        }
        unknown
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<(UploadId, Made)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
