//! Tags: names that move over manifests.

use roadstead_blobs::crash::{CrashPoint, crash_point};
use roadstead_db::{DbError, repos, tags};
use roadstead_types::{Tag, TagMoveId};

use super::immutable::find_rule_against;
use super::manifests::{Precondition, holds};
use crate::access::{Allows, Delete, Pull, Repo};
use crate::audit::Action;
use crate::{Hub, StoreError};

/// Tags that are given their place among the versions in one transaction.
const ORDERED: u32 = 500;

/// One page of a list in byte order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagPage {
    pub tags: Vec<Tag>,
    /// Whether there are more behind the last.
    pub has_more: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum DeleteTagError {
    #[error("no such tag")]
    NotFound,
    #[error("the tag does not stand where the request expects it")]
    PreconditionFailed,
    #[error("deleting is switched off on this hub")]
    DeletesOff,
    #[error("tag {0} is immutable and cannot be deleted")]
    Immutable(Tag),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for DeleteTagError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl Hub {
    /// Gives a part of the tags that the release before wrote their place among the versions; says how many.
    pub async fn order_old_tags(&self) -> Result<u64, StoreError> {
        Ok(self.db.write(async |tx| tags::add_version_keys(tx, ORDERED).await).await?)
    }
}

impl<R: Allows<Pull>> Repo<R> {
    /// Tags behind `after`, which need not exist; `limit` is cut to the hub's page size.
    pub async fn list_tags(
        &self,
        after: Option<&str>,
        limit: Option<u32>,
    ) -> Result<TagPage, StoreError> {
        let most = self.hub.settings.limits.page;
        let limit = limit.unwrap_or(most).min(most);
        if limit == 0 {
            return Ok(TagPage { tags: Vec::new(), has_more: false });
        }
        let repository = self.facts.id;
        let mut tags =
            self.hub.db.read(async |tx| tags::list(tx, repository, after, limit + 1).await).await?;
        let has_more = tags.len() > limit as usize;
        tags.truncate(limit as usize);
        Ok(TagPage { tags, has_more })
    }
}

impl<R: Allows<Delete>> Repo<R> {
    /// Removes the name, never the manifest: other tags, digests and referrers may rely on it.
    pub async fn delete_tag(
        &self,
        tag: &Tag,
        precondition: Option<Precondition>,
    ) -> Result<(), DeleteTagError> {
        if !self.hub.settings.deletes {
            return Err(DeleteTagError::DeletesOff);
        }
        let (repository, actor, now) = (self.facts.id, self.actor(), self.hub.now());
        let move_id: TagMoveId = self.hub.new_id();
        self.hub
            .db
            .write(async |tx| {
                if !repos::touch(tx, repository, now).await? {
                    return Err(DeleteTagError::NotFound);
                }
                if !holds(tx, repository, std::slice::from_ref(tag), precondition).await? {
                    return Err(DeleteTagError::PreconditionFailed);
                }
                let standing = tags::find(tx, repository, tag).await?;
                let standing = standing.ok_or(DeleteTagError::NotFound)?;
                let one = std::slice::from_ref(tag);
                if let Some(tag) = find_rule_against(tx, repository, one).await? {
                    return Err(DeleteTagError::Immutable(tag));
                }
                tags::delete(tx, repository, tag, actor, now, move_id).await?;
                let event = self.tag_event(Action::TagDelete, tag, &standing.digest);
                self.changed(tx, event).await?;
                crash_point(CrashPoint::TagDeleteUncommitted);
                Ok(())
            })
            .await
            .inspect(|()| crash_point(CrashPoint::TagDeleteCommitted))
    }
}
