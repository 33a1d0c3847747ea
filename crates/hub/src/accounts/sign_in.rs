//! Who somebody is: a user name with a password or an access token.
//!
//! Every failure looks alike, in words and in work: unknown name, wrong password, disabled account.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use roadstead_db::accounts::{self, AccountRecord};
use roadstead_db::{DbError, Tx, tokens};
use roadstead_types::{AccountName, CredentialScope, Secret, Timestamp};

use super::identity::{identity_of, identity_of_token, is_usable};
use super::passwords::PasswordError;
use super::rules::{MAX_PASSWORD, email_key};
use super::secrets::{self, SecretKind};
use super::throttle::Counters;
use crate::access::{Credential, Identity};
use crate::{Hub, StoreError};

/// Longest user name or e-mail address that is looked up, in bytes.
const MAX_USER_BYTES: usize = 254;
/// The last use of an access token is noted at most this often.
const LAST_USE_STEP: Duration = Duration::from_secs(60);

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// One text for all reasons.
    #[error("incorrect username or password")]
    Wrong,
    /// Told only to whoever has the right password.
    #[error(
        "this account has a second factor, so its password does not sign in here; use an access token in its place"
    )]
    NeedsToken,
    #[error("too many failed sign-ins; try again in {} seconds", retry_after.as_secs().max(1))]
    Throttled { retry_after: Duration },
    #[error("too many sign-ins at once; try again in a moment")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PasswordError> for SignInError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Busy,
            PasswordError::Store(error) => Self::Store(error),
        }
    }
}

impl Hub {
    /// Signs in with a password or an access token. The user is an account name or the verified
    /// e-mail address of one. A password is not enough where there is a second factor, and there is
    /// no room for a code here.
    pub async fn sign_in(
        &self,
        user: &str,
        secret: &Secret,
        address: IpAddr,
    ) -> Result<Arc<Identity>, SignInError> {
        let text = secret.expose();
        let kind = SecretKind::TOKENS.into_iter().find(|kind| text.starts_with(kind.prefix()));
        let identity = match kind {
            Some(kind) => self.sign_in_with_token(user, kind, secret, address).await?,
            None => self.sign_in_with_password(user, secret, address).await?,
        };
        Ok(Arc::new(Identity { address: Some(address), ..identity }))
    }

    async fn sign_in_with_password(
        &self,
        user: &str,
        password: &Secret,
        address: IpAddr,
    ) -> Result<Identity, SignInError> {
        let account = self.account_by_password(user, password, address).await?;
        if account.has_second_factor {
            return Err(SignInError::NeedsToken);
        }
        Ok(identity_of(&account, Credential::Password, CredentialScope::Admin))
    }

    /// The account of this name, if the password is its own.
    pub(super) async fn account_by_password(
        &self,
        user: &str,
        password: &Secret,
        address: IpAddr,
    ) -> Result<AccountRecord, SignInError> {
        let account =
            self.db.read(async |tx| find_user(tx, user).await.map_err(StoreError::from)).await?;
        let counters = match &account {
            Some(account) => Counters::known(account.id, address),
            None => Counters::unknown(user, address),
        };
        self.check_password(account, &counters, password).await
    }

    /// The account, if the password is its own. Failures count, and too many end the trying.
    pub(super) async fn check_password(
        &self,
        account: Option<AccountRecord>,
        counters: &Counters,
        password: &Secret,
    ) -> Result<AccountRecord, SignInError> {
        let tries = self.tries(counters).await?;
        if let Some(retry_after) = tries.blocked {
            return Err(SignInError::Throttled { retry_after });
        }
        let hash = account.as_ref().and_then(|account| account.password_hash.as_deref());
        let too_long = password.expose().len() > 4 * MAX_PASSWORD;
        let checked = if too_long { &Secret::new(String::new()) } else { password };
        let verdict = self.accounts.passwords.check(&counters.account, hash, checked).await?;
        match account.filter(|account| verdict.fits && is_usable(account)) {
            Some(account) => {
                // Of two factors one proves nothing yet: else it would give as many tries at the other
                // as anybody likes.
                if tries.has_failures && !account.has_second_factor {
                    self.forget_failures(counters).await?;
                }
                Ok(account)
            }
            None => {
                // A client that repeats an old password is wrong, but it is not guessing.
                if !verdict.is_repeat {
                    self.note_failure(counters, true).await?;
                }
                Err(SignInError::Wrong)
            }
        }
    }

    /// Nobody guesses 178 bits, so a right access token is let in even while its account is
    /// blocked; wrong ones count at the address alone, lest anybody block an account with them.
    async fn sign_in_with_token(
        &self,
        user: &str,
        kind: SecretKind,
        secret: &Secret,
        address: IpAddr,
    ) -> Result<Identity, SignInError> {
        let now = self.now();
        let found = match secrets::is_well_formed(kind, secret.expose()) {
            true => self.find_by_token(user, secret, now).await?,
            false => None,
        };
        if let Some((identity, token)) = found {
            if token.last_used_at.is_none_or(|used| used.plus(LAST_USE_STEP) <= now) {
                self.note_use(&token, address).await;
            }
            return Ok(identity);
        }
        let counters = Counters::unknown(user, address);
        if let Some(retry_after) = self.tries(&counters).await?.blocked {
            return Err(SignInError::Throttled { retry_after });
        }
        self.note_failure(&counters, false).await?;
        Err(SignInError::Wrong)
    }

    async fn find_by_token(
        &self,
        user: &str,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<Option<(Identity, tokens::AccessTokenRecord)>, StoreError> {
        let hash = secrets::hash(secret.expose());
        self.db
            .read(async |tx| {
                let Some((token, account)) = tokens::find_by_secret(tx, &hash).await? else {
                    return Ok(None);
                };
                let named = find_user(tx, user).await?.is_some_and(|named| named.id == account.id);
                let credential = Credential::AccessToken(token.id);
                let identity = identity_of_token(&account, credential, &token, now);
                Ok(identity.filter(|_| named).map(|identity| (identity, token)))
            })
            .await
    }

    /// The sign-in stands even if its time cannot be written down.
    async fn note_use(&self, token: &tokens::AccessTokenRecord, address: IpAddr) {
        let (id, now) = (token.id, self.now());
        let address = address.to_canonical().to_string();
        let noted = self.db.write(async |tx| tokens::touch(tx, id, now, &address).await).await;
        if let Err(cause) = noted {
            tracing::warn!(%cause, "the last use of an access token was not noted");
        }
    }
}

async fn find_user(tx: &mut Tx<'_>, user: &str) -> Result<Option<AccountRecord>, DbError> {
    if user.len() > MAX_USER_BYTES {
        return Ok(None);
    }
    if user.contains('@') {
        return accounts::find_by_email_key(tx, &email_key(user)).await;
    }
    match user.parse::<AccountName>() {
        Ok(name) => accounts::find_by_name(tx, &name).await,
        Err(_) => Ok(None),
    }
}
