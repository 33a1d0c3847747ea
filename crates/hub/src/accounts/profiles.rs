//! What accounts show of themselves.

use roadstead_db::accounts::{self, AccountKind, AccountRecord};
use roadstead_db::organizations::{self, Profile};
use roadstead_types::AccountName;

use super::Account;
use super::settings_error::AccountError;
use crate::access::Identity;
use crate::audit::{Action, Event};
use crate::organizations::{ProfileChange, check_profile, told_profile};
use crate::{Hub, StoreError};

impl Hub {
    /// The user or organization with this name. One that was renamed answers to the old name, too:
    /// it is not free.
    pub async fn find_account(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        let found =
            self.db.read(async |tx| Ok::<_, StoreError>(accounts::find_by_name(tx, name).await?));
        let is_shown = |kind| matches!(kind, AccountKind::User | AccountKind::Organization);
        let is_there =
            |account: &AccountRecord| account.deleted_at.is_none() && is_shown(account.kind);
        Ok(found.await?.filter(is_there).map(Account::from))
    }

    /// The account behind a credential.
    pub async fn own_account(&self, who: &Identity) -> Result<Option<Account>, StoreError> {
        let found = self
            .db
            .read(async |tx| Ok::<_, StoreError>(accounts::find_by_id(tx, who.account).await?));
        Ok(found.await?.map(Account::from))
    }

    /// The language that the account's owner reads the site in, if one was chosen.
    pub async fn find_language(&self, who: &Identity) -> Result<Option<String>, StoreError> {
        Ok(self.db.read(async |tx| accounts::find_language(tx, who.account).await).await?)
    }

    /// Keeps that choice, or leaves it to the browser again. Which languages there are is the site's own
    /// affair.
    pub async fn choose_language(
        &self,
        who: &Identity,
        language: Option<&str>,
    ) -> Result<(), AccountError> {
        who.needs_sign_in()?;
        self.db.write(async |tx| accounts::set_language(tx, who.account, language).await).await?;
        Ok(())
    }

    /// Changes how the account shows itself, and what its new repositories are.
    pub async fn change_own_profile(
        &self,
        who: &Identity,
        change: ProfileChange,
    ) -> Result<Account, AccountError> {
        who.needs_sign_in()?;
        self.db
            .write(async |tx| {
                let missing = || StoreError::internal("the account of an identity is gone");
                let account = accounts::find_by_id(tx, who.account).await?.ok_or_else(missing)?;
                let before = profile_of(account);
                let profile = check_profile(change.over(before.clone()))?;
                organizations::set_profile(tx, who.account, &profile).await?;
                let event = Event::of(Action::AccountUpdate, &who.name).in_namespace(who.account);
                let event = event.before(told_profile(&before)).after(told_profile(&profile));
                self.record(tx, who, event).await?;
                let changed = accounts::find_by_id(tx, who.account).await?;
                Ok(changed.map(Account::from).ok_or_else(missing)?)
            })
            .await
    }
}

fn profile_of(account: AccountRecord) -> Profile {
    Profile {
        full_name: account.full_name,
        location: account.location,
        company: account.company,
        profile_url: account.profile_url,
        default_private: account.default_private,
    }
}
