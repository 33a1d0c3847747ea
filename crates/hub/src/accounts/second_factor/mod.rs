//! The second factor of password sign-in: an authenticator, and recovery codes for when it is lost.
//!
//! Once it is on, the password alone signs in nowhere; access tokens go on as before. Whoever was signed
//! in by the password alone is signed out when it goes on.

mod challenge;
mod recovery;
mod totp;

use std::net::IpAddr;
use std::sync::Arc;

use roadstead_db::Tx;
use roadstead_db::second_factors::{self, SecondFactorRecord};
use roadstead_types::{AccountId, Secret, Timestamp};

use super::Account;
use super::admin::{AdminError, SystemKey};
use super::letters::LetterOrder;
use super::settings_error::AccountError;
use crate::access::{Credential, Identity};
use crate::audit::{Action, Event};
use crate::{Hub, StoreError};

pub use challenge::SignIn;
use totp::Authenticator;

/// How it stands with somebody's second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// Since when it is on.
    pub since: Option<Timestamp>,
    pub recovery_codes: u64,
}

/// What an authenticator is fed with. Shown once; nothing is in force before a code has come back.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// In base 32, for typing.
    pub secret: Secret,
    /// `otpauth://...`, for scanning.
    pub uri: Secret,
}

/// A second factor that has just come into force.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// Shown this once.
    pub recovery_codes: Vec<Secret>,
    /// Who turned it on; what was signed in before does not count any more.
    pub who: Arc<Identity>,
}

impl Hub {
    pub async fn find_second_factor(&self, who: &Identity) -> Result<SecondFactor, AccountError> {
        who.needs_sign_in()?;
        self.db
            .read(async |tx| {
                let found = second_factors::find(tx, who.account).await?;
                Ok::<_, AccountError>(SecondFactor {
                    since: found.and_then(|factor| factor.confirmed_at),
                    recovery_codes: second_factors::count_recovery_codes(tx, who.account).await?,
                })
            })
            .await
    }

    /// Makes a secret for an authenticator. `host` is the name under which it shows it.
    pub async fn begin_second_factor(
        &self,
        who: &Identity,
        password: &Secret,
        host: &str,
        from: IpAddr,
    ) -> Result<Enrolment, AccountError> {
        self.prove_password(who, password, from).await?;
        let secret: [u8; totp::SECRET_BYTES] = rand::random();
        let authenticator = Authenticator::named(&secret, host, who.name.as_str())?;
        let sealed = self.sealing.seal(&context(who.account), &secret)?;
        let now = self.now();
        self.db
            .write(async |tx| match second_factors::begin(tx, who.account, &sealed, now).await? {
                true => Ok(()),
                false => Err(AccountError::SecondFactorIsOn),
            })
            .await?;
        Ok(Enrolment { secret: authenticator.secret(), uri: authenticator.uri()? })
    }

    /// Puts it in force, once the authenticator has shown that it works.
    pub async fn confirm_second_factor(
        &self,
        who: &Identity,
        code: &str,
        from: IpAddr,
    ) -> Result<Enrolled, AccountError> {
        who.needs_sign_in()?;
        let waiting = self.db.read(async |tx| second_factors::find(tx, who.account).await).await?;
        match waiting {
            None => return Err(AccountError::NothingToConfirm),
            Some(factor) if factor.confirmed_at.is_some() => {
                return Err(AccountError::SecondFactorIsOn);
            }
            Some(_) => {}
        }
        self.prove_code(who.account, code, from).await?;
        let codes = recovery::make();
        let identity = self.db.write(async |tx| self.put_in_force(tx, who, &codes).await).await?;
        let who = Arc::new(Identity { address: Some(from), ..identity });
        Ok(Enrolled { recovery_codes: codes, who })
    }

    async fn put_in_force(
        &self,
        tx: &mut Tx<'_>,
        who: &Identity,
        codes: &[Secret],
    ) -> Result<Identity, AccountError> {
        if !second_factors::confirm(tx, who.account, self.now()).await? {
            return Err(AccountError::NothingToConfirm);
        }
        second_factors::replace_recovery_codes(tx, who.account, &hashes(codes)).await?;
        self.sign_out(tx, who.account).await?;
        let event = Event::of(Action::SecondFactorOn, &who.name).in_namespace(who.account);
        self.record(tx, who, event).await?;
        self.enqueue(tx, &LetterOrder::second_factor(who.account, true)).await?;
        let identity = self.read_identity(tx, who.account, Credential::Password).await?;
        identity.ok_or(AccountError::NothingToConfirm)
    }

    /// Takes it off. Asks for both, so that neither a stolen password nor a borrowed telephone is enough.
    pub async fn remove_second_factor(
        &self,
        who: &Identity,
        password: &Secret,
        code: &str,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        self.prove_both(who, password, code, from).await?;
        self.db
            .write(async |tx| {
                if !second_factors::delete(tx, who.account).await? {
                    return Err(AccountError::NoSecondFactor);
                }
                let event = Event::of(Action::SecondFactorOff, &who.name);
                self.record(tx, who, event.in_namespace(who.account)).await?;
                Ok(self.enqueue(tx, &LetterOrder::second_factor(who.account, false)).await?)
            })
            .await
    }

    /// Makes other recovery codes; those there were are void.
    pub async fn renew_recovery_codes(
        &self,
        who: &Identity,
        password: &Secret,
        code: &str,
        from: IpAddr,
    ) -> Result<Vec<Secret>, AccountError> {
        self.prove_both(who, password, code, from).await?;
        let codes = recovery::make();
        self.db
            .write(async |tx| {
                second_factors::replace_recovery_codes(tx, who.account, &hashes(&codes)).await?;
                let event = Event::of(Action::RecoveryCodes, &who.name).in_namespace(who.account);
                Ok::<_, AccountError>(self.record(tx, who, event).await?)
            })
            .await?;
        Ok(codes)
    }

    /// Takes somebody's second factor off, who has lost authenticator and recovery codes.
    pub async fn remove_second_factor_of(
        &self,
        operator: &SystemKey,
        name: &str,
    ) -> Result<Account, AdminError> {
        self.change_user(operator, name, Action::SecondFactorOff, async |tx, account| {
            if !second_factors::delete(tx, account.id).await? {
                return Err(AdminError::NoSecondFactor(account.name.to_string()));
            }
            Ok(self.enqueue(tx, &LetterOrder::second_factor(account.id, false)).await?)
        })
        .await
    }

    /// The password and, where there is a second factor, a code.
    pub(super) async fn prove_both(
        &self,
        who: &Identity,
        password: &Secret,
        code: &str,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        if self.find_second_factor(who).await?.since.is_none() {
            return Err(AccountError::NoSecondFactor);
        }
        self.prove_password(who, password, from).await?;
        self.prove_code(who.account, code, from).await
    }

    /// Whether a code is right; it is used up then.
    async fn use_code(
        &self,
        tx: &mut Tx<'_>,
        account: AccountId,
        code: &str,
    ) -> Result<bool, StoreError> {
        if recovery::is_one(code) {
            let hash = recovery::hash(&Secret::new(code.to_owned()));
            return Ok(second_factors::take_recovery_code(tx, account, &hash).await?);
        }
        let Some(factor) = second_factors::find(tx, account).await? else { return Ok(false) };
        match self.step_of(account, &factor, code)? {
            Some(step) => Ok(second_factors::advance(tx, account, step).await?),
            None => Ok(false),
        }
    }

    fn step_of(
        &self,
        account: AccountId,
        factor: &SecondFactorRecord,
        code: &str,
    ) -> Result<Option<i64>, StoreError> {
        let secret = self.sealing.open_sealed(&context(account), &factor.secret)?;
        // As authenticators show it: `123 456`.
        let code: String = code.chars().filter(|c| *c != ' ').take(totp::DIGITS + 1).collect();
        Ok(Authenticator::new(&secret)?.step_of(&code, self.now()))
    }
}

/// Where a sealed secret belongs.
fn context(account: AccountId) -> String {
    format!("second-factor:{account}")
}

fn hashes(codes: &[Secret]) -> Vec<[u8; 32]> {
    codes.iter().map(recovery::hash).collect()
}
