//! The audit log: who did what. Rows are only ever added, and removed when they are old.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccessTokenId, AccountId, AuditEventId, RepositoryId};

use crate::sql::{record, rows_list};
use crate::values::words;
use crate::{DbError, Tx};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Denied,
}

words!(Outcome { Done = "done", Denied = "denied" });

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    pub id: AuditEventId,
    pub at: Timestamp,
    pub action: String,
    pub outcome: Outcome,
    pub actor_id: Option<AccountId>,
    /// As the actor was called then.
    pub actor_name: String,
    /// What the actor showed: `password`, `access-token:UUID` ...
    pub credential: String,
    pub address: String,
    pub namespace_id: Option<AccountId>,
    pub repository_id: Option<RepositoryId>,
    /// What was changed, as it was called then.
    pub target: String,
    /// JSON.
    pub before: Option<String>,
    pub after: Option<String>,
}

record!(EventRecord {
    id,
    at,
    action,
    outcome,
    actor_id,
    actor_name,
    credential,
    address,
    namespace_id,
    repository_id,
    target,
    before,
    after,
});

/// The columns of an [`EventRecord`] from `audit_events e`.
macro_rules! event_columns {
    () => {
        "e.id, e.at, e.action, e.outcome, e.actor_id, e.actor_name, e.credential, e.address, \
         e.namespace_id, e.repository_id, e.target, e.before, e.after"
    };
}

/// What of the log is asked for; `None` asks for all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub action: Option<String>,
    pub actor: Option<String>,
    pub target: Option<String>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// Only what was written before this event.
    pub before: Option<AuditEventId>,
}

/// The conditions of a [`Filter`], bound from `$1` on.
macro_rules! passes {
    () => {
        "($1 IS NULL OR e.action = $1) AND ($2 IS NULL OR e.actor_name = $2) \
         AND ($3 IS NULL OR e.target = $3) AND e.at >= COALESCE($4, e.at) \
         AND e.at <= COALESCE($5, e.at) AND e.id < COALESCE($6, e.id + 1)"
    };
}

const COLUMNS: usize = 13;

pub async fn insert(tx: &mut Tx<'_>, events: &[EventRecord]) -> Result<(), DbError> {
    if events.is_empty() {
        return Ok(());
    }
    let head = "INSERT INTO audit_events (id, at, action, outcome, actor_id, actor_name, \
                credential, address, namespace_id, repository_id, target, before, after) VALUES ";
    let mut statement = tx.sql(rows_list(head, COLUMNS, events.len(), ""));
    for event in events {
        statement.push(event.id);
        statement.push(event.at);
        statement.push(&event.action);
        statement.push(event.outcome);
        statement.push(event.actor_id);
        statement.push(&event.actor_name);
        statement.push(&event.credential);
        statement.push(&event.address);
        statement.push(event.namespace_id);
        statement.push(event.repository_id);
        statement.push(&event.target);
        statement.push(event.before.clone());
        statement.push(event.after.clone());
    }
    statement.run().await?;
    Ok(())
}

/// The id of an access token as clients know it.
pub async fn find_token_uuid(
    tx: &mut Tx<'_>,
    token: AccessTokenId,
) -> Result<Option<String>, DbError> {
    let row: Option<(String,)> =
        tx.sql("SELECT uuid FROM access_tokens WHERE id = $1").bind(token).row().await?;
    Ok(row.map(|(uuid,)| uuid))
}

/// A page of what happened in one namespace, newest first.
pub async fn list_of_namespace(
    tx: &mut Tx<'_>,
    namespace: AccountId,
    filter: &Filter,
    offset: u64,
    limit: u32,
) -> Result<Vec<EventRecord>, DbError> {
    let text = concat!(
        "SELECT ",
        event_columns!(),
        " FROM audit_events e WHERE ",
        passes!(),
        " AND e.namespace_id = $9 ORDER BY e.id DESC LIMIT $7 OFFSET $8"
    );
    let statement = filtered(tx.sql(text), filter).bind(i64::from(limit)).bind(offset);
    statement.bind(namespace).rows().await
}

/// The same of one repository, while it was in this namespace: what happened to it elsewhere is for whoever
/// owned it there.
pub async fn list_of_repository(
    tx: &mut Tx<'_>,
    namespace: AccountId,
    repository: RepositoryId,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<EventRecord>, DbError> {
    let text = concat!(
        "SELECT ",
        event_columns!(),
        " FROM audit_events e WHERE ",
        passes!(),
        " AND e.namespace_id = $8 AND e.repository_id = $9 ORDER BY e.id DESC LIMIT $7"
    );
    let statement = filtered(tx.sql(text), filter).bind(i64::from(limit));
    statement.bind(namespace).bind(repository).rows().await
}

/// The same of the whole hub.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &Filter,
    offset: u64,
    limit: u32,
) -> Result<Vec<EventRecord>, DbError> {
    let text = concat!(
        "SELECT ",
        event_columns!(),
        " FROM audit_events e WHERE ",
        passes!(),
        " ORDER BY e.id DESC LIMIT $7 OFFSET $8"
    );
    filtered(tx.sql(text), filter).bind(i64::from(limit)).bind(offset).rows().await
}

/// How many events of the whole hub pass the filter.
pub async fn count(tx: &mut Tx<'_>, filter: &Filter) -> Result<u64, DbError> {
    let text = concat!("SELECT COUNT(*) FROM audit_events e WHERE ", passes!());
    let (count,) = filtered(tx.sql(text), filter).patient().one().await?;
    Ok(count)
}

fn filtered<'t, 'c>(
    statement: crate::sql::Statement<'t, 'c>,
    filter: &Filter,
) -> crate::sql::Statement<'t, 'c> {
    statement
        .bind(filter.action.clone())
        .bind(filter.actor.clone())
        .bind(filter.target.clone())
        .bind(filter.since)
        .bind(filter.until)
        .bind(filter.before)
}

/// Forgets the oldest events written before `end`, at most `limit`.
pub async fn purge(tx: &mut Tx<'_>, end: Timestamp, limit: u32) -> Result<u64, DbError> {
    tx.sql(
        "DELETE FROM audit_events WHERE id IN \
         (SELECT id FROM audit_events WHERE at < $1 ORDER BY at LIMIT $2)",
    )
    .bind(end)
    .bind(i64::from(limit))
    .run()
    .await
}
