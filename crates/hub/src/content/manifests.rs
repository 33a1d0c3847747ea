//! Manifests: pushing, reading, deleting.

use bytes::Bytes;
use roadstead_blobs::crash::{CrashPoint, crash_point};
use roadstead_blobs::hashing::digest_of;
use roadstead_db::manifests::{ManifestHead, NewManifest, NewReference, ReferenceKind};
use roadstead_db::{DbError, Tx, blobs, manifests, repos, search, storage, tags};
use roadstead_oci::manifest::{ManifestReference, Role};
use roadstead_oci::{Manifest, ManifestError, ManifestLimits};
use roadstead_types::{Algorithm, Digest, Reference, RepositoryId, Tag, TagMoveId};
use serde_json::json;

use super::immutable::{find_protected, find_rule_against};
use crate::access::{Allows, Delete, Pull, Push, Refusal, Repo, Right};
use crate::administration::TakenDown;
use crate::audit::{Action, Event};
use crate::settings::SparseIndexes;
use crate::{StorageFull, StoreError};

/// A manifest as it is to be sent: the very bytes that were pushed.
#[derive(Clone, Debug)]
pub struct ManifestContent {
    pub digest: Digest,
    pub media_type: String,
    pub body: Bytes,
}

/// What a client sends.
#[derive(Clone, Debug)]
pub struct PushManifest {
    pub reference: Reference,
    /// More tags for the same manifest, all moved in the same transaction.
    pub tags: Vec<Tag>,
    pub content_type: Option<String>,
    pub body: Bytes,
    pub precondition: Option<Precondition>,
}

/// Compare-and-set on the tag of a push or delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// `If-None-Match: *`.
    MustBeNew,
    /// `If-Match`.
    MustBe(Digest),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedManifest {
    pub digest: Digest,
    pub subject: Option<Digest>,
    pub tags: Vec<Tag>,
}

#[derive(Debug, thiserror::Error)]
pub enum PushManifestError {
    #[error(transparent)]
    Invalid(#[from] ManifestError),
    #[error("the manifest has the digest {actual}, not {expected}")]
    DigestDiffers { expected: Digest, actual: Digest },
    #[error(
        "the manifest names blobs or manifests that are not in this repository; push them first"
    )]
    Missing { blobs: Vec<Digest>, manifests: Vec<Digest> },
    #[error("the subject already has {most} referrers, the most this hub keeps")]
    TooManyReferrers { most: u64 },
    #[error("the tag does not stand where the request expects it")]
    PreconditionFailed,
    #[error("tag {0} is immutable: it cannot be moved; push under another tag")]
    TagImmutable(Tag),
    #[error(transparent)]
    TakenDown(#[from] TakenDown),
    #[error("the repository was deleted, moved or hidden meanwhile; push again")]
    RepositoryGone,
    #[error(transparent)]
    StorageFull(#[from] StorageFull),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for PushManifestError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

#[derive(Debug, thiserror::Error)]
pub enum DeleteManifestError {
    #[error("no such manifest in this repository")]
    NotFound,
    #[error("deleting is switched off on this hub")]
    DeletesOff,
    #[error("tag {0} is immutable, so the manifest it stands for cannot be deleted")]
    TagImmutable(Tag),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for DeleteManifestError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl<R: Allows<Pull>> Repo<R> {
    /// The bytes of a manifest that a look-up found in this repository; `None` when it was deleted
    /// since.
    pub async fn read_manifest(
        &self,
        head: &ManifestHead,
    ) -> Result<Option<ManifestContent>, StoreError> {
        let cache = &self.hub.content.manifests;
        let body = match cache.get(&head.id) {
            Some(body) => Some(body),
            None => {
                let id = head.id;
                let body = self
                    .hub
                    .db
                    .read(async |tx| manifests::body(tx, id).await)
                    .await?
                    .map(Bytes::from);
                if let Some(body) = &body {
                    cache.insert(id, body.clone());
                }
                body
            }
        };
        Ok(body.map(|body| ManifestContent {
            digest: head.digest,
            media_type: head.media_type.clone(),
            body,
        }))
    }

    /// The child of an index for one platform, for clients from before indexes.
    pub async fn find_child(
        &self,
        index: &ManifestHead,
        platform: &str,
    ) -> Result<Option<ManifestHead>, Refusal> {
        let (repository, id) = (self.facts.id, index.id);
        let child = self
            .hub
            .db
            .read(async |tx| {
                let children = manifests::children(tx, id).await?;
                let fits = |child: &&manifests::ReferenceRecord| {
                    child.platform.as_deref().is_some_and(|found| found == platform)
                };
                match children.iter().find(fits) {
                    Some(child) => manifests::find(tx, repository, &child.digest).await,
                    None => Ok(None),
                }
            })
            .await
            .map_err(StoreError::from)?;
        if let Some(child) = &child {
            self.hub.check_taken_down(&child.digest)?;
        }
        Ok(child)
    }
}

/// A manifest that was checked as far as the bytes alone allow.
struct Checked {
    digest: Digest,
    manifest: Manifest,
    tags: Vec<Tag>,
    body: Bytes,
}

impl<R: Allows<Push>> Repo<R> {
    /// Stores a manifest and moves its tags, all or nothing. Of two pushes of one tag the one that
    /// commits last wins, and both moves are in the tag's history.
    pub async fn push_manifest(
        &self,
        push: PushManifest,
    ) -> Result<PushedManifest, PushManifestError> {
        let precondition = push.precondition;
        let checked = self.check(push)?;
        let platform = self.platform_of(&checked.manifest).await?;
        let row = self.new_manifest(&checked, platform)?;
        let puts: Vec<(Tag, TagMoveId)> =
            checked.tags.iter().map(|tag| (tag.clone(), self.hub.new_id())).collect();
        let (repository, actor, now) = (self.facts.id, self.actor(), self.hub.now());
        let generation = self.facts.generation;
        self.hub
            .db
            .write(async |tx| {
                // First of all the row lock: nothing is unlinked from the repository until we commit.
                if !repos::set_pushed(tx, repository, generation, actor, now).await? {
                    return Err(PushManifestError::RepositoryGone);
                }
                let (tags, to) = (&checked.tags, &checked.digest);
                if let Some(tag) = find_protected(tx, repository, tags, to).await? {
                    return Err(PushManifestError::TagImmutable(tag));
                }
                if !holds(tx, repository, &checked.tags, precondition).await? {
                    return Err(PushManifestError::PreconditionFailed);
                }
                self.check_references(tx, &checked.manifest).await?;
                let stored = manifests::insert(tx, &row).await?;
                if !puts.is_empty() {
                    tags::put(tx, repository, &puts, stored.id, actor, now).await?;
                    crash_point(CrashPoint::TagMoved);
                }
                let events = checked
                    .tags
                    .iter()
                    .map(|tag| self.tag_event(Action::TagPush, tag, &checked.digest));
                self.hub.record_all(tx, &self.caller, events.collect()).await?;
                search::changed(tx, repository).await?;
                if stored.is_new {
                    storage::settle(tx, &stored.charges).await?;
                    let bytes = checked.body.len() as u64;
                    self.hub.fits(tx, self.facts.namespace_id, bytes).await??;
                }
                crash_point(CrashPoint::ManifestUncommitted);
                Ok(())
            })
            .await?;
        crash_point(CrashPoint::ManifestCommitted);
        Ok(PushedManifest {
            digest: checked.digest,
            subject: checked.manifest.subject,
            tags: checked.tags,
        })
    }

    fn check(&self, push: PushManifest) -> Result<Checked, PushManifestError> {
        let algorithm = match &push.reference {
            Reference::Digest(digest) => digest.algorithm(),
            Reference::Tag(_) => Algorithm::Sha256,
        };
        let digest = digest_of(algorithm, &push.body);
        self.hub.check_taken_down(&digest)?;
        let mut tags = push.tags;
        match push.reference {
            Reference::Digest(expected) if expected != digest => {
                return Err(PushManifestError::DigestDiffers { expected, actual: digest });
            }
            Reference::Digest(_) => {}
            Reference::Tag(tag) => tags.push(tag),
        }
        tags.sort();
        tags.dedup();
        let limits = ManifestLimits { references: self.hub.settings.limits.manifest_references };
        let manifest = Manifest::parse(&push.body, push.content_type.as_deref(), limits)?;
        Ok(Checked { digest, manifest, tags, body: push.body })
    }

    fn new_manifest(
        &self,
        checked: &Checked,
        platform: Option<String>,
    ) -> Result<NewManifest, PushManifestError> {
        let manifest = &checked.manifest;
        let referrer = match manifest.subject {
            Some(_) => Some(
                manifest
                    .referrer_descriptor(&checked.digest, checked.body.len())
                    .map_err(StoreError::internal)?,
            ),
            None => None,
        };
        Ok(NewManifest {
            id: self.hub.new_id(),
            repository_id: self.facts.id,
            digest: checked.digest,
            media_type: manifest.media_type.clone(),
            artifact_type: manifest.artifact_type.clone(),
            subject: manifest.subject,
            referrer,
            body: checked.body.to_vec(),
            references: manifest
                .references
                .iter()
                .map(|reference| new_reference(reference, platform.as_ref()))
                .collect(),
            pushed_at: self.hub.now(),
            pushed_by: self.actor(),
        })
    }

    /// Everything the manifest names must be here, in this repository: that bytes exist elsewhere
    /// counts for nothing. A subject need not exist.
    async fn check_references(
        &self,
        tx: &mut Tx<'_>,
        manifest: &Manifest,
    ) -> Result<(), PushManifestError> {
        if let Some(subject) = &manifest.subject {
            let most = self.hub.settings.limits.referrers;
            if manifests::count_referrers(tx, self.facts.id, subject).await? >= most {
                return Err(PushManifestError::TooManyReferrers { most });
            }
        }
        if self.hub.settings.sparse_indexes == SparseIndexes::Allow {
            return Ok(());
        }
        let named = |wanted: fn(&ManifestReference) -> bool| -> Vec<Digest> {
            let mut digests: Vec<_> =
                manifest.references.iter().filter(|r| wanted(r)).map(|r| r.digest).collect();
            digests.sort();
            digests.dedup();
            digests
        };
        let content = named(|r| r.role != Role::Child && !r.is_foreign);
        let children = named(|r| r.role == Role::Child);
        let blobs = blobs::missing(tx, self.facts.id, &content).await?;
        let manifests = manifests::missing(tx, self.facts.id, &children).await?;
        if blobs.is_empty() && manifests.is_empty() {
            return Ok(());
        }
        Err(PushManifestError::Missing { blobs, manifests })
    }
}

/// `platform` is what the image's config says of itself; an index says it of each child.
fn new_reference(reference: &ManifestReference, platform: Option<&String>) -> NewReference {
    NewReference {
        kind: match reference.role {
            Role::Config => ReferenceKind::Config,
            Role::Layer => ReferenceKind::Layer,
            Role::Child => ReferenceKind::Child,
        },
        digest: reference.digest,
        size: reference.size,
        media_type: reference.media_type.clone(),
        platform: match reference.role {
            Role::Config => platform.cloned(),
            Role::Layer | Role::Child => reference.platform.clone(),
        },
    }
}

/// Whether all tags stand where the client expects them.
pub(super) async fn holds(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tags: &[Tag],
    precondition: Option<Precondition>,
) -> Result<bool, DbError> {
    let Some(precondition) = precondition else { return Ok(true) };
    let standing = tags::find_many(tx, repository, tags).await?;
    Ok(match precondition {
        Precondition::MustBeNew => standing.is_empty(),
        Precondition::MustBe(expected) => {
            tags.iter().all(|tag| standing.get(tag) == Some(&expected))
        }
    })
}

impl<R: Right> Repo<R> {
    /// What happened to a tag, for the audit log.
    pub(super) fn tag_event(&self, action: Action, tag: &Tag, digest: &Digest) -> Event {
        Event::of_repository(action, self)
            .after(json!({ "tag": tag.to_string(), "digest": digest.to_string() }))
    }
}

impl<R: Allows<Delete>> Repo<R> {
    /// Removes a manifest and every tag on it. Its children and blobs stay until they are collected.
    pub async fn delete_manifest(&self, digest: &Digest) -> Result<(), DeleteManifestError> {
        if !self.hub.settings.deletes {
            return Err(DeleteManifestError::DeletesOff);
        }
        let (repository, actor, now) = (self.facts.id, self.actor(), self.hub.now());
        self.hub
            .db
            .write(async |tx| {
                if !repos::touch(tx, repository, now).await? {
                    return Err(DeleteManifestError::NotFound);
                }
                let deleted = manifests::delete(tx, repository, digest).await?;
                let deleted = deleted.ok_or(DeleteManifestError::NotFound)?;
                if let Some(tag) = find_rule_against(tx, repository, &deleted.tags).await? {
                    return Err(DeleteManifestError::TagImmutable(tag));
                }
                let mut events = vec![
                    Event::of_repository(Action::ManifestDelete, self)
                        .before(json!({ "digest": digest.to_string() })),
                ];
                for tag in deleted.tags {
                    let move_id = self.hub.new_id();
                    tags::log_removal(tx, repository, &tag, digest, actor, now, move_id).await?;
                    events.push(self.tag_event(Action::TagDelete, &tag, digest));
                }
                self.hub.record_all(tx, &self.caller, events).await?;
                search::changed(tx, repository).await?;
                storage::settle(tx, &deleted.charges).await?;
                crash_point(CrashPoint::ManifestDeleteUncommitted);
                Ok(())
            })
            .await
            .inspect(|()| crash_point(CrashPoint::ManifestDeleteCommitted))
    }
}
