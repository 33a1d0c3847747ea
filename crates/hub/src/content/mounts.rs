//! Mounting: a blob the caller may read elsewhere becomes part of this repository, without bytes.

use roadstead_db::blobs::BlobRecord;
use roadstead_db::repos::Visibility;
use roadstead_db::{DbError, Tx, blobs, holdings, repos, storage};
use roadstead_types::{Actions, Digest, RepositoryId, RepositoryName};

use crate::access::{Allows, Identity, Push, Repo, visibility};
use crate::administration::TakenDown;
use crate::{StorageFull, StoreError};

/// The blob is linked now. There is one reason for a refusal, a take-down, which the upload would meet
/// too; every other doubt is "not mounted", and the client uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mounted;

#[derive(Debug, thiserror::Error)]
pub enum MountError {
    #[error(transparent)]
    TakenDown(#[from] TakenDown),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a mount that was begun is undone.
enum LinkError {
    NoRoom,
    Store(StoreError),
}

impl From<StorageFull> for LinkError {
    fn from(_: StorageFull) -> Self {
        Self::NoRoom
    }
}

impl From<DbError> for LinkError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl<R: Allows<Push>> Repo<R> {
    /// Links the blob if the account behind the caller may read it: in `from`, or without `from` in
    /// any repository. What the account may read is asked of the database, because the token speaks
    /// of the target alone.
    pub async fn mount(
        &self,
        digest: &Digest,
        from: Option<&RepositoryName>,
    ) -> Result<Option<Mounted>, MountError> {
        self.hub.check_taken_down(digest)?;
        let Some(identity) = self.hub.identity_behind(&self.caller).await? else { return Ok(None) };
        let source = match from {
            None => None,
            Some(name) => match self.readable(&identity, name).await? {
                Some(id) => Some(id),
                None => return Ok(None),
            },
        };
        let is_near = from.is_some_and(|name| name.namespace() == self.name().namespace());
        let eyes = visibility(&identity);
        let mounted = self
            .hub
            .db
            .write(async |tx| {
                let blob = match source {
                    Some(source) => blobs::find_linked(tx, source, digest).await?,
                    None => blobs::find_readable(tx, digest, &eyes).await?,
                };
                let Some(blob) = blob else { return Ok(None) };
                self.link(tx, &blob, &eyes, is_near).await
            })
            .await;
        match mounted {
            Ok(mounted) => Ok(mounted),
            Err(LinkError::NoRoom) => Ok(None),
            Err(LinkError::Store(error)) => Err(error.into()),
        }
    }

    /// Links the blob if there is room for it. Unless the caller may see that the namespace has it
    /// already, room is asked for as if it were new there: the answer does not tell what else is held.
    async fn link(
        &self,
        tx: &mut Tx<'_>,
        blob: &BlobRecord,
        eyes: &Visibility,
        is_near: bool,
    ) -> Result<Option<Mounted>, LinkError> {
        let (repository, namespace) = (self.facts.id, self.facts.namespace_id);
        let now = self.hub.now();
        if !repos::touch(tx, repository, now).await? {
            return Ok(None);
        }
        blobs::protect(tx, blob.id, now.plus(self.hub.settings.protection)).await?;
        let charges = holdings::link(tx, repository, blob.id, now).await?;
        if charges.is_empty()
            && !is_near
            && let Err(full) = self.hub.has_room(tx, namespace, blob.size).await?
            && !blobs::is_readable_beside(tx, &blob.digest, eyes, repository).await?
        {
            return Err(full.into());
        }
        storage::settle(tx, &charges).await?;
        if !charges.is_empty() {
            self.hub.fits(tx, namespace, blob.size).await??;
        }
        Ok(Some(Mounted))
    }

    /// The repository of that name, if `identity` may pull from it.
    async fn readable(
        &self,
        identity: &Identity,
        name: &RepositoryName,
    ) -> Result<Option<RepositoryId>, StoreError> {
        let found = self.hub.lookups.repository(name).await?;
        let held = self.hub.standing_of(identity, name, found.as_ref()).await?;
        Ok(found.filter(|_| held.contains(Actions::PULL)).map(|facts| facts.id))
    }
}
