//! The audit log: every change, and every administrative act that was denied.
//!
//! A change is recorded in its own transaction, so that neither stands without the other:
//!
//! ```ignore
//! hub.db.write(async |tx| {
//!     teams::insert(tx, &team).await?;
//!     let event = Event::of(Action::TeamCreate, format!("{org}/{team}"))
//!         .in_namespace(org.id)
//!         .after(json!({ "description": description }));
//!     hub.record(tx, who, event).await?;
//!     Ok(())
//! })
//! ```
//!
//! `who` is whatever the operation was called with: an `&Identity`, a `&Caller` (`&self.caller` in a
//! `Repo`) or a `&SystemKey`. `before` and `after` hold what changed and nothing else, never a secret.
//! A new kind of change is a line in `actions.rs`.

mod actions;
mod actor;
mod denied;
mod read;
mod rows;

use roadstead_db::audit::{self, EventRecord, Outcome};
use roadstead_db::{DbError, Tx};
use roadstead_types::{AccountId, RepositoryId, RepositoryName};
use serde_json::Value;

use crate::Hub;
use crate::access::{Repo, Right};

pub use actions::{Action, Group};
pub use actor::Actor;
pub(crate) use denied::Denials;
pub use read::{AuditError, AuditEvent, Filter};
pub use rows::{COLUMNS, cells, csv_line};

/// Longest name of a target that is kept, in characters.
const MAX_TARGET: usize = 400;

/// One change.
#[derive(Clone, Debug)]
pub struct Event {
    action: Action,
    outcome: Outcome,
    target: String,
    namespace: Option<AccountId>,
    repository: Option<RepositoryId>,
    before: Option<Value>,
    after: Option<Value>,
}

impl Event {
    /// `target` is what was changed, as people call it: `acme/app`, `alice`.
    pub fn of(action: Action, target: impl ToString) -> Self {
        Self {
            action,
            outcome: Outcome::Done,
            target: target.to_string().chars().take(MAX_TARGET).collect(),
            namespace: None,
            repository: None,
            before: None,
            after: None,
        }
    }

    /// A change of a repository; its namespace's owners see it.
    pub(crate) fn of_repository<R: Right>(action: Action, repository: &Repo<R>) -> Self {
        let facts = &repository.facts;
        Self::of_new(action, &facts.path, facts.namespace_id, facts.id)
    }

    /// The same for a repository that there is no handle on yet.
    pub(crate) fn of_new(
        action: Action,
        path: &RepositoryName,
        namespace: AccountId,
        repository: RepositoryId,
    ) -> Self {
        Self { repository: Some(repository), ..Self::of(action, path).in_namespace(namespace) }
    }

    /// Lets the owners of an account see it.
    #[must_use]
    pub fn in_namespace(self, namespace: AccountId) -> Self {
        Self { namespace: Some(namespace), ..self }
    }

    /// What changed, as it was.
    #[must_use]
    pub fn before(self, before: Value) -> Self {
        Self { before: Some(before), ..self }
    }

    /// What changed, as it is now.
    #[must_use]
    pub fn after(self, after: Value) -> Self {
        Self { after: Some(after), ..self }
    }
}

impl Hub {
    /// Writes one change down, in the transaction of the change.
    pub(crate) async fn record(
        &self,
        tx: &mut Tx<'_>,
        who: impl Into<Actor>,
        event: Event,
    ) -> Result<(), DbError> {
        self.record_all(tx, who, vec![event]).await
    }

    /// [`Hub::record`] for several changes of one request.
    pub(crate) async fn record_all(
        &self,
        tx: &mut Tx<'_>,
        who: impl Into<Actor>,
        events: Vec<Event>,
    ) -> Result<(), DbError> {
        if events.is_empty() {
            return Ok(());
        }
        let actor = who.into();
        let credential = actor.credential(tx).await?;
        let now = self.now();
        let rows: Vec<_> = events
            .into_iter()
            .map(|event| EventRecord {
                id: self.new_id(),
                at: now,
                action: event.action.word().to_owned(),
                outcome: event.outcome,
                actor_id: actor.account,
                actor_name: actor.name.clone(),
                credential: credential.clone(),
                address: actor.address.clone(),
                namespace_id: event.namespace,
                repository_id: event.repository,
                target: event.target,
                before: event.before.map(|value| value.to_string()),
                after: event.after.map(|value| value.to_string()),
            })
            .collect();
        audit::insert(tx, &rows).await
    }
}
