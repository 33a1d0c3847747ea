//! Administrative acts that were refused. There is no transaction to join, and whoever knocks again
//! and again must not fill the log.

use std::collections::HashMap;
use std::sync::Mutex;

use roadstead_db::DbError;
use roadstead_db::audit::Outcome;
use roadstead_types::{AccountId, RepositoryName};
use serde_json::json;

use super::{Action, Event};
use crate::Hub;
use crate::access::Identity;

/// Denied acts of one account that each node writes down in a minute.
const A_MINUTE: u32 = 30;
/// Accounts counted in a minute; beyond them nothing is written down until the next.
const ACCOUNTS: usize = 10_000;

/// How often who was denied this minute.
#[derive(Default)]
pub(crate) struct Denials(Mutex<(i64, HashMap<AccountId, u32>)>);

impl Denials {
    fn may_write(&self, account: AccountId, minute: i64) -> bool {
        let mut counts = self.0.lock().expect("no code panics while it holds the counts");
        if counts.0 != minute {
            *counts = (minute, HashMap::new());
        }
        if counts.1.len() >= ACCOUNTS && !counts.1.contains_key(&account) {
            return false;
        }
        let count = counts.1.entry(account).or_default();
        *count += 1;
        *count <= A_MINUTE
    }
}

impl Hub {
    /// Notes that somebody tried `what` (method and path) and was refused. `on` is the repository
    /// it was about, if there is one: its owners see the event. The refusal stands either way.
    pub async fn record_denied(&self, who: &Identity, what: &str, on: Option<&RepositoryName>) {
        if !self.denials.may_write(who.account, self.now().unix_secs() / 60) {
            return;
        }
        if let Err(cause) = self.write_denied(who, what, on).await {
            tracing::warn!(%cause, "a denied act was not written to the audit log");
        }
    }

    async fn write_denied(
        &self,
        who: &Identity,
        what: &str,
        on: Option<&RepositoryName>,
    ) -> Result<(), DbError> {
        let facts = match on {
            Some(name) => self.lookups.repository(name).await?,
            None => None,
        };
        let event = match facts {
            Some(it) => Event::of_new(Action::AccessDenied, &it.path, it.namespace_id, it.id),
            None => Event::of(Action::AccessDenied, on.map_or(String::new(), ToString::to_string)),
        };
        let what: String = what.chars().take(super::MAX_TARGET).collect();
        let event = Event { outcome: Outcome::Denied, ..event.after(json!({ "request": what })) };
        self.db.write(async |tx| self.record(tx, who, event).await).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use roadstead_types::ids::Id;

    #[test]
    fn one_account_cannot_fill_the_log_nor_silence_another() {
        let denials = Denials::default();
        let (loud, quiet) = (AccountId::from_raw(1), AccountId::from_raw(2));

        let written = (0..100).filter(|_| denials.may_write(loud, 7)).count();

        assert_eq!(written, A_MINUTE as usize);
        assert!(denials.may_write(quiet, 7));
        assert!(denials.may_write(loud, 8));
    }
}
