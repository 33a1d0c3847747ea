//! Blobs and uploads: each row has its bytes, and all bytes have a row.

use std::time::Duration;

use futures_util::StreamExt;
use roadstead_blobs::hashing::Hasher;
use roadstead_blobs::{BlobError, Locator, Stored};
use roadstead_db::blobs::{self, BlobRecord};
use roadstead_db::repair;
use roadstead_types::{BlobId, Digest};

use super::{Check, Finding, PAGE, Repair, is_about_blob};
use crate::StoreError;
use crate::content::uploads::Stray;

/// Bytes between two signs of progress.
const PROGRESS: u64 = 64 << 20;
/// How long bytes without a row are watched before they are moved: longer than any commit takes.
const SECOND_LOOK: Duration = Duration::from_secs(5);

impl Check<'_> {
    /// Every blob's row against the bytes it points at.
    pub(super) async fn blobs(&mut self) -> Result<(), StoreError> {
        let mut after: Option<BlobId> = None;
        loop {
            let page = self.hub.db.read(async |tx| blobs::walk(tx, after, PAGE).await).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            for blob in &page {
                if let Some(finding) = self.compare(blob).await? {
                    let repair = self.repair_blob(blob, &finding).await?;
                    self.found(&finding, &repair);
                }
                self.checked.blobs += 1;
            }
            self.progress();
        }
    }

    /// What is wrong with a blob, looked at twice: between reading its row and its bytes it may
    /// have been deleted.
    async fn compare(&mut self, blob: &BlobRecord) -> Result<Option<Finding>, StoreError> {
        let Some(finding) = self.compare_once(blob).await? else { return Ok(None) };
        let digest = blob.digest;
        let now = self.hub.db.read(async |tx| blobs::find(tx, &digest).await).await?;
        Ok(now.filter(|now| now.locator == blob.locator).map(|_| finding))
    }

    async fn compare_once(&mut self, blob: &BlobRecord) -> Result<Option<Finding>, StoreError> {
        let (digest, expected) = (blob.digest, blob.size);
        let locator = Locator(blob.locator.clone());
        match self.hub.blobs.stat(&locator).await? {
            None => return Ok(Some(Finding::BytesMissing { digest })),
            Some(actual) if actual != expected => {
                return Ok(Some(Finding::WrongSize { digest, expected, actual }));
            }
            Some(_) if !self.options.hash => return Ok(None),
            Some(_) => {}
        }
        match self.hash(&locator, &digest, expected).await {
            Ok(actual) if actual == digest => Ok(None),
            Ok(actual) => Ok(Some(Finding::WrongDigest { digest, actual })),
            Err(BlobError::NotFound(_)) => Ok(Some(Finding::BytesMissing { digest })),
            Err(error) if is_about_blob(&error) => {
                Ok(Some(Finding::Unreadable { digest, cause: error.to_string() }))
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn hash(
        &mut self,
        locator: &Locator,
        digest: &Digest,
        size: u64,
    ) -> Result<Digest, BlobError> {
        let mut hasher = Hasher::new(digest.algorithm());
        let mut bytes = self.hub.blobs.read(locator, 0..size).await?;
        let mut since_progress = 0;
        while let Some(piece) = bytes.next().await {
            let piece = piece?;
            hasher.update(&piece);
            self.checked.bytes += piece.len() as u64;
            since_progress += piece.len() as u64;
            if since_progress >= PROGRESS {
                since_progress = 0;
                self.progress();
            }
        }
        Ok(hasher.digest())
    }

    /// The bytes first, then the row: while the row is there, clients believe that the hub has the
    /// blob and do not send it again.
    async fn repair_blob(
        &mut self,
        blob: &BlobRecord,
        finding: &Finding,
    ) -> Result<Repair, StoreError> {
        // Bytes that cannot be read now may be readable tomorrow.
        if !self.options.repair || matches!(finding, Finding::Unreadable { .. }) {
            return Ok(Repair::None);
        }
        let place = match self.hub.blobs.quarantine(&Locator(blob.locator.clone())).await {
            Ok(place) => Some(place),
            Err(BlobError::NotFound(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let id = blob.id;
        self.hub.db.write(async |tx| repair::forget_blob(tx, id).await).await?;
        Ok(place.map_or(Repair::Forgotten, Repair::Quarantined))
    }

    /// Every stored object against the rows.
    pub(super) async fn orphans(&mut self) -> Result<(), StoreError> {
        let mut suspects = self.suspects().await?;
        if !suspects.is_empty() {
            tokio::time::sleep(SECOND_LOOK).await;
            suspects = self.without_row(suspects).await?;
        }
        for stored in suspects {
            let repair = match self.options.repair {
                true => Repair::Quarantined(self.hub.blobs.quarantine(&stored.locator).await?),
                false => Repair::None,
            };
            let age = self.hub.age_of(stored.modified_unix_us);
            let finding = Finding::Orphan { locator: stored.locator.0, size: stored.size, age };
            self.found(&finding, &repair);
        }
        Ok(())
    }

    async fn suspects(&mut self) -> Result<Vec<Stored>, StoreError> {
        let hub = self.hub;
        let mut walk = hub.blobs.walk().chunks(PAGE as usize);
        let mut suspects = Vec::new();
        while let Some(page) = walk.next().await {
            let page = page.into_iter().collect::<Result<Vec<_>, _>>()?;
            self.checked.stored += page.len() as u64;
            let old = page
                .into_iter()
                .filter(|s| hub.age_of(s.modified_unix_us) >= self.options.grace)
                .collect();
            suspects.extend(self.without_row(old).await?);
            self.progress();
        }
        Ok(suspects)
    }

    async fn without_row(&self, stored: Vec<Stored>) -> Result<Vec<Stored>, StoreError> {
        let locators: Vec<String> = stored.iter().map(|s| s.locator.0.clone()).collect();
        let known = self.hub.db.read(async |tx| blobs::known_locators(tx, &locators).await).await?;
        Ok(stored.into_iter().filter(|s| !known.contains(&s.locator.0)).collect())
    }

    /// Staged bytes against the sessions. They belong to nobody, so they are removed.
    pub(super) async fn strays(&mut self) -> Result<(), StoreError> {
        for Stray { upload, age } in self.hub.stray_uploads(self.options.grace).await? {
            let mut repair = Repair::None;
            if self.options.repair {
                self.hub.blobs.purge_staged(upload).await?;
                repair = Repair::Removed;
            }
            self.found(&Finding::StrayUpload { upload, age }, &repair);
        }
        Ok(())
    }
}
