//! Letters to people: ordered as jobs by the operations that cause them, and put together when they are
//! about to be sent.
//!
//! A job holds ids, never a link: a one-time code is made when its letter is, so that no backup of the
//! database holds one that works, and its time runs from the sending.

use std::time::Duration;

use roadstead_db::accounts::{self, AccountRecord};
use roadstead_jobs::{Job, Retries};
use roadstead_types::{AccountId, AccountName, CredentialScope, Id, Timestamp};
use serde::{Deserialize, Serialize};

use super::identity::is_usable;
use crate::{Hub, StoreError};

/// A letter that was ordered. The words are what stands in the database: add, never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum LetterOrder {
    PasswordChanged { account: i64 },
    TokenCreated { account: i64, label: String, scope: String, made_at: i64 },
}

impl Job for LetterOrder {
    const KIND: &'static str = "letter";
    /// Over about twelve hours, because mail servers rest, too.
    const RETRIES: Retries =
        Retries { attempts: 20, first: Duration::from_secs(5), longest: Duration::from_secs(3600) };
}

impl LetterOrder {
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
}

/// What is to be said, and to whom.
#[derive(Clone, Debug)]
pub struct Post {
    pub to: String,
    pub name: AccountName,
    pub news: News,
}

#[derive(Clone, Debug)]
pub enum News {
    PasswordChanged,
    TokenCreated { label: String, scope: String, made_at: Timestamp },
}

impl Hub {
    /// Puts together what was ordered; `None` when there is nobody to write to any more.
    pub async fn prepare_letter(&self, order: LetterOrder) -> Result<Option<Post>, StoreError> {
        match order {
            LetterOrder::PasswordChanged { account } => {
                self.notice(account, News::PasswordChanged).await
            }
            LetterOrder::TokenCreated { account, label, scope, made_at } => {
                let made_at = Timestamp::from_unix_us(made_at);
                self.notice(account, News::TokenCreated { label, scope, made_at }).await
            }
        }
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
