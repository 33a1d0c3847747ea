//! Why somebody's account was not changed as they asked.

use std::time::Duration;

use roadstead_db::DbError;
use roadstead_types::AccountName;

use super::passwords::PasswordError;
use super::rules::{Field, FieldErrors};
use super::sign_in::SignInError;
use crate::StoreError;
use crate::access::Identity;
use crate::organizations::Unfit;

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(
        "an access token, or a login left on a machine, does not reach the settings of the account; sign in with the password"
    )]
    NeedsPassword,
    #[error("the password is wrong")]
    WrongPassword,
    #[error("the code is wrong, or was used before; wait for the next one, or use a recovery code")]
    WrongCode,
    #[error("the account has a second factor; take it off before another is set up")]
    SecondFactorIsOn,
    #[error("the account has no second factor")]
    NoSecondFactor,
    #[error("{text}")]
    Profile { field: &'static str, text: String },
    #[error("administrators do not delete their accounts; have another one take the office first")]
    IsAdministrator,
    #[error(
        "you are the last owner of `{0}`; make somebody else an owner first, or delete the organization"
    )]
    LastOwner(AccountName),
    #[error("the account still has {0} repositories; delete or transfer them first")]
    HasRepositories(u64),
    #[error("no such session")]
    NoSuchSession,
    #[error("no second factor waits for a code; begin with the password")]
    NothingToConfirm,
    #[error("too many failed sign-ins; try again in {} seconds", retry_after.as_secs().max(1))]
    Throttled { retry_after: Duration },
    #[error("too many letters were asked for; try again in {} minutes", retry_after.as_secs() / 60 + 1)]
    TooManyLetters { retry_after: Duration },
    #[error("{0}")]
    Fields(FieldErrors),
    #[error("this is the account's verified address already")]
    IsVerified,
    #[error(
        "this link was used, has expired, or was overtaken by another change; ask for a new one"
    )]
    BadLink,
    #[error("another account has this address; use that account, or choose another address")]
    AddressTaken,
    #[error("too many requests at once; try again in a moment")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AccountError {
    pub(super) fn field(field: Field, text: impl Into<String>) -> Self {
        Self::Fields(FieldErrors::one(field, text))
    }
}

impl Identity {
    /// Settings are for whoever has proved the password: what is left on a machine does not reach them.
    pub(super) fn needs_sign_in(&self) -> Result<(), AccountError> {
        match self.credential.is_by_password() {
            true => Ok(()),
            false => Err(AccountError::NeedsPassword),
        }
    }
}

impl From<Unfit> for AccountError {
    fn from(Unfit { field, text }: Unfit) -> Self {
        Self::Profile { field, text }
    }
}

impl From<DbError> for AccountError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl From<PasswordError> for AccountError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Busy,
            PasswordError::Store(error) => Self::Store(error),
        }
    }
}

impl From<SignInError> for AccountError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong | SignInError::NeedsToken => Self::WrongPassword,
            SignInError::Throttled { retry_after } => Self::Throttled { retry_after },
            SignInError::Busy => Self::Busy,
            SignInError::Store(error) => Self::Store(error),
        }
    }
}
