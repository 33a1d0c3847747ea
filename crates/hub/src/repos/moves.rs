//! Renaming and transferring. The old name keeps pulling and never pushes, until its owner gives it up.

use roadstead_db::moves::{self, Claim, Destination};
use roadstead_db::{DbError, Tx, repos, storage};
use roadstead_types::{AccountId, Actions, RepositoryName};
use serde_json::json;

pub use roadstead_db::moves::FormerName;

use super::create::hold_namespace;
use crate::access::{Allows, Identity, Own, Repo};
use crate::audit::{Action, Event};
use crate::plans::NoPrivateSlot;
use crate::{StorageFull, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("`{0}` exists already, or still leads to a repository that was renamed")]
    Taken(RepositoryName),
    #[error("you may not make repositories in `{namespace}`, so nothing can be moved there")]
    NotYours { namespace: String },
    #[error("a rename stays in its namespace; transfer the repository instead")]
    OtherNamespace,
    #[error("`{0}` is the present name; only a former one can be released")]
    Present(RepositoryName),
    #[error("`{0}` is no former name of this repository")]
    NotFormer(RepositoryName),
    #[error("the repository was deleted or moved meanwhile")]
    Gone,
    #[error(transparent)]
    NoPrivateSlot(#[from] NoPrivateSlot),
    #[error(transparent)]
    StorageFull(#[from] StorageFull),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for MoveError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl<R: Allows<Own>> Repo<R> {
    /// Gives it another name in the same namespace. Taking back one of its own former names is fine.
    pub async fn rename(&self, to: &RepositoryName) -> Result<(), MoveError> {
        if to.namespace() != self.name().namespace() {
            return Err(MoveError::OtherNamespace);
        }
        let destination = Destination { path: to.clone(), namespace: None };
        self.relocate(&destination).await
    }

    /// Hands it over to another namespace, in which the caller may make repositories. Rights that were
    /// given on it and tokens made before end here.
    pub async fn transfer(&self, who: &Identity, to: &RepositoryName) -> Result<(), MoveError> {
        let not_yours = || MoveError::NotYours { namespace: to.namespace().to_owned() };
        let would_be = self.hub.could_own(who, to).await?.ok_or_else(not_yours)?;
        if !self.hub.standing_of(who, to, None).await?.contains(Actions::PUSH) {
            return Err(not_yours());
        }
        // Whoever hands it to its own namespace takes no right from anybody.
        let is_elsewhere = would_be.namespace != self.facts.namespace_id;
        let namespace = is_elsewhere.then_some(would_be.namespace);
        self.relocate(&Destination { path: to.clone(), namespace }).await
    }

    async fn relocate(&self, destination: &Destination) -> Result<(), MoveError> {
        let (id, generation, now) = (self.facts.id, self.facts.generation, self.hub.now());
        self.hub
            .db
            .write(async |tx| {
                if let Some(namespace) = destination.namespace {
                    self.enter(tx, namespace, &destination.path).await?;
                }
                let namespace = destination.namespace.unwrap_or(self.facts.namespace_id);
                let before = storage::held(tx, namespace).await?.stored;
                match moves::relocate(tx, id, generation, destination, now).await? {
                    Claim::Made => {}
                    Claim::Taken => return Err(MoveError::Taken(destination.path.clone())),
                    Claim::Gone => return Err(MoveError::Gone),
                }
                let gained = storage::held(tx, namespace).await?.stored.saturating_sub(before);
                self.hub.fits(tx, namespace, gained).await??;
                Ok(self.changed(tx, self.moved(destination)).await?)
            })
            .await
    }

    /// Makes sure that the repository may be in a namespace, which then stays as it is.
    async fn enter(
        &self,
        tx: &mut Tx<'_>,
        namespace: AccountId,
        path: &RepositoryName,
    ) -> Result<(), MoveError> {
        if hold_namespace(tx, namespace, path).await?.is_none() {
            return Err(MoveError::NotYours { namespace: path.namespace().to_owned() });
        }
        if self.facts.is_private && namespace != self.facts.namespace_id {
            self.hub.take_private_slot(tx, namespace).await??;
        }
        Ok(())
    }

    fn moved(&self, destination: &Destination) -> Event {
        let action = match destination.namespace {
            Some(_) => Action::RepoTransfer,
            None => Action::RepoRename,
        };
        Event::of_repository(action, self).after(json!({ "name": destination.path.as_str() }))
    }

    /// Names it had, which still lead to it.
    pub async fn former_names(&self) -> Result<Vec<FormerName>, StoreError> {
        let id = self.facts.id;
        Ok(self.hub.db.read(async |tx| moves::former(tx, id).await).await?)
    }

    /// Gives a former name up: it leads nowhere from now on and can be taken.
    pub async fn release_name(&self, name: &RepositoryName) -> Result<(), MoveError> {
        let (id, now) = (self.facts.id, self.hub.now());
        if name == self.name() {
            return Err(MoveError::Present(name.clone()));
        }
        self.hub
            .db
            .write(async |tx| {
                if !repos::touch(tx, id, now).await? {
                    return Err(MoveError::Gone);
                }
                match moves::release(tx, id, name).await? {
                    true => {
                        let event = Event::of_repository(Action::RepoRename, self)
                            .before(json!({ "former_name": name.as_str() }));
                        Ok(self.hub.record(tx, &self.caller, event).await?)
                    }
                    false => Err(MoveError::NotFormer(name.clone())),
                }
            })
            .await
    }
}
