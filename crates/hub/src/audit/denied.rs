//! Administrative acts that were refused. There is no transaction to join, and whoever knocks again
//! and again must not fill the log.

use roadstead_db::DbError;
use roadstead_db::audit::Outcome;
use roadstead_types::{AccountId, RepositoryName};
use serde_json::json;

use super::{Action, Event};
use crate::Hub;
use crate::access::Identity;
use crate::rates::PerMinute;

/// Denied acts of one account that each node writes down in a minute.
const A_MINUTE: u64 = 30;

/// How often who was denied this minute.
#[derive(Default)]
pub(crate) struct Denials(PerMinute<AccountId>);

impl Denials {
    fn may_write(&self, account: AccountId, minute: i64) -> bool {
        self.0.count(account, minute).is_some_and(|count| count <= A_MINUTE)
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
