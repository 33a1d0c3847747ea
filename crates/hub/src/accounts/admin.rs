//! What the operator does to accounts from the command line.

use std::sync::Arc;

use roadstead_db::accounts::{self, AccountKind, AccountRecord};
use roadstead_db::{DbError, Tx, addresses, sessions};
use roadstead_types::{AccountName, CredentialScope, Secret};

use super::Account;
use super::access_tokens::{AccessToken, AccessTokenError, MadeBy, NewAccessToken};
use super::end::Tie;
use super::passwords::PasswordError;
use super::people::keep_an_administrator;
use super::rules;
use super::sign_up::{self, SignUpError, Standing};
use crate::access::Identity;
use crate::audit::{Action, Event};
use crate::{Hub, StoreError};

/// Proof that the hub's operator is acting, or one of its administrators.
#[derive(Debug)]
pub struct SystemKey(Option<Arc<Identity>>);

impl SystemKey {
    /// For the command line alone: whoever can read the data directory or the database can do all
    /// of this anyway.
    pub const fn for_operator() -> Self {
        Self(None)
    }

    /// For an administrator whose credential reaches all the way.
    pub fn of(who: &Arc<Identity>) -> Option<Self> {
        let may = who.is_admin && who.is_verified && who.scope == CredentialScope::Admin;
        let may = may && who.limits.is_unlimited();
        may.then(|| Self(Some(Arc::clone(who))))
    }

    /// The administrator, where it is not the operator.
    pub(crate) fn administrator(&self) -> Option<&Identity> {
        self.0.as_deref()
    }
}

/// An account as the operator orders it.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub name: String,
    pub email: String,
    pub password: Secret,
    pub is_admin: bool,
    pub is_verified: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    #[error("there is no user `{0}`")]
    NoSuchUser(String),
    #[error("`{0}` is the verified address of another account, and it leads to one account only")]
    AddressTaken(String),
    #[error("`{0}` has no second factor")]
    NoSecondFactor(String),
    #[error("{0}")]
    Password(String),
    #[error("{0}")]
    Name(String),
    #[error("`{0}` is the last administrator who can sign in; make another one first")]
    LastAdministrator(AccountName),
    #[error(
        "`{0}` has no verified address that a letter could go to; verify it, or set a password"
    )]
    NoAddress(AccountName),
    #[error("`{name}` stays: {tie}")]
    Tied { name: AccountName, tie: Tie },
    #[error("{0}")]
    Token(AccessTokenError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for AdminError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl From<PasswordError> for AdminError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Store(StoreError::internal(error)),
            PasswordError::Store(error) => Self::Store(error),
        }
    }
}

impl Hub {
    /// Makes an account, whatever the sign-up setting says.
    pub async fn create_user(
        &self,
        operator: &SystemKey,
        new: NewUser,
    ) -> Result<Account, SignUpError> {
        let person =
            rules::check(&new.name, &new.email, &new.password).map_err(SignUpError::Fields)?;
        let standing = Standing { is_admin: new.is_admin, is_verified: new.is_verified };
        let account = self.new_account(person, &new.password, standing).await?;
        self.db
            .write(async |tx| {
                let made = sign_up::insert(tx, account).await?;
                let event = Event::of(Action::AccountCreate, &made.name).in_namespace(made.id);
                self.record(tx, operator, event).await?;
                Ok(made)
            })
            .await
    }

    /// Vouches for the e-mail address, by which the account can sign in from now on.
    pub async fn verify_user(
        &self,
        operator: &SystemKey,
        name: &str,
    ) -> Result<Account, AdminError> {
        let now = self.now();
        self.change_user(operator, name, Action::AccountVerify, async |tx, account| {
            let Some(email) = &account.email else { return Ok(()) };
            let key = rules::email_key(email);
            match addresses::claim(tx, account.id, email, &key, now).await? {
                true => Ok(()),
                false => Err(AdminError::AddressTaken(email.clone())),
            }
        })
        .await
    }

    /// Locks an account out: sign-in, API and refresh tokens end at once, registry tokens within
    /// their few minutes. What it owns stays.
    pub async fn disable_user(
        &self,
        operator: &SystemKey,
        name: &str,
    ) -> Result<Account, AdminError> {
        let now = self.now();
        self.change_user(operator, name, Action::AccountDisable, async |tx, account| {
            // Whoever holds the data can always make another; the others would lock themselves out.
            if operator.administrator().is_some() {
                keep_an_administrator(tx, account).await?;
            }
            accounts::set_disabled(tx, account.id, Some(now)).await?;
            sessions::delete_others(tx, account.id, None).await?;
            Ok(())
        })
        .await
    }

    /// Lets it in again.
    pub async fn enable_user(
        &self,
        operator: &SystemKey,
        name: &str,
    ) -> Result<Account, AdminError> {
        self.change_user(operator, name, Action::AccountEnable, async |tx, account| {
            accounts::set_disabled(tx, account.id, None).await?;
            Ok(())
        })
        .await
    }

    /// Gives an account another password; whoever signed in with the old one is signed out.
    pub async fn reset_password(
        &self,
        operator: &SystemKey,
        name: &str,
        password: &Secret,
    ) -> Result<Account, AdminError> {
        rules::check_password(password).map_err(AdminError::Password)?;
        let hash = self.accounts.passwords.hash(password).await?;
        self.change_user(operator, name, Action::AccountPassword, async |tx, account| {
            Ok(self.replace_password(tx, account.id, &hash).await?)
        })
        .await
    }

    /// Makes an access token in somebody's name.
    pub async fn create_token_for(
        &self,
        operator: &SystemKey,
        name: &str,
        new: NewAccessToken,
    ) -> Result<(AccessToken, Secret), AdminError> {
        let account = self.db.read(async |tx| find_user(tx, name).await).await?;
        let by = MadeBy { address: None, agent: "roadstead admin".to_owned() };
        match self.insert_access_token(operator, &account, new, by).await {
            Ok(made) => Ok(made),
            Err(AccessTokenError::Store(error)) => Err(error.into()),
            Err(error) => Err(AdminError::Token(error)),
        }
    }

    pub(super) async fn change_user(
        &self,
        operator: &SystemKey,
        name: &str,
        action: Action,
        change: impl AsyncFnOnce(&mut Tx<'_>, &AccountRecord) -> Result<(), AdminError>,
    ) -> Result<Account, AdminError> {
        self.db
            .write(async |tx| {
                let account = find_user(tx, name).await?;
                change(tx, &account).await?;
                let event = Event::of(action, &account.name).in_namespace(account.id);
                self.record(tx, operator, event).await?;
                find_user(tx, name).await.map(Account::from)
            })
            .await
    }
}

pub(super) async fn find_user(tx: &mut Tx<'_>, name: &str) -> Result<AccountRecord, AdminError> {
    let missing = || AdminError::NoSuchUser(name.chars().take(64).collect());
    let parsed: AccountName = name.parse().map_err(|_| missing())?;
    let found = accounts::find_by_name(tx, &parsed).await?;
    let is_user =
        |account: &AccountRecord| account.kind == AccountKind::User && account.deleted_at.is_none();
    found.filter(is_user).ok_or_else(missing)
}
