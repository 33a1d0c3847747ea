//! New accounts made by people themselves.

use std::net::IpAddr;
use std::time::Duration;

use roadstead_db::accounts::{self, AccountKind, NewAccount, Taken};
use roadstead_db::{Tx, codes};
use roadstead_types::{AccountName, NameError, Secret};

use super::passwords::PasswordError;
use super::rules::{self, Field, FieldErrors, Person};
use super::{Account, secrets};
use crate::administration::find_bar;
use crate::audit::{Action, Actor, Event};
use crate::settings::SignUp as Policy;
use crate::{Hub, StoreError};

/// What somebody fills in.
#[derive(Clone, Debug)]
pub struct SignUp {
    pub name: String,
    pub email: String,
    pub password: Secret,
    /// The one-time code of an invitation.
    pub invite: Option<Secret>,
}

#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    #[error("this hub is not set up yet; its operator finds the setup link in the log")]
    NotSetUp,
    #[error("sign-up is closed on this hub; ask its administrator for an account")]
    Closed,
    #[error("{0}")]
    Fields(FieldErrors),
    #[error("too many sign-ups from this address; try again in {} seconds", retry_after.as_secs().max(1))]
    Throttled { retry_after: Duration },
    #[error("too many sign-ups at once; try again in a moment")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<roadstead_db::DbError> for SignUpError {
    fn from(error: roadstead_db::DbError) -> Self {
        Self::Store(error.into())
    }
}

impl From<PasswordError> for SignUpError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Busy,
            PasswordError::Store(error) => Self::Store(error),
        }
    }
}

impl SignUpError {
    pub(super) fn field(field: Field, text: impl Into<String>) -> Self {
        Self::Fields(FieldErrors::one(field, text))
    }
}

/// What is decided about a new account beside what the form says.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    pub is_admin: bool,
    pub is_verified: bool,
}

impl Hub {
    /// Whether somebody could take this name now; else which rule is in the way. For forms that tell while
    /// somebody types: nothing is held.
    pub async fn check_new_name(&self, name: &str) -> Result<AccountName, SignUpError> {
        let rule = |error: NameError| SignUpError::field(Field::Name, error.to_string());
        let name = AccountName::parse_new(name).map_err(rule)?;
        self.db
            .read(async |tx| {
                if let Some(bar) = find_bar(tx, &name).await? {
                    return Err(rule(bar));
                }
                match accounts::find_by_name(tx, &name).await? {
                    Some(_) => Err(taken(&name)),
                    None => Ok(()),
                }
            })
            .await?;
        Ok(name)
    }

    /// Makes an unverified account, as far as the operator's settings let people do that.
    pub async fn sign_up(&self, form: SignUp, address: IpAddr) -> Result<Account, SignUpError> {
        let is_set_up = self.db.read(async |tx| accounts::exists_administrator(tx).await).await;
        if !is_set_up.map_err(StoreError::from)? {
            return Err(SignUpError::NotSetUp);
        }
        let code = match (self.sign_up_policy(), &form.invite) {
            (Policy::Closed, _) => return Err(SignUpError::Closed),
            (Policy::Open, _) => None,
            (Policy::Invite, Some(code)) => Some(secrets::hash(code.expose())),
            (Policy::Invite, None) => {
                let text = "sign-up needs an invitation; ask the administrator for a code";
                return Err(SignUpError::field(Field::Invite, text));
            }
        };
        let person =
            rules::check(&form.name, &form.email, &form.password).map_err(SignUpError::Fields)?;
        // What a person mistypes costs nothing; from here on it is work, and a guess at a code.
        if let Some(retry_after) = self.admit_sign_up(address).await? {
            return Err(SignUpError::Throttled { retry_after });
        }
        let standing = Standing { is_admin: false, is_verified: false };
        let account = self.new_account(person, &form.password, standing).await?;
        let now = self.now();
        self.db
            .write(async |tx| {
                if let Some(code) = &code
                    && !codes::take(tx, code, super::invites::PURPOSE, now).await?
                {
                    let text = "this invitation was used or has expired; ask for another";
                    return Err(SignUpError::field(Field::Invite, text));
                }
                if let Some(bar) = find_bar(tx, &account.name).await? {
                    return Err(SignUpError::field(Field::Name, bar.to_string()));
                }
                let made = insert(tx, account).await?;
                let event = Event::of(Action::AccountCreate, &made.name).in_namespace(made.id);
                self.record(tx, Actor::newcomer(&made, Some(address)), event).await?;
                if let Some(email) = &made.email {
                    self.order_verification(tx, made.id, email).await?;
                }
                Ok(made)
            })
            .await
    }

    /// The row of a new user; hashes the password.
    pub(super) async fn new_account(
        &self,
        person: Person,
        password: &Secret,
        standing: Standing,
    ) -> Result<NewAccount, PasswordError> {
        let now = self.now();
        // Only a verified address is claimed. So sign-up cannot be asked whether an address has an
        // account, and nobody can sit on another's address.
        let email_key = standing.is_verified.then(|| rules::email_key(&person.email));
        Ok(NewAccount {
            id: self.new_id(),
            uuid: uuid::Uuid::new_v4().simple().to_string(),
            name: person.name,
            kind: AccountKind::User,
            full_name: String::new(),
            email: Some(person.email),
            email_key,
            email_verified_at: standing.is_verified.then_some(now),
            password_hash: Some(self.accounts.passwords.hash(password).await?),
            is_admin: standing.is_admin,
            default_private: self.starts_private(),
            created_at: now,
        })
    }
}

/// Adds the row, and says which field is in the way.
pub(super) async fn insert(tx: &mut Tx<'_>, new: NewAccount) -> Result<Account, SignUpError> {
    match accounts::insert(tx, &new).await? {
        Ok(()) => {}
        Err(Taken::Name) => return Err(taken(&new.name)),
        Err(Taken::Email) => {
            return Err(SignUpError::field(Field::Email, "this address has an account already"));
        }
    }
    let made = accounts::find_by_id(tx, new.id).await?;
    let made = made.ok_or_else(|| StoreError::internal("a new account is not to be found"))?;
    Ok(made.into())
}

fn taken(name: &AccountName) -> SignUpError {
    SignUpError::field(Field::Name, format!("the name `{name}` is taken; choose another"))
}
