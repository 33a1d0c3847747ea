//! Walks rows and bytes and tells where they disagree; on request takes what is wrong out of the way.
//!
//! Runs beside a working server. It deletes no blob: what is wrong or belongs to nothing is moved to the
//! store's quarantine, from where a person can take it back. Only the pieces of uploads that nobody can
//! finish any more are removed.

mod bytes;
mod rows;

use std::collections::HashMap;
use std::time::Duration;

use roadstead_blobs::BlobError;
use roadstead_db::repos;
use roadstead_types::{Digest, RepositoryId, Tag, UploadId};

use crate::{Hub, StoreError};

/// Rows that are read in one go.
const PAGE: u32 = 500;

#[derive(Clone, Copy, Debug)]
pub struct CheckOptions {
    /// Read all bytes and compare their digests; without, only sizes are compared.
    pub hash: bool,
    /// Move wrong bytes to quarantine, and forget blobs whose bytes are wrong or gone, so that the
    /// next push brings them back.
    pub repair: bool,
    /// Bytes without a row are left alone while they are younger: an upload may be finishing.
    pub grace: Duration,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A row without bytes.
    BytesMissing {
        digest: Digest,
    },
    WrongSize {
        digest: Digest,
        expected: u64,
        actual: u64,
    },
    WrongDigest {
        digest: Digest,
        actual: Digest,
    },
    /// The store cannot give the bytes back.
    Unreadable {
        digest: Digest,
        cause: String,
    },
    /// Bytes that no row points at, of the age told.
    Orphan {
        locator: String,
        size: u64,
        age: Duration,
    },
    /// Pieces of an upload whose session is gone, untouched for the time told.
    StrayUpload {
        upload: UploadId,
        age: Duration,
    },
    /// A manifest whose bytes are not those of its digest.
    ManifestWrongDigest {
        repository: String,
        digest: Digest,
        actual: Digest,
    },
    /// A manifest that cannot be pulled, because blobs it needs are not in its repository.
    BlobsMissing {
        repository: String,
        manifest: Digest,
        blobs: Vec<Digest>,
    },
    TagWithoutManifest {
        repository: String,
        tag: Tag,
    },
}

/// What was done about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Nothing was asked for, or there is nothing to do but push again.
    None,
    /// Moved aside, to the place told.
    Quarantined(String),
    /// The row and its links are gone; the next push brings the blob back.
    Forgotten,
    /// The bytes are gone; nobody could have used them.
    Removed,
}

/// What a check did so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    pub blobs: u64,
    pub bytes: u64,
    pub stored: u64,
    pub manifests: u64,
    pub findings: u64,
}

/// What a check tells while it runs.
pub trait CheckObserver: Send {
    fn progress(&mut self, checked: &Checked);
    fn found(&mut self, finding: &Finding, repair: &Repair);
}

/// One run.
struct Check<'a> {
    hub: &'a Hub,
    options: CheckOptions,
    observer: &'a mut dyn CheckObserver,
    checked: Checked,
    names: HashMap<RepositoryId, String>,
}

impl Hub {
    /// Checks everything once. `Err` means that the check itself could not go on.
    pub async fn check(
        &self,
        options: CheckOptions,
        observer: &mut dyn CheckObserver,
    ) -> Result<Checked, StoreError> {
        let mut check = Check {
            hub: self,
            options,
            observer,
            checked: Checked::default(),
            names: HashMap::new(),
        };
        check.blobs().await?;
        check.orphans().await?;
        check.strays().await?;
        check.manifests().await?;
        check.tags().await?;
        Ok(check.checked)
    }
}

impl Check<'_> {
    fn found(&mut self, finding: &Finding, repair: &Repair) {
        self.checked.findings += 1;
        self.observer.found(finding, repair);
    }

    fn progress(&mut self) {
        self.observer.progress(&self.checked);
    }

    /// The repository's name for people; its number when the row is gone.
    async fn name_of(&mut self, id: RepositoryId) -> Result<String, StoreError> {
        if let Some(name) = self.names.get(&id) {
            return Ok(name.clone());
        }
        let record = self.hub.db.read(async |tx| repos::find_by_id(tx, id).await).await?;
        let name = record.map_or_else(|| format!("#{id}"), |record| record.path.to_string());
        if self.names.len() > 10_000 {
            self.names.clear();
        }
        self.names.insert(id, name.clone());
        Ok(name)
    }
}

/// Whether an error is about this one blob, or means that the store is away and all would fail.
fn is_about_blob(error: &BlobError) -> bool {
    match error {
        BlobError::NotFound(_) | BlobError::DigestMismatch { .. } | BlobError::Io(_) => true,
        BlobError::StagedMissing(_)
        | BlobError::StateUnreadable(_)
        | BlobError::NoSpace
        | BlobError::Unavailable(_) => false,
    }
}
