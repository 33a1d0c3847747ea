//! People: how they come to an account, prove who they are, and hold tokens.
//!
//! For the surfaces, all on [`Hub`](crate::Hub):
//!
//! - `sign_in(user, secret, address)`: password or access token to [`Identity`](crate::access::Identity);
//! - `sign_up(SignUp, address)`: a new account, as far as the settings allow; `check_new_name(name)`;
//! - `open_session`, `resolve_session(secret)`, `list_sessions`, `end_session`, `end_other_sessions`,
//!   `log_out`; `log_in_to_api`;
//! - `issue_refresh_token(identity, client)`, `redeem_refresh_token(token, address)`;
//! - `create_access_token`, `list_access_tokens`, `find_access_token`, `change_access_token`,
//!   `delete_access_token`;
//! - `find_account(name)`, `own_account(identity)`, `change_own_profile`, `choose_language`,
//!   `delete_own_account`;
//! - `find_address`, `resend_verification`, `change_address`, `confirm_address(code)`: the e-mail address;
//! - `begin_sign_in`, `finish_sign_in(pending, code)`: sign-in to the API, in two steps where there is a
//!   second factor;
//! - `begin_second_factor`, `confirm_second_factor`, `find_second_factor`, `remove_second_factor`,
//!   `renew_recovery_codes`;
//! - `has_proved`, `prove_again`: the password once more, before what is dangerous;
//! - `change_password`, `ask_password_reset(email)`, `complete_password_reset(code, new)`;
//! - `setup_code()`, `complete_setup(SetUp)`: the first administrator.
//!
//! For the command line, which proves itself with a [`SystemKey`]: `create_user(&key, NewUser)`,
//! `search_people(&key, query)`, `verify_user(&key, name)`, `disable_user(&key, name)`,
//! `enable_user(&key, name)`, `sign_user_out(&key, name)`, `delete_user(&key, name)`,
//! `reset_password(&key, name, password)`, `remove_second_factor_of`,
//! `create_token_for(&key, name, NewAccessToken)`, `list_tokens_of`, `revoke_token_of`,
//! `create_invite(&key, valid_for)`.

mod access_tokens;
mod addresses;
mod admin;
mod admin_tokens;
mod end;
mod identity;
mod invites;
mod letter_limits;
mod letters;
mod organization_tokens;
mod own_password;
mod passwords;
mod people;
mod profiles;
mod proof;
mod purge;
mod refresh;
pub(crate) mod rules;
mod second_factor;
pub(crate) mod secrets;
mod sessions;
mod settings_error;
mod setup;
mod sign_in;
mod sign_up;
mod throttle;

#[cfg(test)]
mod tests;

use roadstead_db::accounts::{AccountKind, AccountRecord};
use roadstead_types::{AccountId, AccountName, Timestamp};

use crate::Settings;

pub use access_tokens::{
    AccessToken, AccessTokenChange, AccessTokenError, AccessTokenPage, MadeBy, NewAccessToken,
};
pub use addresses::{Address, LinkTarget};
pub use admin::{AdminError, NewUser, SystemKey};
pub use end::Tie;
pub(crate) use identity::is_usable;
pub use letters::{LetterOrder, News, Post};
pub use organization_tokens::{
    NewOrganizationToken, OrganizationToken, OrganizationTokenChange, OrganizationTokenError,
};
pub use passwords::PasswordError;
pub(crate) use people::with_holdings;
pub use people::{ListedPerson, PeopleQuery, Person};
pub use proof::PROOF_COUNTS;
pub use rules::{Field, FieldErrors};
pub use second_factor::{Enrolled, Enrolment, SecondFactor, SignIn};
pub use sessions::{Session, SessionKind};
pub use settings_error::AccountError;
pub use setup::{SetUp, SetUpError};
pub use sign_in::SignInError;
pub use sign_up::{SignUp, SignUpError};

/// What the operations on accounts keep in memory.
pub struct State {
    pub(crate) passwords: passwords::Passwords,
}

impl State {
    pub fn new(settings: &Settings) -> Self {
        Self { passwords: passwords::Passwords::new(settings.limits.password_checks) }
    }
}

/// An account as surfaces show it: without anything secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    /// 32 hex digits: the id in Docker Hub's API.
    pub uuid: String,
    pub name: AccountName,
    pub full_name: String,
    pub location: String,
    pub company: String,
    pub profile_url: String,
    /// Whether repositories made by a push start private.
    pub default_private: bool,
    pub email: Option<String>,
    pub is_organization: bool,
    pub is_admin: bool,
    pub is_verified: bool,
    pub is_disabled: bool,
    pub created_at: Timestamp,
}

impl From<AccountRecord> for Account {
    fn from(record: AccountRecord) -> Self {
        Self {
            id: record.id,
            uuid: record.uuid,
            name: record.name,
            full_name: record.full_name,
            location: record.location,
            company: record.company,
            profile_url: record.profile_url,
            default_private: record.default_private,
            email: record.email,
            is_organization: record.kind == AccountKind::Organization,
            is_admin: record.is_admin,
            is_verified: record.email_verified_at.is_some(),
            is_disabled: record.disabled_at.is_some(),
            created_at: record.created_at,
        }
    }
}
