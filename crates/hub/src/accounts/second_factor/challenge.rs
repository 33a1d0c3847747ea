//! Sign-in in two steps: the password, then a code.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use roadstead_db::accounts::{self, AccountRecord};
use roadstead_db::codes::Purpose;
use roadstead_db::links::{self, NewLink};
use roadstead_db::{Tx, throttle};
use roadstead_types::{AccountId, CredentialScope, Secret};

use crate::access::{Credential, Identity};
use crate::accounts::identity::{identity_of, is_usable};
use crate::accounts::secrets::{self, SecretKind};
use crate::accounts::settings_error::AccountError;
use crate::accounts::sign_in::SignInError;
use crate::accounts::throttle::Counters;
use crate::{Hub, StoreError};

/// How long there is to find the authenticator.
const PATIENCE: Duration = Duration::from_secs(600);

/// How far a sign-in has come.
#[derive(Clone, Debug)]
pub enum SignIn {
    Done(Arc<Identity>),
    /// The password is right. Together with a code, this secret finishes it.
    NeedsCode(Secret),
}

/// What became of a code.
enum Outcome<T> {
    Right(T),
    Wrong,
    Throttled(Duration),
}

impl<T> Outcome<T> {
    fn into_result(self) -> Result<T, SignInError> {
        match self {
            Self::Right(value) => Ok(value),
            Self::Wrong => Err(SignInError::Wrong),
            Self::Throttled(retry_after) => Err(SignInError::Throttled { retry_after }),
        }
    }
}

impl Hub {
    /// Signs in to the API with a password, an access token, or the refresh token that `docker login`
    /// kept; with the first step of two where the account has a second factor.
    pub async fn begin_sign_in(
        &self,
        user: &str,
        secret: &Secret,
        address: IpAddr,
    ) -> Result<SignIn, SignInError> {
        if secrets::is_for_machines(secret.expose()) {
            return self.sign_in_to_api(user, secret, address).await.map(SignIn::Done);
        }
        let account = self.account_by_password(user, secret, address).await?;
        match account.has_second_factor {
            true => self.ask_for_code(&account).await.map(SignIn::NeedsCode),
            false => Ok(SignIn::Done(by_password(&account, address))),
        }
    }

    async fn ask_for_code(&self, account: &AccountRecord) -> Result<Secret, SignInError> {
        let pending = secrets::make(SecretKind::OneTimeCode);
        let created_at = self.now();
        let link = NewLink {
            secret_hash: secrets::hash(pending.expose()),
            purpose: Purpose::SignIn,
            account_id: account.id,
            // It is not sent anywhere.
            email: "",
            created_at,
            expires_at: created_at.plus(PATIENCE),
        };
        self.db.write(async |tx| links::insert(tx, &link).await).await.map_err(StoreError::from)?;
        Ok(pending)
    }

    /// The second step. A wrong code leaves the first one good for another try.
    pub async fn finish_sign_in(
        &self,
        pending: &Secret,
        code: &str,
        address: IpAddr,
    ) -> Result<Arc<Identity>, SignInError> {
        if !secrets::is_well_formed(SecretKind::OneTimeCode, pending.expose()) {
            return Err(SignInError::Wrong);
        }
        let hash = secrets::hash(pending.expose());
        let outcome = self.db.write(async |tx| self.finish(tx, &hash, code, address).await).await?;
        outcome.into_result().map(|account| by_password(&account, address))
    }

    async fn finish(
        &self,
        tx: &mut Tx<'_>,
        pending: &[u8; 32],
        code: &str,
        address: IpAddr,
    ) -> Result<Outcome<AccountRecord>, StoreError> {
        let now = self.now();
        let found = links::find(tx, pending, Purpose::SignIn, now).await?;
        let Some(link) = found else { return Ok(Outcome::Wrong) };
        match self.try_code(tx, link.account_id, code, address).await? {
            Outcome::Right(()) => {}
            Outcome::Wrong => return Ok(Outcome::Wrong),
            Outcome::Throttled(retry_after) => return Ok(Outcome::Throttled(retry_after)),
        }
        links::take(tx, pending, Purpose::SignIn, now).await?;
        let account = accounts::find_by_id(tx, link.account_id).await?;
        Ok(account.filter(is_usable).map_or(Outcome::Wrong, Outcome::Right))
    }

    /// Makes sure that whoever is signed in has the authenticator, or a recovery code. Wrong ones count
    /// as failed sign-ins.
    pub(super) async fn prove_code(
        &self,
        account: AccountId,
        code: &str,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        let tried = self.db.write(async |tx| self.try_code(tx, account, code, from).await).await?;
        tried.into_result().map_err(|error| match error {
            SignInError::Wrong => AccountError::WrongCode,
            other => other.into(),
        })
    }

    /// A try is counted before it is looked at, in the transaction that uses the code up: of many
    /// guesses at once no more than the limit are made, and of two that are right one.
    async fn try_code(
        &self,
        tx: &mut Tx<'_>,
        account: AccountId,
        code: &str,
        address: IpAddr,
    ) -> Result<Outcome<()>, StoreError> {
        let counters = Counters::known(account, address);
        let limits = &self.settings.limits;
        let (now, window) = (self.now(), limits.login_window);
        let tries = throttle::record_failure(tx, &counters.account, now, window).await?;
        if tries > limits.login_failures {
            let end = throttle::failures(tx, &counters.account, now).await?;
            let left = end.map_or(window, |(_, end)| end.since(now));
            return Ok(Outcome::Throttled(left));
        }
        if !self.use_code(tx, account, code).await? {
            throttle::record_failure(tx, &counters.address, now, window).await?;
            return Ok(Outcome::Wrong);
        }
        throttle::clear(tx, &counters.account).await?;
        Ok(Outcome::Right(()))
    }
}

fn by_password(account: &AccountRecord, address: IpAddr) -> Arc<Identity> {
    let identity = identity_of(account, Credential::Password, CredentialScope::Admin);
    Arc::new(Identity { address: Some(address), ..identity })
}
