//! Mounting: a blob the caller may read elsewhere becomes part of this repository, without bytes.

use roadstead_db::{blobs, repos};
use roadstead_types::{Actions, Digest, RepositoryId, RepositoryName};

use crate::StoreError;
use crate::access::{Allows, Identity, Push, Repo, visibility};

/// The blob is linked now. There is no reason for a refusal: every doubt is "not mounted", and the
/// client uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mounted;

impl<R: Allows<Push>> Repo<R> {
    /// Links the blob if the account behind the caller may read it: in `from`, or without `from` in
    /// any repository. What the account may read is asked of the database, because the token speaks
    /// of the target alone.
    pub async fn mount(
        &self,
        digest: &Digest,
        from: Option<&RepositoryName>,
    ) -> Result<Option<Mounted>, StoreError> {
        let Some(identity) = self.hub.identity_behind(&self.caller).await? else { return Ok(None) };
        let source = match from {
            None => None,
            Some(name) => match self.readable(&identity, name).await? {
                Some(id) => Some(id),
                None => return Ok(None),
            },
        };
        let visibility = visibility(&identity);
        let (repository, now) = (self.facts.id, self.hub.now());
        let until = now.plus(self.hub.settings.protection);
        let mounted = self
            .hub
            .db
            .write(async |tx| {
                let blob = match source {
                    Some(source) => blobs::find_linked(tx, source, digest).await?,
                    None => blobs::find_readable(tx, digest, &visibility).await?,
                };
                let Some(blob) = blob else { return Ok(None) };
                if !repos::touch(tx, repository, now).await? {
                    return Ok(None);
                }
                blobs::link(tx, repository, blob.id, now).await?;
                blobs::protect(tx, blob.id, until).await?;
                Ok::<_, StoreError>(Some(Mounted))
            })
            .await?;
        Ok(mounted)
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
