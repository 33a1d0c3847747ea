//! Referrers: manifests that name another one as their subject.

use roadstead_db::manifests;
pub use roadstead_db::manifests::AttachedRow as Attached;
use roadstead_types::ids::Id;
use roadstead_types::{Digest, ManifestId};

use crate::StoreError;
use crate::access::{Allows, Pull, Repo};

/// Bytes of descriptors in one page. The specification wants a page to fit a manifest (4 MiB); a
/// quarter of that keeps clients' memory small.
const PAGE_BYTES: usize = 1 << 20;

/// Rows read for one page at most.
const PAGE_ROWS: u32 = 1000;

/// Descriptors as JSON texts, in the order they were pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferrerPage {
    pub descriptors: Vec<String>,
    /// Where the next page begins.
    pub next: Option<i64>,
}

impl<R: Allows<Pull>> Repo<R> {
    /// Manifests with the subject `subject`, which need not exist itself.
    pub async fn list_referrers(
        &self,
        subject: &Digest,
        artifact_type: Option<&str>,
        after: Option<i64>,
    ) -> Result<ReferrerPage, StoreError> {
        let repository = self.facts.id;
        let after = after.map(ManifestId::from_raw);
        let rows = self
            .hub
            .db
            .read(async |tx| {
                manifests::referrers(tx, repository, subject, artifact_type, after, PAGE_ROWS).await
            })
            .await
            .map_err(StoreError::from)?;
        Ok(page(rows))
    }

    /// The newest of what refers to `subject`, for people to look at.
    pub async fn list_attached(
        &self,
        subject: &Digest,
        limit: u32,
    ) -> Result<Vec<Attached>, StoreError> {
        let id = self.facts.id;
        Ok(self.hub.db.read(async |tx| manifests::attached(tx, id, subject, limit).await).await?)
    }
}

fn page(rows: Vec<(ManifestId, String)>) -> ReferrerPage {
    let (mut bytes, mut last) = (0, None);
    let mut descriptors = Vec::with_capacity(rows.len());
    let mut is_full = rows.len() == PAGE_ROWS as usize;
    for (id, descriptor) in rows {
        bytes += descriptor.len();
        if bytes > PAGE_BYTES && !descriptors.is_empty() {
            is_full = true;
            break;
        }
        last = Some(id.raw());
        descriptors.push(descriptor);
    }
    ReferrerPage { descriptors, next: last.filter(|_| is_full) }
}
