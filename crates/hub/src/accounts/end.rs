//! The end of an account, by its owner or by an administrator. Its name is never given to anybody else.

use std::net::IpAddr;

use roadstead_db::{DbError, Tx, accounts, members, organizations};
use roadstead_types::{AccountId, AccountName, Secret};

use super::admin::{AdminError, SystemKey, find_user};
use super::settings_error::AccountError;
use crate::Hub;
use crate::access::Identity;
use crate::audit::{Action, Event};

impl Hub {
    /// Deletes the account of whoever asks: what opens it, what is told of its owner, and all that others
    /// gave it. Asks for the password, and for a code where there is a second factor.
    pub async fn delete_own_account(
        &self,
        who: &Identity,
        password: &Secret,
        code: &str,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        self.prove_all(who, password, code, from).await?;
        let now = self.now();
        self.db
            .write(async |tx| {
                if let Some(tie) = find_tie(tx, who.account, who.is_admin).await? {
                    return Err(tie.into());
                }
                if !accounts::delete(tx, who.account, now).await? {
                    return Err(AccountError::NeedsPassword);
                }
                let event = Event::of(Action::AccountDelete, &who.name).in_namespace(who.account);
                Ok(self.record(tx, who, event).await?)
            })
            .await
    }

    /// Deletes somebody's account, under the same conditions.
    pub async fn delete_user(&self, key: &SystemKey, name: &str) -> Result<(), AdminError> {
        let now = self.now();
        self.db
            .write(async |tx| {
                let account = find_user(tx, name).await?;
                if let Some(tie) = find_tie(tx, account.id, account.is_admin).await? {
                    return Err(AdminError::Tied { name: account.name, tie });
                }
                accounts::delete(tx, account.id, now).await?;
                let event = Event::of(Action::AccountDelete, &account.name);
                Ok(self.record(tx, key, event.in_namespace(account.id)).await?)
            })
            .await
    }
}

/// What would be left with nobody to look after it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Tie {
    #[error("an administrator is dismissed first")]
    Administrator,
    #[error("nobody else owns the organization `{0}`; it needs another owner, or is deleted first")]
    LastOwner(AccountName),
    #[error("the account still has {0} repositories; they are deleted or transferred first")]
    Repositories(u64),
}

impl From<Tie> for AccountError {
    fn from(tie: Tie) -> Self {
        match tie {
            Tie::Administrator => Self::IsAdministrator,
            Tie::LastOwner(name) => Self::LastOwner(name),
            Tie::Repositories(count) => Self::HasRepositories(count),
        }
    }
}

/// What keeps an account from being deleted, if anything does.
async fn find_tie(
    tx: &mut Tx<'_>,
    account: AccountId,
    is_admin: bool,
) -> Result<Option<Tie>, DbError> {
    if is_admin {
        return Ok(Some(Tie::Administrator));
    }
    for (organization, name) in members::list_owned(tx, account).await? {
        // Held, lest two owners go at once.
        organizations::hold(tx, organization).await?;
        if members::count_other_owners(tx, organization, account).await? == 0 {
            return Ok(Some(Tie::LastOwner(name)));
        }
    }
    match organizations::count_repositories(tx, account).await? {
        0 => Ok(None),
        count => Ok(Some(Tie::Repositories(count))),
    }
}
