//! E-mail addresses: shown, verified, changed.
//!
//! An address counts once somebody has followed a link that was sent to it. Until then nothing is claimed,
//! and nobody learns whether another account has it.

use std::net::IpAddr;
use std::time::Duration;

use roadstead_db::accounts::{self, AccountRecord};
use roadstead_db::codes::Purpose;
use roadstead_db::{DbError, Tx, addresses, links};
use roadstead_types::{AccountId, AccountName, Secret, Timestamp};
use serde_json::json;

use super::identity::is_usable;
use super::letters::LetterOrder;
use super::rules::{self, Field, email_key};
use super::settings_error::AccountError;
use super::{Account, secrets};
use crate::access::Identity;
use crate::audit::{Action, Actor, Event};
use crate::{Hub, StoreError};

/// How long a link that verifies an address works; the letter says so.
pub(super) const VERIFY_LINK: Duration = Duration::from_secs(24 * 3600);

/// The address of an account as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub email: Option<String>,
    pub is_verified: bool,
    /// Another one, which waits to be confirmed.
    pub pending: Option<String>,
}

/// What the page behind a link tells before anything is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTarget {
    pub name: AccountName,
    pub email: String,
}

impl Hub {
    /// Not for access tokens: they are made for images.
    pub async fn find_address(&self, who: &Identity) -> Result<Address, AccountError> {
        if who.credential.access_token().is_some() {
            return Err(AccountError::NeedsPassword);
        }
        self.db
            .read(async |tx| {
                let account = accounts::find_by_id(tx, who.account).await?;
                let account = account.ok_or_else(|| StoreError::internal("no such account"))?;
                Ok::<_, AccountError>(Address {
                    is_verified: account.email_verified_at.is_some(),
                    email: account.email,
                    pending: addresses::find_pending(tx, who.account).await?,
                })
            })
            .await
    }

    /// Sends the link again: to the address that waits, or to the one that was never verified.
    pub async fn resend_verification(
        &self,
        who: &Identity,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        let address = self.find_address(who).await?;
        let unverified = address.email.filter(|_| !address.is_verified);
        let email = address.pending.or(unverified).ok_or(AccountError::IsVerified)?;
        self.db
            .write(async |tx| {
                if let Some(retry_after) = self.count_letter(tx, &email, Some(from)).await? {
                    return Err(AccountError::TooManyLetters { retry_after });
                }
                Ok(self.enqueue(tx, &LetterOrder::verify_address(who.account, &email)).await?)
            })
            .await
    }

    /// Asks for another address. The old one stays until the new one is confirmed, and is told.
    pub async fn change_address(
        &self,
        who: &Identity,
        password: &Secret,
        email: &str,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        rules::check_email(email).map_err(|text| AccountError::field(Field::Email, text))?;
        self.prove_password(who, password, from).await?;
        self.db
            .write(async |tx| {
                let account = accounts::find_by_id(tx, who.account).await?;
                let account = account.ok_or(AccountError::WrongPassword)?;
                let is_verified = account.email_verified_at.is_some();
                if is_verified && account.email.as_deref() == Some(email) {
                    return Err(AccountError::IsVerified);
                }
                if let Some(retry_after) = self.count_letter(tx, email, Some(from)).await? {
                    return Err(AccountError::TooManyLetters { retry_after });
                }
                addresses::set_pending(tx, who.account, Some(email)).await?;
                let event = Event::of(Action::AccountEmail, &who.name).in_namespace(who.account);
                let event = event.before(json!({ "email": account.email }));
                self.record(tx, who, event.after(json!({ "pending": email }))).await?;
                self.enqueue(tx, &LetterOrder::verify_address(who.account, email)).await?;
                // An unverified address may be a stranger's, whom this does not concern.
                if is_verified {
                    let notice = LetterOrder::address_change_asked(who.account, email);
                    self.enqueue(tx, &notice).await?;
                }
                Ok(())
            })
            .await
    }

    /// What a link would verify; for showing its page.
    pub async fn find_address_link(&self, code: &Secret) -> Result<LinkTarget, AccountError> {
        self.find_link(code, Purpose::VerifyAddress).await
    }

    pub(super) async fn find_link(
        &self,
        code: &Secret,
        purpose: Purpose,
    ) -> Result<LinkTarget, AccountError> {
        let hash = secrets::hash(code.expose());
        let now = self.now();
        self.db
            .read(async |tx| {
                let link = links::find(tx, &hash, purpose, now).await?;
                let link = link.ok_or(AccountError::BadLink)?;
                let account = accounts::find_by_id(tx, link.account_id).await?;
                let account = account.filter(is_usable).ok_or(AccountError::BadLink)?;
                Ok(LinkTarget { name: account.name, email: link.email })
            })
            .await
    }

    /// Verifies the address that a link was sent to, if the account still has it or wants it.
    pub async fn confirm_address(
        &self,
        code: &Secret,
        from: IpAddr,
    ) -> Result<Account, AccountError> {
        let hash = secrets::hash(code.expose());
        let confirmed = self.db.write(async |tx| self.confirm(tx, &hash, from).await).await;
        confirmed.map(Account::from)
    }

    async fn confirm(
        &self,
        tx: &mut Tx<'_>,
        hash: &[u8; 32],
        from: IpAddr,
    ) -> Result<AccountRecord, AccountError> {
        let now = self.now();
        let link = links::take(tx, hash, Purpose::VerifyAddress, now).await?;
        let link = link.ok_or(AccountError::BadLink)?;
        let account = accounts::find_by_id(tx, link.account_id).await?;
        let account = account.filter(is_usable).ok_or(AccountError::BadLink)?;
        let is_present = account.email.as_deref() == Some(&link.email);
        let pending = addresses::find_pending(tx, account.id).await?;
        if !is_present && pending.as_deref() != Some(&link.email) {
            return Err(AccountError::BadLink);
        }
        claim(tx, account.id, &link.email, now).await?;
        let event = Event::of(Action::AccountVerify, &account.name).in_namespace(account.id);
        let event = event.before(json!({ "email": account.email }));
        let event = event.after(json!({ "email": link.email }));
        self.record(tx, Actor::reader_of_mail(&account, from), event).await?;
        if !is_present {
            // Links that went to the old address must not open the account any more.
            links::delete_of(tx, account.id, Purpose::ResetPassword).await?;
            links::delete_of(tx, account.id, Purpose::VerifyAddress).await?;
            if let (Some(old), Some(_)) = (&account.email, account.email_verified_at) {
                let notice = LetterOrder::address_changed(account.id, old, &link.email);
                self.enqueue(tx, &notice).await?;
            }
        }
        accounts::find_by_id(tx, account.id).await?.ok_or(AccountError::BadLink)
    }

    /// Orders the letter with the link for a new account; not when its address has had too many.
    pub(super) async fn order_verification(
        &self,
        tx: &mut Tx<'_>,
        account: AccountId,
        email: &str,
    ) -> Result<(), DbError> {
        match self.count_letter(tx, email, None).await? {
            Some(_) => Ok(()),
            None => self.enqueue(tx, &LetterOrder::verify_address(account, email)).await,
        }
    }
}

/// Makes an address the account's own, as long as it is no other's.
async fn claim(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
    now: Timestamp,
) -> Result<(), AccountError> {
    match addresses::claim(tx, account, email, &email_key(email), now).await {
        Ok(true) => Ok(()),
        Ok(false) | Err(DbError::Conflict(_)) => Err(AccountError::AddressTaken),
        Err(error) => Err(error.into()),
    }
}
