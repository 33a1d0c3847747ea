//! Letters to people: ordered as jobs by the operations that cause them, and put together when they are
//! about to be sent.
//!
//! A job holds ids, never a link: a one-time code is made when its letter is, so that no backup of the
//! database holds one that works, and its time runs from the sending.

use std::time::Duration;

use roadstead_db::accounts::{self, AccountRecord};
use roadstead_db::addresses;
use roadstead_db::codes::Purpose;
use roadstead_db::invitations;
use roadstead_db::links::{self, NewLink};
use roadstead_jobs::{Job, Retries};
use roadstead_types::{
    AccountId, AccountName, CredentialScope, Id, InvitationId, Secret, Timestamp,
};
use serde::{Deserialize, Serialize};

use super::addresses::VERIFY_LINK;
use super::identity::is_usable;
use super::own_password::RESET_LINK;
use super::rules::email_key;
use super::secrets::{self, SecretKind};
use crate::{Hub, StoreError};

/// A letter that was ordered. The words are what stands in the database: add, never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum LetterOrder {
    VerifyAddress {
        account: i64,
        email: String,
    },
    AddressChangeAsked {
        account: i64,
        new: String,
    },
    /// `old` was left, so it is in no row any more.
    AddressChanged {
        account: i64,
        old: String,
        new: String,
    },
    /// To whoever has this address, if anybody.
    ResetPassword {
        email: String,
    },
    PasswordChanged {
        account: i64,
    },
    TokenCreated {
        account: i64,
        label: String,
        scope: String,
        made_at: i64,
    },
    Invitation {
        invitation: i64,
    },
    SecondFactor {
        account: i64,
        is_on: bool,
    },
    /// Shows an administrator whether letters arrive.
    Test {
        account: i64,
    },
}

impl Job for LetterOrder {
    const KIND: &'static str = "letter";
    /// Over about twelve hours, because mail servers rest, too.
    const RETRIES: Retries =
        Retries { attempts: 20, first: Duration::from_secs(5), longest: Duration::from_secs(3600) };
}

impl LetterOrder {
    pub(super) fn verify_address(account: AccountId, email: &str) -> Self {
        Self::VerifyAddress { account: account.raw(), email: email.to_owned() }
    }

    pub(super) fn address_change_asked(account: AccountId, new: &str) -> Self {
        Self::AddressChangeAsked { account: account.raw(), new: new.to_owned() }
    }

    pub(super) fn address_changed(account: AccountId, old: &str, new: &str) -> Self {
        let (old, new) = (old.to_owned(), new.to_owned());
        Self::AddressChanged { account: account.raw(), old, new }
    }

    pub(super) fn reset_password(email: &str) -> Self {
        Self::ResetPassword { email: email.to_owned() }
    }

    pub(super) fn password_changed(account: AccountId) -> Self {
        Self::PasswordChanged { account: account.raw() }
    }

    pub(super) fn token_created(
        account: AccountId,
        label: &str,
        scope: CredentialScope,
        made_at: Timestamp,
    ) -> Self {
        Self::TokenCreated {
            account: account.raw(),
            label: label.to_owned(),
            scope: scope.word().to_owned(),
            made_at: made_at.unix_us(),
        }
    }

    pub(super) fn second_factor(account: AccountId, is_on: bool) -> Self {
        Self::SecondFactor { account: account.raw(), is_on }
    }

    pub(crate) fn invitation(id: InvitationId) -> Self {
        Self::Invitation { invitation: id.raw() }
    }
}

/// What is to be said, and to whom.
#[derive(Clone, Debug)]
pub struct Post {
    pub to: String,
    /// Whom it is about; for an invitation, who invites.
    pub name: AccountName,
    pub news: News,
}

#[derive(Clone, Debug)]
pub enum News {
    VerifyAddress { code: Secret },
    ConfirmNewAddress { code: Secret },
    AddressChangeAsked { new: String },
    AddressChanged { new: String },
    ResetPassword { code: Secret },
    PasswordChanged,
    TokenCreated { label: String, scope: String, made_at: Timestamp },
    Invitation { organization: AccountName, uuid: String, code: Secret },
    SecondFactor { is_on: bool },
    Test,
}

impl Hub {
    /// Puts together what was ordered; `None` when there is nobody to write to any more.
    pub async fn prepare_letter(&self, order: LetterOrder) -> Result<Option<Post>, StoreError> {
        match order {
            LetterOrder::VerifyAddress { account, email } => {
                self.verification(account, email).await
            }
            LetterOrder::AddressChangeAsked { account, new } => {
                self.notice(account, News::AddressChangeAsked { new }).await
            }
            LetterOrder::AddressChanged { account, old, new } => {
                let account = self.recipient(account).await?;
                let news = News::AddressChanged { new };
                Ok(account.map(|account| Post { to: old, name: account.name, news }))
            }
            LetterOrder::ResetPassword { email } => self.reset_letter(&email).await,
            LetterOrder::PasswordChanged { account } => {
                self.notice(account, News::PasswordChanged).await
            }
            LetterOrder::TokenCreated { account, label, scope, made_at } => {
                let made_at = Timestamp::from_unix_us(made_at);
                self.notice(account, News::TokenCreated { label, scope, made_at }).await
            }
            LetterOrder::SecondFactor { account, is_on } => {
                self.notice(account, News::SecondFactor { is_on }).await
            }
            LetterOrder::Test { account } => self.notice(account, News::Test).await,
            LetterOrder::Invitation { invitation } => {
                self.invitation_letter(InvitationId::from_raw(invitation)).await
            }
        }
    }

    /// For an address that the account has or wants, and that is not verified.
    async fn verification(&self, account: i64, email: String) -> Result<Option<Post>, StoreError> {
        let Some(account) = self.recipient(account).await? else { return Ok(None) };
        let id = account.id;
        let pending = self.db.read(async |tx| addresses::find_pending(tx, id).await).await?;
        let is_new = pending.as_ref() == Some(&email);
        let is_open = account.email_verified_at.is_none() && account.email.as_ref() == Some(&email);
        if !is_new && !is_open {
            return Ok(None);
        }
        let code = self.make_link(id, &email, Purpose::VerifyAddress, VERIFY_LINK).await?;
        let news = match is_open {
            true => News::VerifyAddress { code },
            false => News::ConfirmNewAddress { code },
        };
        Ok(Some(Post { to: email, name: account.name, news }))
    }

    async fn reset_letter(&self, email: &str) -> Result<Option<Post>, StoreError> {
        let key = email_key(email);
        let found = self.db.read(async |tx| accounts::find_by_email_key(tx, &key).await).await?;
        let Some(account) = found.filter(is_usable) else { return Ok(None) };
        // To the address as its owner spelled it.
        let Some(to) = account.email else { return Ok(None) };
        let code = self.make_link(account.id, &to, Purpose::ResetPassword, RESET_LINK).await?;
        Ok(Some(Post { to, name: account.name, news: News::ResetPassword { code } }))
    }

    /// To the address that was invited, or to the verified one of the account that was. The link in an
    /// earlier letter is void.
    async fn invitation_letter(&self, id: InvitationId) -> Result<Option<Post>, StoreError> {
        let found = self.db.read(async |tx| invitations::find_by_id(tx, id).await).await?;
        let Some(found) = found.filter(|found| self.now() < found.expires_at) else {
            return Ok(None);
        };
        let to = match found.account_id {
            Some(account) => {
                let account = self.recipient(account.raw()).await?;
                let account = account.filter(|account| account.email_verified_at.is_some());
                account.and_then(|account| account.email)
            }
            None => found.email,
        };
        let Some(to) = to else { return Ok(None) };
        let code = secrets::make(SecretKind::OneTimeCode);
        let hash = secrets::hash(code.expose());
        self.db.write(async |tx| invitations::set_secret(tx, id, &hash).await).await?;
        let news = News::Invitation { organization: found.organization, uuid: found.uuid, code };
        Ok(Some(Post { to, name: found.inviter, news }))
    }

    /// Earlier links stay good: a letter may be sent twice, and people open either.
    async fn make_link(
        &self,
        account_id: AccountId,
        email: &str,
        purpose: Purpose,
        valid_for: Duration,
    ) -> Result<Secret, StoreError> {
        let code = secrets::make(SecretKind::OneTimeCode);
        let created_at = self.now();
        let link = NewLink {
            secret_hash: secrets::hash(code.expose()),
            purpose,
            account_id,
            email,
            created_at,
            expires_at: created_at.plus(valid_for),
        };
        self.db.write(async |tx| links::insert(tx, &link).await).await?;
        Ok(code)
    }

    /// For the verified address of an account. An unverified one may be a stranger's.
    async fn notice(&self, account: i64, news: News) -> Result<Option<Post>, StoreError> {
        let account = self.recipient(account).await?;
        let account = account.filter(|account| account.email_verified_at.is_some());
        Ok(account.and_then(|account| Some(Post { to: account.email?, name: account.name, news })))
    }

    async fn recipient(&self, account: i64) -> Result<Option<AccountRecord>, StoreError> {
        let id = AccountId::from_raw(account);
        let account = self.db.read(async |tx| accounts::find_by_id(tx, id).await).await?;
        Ok(account.filter(is_usable))
    }
}
