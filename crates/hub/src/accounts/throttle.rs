//! Limits on guessing: failed sign-ins are counted for each account and each address, in one
//! counter for all doors (web, `/token`, Basic credentials, API). And on sign-ups from one address.

use std::net::IpAddr;
use std::time::Duration;

use roadstead_db::throttle;
use roadstead_types::{AccountId, Timestamp};

use super::secrets;
use crate::rates::Requester;
use crate::{Hub, StoreError};

/// One address may fail for this many accounts' worth: people share addresses.
const ADDRESS_FACTOR: i64 = 10;

/// Whose failures are counted.
pub struct Counters {
    pub account: String,
    pub address: String,
}

impl Counters {
    /// For a name that leads to an account. All names and the e-mail of one account count together.
    pub fn known(account: AccountId, address: IpAddr) -> Self {
        Self { account: Self::account_key(account), address: address_key(address) }
    }

    pub fn account_key(account: AccountId) -> String {
        Requester::Account(account).to_string()
    }

    /// For a name that leads nowhere; counted the same, so that limits tell nothing either.
    pub fn unknown(user: &str, address: IpAddr) -> Self {
        Self { account: hidden_key("name", user), address: address_key(address) }
    }
}

/// A key of bounded length that does not show what it was made from.
pub fn hidden_key(what: &str, text: &str) -> String {
    let hash: String = secrets::hash(text).iter().take(16).map(|b| format!("{b:02x}")).collect();
    format!("{what}:{hash}")
}

/// The key of whoever shares an address.
pub fn address_key(address: IpAddr) -> String {
    Requester::at(address).to_string()
}

/// What the counters say before a try.
pub struct Tries {
    /// How long until the next try, if there were too many failures.
    pub blocked: Option<Duration>,
    /// Whether the account has failures to forget after a success.
    pub has_failures: bool,
}

impl Hub {
    pub(super) async fn tries(&self, counters: &Counters) -> Result<Tries, StoreError> {
        let now = self.now();
        let limit = self.settings.limits.login_failures;
        let (account, address) = self
            .db
            .read(async |tx| {
                let account = throttle::failures(tx, &counters.account, now).await?;
                let address = throttle::failures(tx, &counters.address, now).await?;
                Ok::<_, StoreError>((account, address))
            })
            .await?;
        let until = |window: Option<(i64, Timestamp)>, limit: i64| {
            window.filter(|(failures, _)| *failures >= limit).map(|(_, end)| end)
        };
        let end = until(account, limit).max(until(address, limit.saturating_mul(ADDRESS_FACTOR)));
        let blocked = end.map(|end| end.since(now));
        Ok(Tries { blocked, has_failures: account.is_some() })
    }

    /// Counts a sign-up at its address; when there were too many, tells how long to wait. A flood is
    /// turned away without a write.
    pub(super) async fn admit_sign_up(
        &self,
        address: IpAddr,
    ) -> Result<Option<Duration>, StoreError> {
        let (key, now) = (format!("sign-up:{}", address_key(address)), self.now());
        let (most, window) = (self.settings.limits.sign_ups, self.settings.limits.sign_up_window);
        let seen = self.db.read(async |tx| throttle::failures(tx, &key, now).await).await?;
        let full = seen.filter(|(tries, _)| *tries >= most).map(|(_, end)| end.since(now));
        if full.is_some() {
            return Ok(full);
        }
        let tries =
            self.db.write(async |tx| throttle::record_failure(tx, &key, now, window).await).await?;
        Ok((tries > most).then_some(window))
    }

    /// Notes a failure: at the address, and at the account unless the try was no guess.
    pub(super) async fn note_failure(
        &self,
        counters: &Counters,
        at_account: bool,
    ) -> Result<(), StoreError> {
        let (now, window) = (self.now(), self.settings.limits.login_window);
        self.db
            .write(async |tx| {
                if at_account {
                    throttle::record_failure(tx, &counters.account, now, window).await?;
                }
                throttle::record_failure(tx, &counters.address, now, window).await?;
                Ok(())
            })
            .await
    }

    pub(super) async fn forget_failures(&self, counters: &Counters) -> Result<(), StoreError> {
        self.db
            .write(async |tx| {
                throttle::clear(tx, &counters.account).await?;
                Ok(())
            })
            .await
    }
}
