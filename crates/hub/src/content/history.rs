//! Where a tag stood before, and putting it back there.

use roadstead_db::tag_list;

pub use roadstead_db::tag_list::MoveRow as TagMove;

use roadstead_db::{DbError, manifests, repos, tags};
use roadstead_types::{Digest, Tag, TagMoveId};

use super::immutable::find_protected;
use crate::StoreError;
use crate::access::{Allows, Pull, Push, Repo};
use crate::audit::Action;

/// One page of moves, the newest first, and how many there are.
#[derive(Clone, Debug)]
pub struct TagHistory {
    pub moves: Vec<TagMove>,
    pub total: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum RestoreTagError {
    #[error("tag {tag} never stood at {digest}; its history tells where it did")]
    NeverThere { tag: Tag, digest: Digest },
    #[error("the manifest {0} was deleted; push it again")]
    ManifestGone(Digest),
    #[error("tag {0} is immutable and cannot be moved")]
    Immutable(Tag),
    #[error("the repository was deleted, moved or hidden meanwhile")]
    RepositoryGone,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for RestoreTagError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl<R: Allows<Pull>> Repo<R> {
    /// Every move of a tag, also of one that was deleted.
    pub async fn tag_history(
        &self,
        tag: &Tag,
        offset: u64,
        limit: u32,
    ) -> Result<TagHistory, StoreError> {
        let id = self.facts.id;
        let (moves, total) =
            self.hub.db.read(async |tx| tag_list::moves(tx, id, tag, offset, limit).await).await?;
        Ok(TagHistory { moves, total })
    }
}

impl<R: Allows<Push>> Repo<R> {
    /// Points a tag at a manifest it stood at before. This is a move like any other, and in the history.
    pub async fn restore_tag(&self, tag: &Tag, digest: &Digest) -> Result<(), RestoreTagError> {
        let (id, generation, actor) = (self.facts.id, self.facts.generation, self.actor());
        let (now, move_id) = (self.hub.now(), self.hub.new_id::<TagMoveId>());
        self.hub
            .db
            .write(async |tx| {
                if !repos::set_pushed(tx, id, generation, actor, now).await? {
                    return Err(RestoreTagError::RepositoryGone);
                }
                if !tag_list::stood_at(tx, id, tag, digest).await? {
                    let (tag, digest) = (tag.clone(), *digest);
                    return Err(RestoreTagError::NeverThere { tag, digest });
                }
                let manifest = manifests::find(tx, id, digest).await?;
                let manifest = manifest.ok_or(RestoreTagError::ManifestGone(*digest))?;
                let tags = std::slice::from_ref(tag);
                if let Some(tag) = find_protected(tx, id, tags, digest).await? {
                    return Err(RestoreTagError::Immutable(tag));
                }
                tags::put(tx, id, &[(tag.clone(), move_id)], manifest.id, actor, now).await?;
                let event = self.tag_event(Action::TagRestore, tag, digest);
                Ok(self.changed(tx, event).await?)
            })
            .await
    }
}
