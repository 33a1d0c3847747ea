//! Making repositories: on purpose, or by the first push.

use roadstead_db::accounts::{self, AccountKind, AccountRecord, NewAccount};
use roadstead_db::repos::{self, NewRepository};
use roadstead_db::{Db, DbError, Tx, search};
use roadstead_types::{AccountId, AccountName, Actions, RepositoryId, RepositoryName, Timestamp};
use serde_json::json;

use crate::access::{Caller, Identity};
use crate::accounts::SystemKey;
use crate::audit::{Action, Actor, Event};
use crate::plans::NoPrivateSlot;
use crate::{Hub, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum CreateRepositoryError {
    #[error("`{0}` exists already, or still leads to a repository that was renamed")]
    Taken(RepositoryName),
    #[error("you may not make repositories in `{namespace}`")]
    NotYours { namespace: String },
    #[error("the description has {length} characters; at most {most} are allowed")]
    DescriptionTooLong { length: usize, most: usize },
    #[error(transparent)]
    NoPrivateSlot(#[from] NoPrivateSlot),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for CreateRepositoryError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl Hub {
    /// Makes an empty repository in a namespace of the caller's.
    pub async fn create_repository(
        &self,
        who: &Identity,
        name: &RepositoryName,
        description: &str,
        is_private: bool,
    ) -> Result<(), CreateRepositoryError> {
        let not_yours =
            || CreateRepositoryError::NotYours { namespace: name.namespace().to_owned() };
        let would_be = self.could_own(who, name).await?.ok_or_else(not_yours)?;
        if !self.standing_of(who, name, None).await?.contains(Actions::PUSH) {
            return Err(not_yours());
        }
        let length = description.chars().count();
        if length > super::edit::DESCRIPTION_CHARS {
            return Err(CreateRepositoryError::DescriptionTooLong {
                length,
                most: super::edit::DESCRIPTION_CHARS,
            });
        }
        let new = self.new_repository(would_be.namespace, name, description, is_private);
        self.insert_repository(who, &new).await
    }

    /// Whether [`Hub::create_repository`] would find the name free. Only for whoever may make repositories there,
    /// because also a hidden one takes its name.
    pub async fn is_free(
        &self,
        who: &Identity,
        name: &RepositoryName,
    ) -> Result<bool, CreateRepositoryError> {
        if self.could_own(who, name).await?.is_none() {
            let namespace = name.namespace().to_owned();
            return Err(CreateRepositoryError::NotYours { namespace });
        }
        Ok(self.db.read(async |tx| repos::find_by_path(tx, name).await).await?.is_none())
    }

    /// Makes an official repository.
    pub async fn create_official(
        &self,
        key: &SystemKey,
        name: &RepositoryName,
    ) -> Result<(), CreateRepositoryError> {
        let new = NewRepository {
            is_official: true,
            ..self.new_repository(self.library, name, "", false)
        };
        self.insert_repository(key, &new).await
    }

    async fn insert_repository(
        &self,
        who: impl Into<Actor>,
        new: &NewRepository,
    ) -> Result<(), CreateRepositoryError> {
        self.db
            .write(async |tx| {
                if hold_namespace(tx, new.namespace_id, &new.path).await?.is_none() {
                    let namespace = new.path.namespace().to_owned();
                    return Err(CreateRepositoryError::NotYours { namespace });
                }
                if new.is_private {
                    self.take_private_slot(tx, new.namespace_id).await??;
                }
                if !insert(tx, new).await? {
                    return Err(CreateRepositoryError::Taken(new.path.clone()));
                }
                Ok(self.record(tx, who, created(new)).await?)
            })
            .await
    }

    /// Makes the repository a push goes to, with the namespace's default visibility. That somebody
    /// else made it at the same moment is as good.
    pub(crate) async fn make_repository(
        &self,
        who: &Caller,
        owner: AccountId,
        name: &RepositoryName,
    ) -> Result<(), CreateRepositoryError> {
        let id: RepositoryId = self.new_id();
        let now = self.now();
        self.db
            .write(async |tx| {
                let owner = hold_namespace(tx, owner, name).await?;
                // A token from before a rename or the end of the namespace makes nothing under its old name.
                let Some(owner) = owner else { return Ok(()) };
                let new = new_row(id, owner.id, name, "", owner.default_private, now);
                if new.is_private {
                    self.take_private_slot(tx, owner.id).await??;
                }
                if insert(tx, &new).await? {
                    self.record(tx, who, created(&new)).await?;
                }
                Ok(())
            })
            .await
    }

    fn new_repository(
        &self,
        namespace: AccountId,
        name: &RepositoryName,
        description: &str,
        is_private: bool,
    ) -> NewRepository {
        new_row(self.new_id(), namespace, name, description, is_private, self.now())
    }
}

fn created(new: &NewRepository) -> Event {
    Event::of_new(Action::RepoCreate, &new.path, new.namespace_id, new.id)
        .after(json!({ "is_private": new.is_private, "description": new.description }))
}

/// The namespace that a repository of this path is about to be in, which stays as it is until the
/// transaction ends; `None` when it was renamed or deleted since it was looked up.
pub(super) async fn hold_namespace(
    tx: &mut Tx<'_>,
    id: AccountId,
    path: &RepositoryName,
) -> Result<Option<AccountRecord>, DbError> {
    if !accounts::hold(tx, id).await? {
        return Ok(None);
    }
    let found = accounts::find_by_id(tx, id).await?;
    let still = |it: &AccountRecord| {
        it.name.as_str() == path.namespace() || it.kind == AccountKind::Library
    };
    Ok(found.filter(still))
}

/// Adds the row, and tells the search of it; `false` when the path leads to another repository.
async fn insert(tx: &mut Tx<'_>, new: &NewRepository) -> Result<bool, DbError> {
    let is_new = repos::insert(tx, new).await?;
    if is_new {
        search::changed(tx, new.id).await?;
    }
    Ok(is_new)
}

fn new_row(
    id: RepositoryId,
    namespace_id: AccountId,
    path: &RepositoryName,
    description: &str,
    is_private: bool,
    created_at: Timestamp,
) -> NewRepository {
    NewRepository {
        id,
        namespace_id,
        path: path.clone(),
        is_private,
        is_automated: false,
        is_official: false,
        description: description.to_owned(),
        created_at,
    }
}

/// The account that owns official images; made once, by whichever node starts first.
pub(crate) async fn ensure_library(
    db: &Db,
    candidate: AccountId,
    now: Timestamp,
) -> Result<AccountId, StoreError> {
    let new = NewAccount {
        id: candidate,
        uuid: uuid::Uuid::new_v4().simple().to_string(),
        name: AccountName::library(),
        kind: AccountKind::Library,
        full_name: "Official images".to_owned(),
        email: None,
        email_key: None,
        email_verified_at: None,
        password_hash: None,
        is_admin: false,
        default_private: false,
        created_at: now,
    };
    let name = AccountName::library();
    let found = db.read(async |tx| accounts::find_by_name(tx, &name).await).await?;
    if let Some(found) = found {
        return Ok(found.id);
    }
    let _ = db.write(async |tx| accounts::insert(tx, &new).await).await?;
    let found = db.read(async |tx| accounts::find_by_name(tx, &name).await).await?;
    found
        .map(|account| account.id)
        .ok_or_else(|| StoreError::internal("the library account could not be made"))
}
