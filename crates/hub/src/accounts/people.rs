//! People as administrators look for them, and what they decide about them beyond `admin`.

use roadstead_db::accounts::{self, AccountKind, AccountRecord};
use roadstead_db::directory::{self, Filter, Holdings};
use roadstead_db::organizations::{self, RenameBar};
use roadstead_db::{Tx, hub_settings};
use roadstead_jobs::enqueue;
use roadstead_types::{AccountName, Id, JobId, Secret};
use serde_json::json;

use super::Account;
use super::admin::{AdminError, NewUser, SystemKey, find_user};
use super::letters::LetterOrder;
use super::secrets::{self, SecretKind};
use super::sign_up::SignUpError;
use crate::administration::find_bar;
use crate::audit::{Action, Event};
use crate::plans::DEFAULT;
use crate::{Hub, StoreError};

/// Which people, or organizations, a list holds.
#[derive(Clone, Debug, Default)]
pub struct PeopleQuery {
    /// Part of the name or of the address.
    pub search: String,
    pub only_disabled: bool,
    pub only_administrators: bool,
    pub only_unverified: bool,
    /// The name of a plan, the default one's too.
    pub plan: Option<String>,
    pub offset: u64,
    pub limit: u32,
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPerson {
    pub account: Account,
    pub plan: String,
}

/// One account with what it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub account: Account,
    pub plan: String,
    pub holdings: Holdings,
}

impl Hub {
    /// A page of people by name, and how many there are in all.
    pub async fn search_people(
        &self,
        _key: &SystemKey,
        query: &PeopleQuery,
    ) -> Result<(Vec<ListedPerson>, u64), StoreError> {
        self.search_accounts(AccountKind::User, query).await
    }

    pub(crate) async fn search_accounts(
        &self,
        kind: AccountKind,
        query: &PeopleQuery,
    ) -> Result<(Vec<ListedPerson>, u64), StoreError> {
        let filter = Filter {
            kind,
            search: query.search.clone(),
            only_disabled: query.only_disabled,
            only_administrators: query.only_administrators,
            only_unverified: query.only_unverified,
            plan: query
                .plan
                .as_deref()
                .map(|plan| if plan == DEFAULT { "" } else { plan }.to_owned()),
        };
        let page =
            async |tx: &mut Tx<'_>| directory::list(tx, &filter, query.offset, query.limit).await;
        let (rows, total) = self.db.read(page).await?;
        let listed = rows.into_iter().map(|row| ListedPerson {
            account: row.account.into(),
            plan: row.plan.unwrap_or_else(|| DEFAULT.to_owned()),
        });
        Ok((listed.collect(), total))
    }

    pub async fn find_person(&self, _key: &SystemKey, name: &str) -> Result<Person, AdminError> {
        self.db
            .read(async |tx| {
                let account = find_user(tx, name).await?;
                let found = with_holdings(tx, account).await?;
                found.ok_or_else(|| AdminError::NoSuchUser(name.chars().take(64).collect()))
            })
            .await
    }

    /// Makes somebody an administrator of the hub, or one no longer. The last one stays.
    pub async fn set_administrator(
        &self,
        key: &SystemKey,
        name: &str,
        is_admin: bool,
    ) -> Result<Account, AdminError> {
        self.db
            .write(async |tx| {
                let account = find_user(tx, name).await?;
                if !is_admin {
                    keep_an_administrator(tx, &account).await?;
                }
                accounts::set_admin(tx, account.id, is_admin).await?;
                let event = Event::of(Action::AccountAdmin, &account.name)
                    .in_namespace(account.id)
                    .before(json!({ "is_admin": account.is_admin }))
                    .after(json!({ "is_admin": is_admin }));
                self.record(tx, key, event).await?;
                find_user(tx, name).await.map(Account::from)
            })
            .await
    }

    /// Makes an account whose owner chooses the password by a link that is sent to the address, for which
    /// the administrator vouches.
    pub async fn create_user_by_letter(
        &self,
        key: &SystemKey,
        name: &str,
        email: &str,
        is_admin: bool,
    ) -> Result<Account, SignUpError> {
        let new = NewUser {
            name: name.to_owned(),
            email: email.to_owned(),
            password: unknown_password(),
            is_admin,
            is_verified: true,
        };
        let made = self.create_user(key, new).await?;
        let letter = LetterOrder::reset_password(email);
        self.db.write(async |tx| self.enqueue(tx, &letter).await).await?;
        Ok(made)
    }

    /// Ends the password and everything that was signed in with it, and sends a link to choose another.
    pub async fn force_new_password(
        &self,
        key: &SystemKey,
        name: &str,
    ) -> Result<Account, AdminError> {
        let unknown = self.accounts.passwords.hash(&unknown_password()).await?;
        self.change_user(key, name, Action::AccountPassword, async |tx, account| {
            let email = account.email.as_ref().filter(|_| account.email_verified_at.is_some());
            let email = email.ok_or_else(|| AdminError::NoAddress(account.name.clone()))?;
            self.replace_password(tx, account.id, &unknown).await?;
            Ok(self.enqueue(tx, &LetterOrder::reset_password(email)).await?)
        })
        .await
    }

    /// Orders a letter to the verified address of a user that shows whether letters arrive, and tells
    /// the job that sends it.
    pub async fn order_test_letter(
        &self,
        _key: &SystemKey,
        name: &str,
    ) -> Result<JobId, AdminError> {
        let (id, now) = (self.new_id(), self.now());
        self.db
            .write(async |tx| {
                let account = find_user(tx, name).await?;
                if account.email.is_none() || account.email_verified_at.is_none() {
                    return Err(AdminError::NoAddress(account.name));
                }
                enqueue(tx, id, now, &LetterOrder::Test { account: account.id.raw() }).await?;
                Ok(id)
            })
            .await
    }

    /// Ends all that was signed in with the password, in browsers and on machines. Access tokens stay.
    pub async fn sign_user_out(&self, key: &SystemKey, name: &str) -> Result<Account, AdminError> {
        self.change_user(key, name, Action::SessionRevoke, async |tx, account| {
            Ok(self.sign_out(tx, account.id).await?)
        })
        .await
    }

    /// Gives a user another name. Repositories are pulled by their old paths too, but not pushed, and
    /// nobody else ever gets the old name.
    pub async fn rename_user(
        &self,
        key: &SystemKey,
        name: &str,
        new: &str,
    ) -> Result<Account, AdminError> {
        let new =
            AccountName::parse_new(new).map_err(|error| AdminError::Name(error.to_string()))?;
        let now = self.now();
        self.db
            .write(async |tx| {
                let account = find_user(tx, name).await?;
                if new != account.name {
                    if let Some(bar) = find_bar(tx, &new).await? {
                        return Err(AdminError::Name(bar.to_string()));
                    }
                    let bar =
                        organizations::rename(tx, account.id, &account.name, &new, now).await?;
                    bar.map_err(|bar| AdminError::Name(told(&new, &bar)))?;
                    let event = Event::of(Action::AccountRename, &new)
                        .in_namespace(account.id)
                        .before(json!({ "name": account.name.as_str() }))
                        .after(json!({ "name": new.as_str() }));
                    self.record(tx, key, event).await?;
                }
                find_user(tx, new.as_str()).await.map(Account::from)
            })
            .await
    }
}

fn told(new: &AccountName, bar: &RenameBar) -> String {
    match bar {
        RenameBar::Name => format!("the name `{new}` is taken; choose another"),
        RenameBar::Path(path) => {
            format!(
                "`{path}` still leads to another repository; that redirect must be given up first"
            )
        }
    }
}

/// So many random bits that nobody ever signs in with it.
fn unknown_password() -> Secret {
    let code = secrets::make(SecretKind::OneTimeCode);
    Secret::new(code.expose().replace(SecretKind::OneTimeCode.prefix(), ""))
}

/// Refuses what would leave nobody who can administer the hub, whoever else is at it.
pub(super) async fn keep_an_administrator(
    tx: &mut Tx<'_>,
    account: &AccountRecord,
) -> Result<(), AdminError> {
    // Decisions are made one after the other, so that of two administrators not each dismisses the other.
    hub_settings::advance(tx).await?;
    let is_one = account.is_admin && account.disabled_at.is_none();
    if is_one && !directory::exists_other_administrator(tx, account.id).await? {
        return Err(AdminError::LastAdministrator(account.name.clone()));
    }
    Ok(())
}

/// `None` when the account was deleted.
pub(crate) async fn with_holdings(
    tx: &mut Tx<'_>,
    account: AccountRecord,
) -> Result<Option<Person>, roadstead_db::DbError> {
    let holdings = directory::holdings(tx, account.id).await?;
    Ok(holdings.map(|holdings| Person {
        account: account.into(),
        plan: holdings.plan.clone().unwrap_or_else(|| DEFAULT.to_owned()),
        holdings,
    }))
}
