//! The trash: what was deleted can be brought back for a while, with its content, rights and stars.

use std::time::Duration;

use roadstead_db::trash::{self, Restored};
use roadstead_db::{DbError, search};
use roadstead_types::{AccountId, AccountName, Actions, Id, RepositoryId, RepositoryName};
use serde_json::json;

pub use roadstead_db::trash::TrashRecord as TrashedRepository;

use super::create::hold_namespace;
use super::edit::EditError;
use crate::access::{Administer, Allows, Identity, Repo, Standing, owns, standing};
use crate::audit::{Action, Event};
use crate::plans::NoPrivateSlot;
use crate::{Hub, StoreError};

/// Days a deleted repository can be brought back.
pub const TRASH_DAYS: u64 = 14;
const KEPT: Duration = Duration::from_secs(TRASH_DAYS * 24 * 3600);
/// Rows that one transaction of a purge removes, so that nobody waits long for it.
const PURGE_ROWS: u32 = 500;
/// Repositories that one round of the purge works on.
const PURGE_BATCH: u32 = 100;

/// One page, and how much there is in all.
#[derive(Clone, Debug)]
pub struct Trash {
    pub repositories: Vec<TrashedRepository>,
    pub total: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum TrashError {
    #[error("no such repository in this trash")]
    NotFound,
    #[error("`{0}` exists already; restore it under another name")]
    Taken(RepositoryName),
    #[error(transparent)]
    NoPrivateSlot(#[from] NoPrivateSlot),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for TrashError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl<R: Allows<Administer>> Repo<R> {
    /// Puts the repository into the trash. One made later under the same name is another one.
    pub async fn delete(&self) -> Result<(), EditError> {
        let (id, by, now) = (self.facts.id, self.actor(), self.hub.now());
        self.hub
            .db
            .write(async |tx| {
                if trash::put(tx, id, by, now, now.plus(KEPT)).await? {
                    self.changed(tx, Event::of_repository(Action::RepoDelete, self)).await?;
                }
                Ok(())
            })
            .await
    }
}

impl Hub {
    /// What a namespace has in the trash. `None` for whoever may not make repositories there.
    pub async fn list_trash(
        &self,
        who: &Identity,
        namespace: &AccountName,
        offset: u64,
        limit: u32,
    ) -> Result<Option<Trash>, StoreError> {
        let Some(namespace) = self.namespace_to_fill(who, namespace).await? else {
            return Ok(None);
        };
        let now = self.now();
        let (repositories, total) =
            self.db.read(async |tx| trash::list(tx, namespace, now, offset, limit).await).await?;
        Ok(Some(Trash { repositories, total }))
    }

    /// Brings a repository back under its last name, or under another of the same namespace.
    pub async fn restore_repository(
        &self,
        who: &Identity,
        namespace: &AccountName,
        id: i64,
        name: Option<&str>,
    ) -> Result<RepositoryName, TrashError> {
        let found = self.find_trashed(who, namespace, id).await?;
        let path = RepositoryName::new(namespace.as_str(), name.unwrap_or(found.path.name()))
            .map_err(|_| TrashError::NotFound)?;
        let now = self.now();
        self.db
            .write(async |tx| {
                if hold_namespace(tx, found.namespace_id, &path).await?.is_none() {
                    return Err(TrashError::NotFound);
                }
                if found.is_private {
                    self.take_private_slot(tx, found.namespace_id).await??;
                }
                match trash::restore(tx, found.id, &path, now).await? {
                    Restored::Yes => {
                        let event = event(Action::RepoRestore, &found)
                            .after(json!({ "name": path.as_str() }));
                        self.record(tx, who, event).await?;
                        Ok(search::changed(tx, found.id).await?)
                    }
                    Restored::Taken => Err(TrashError::Taken(path.clone())),
                    Restored::Gone => Err(TrashError::NotFound),
                }
            })
            .await?;
        Ok(path)
    }

    /// Removes a repository from the trash for good.
    pub async fn purge_repository(
        &self,
        who: &Identity,
        namespace: &AccountName,
        id: i64,
    ) -> Result<(), TrashError> {
        let found = self.find_trashed(who, namespace, id).await?;
        let now = self.now();
        self.db
            .write(async |tx| {
                if trash::expire(tx, found.id, now).await? {
                    self.record(tx, who, event(Action::RepoPurge, &found)).await?;
                }
                Ok::<_, DbError>(())
            })
            .await?;
        Ok(self.purge_expired(found.id).await?)
    }

    /// Finds a trashed repository for somebody who may administer it, as if it were live.
    pub async fn find_trashed(
        &self,
        who: &Identity,
        namespace: &AccountName,
        id: i64,
    ) -> Result<TrashedRepository, TrashError> {
        let (id, now) = (RepositoryId::from_raw(id), self.now());
        let found = self
            .db
            .read(async |tx| {
                let account = roadstead_db::accounts::find_by_name(tx, namespace).await?;
                match account {
                    Some(account) => trash::find(tx, account.id, id, now).await,
                    None => Ok(None),
                }
            })
            .await?;
        let found = found.ok_or(TrashError::NotFound)?;
        match self.administers(who, &found).await? {
            true => Ok(found),
            false => Err(TrashError::NotFound),
        }
    }

    async fn administers(
        &self,
        who: &Identity,
        found: &TrashedRepository,
    ) -> Result<bool, StoreError> {
        let repository = Standing::from(found);
        let role = match owns(who, &repository) {
            true => None,
            false => self.lookups.role(who.account, found.id).await?,
        };
        Ok(standing(Some(who), &repository, role).contains(Actions::ADMINISTER))
    }

    /// The namespace of that name, if `who` may make repositories in it.
    async fn namespace_to_fill(
        &self,
        who: &Identity,
        namespace: &AccountName,
    ) -> Result<Option<AccountId>, StoreError> {
        // Any name will do: the right is on the namespace.
        let Ok(name) = RepositoryName::new(namespace.as_str(), "any") else { return Ok(None) };
        Ok(self.could_own(who, &name).await?.map(|would_be| would_be.namespace))
    }

    /// Removes what has been in the trash long enough. Returns how many repositories went.
    pub async fn purge_trash(&self) -> Result<usize, StoreError> {
        let now = self.now();
        let expired = self.db.read(async |tx| trash::expired(tx, now, PURGE_BATCH).await).await?;
        for id in &expired {
            self.purge_expired(*id).await?;
        }
        Ok(expired.len())
    }

    async fn purge_expired(&self, id: RepositoryId) -> Result<(), StoreError> {
        let part =
            async || self.db.write(async |tx| trash::purge_some(tx, id, PURGE_ROWS).await).await;
        while !part().await? {}
        Ok(())
    }
}

fn event(action: Action, found: &TrashedRepository) -> Event {
    Event::of_new(action, &found.path, found.namespace_id, found.id)
}

impl<'a> From<&'a TrashedRepository> for Standing<'a> {
    fn from(record: &'a TrashedRepository) -> Self {
        Self {
            path: &record.path,
            namespace: record.namespace_id,
            namespace_kind: record.namespace_kind,
            is_private: record.is_private,
            is_automated: record.is_automated,
            is_archived: record.is_archived,
        }
    }
}
