//! The end of an account, by its owner. Its name is never given to anybody else.

use std::net::IpAddr;

use roadstead_db::{Tx, accounts, members, organizations};
use roadstead_types::Secret;

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
                may_go(tx, who).await?;
                if !accounts::delete(tx, who.account, now).await? {
                    return Err(AccountError::NeedsPassword);
                }
                let event = Event::of(Action::AccountDelete, &who.name).in_namespace(who.account);
                Ok(self.record(tx, who, event).await?)
            })
            .await
    }
}

/// Nothing may be left that nobody can look after.
async fn may_go(tx: &mut Tx<'_>, who: &Identity) -> Result<(), AccountError> {
    if who.is_admin {
        return Err(AccountError::IsAdministrator);
    }
    for (organization, name) in members::list_owned(tx, who.account).await? {
        // Held, lest two owners go at once.
        organizations::hold(tx, organization).await?;
        if members::count_other_owners(tx, organization, who.account).await? == 0 {
            return Err(AccountError::LastOwner(name));
        }
    }
    match organizations::count_repositories(tx, who.account).await? {
        0 => Ok(()),
        count => Err(AccountError::HasRepositories(count)),
    }
}
