//! Handles on organizations: holding an `Org<R>` is the permission. This file has the only constructor.

use std::marker::PhantomData;
use std::sync::Arc;

use roadstead_db::DbError;
use roadstead_db::members::{self, Membership};
use roadstead_types::{AccountId, AccountName};

use super::caller::{Caller, Identity};
use super::policy::membership;
use crate::{Hub, StoreError};

/// What somebody must be in an organization. Sealed: a new one is written here or nowhere.
pub trait OrgRight: sealed::Sealed + Send + Sync + 'static {
    const NEEDS: Membership;
    /// How it is called in the route table.
    const NAME: &'static str;
}

/// Sees who belongs to the organization, and its own teams.
#[derive(Clone, Copy, Debug)]
pub struct Member;

/// Changes all of it.
#[derive(Clone, Copy, Debug)]
pub struct Owner;

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Member {}
    impl Sealed for super::Owner {}
}

impl OrgRight for Member {
    const NEEDS: Membership = Membership::Member;
    const NAME: &'static str = "member";
}

impl OrgRight for Owner {
    const NEEDS: Membership = Membership::Owner;
    const NAME: &'static str = "owner";
}

/// An organization that somebody has been cleared for.
#[derive(Clone)]
pub struct Org<R: OrgRight> {
    pub(crate) id: AccountId,
    pub(crate) name: AccountName,
    pub(crate) who: Arc<Identity>,
    /// What the caller counts as with this credential.
    pub(crate) membership: Membership,
    pub(crate) hub: Hub,
    _right: PhantomData<R>,
}

/// Why somebody is not let in. That an organization exists is public, so that is not hidden.
#[derive(Debug, thiserror::Error)]
pub enum OrgRefusal {
    #[error("authentication required")]
    SignInFirst,
    #[error("there is no organization `{0}`")]
    Missing(String),
    #[error("only members of `{0}` can see this")]
    NotMember(AccountName),
    #[error("only owners of `{0}` can do this")]
    NotOwner(AccountName),
    #[error("verify your e-mail address first; until then you can only look on in `{0}`")]
    Unverified(AccountName),
    #[error(
        "this credential cannot manage `{0}`; sign in with your password, or use one with the scope repo:admin"
    )]
    SmallCredential(AccountName),
    #[error("store: {0}")]
    Store(#[from] StoreError),
}

impl From<DbError> for OrgRefusal {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl<R: OrgRight> Org<R> {
    pub fn name(&self) -> &AccountName {
        &self.name
    }

    /// What the caller counts as here.
    pub fn membership(&self) -> Membership {
        self.membership
    }

    /// Whether the caller sees all teams and addresses, not only what concerns itself.
    pub fn sees_all(&self) -> bool {
        self.membership == Membership::Owner
    }
}

impl Hub {
    /// Clears `caller` for an organization.
    pub async fn open_organization<R: OrgRight>(
        &self,
        caller: &Caller,
        name: &str,
    ) -> Result<Org<R>, OrgRefusal> {
        let Caller::Identity(who) = caller else { return Err(OrgRefusal::SignInFirst) };
        let missing = || OrgRefusal::Missing(name.chars().take(64).collect());
        let name: AccountName = name.parse().map_err(|_| missing())?;
        let found =
            self.db.read(async |tx| members::find_membership(tx, &name, who.account).await).await?;
        let (id, held) = found.ok_or_else(missing)?;
        match membership(who, held) {
            Some(membership) if membership >= R::NEEDS => Ok(Org {
                id,
                name,
                who: Arc::clone(who),
                membership,
                hub: self.clone(),
                _right: PhantomData,
            }),
            _ => Err(refuse(who, held, R::NEEDS, name)),
        }
    }
}

/// Speaks of the credential only to those whom another would let in.
fn refuse(
    who: &Identity,
    held: Option<Membership>,
    needs: Membership,
    name: AccountName,
) -> OrgRefusal {
    if held < Some(needs) {
        return match needs {
            Membership::Member => OrgRefusal::NotMember(name),
            Membership::Editor | Membership::Owner => OrgRefusal::NotOwner(name),
        };
    }
    match who.is_verified {
        false => OrgRefusal::Unverified(name),
        true => OrgRefusal::SmallCredential(name),
    }
}
