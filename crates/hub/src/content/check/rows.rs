//! Manifests and tags: what they promise can be kept.

use roadstead_blobs::hashing::Hasher;
use roadstead_db::manifests::{self, ReferenceKind, WalkedManifest};
use roadstead_db::{blobs, repair};
use roadstead_oci::media_type;
use roadstead_types::{Digest, ManifestId};

use super::{Check, Finding, PAGE, Repair};
use crate::StoreError;
use crate::settings::SparseIndexes;

impl Check<'_> {
    /// Every manifest: its bytes have its digest, and the blobs it needs are in its repository.
    pub(super) async fn manifests(&mut self) -> Result<(), StoreError> {
        let mut after: Option<ManifestId> = None;
        loop {
            let page = self.hub.db.read(async |tx| manifests::walk(tx, after, PAGE).await).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            for manifest in &page {
                self.manifest(manifest).await?;
                self.checked.manifests += 1;
            }
            self.progress();
        }
    }

    async fn manifest(&mut self, manifest: &WalkedManifest) -> Result<(), StoreError> {
        let id = manifest.id;
        // It may have been deleted since the page was read.
        let body = self.hub.db.read(async |tx| manifests::body(tx, id).await).await?;
        let Some(body) = body else { return Ok(()) };
        let mut hasher = Hasher::new(manifest.digest.algorithm());
        hasher.update(&body);
        let actual = hasher.digest();
        if actual != manifest.digest {
            let repository = self.name_of(manifest.repository_id).await?;
            let digest = manifest.digest;
            let finding = Finding::ManifestWrongDigest { repository, digest, actual };
            self.found(&finding, &Repair::None);
        }
        let blobs = self.missing_blobs(manifest).await?;
        if !blobs.is_empty() {
            let repository = self.name_of(manifest.repository_id).await?;
            let finding = Finding::BlobsMissing { repository, manifest: manifest.digest, blobs };
            self.found(&finding, &Repair::None);
        }
        Ok(())
    }

    /// Config and layers that the manifest needs and its repository lacks. Where sparse content is
    /// allowed, none is needed.
    async fn missing_blobs(&self, manifest: &WalkedManifest) -> Result<Vec<Digest>, StoreError> {
        if self.hub.settings.sparse_indexes == SparseIndexes::Allow {
            return Ok(Vec::new());
        }
        let (id, repository) = (manifest.id, manifest.repository_id);
        self.hub
            .db
            .read(async |tx| {
                let references = manifests::references(tx, id).await?;
                let needed: Vec<Digest> = references
                    .iter()
                    .filter(|r| matches!(r.kind, ReferenceKind::Config | ReferenceKind::Layer))
                    .filter(|r| !media_type::is_foreign_layer(&r.media_type))
                    .map(|r| r.digest)
                    .collect();
                Ok(blobs::missing(tx, repository, &needed).await?)
            })
            .await
    }

    /// Every tag leads to a manifest of its own repository.
    pub(super) async fn tags(&mut self) -> Result<(), StoreError> {
        let dangling = self.hub.db.read(async |tx| repair::dangling_tags(tx, PAGE).await).await?;
        for (repository, tag) in dangling {
            let repository = self.name_of(repository).await?;
            self.found(&Finding::TagWithoutManifest { repository, tag }, &Repair::None);
        }
        Ok(())
    }
}
