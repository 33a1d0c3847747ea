//! Handles: holding a `Repo<R>` is the permission. This file has the only constructors.

use std::marker::PhantomData;

use roadstead_db::accounts::AccountKind;
use roadstead_db::blobs::BlobRecord;
use roadstead_db::lookups::RepositoryFacts;
use roadstead_db::manifests::ManifestHead;
use roadstead_db::members::{self, Membership};
use roadstead_types::{
    AccountId, Actions, CredentialScope, Digest, Reference, RepositoryName, Role,
};

use super::caller::{Caller, Identity};
use super::limits::Limits;
use super::policy::{Standing, owns, standing};
use super::refusal::{DenyReason, Refusal};
use super::rights::{Pull, Push, Right};
use super::tokens::{Basis, Claims, Grant};
use crate::repos::CreateRepositoryError;
use crate::{Hub, StoreError};

/// A repository this caller has been cleared to use.
#[derive(Clone)]
pub struct Repo<R: Right> {
    pub(crate) facts: RepositoryFacts,
    pub(crate) caller: Caller,
    pub(crate) hub: Hub,
    _right: PhantomData<R>,
}

/// What a look-up by tag or digest found.
pub struct ManifestLookup {
    pub repository: Repo<Pull>,
    pub manifest: Option<ManifestHead>,
}

/// What a caller holds on a name, and whether asking again could change it.
struct Held {
    actions: Actions,
    /// The caller's credential was weighed for just this; another token will not help.
    is_final: bool,
}

impl<R: Right> Repo<R> {
    fn new(hub: &Hub, caller: Caller, facts: RepositoryFacts) -> Self {
        Self { facts, caller, hub: hub.clone(), _right: PhantomData }
    }

    /// The repository's present name.
    pub fn name(&self) -> &RepositoryName {
        &self.facts.path
    }

    pub fn is_private(&self) -> bool {
        self.facts.is_private
    }
}

impl Hub {
    /// Clears `caller` for `R` on an existing repository.
    pub async fn open<R: Right>(
        &self,
        caller: Caller,
        name: &RepositoryName,
    ) -> Result<Repo<R>, Refusal> {
        let found = self.lookups.repository(name).await.map_err(StoreError::from)?;
        self.clear(caller, name, found).await
    }

    /// Clears `caller` for pushing, and makes the repository if it may be made.
    pub async fn open_or_create(
        &self,
        caller: Caller,
        name: &RepositoryName,
    ) -> Result<Repo<Push>, Refusal> {
        match self.open(caller.clone(), name).await {
            Err(Refusal::Missing) => {}
            decided => return decided,
        }
        let namespace = self.namespace_of_new(&caller, name).await?;
        let namespace = namespace.ok_or(Refusal::SignInFirst { needs: Push::ACTIONS })?;
        match self.make_repository(&caller, namespace, name).await {
            Ok(()) => {}
            Err(CreateRepositoryError::Store(error)) => return Err(error.into()),
            Err(error) => return Err(Refusal::Denied(DenyReason::NotMade(error.to_string()))),
        }
        self.open(caller, name).await
    }

    /// Clears `caller` for pulling, and finds the manifest in the same query.
    pub async fn find_manifest(
        &self,
        caller: Caller,
        name: &RepositoryName,
        reference: Reference,
    ) -> Result<ManifestLookup, Refusal> {
        let found = self.lookups.manifest(name, &reference).await.map_err(StoreError::from)?;
        let (facts, manifest) = match found {
            Some(found) => (Some(found.repository), found.manifest),
            None => (None, None),
        };
        let repository = self.clear(caller, name, facts).await?;
        if let Some(manifest) = &manifest {
            self.check_taken_down(&manifest.digest)?;
        }
        Ok(ManifestLookup { repository, manifest })
    }

    /// Clears `caller` for pulling, and finds the blob in the same query.
    pub async fn find_blob(
        &self,
        caller: Caller,
        name: &RepositoryName,
        digest: Digest,
    ) -> Result<(Repo<Pull>, Option<BlobRecord>), Refusal> {
        let found = self.lookups.blob(name, &digest).await.map_err(StoreError::from)?;
        let (facts, blob) = match found {
            Some(found) => (Some(found.repository), found.blob),
            None => (None, None),
        };
        let repository = self.clear(caller, name, facts).await?;
        if let Some(blob) = &blob {
            self.check_taken_down(&blob.digest)?;
        }
        Ok((repository, blob))
    }

    /// The check that every handle goes through.
    async fn clear<R: Right>(
        &self,
        caller: Caller,
        name: &RepositoryName,
        facts: Option<RepositoryFacts>,
    ) -> Result<Repo<R>, Refusal> {
        let held = self.held(&caller, name, facts.as_ref(), R::ACTIONS).await?;
        if !held.actions.contains(R::ACTIONS) {
            return Err(self.refuse(&caller, name, &held, R::ACTIONS).await?);
        }
        let facts = facts.ok_or(Refusal::Missing)?;
        if R::ACTIONS != Actions::PULL && facts.path != *name {
            let reason = DenyReason::Renamed { old: name.clone(), new: facts.path };
            return Err(Refusal::Denied(reason));
        }
        Ok(Repo::new(self, caller, facts))
    }

    async fn held(
        &self,
        caller: &Caller,
        name: &RepositoryName,
        facts: Option<&RepositoryFacts>,
        needs: Actions,
    ) -> Result<Held, StoreError> {
        Ok(match caller {
            Caller::Anonymous => {
                let public = |facts: &RepositoryFacts| standing(None, &facts.into(), None);
                Held { actions: facts.map_or(Actions::NONE, public), is_final: false }
            }
            Caller::Identity(identity) => {
                Held { actions: self.standing_of(identity, name, facts).await?, is_final: true }
            }
            Caller::Token(bearer) => held_by_token(&bearer.claims, name, facts, needs),
        })
    }

    /// What an identity may do with a name, whether or not a repository is there yet. Either way
    /// one question goes to the database, so that time does not tell the two apart.
    pub(crate) async fn standing_of(
        &self,
        identity: &Identity,
        name: &RepositoryName,
        facts: Option<&RepositoryFacts>,
    ) -> Result<Actions, StoreError> {
        match facts {
            Some(facts) => {
                let role = self.role_of(identity, facts).await?;
                Ok(standing(Some(identity), &facts.into(), role))
            }
            None => {
                let would_be = self.could_own(identity, name).await?;
                Ok(would_be.map_or(Actions::NONE, |it| standing_of_new(identity, &it)))
            }
        }
    }

    /// What others gave somebody on a repository; not asked where the namespace is their own.
    pub(crate) async fn role_of(
        &self,
        identity: &Identity,
        facts: &RepositoryFacts,
    ) -> Result<Option<Role>, StoreError> {
        if owns(identity, &facts.into()) {
            return Ok(None);
        }
        Ok(self.lookups.role(identity.account, facts.id).await?)
    }

    /// How a repository of this name would stand if `identity` made it; `None` where it may not.
    pub(crate) async fn could_own<'n>(
        &self,
        identity: &Identity,
        name: &'n RepositoryName,
    ) -> Result<Option<Standing<'n>>, StoreError> {
        let (namespace, namespace_kind) = if name.is_library() {
            (self.library, AccountKind::Library)
        } else if name.namespace() == identity.name.as_str() {
            (identity.account, AccountKind::User)
        } else {
            match self.makes_in(identity, name).await? {
                Some(organization) => (organization, AccountKind::Organization),
                None => return Ok(None),
            }
        };
        // Private, so that nothing is granted but what the owner gets.
        let would_be = Standing {
            path: name,
            namespace,
            namespace_kind,
            is_private: true,
            is_automated: false,
            is_archived: false,
        };
        Ok((!standing_of_new(identity, &would_be).is_empty()).then_some(would_be))
    }

    /// The organization of that name, if `identity` may make repositories in it: owners and editors.
    async fn makes_in(
        &self,
        identity: &Identity,
        name: &RepositoryName,
    ) -> Result<Option<AccountId>, StoreError> {
        let Ok(organization) = name.namespace().parse() else { return Ok(None) };
        let found = self
            .db
            .read(async |tx| members::find_membership(tx, &organization, identity.account).await)
            .await?;
        Ok(found
            .and_then(|(id, membership)| (membership >= Some(Membership::Editor)).then_some(id)))
    }

    /// The namespace that a repository of this name would be made in.
    async fn namespace_of_new(
        &self,
        caller: &Caller,
        name: &RepositoryName,
    ) -> Result<Option<AccountId>, StoreError> {
        match caller {
            Caller::Anonymous => Ok(None),
            Caller::Identity(identity) => {
                Ok(self.could_own(identity, name).await?.map(|would_be| would_be.namespace))
            }
            Caller::Token(claims) => Ok(claims.grants.iter().find_map(|grant| match grant.basis {
                Basis::Namespace(id) if grant.path.as_ref() == Some(name) => Some(id),
                _ => None,
            })),
        }
    }

    async fn refuse(
        &self,
        caller: &Caller,
        name: &RepositoryName,
        held: &Held,
        needs: Actions,
    ) -> Result<Refusal, Refusal> {
        if matches!(caller, Caller::Anonymous) {
            return Ok(Refusal::SignInFirst { needs });
        }
        if !held.is_final {
            return Ok(Refusal::OtherTokenNeeded { needs });
        }
        if needs == Actions::PULL {
            return Ok(Refusal::Hidden { needs });
        }
        Ok(Refusal::Denied(self.reason(caller, name, needs).await?))
    }

    /// Why a write was refused. Speaks only of the caller's own account and credential, never of
    /// what exists under the name.
    async fn reason(
        &self,
        caller: &Caller,
        name: &RepositoryName,
        needs: Actions,
    ) -> Result<DenyReason, StoreError> {
        let Some(identity) = self.identity_behind(caller).await? else {
            return Ok(DenyReason::NoRight);
        };
        let facts = self.lookups.repository(name).await.map_err(StoreError::from)?;
        let unlimited = Identity { limits: Limits::default(), ..identity.clone() };
        let uncapped =
            Identity { is_verified: true, scope: CredentialScope::Admin, ..unlimited.clone() };
        let as_active = facts.clone().map(|facts| RepositoryFacts {
            is_automated: false,
            is_archived: false,
            ..facts
        });
        if !self.standing_of(&uncapped, name, as_active.as_ref()).await?.contains(needs) {
            return Ok(match name.is_library() {
                true => DenyReason::RootPush {
                    user: identity.name.to_string(),
                    repository: name.name().to_owned(),
                },
                false => DenyReason::NoRight,
            });
        }
        if !identity.is_verified {
            return Ok(DenyReason::Unverified { account: identity.name.to_string() });
        }
        if facts.as_ref().is_some_and(|facts| facts.is_archived) {
            return Ok(DenyReason::Archived(name.clone()));
        }
        if needs.contains(Actions::PUSH) && facts.as_ref().is_some_and(|facts| facts.is_automated) {
            return Ok(DenyReason::Automated(name.clone()));
        }
        if self.standing_of(&unlimited, name, facts.as_ref()).await?.contains(needs) {
            return Ok(DenyReason::LimitedCredential);
        }
        Ok(match needs.contains(Actions::PUSH) {
            true => DenyReason::ReadOnlyCredential,
            false => DenyReason::NoDeleteCredential,
        })
    }

    /// The account behind a caller, with the reach of the credential it used.
    pub(crate) async fn identity_behind(
        &self,
        caller: &Caller,
    ) -> Result<Option<Identity>, StoreError> {
        match caller {
            Caller::Anonymous => Ok(None),
            Caller::Identity(identity) => Ok(Some(Identity::clone(identity))),
            Caller::Token(bearer) => {
                let identity = self.identity_of_claims(&bearer.claims).await?;
                Ok(identity.map(|identity| Identity { address: bearer.address, ..identity }))
            }
        }
    }
}

/// Making a repository makes its owner.
fn standing_of_new(identity: &Identity, would_be: &Standing<'_>) -> Actions {
    let role = (would_be.namespace_kind == AccountKind::Organization).then_some(Role::Owner);
    standing(Some(identity), would_be, role)
}

fn held_by_token(
    claims: &Claims,
    name: &RepositoryName,
    facts: Option<&RepositoryFacts>,
    needs: Actions,
) -> Held {
    let mut held = Held { actions: Actions::NONE, is_final: false };
    for grant in &claims.grants {
        if grant_counts(grant, claims, name, facts) {
            held.actions = held.actions.union(grant.granted);
        }
        let asked = grant.path.as_ref() == Some(name) && grant.requested.contains(needs);
        held.is_final |= asked && !grant.granted.contains(needs);
    }
    held
}

/// Whether a grant speaks of what now stands behind the name. A repository that was deleted and
/// made again, made private or transferred has moved on from the token.
fn grant_counts(
    grant: &Grant,
    claims: &Claims,
    name: &RepositoryName,
    facts: Option<&RepositoryFacts>,
) -> bool {
    match (&grant.basis, facts) {
        (Basis::Repository { id, generation }, Some(facts)) => {
            *id == facts.id && *generation == facts.generation
        }
        (Basis::Namespace(namespace), Some(facts)) => {
            grant.path.as_ref() == Some(name)
                && *namespace == facts.namespace_id
                && facts.created_at >= claims.issued_at
        }
        (Basis::Namespace(_), None) => grant.path.as_ref() == Some(name),
        (Basis::Nothing, _) | (Basis::Repository { .. }, None) => false,
    }
}

impl<'f> From<&'f RepositoryFacts> for Standing<'f> {
    fn from(facts: &'f RepositoryFacts) -> Self {
        Self {
            path: &facts.path,
            namespace: facts.namespace_id,
            namespace_kind: facts.namespace_kind,
            is_private: facts.is_private,
            is_automated: facts.is_automated,
            is_archived: facts.is_archived,
        }
    }
}

impl<R: Right> Repo<R> {
    /// The account to note as the actor.
    pub(crate) fn actor(&self) -> Option<AccountId> {
        self.caller.account()
    }
}
