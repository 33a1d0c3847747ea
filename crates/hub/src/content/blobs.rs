//! Reading and unlinking blobs.

use std::ops::Range;

use roadstead_blobs::Locator;
use roadstead_blobs::crash::{CrashPoint, crash_point};
use roadstead_db::blobs::BlobRecord;
use roadstead_db::{DbError, blobs, holdings, repos, storage};
use roadstead_types::Digest;

use crate::StoreError;
use crate::access::{Allows, Delete, Pull, Push, Repo, Right};

pub use roadstead_blobs::Download;

/// How the bytes of a blob reach the client.
pub enum BlobDownload {
    /// Through us.
    Stream(Download),
    /// From the store itself, by a URL that is good for a short time.
    Redirect(String),
}

#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("no such blob in this repository")]
    NotFound,
    #[error("the blob is part of an image in this repository; delete the image first")]
    InUse,
    #[error("deleting is switched off on this hub")]
    DeletesOff,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for BlobError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl<R: Allows<Pull>> Repo<R> {
    /// Opens a blob of this repository that a look-up found. `range` lies within its size.
    pub async fn read_blob(
        &self,
        blob: &BlobRecord,
        range: Range<u64>,
    ) -> Result<BlobDownload, StoreError> {
        let locator = Locator(blob.locator.clone());
        if let Some(lifetime) = self.hub.settings.redirect_downloads
            && let Some(url) = self.hub.blobs.signed_url(&locator, lifetime).await?
        {
            return Ok(BlobDownload::Redirect(url));
        }
        Ok(BlobDownload::Stream(self.hub.blobs.download(&locator, range).await?))
    }

    /// Extends a blob's protection from collection, because somebody asked whether it is here and
    /// will build on the answer. Writes only when half of the time is gone.
    pub async fn protect_blob(&self, blob: &BlobRecord) -> Result<(), StoreError> {
        let now = self.hub.now();
        let protection = self.hub.settings.protection;
        if blob.protected_until > now.plus(protection / 2) {
            return Ok(());
        }
        let (id, until) = (blob.id, now.plus(protection));
        self.hub.db.write(async |tx| blobs::protect(tx, id, until).await).await?;
        Ok(())
    }
}

impl<R: Right + Allows<Delete>> Repo<R> {
    /// Takes the blob out of this repository. Other repositories keep it; the bytes are collected
    /// when nobody links them any more.
    pub async fn delete_blob(&self, digest: &Digest) -> Result<(), BlobError> {
        if !self.hub.settings.deletes {
            return Err(BlobError::DeletesOff);
        }
        let (repository, now) = (self.facts.id, self.hub.now());
        self.hub
            .db
            .write(async |tx| {
                // The row lock keeps a manifest from taking hold of the blob meanwhile.
                if !repos::touch(tx, repository, now).await? {
                    return Err(BlobError::NotFound);
                }
                if blobs::is_referenced(tx, repository, digest).await? {
                    return Err(BlobError::InUse);
                }
                let freed = holdings::unlink(tx, repository, digest).await?;
                storage::settle(tx, &freed.ok_or(BlobError::NotFound)?).await?;
                crash_point(CrashPoint::BlobDeleteUncommitted);
                Ok(())
            })
            .await
            .inspect(|()| crash_point(CrashPoint::BlobDeleteCommitted))
    }
}

impl<R: Allows<Push>> Repo<R> {
    /// Whether the blob is linked here.
    pub async fn has_blob(&self, digest: &Digest) -> Result<bool, StoreError> {
        let repository = self.facts.id;
        let found =
            self.hub.db.read(async |tx| blobs::find_linked(tx, repository, digest).await).await?;
        Ok(found.is_some())
    }
}
