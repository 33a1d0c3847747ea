//! Reading the log: an account's owners theirs, administrators all of it.

use std::time::Duration;

use roadstead_db::audit::{self, EventRecord, Outcome};
use roadstead_db::members::{self, Membership};
use roadstead_db::{DbError, Tx, accounts};
use roadstead_types::{AccountId, AccountName, CredentialScope, Timestamp};
use serde_json::Value;

use crate::access::{Administer, Allows, Identity, Repo};
use crate::accounts::SystemKey;
use crate::{Hub, StoreError};

pub use roadstead_db::audit::Filter;

/// Rows removed in one go, so that nobody waits long for the database.
const PURGE_ROWS: u32 = 5_000;

/// An entry of the log, as surfaces show it.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    /// Hand it in as [`Filter::before`] for what is older.
    pub id: roadstead_types::AuditEventId,
    pub at: Timestamp,
    pub action: String,
    pub is_denied: bool,
    pub actor: String,
    pub credential: String,
    pub address: String,
    pub target: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

impl From<EventRecord> for AuditEvent {
    fn from(record: EventRecord) -> Self {
        let read = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Self {
            id: record.id,
            at: record.at,
            action: record.action,
            is_denied: record.outcome == Outcome::Denied,
            actor: record.actor_name,
            credential: record.credential,
            address: record.address,
            target: record.target,
            before: read(record.before),
            after: read(record.after),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error("no such account")]
    NoSuchAccount,
    #[error("only its owners may read the audit log of `{0}`")]
    NotYours(AccountName),
    #[error(
        "this credential may not read audit logs; use one with the scope repo:admin and without limits"
    )]
    CredentialTooSmall,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for AuditError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl Hub {
    /// A page of the log of one account's namespace, newest first.
    pub async fn list_audit_log(
        &self,
        who: &Identity,
        account: &str,
        filter: &Filter,
        offset: u64,
        limit: u32,
    ) -> Result<Vec<AuditEvent>, AuditError> {
        let name: AccountName = account.parse().map_err(|_| AuditError::NoSuchAccount)?;
        let rows = self
            .db
            .read(async |tx| {
                let account = readable_log(tx, who, &name).await?;
                Ok::<_, AuditError>(
                    audit::list_of_namespace(tx, account, filter, offset, limit).await?,
                )
            })
            .await?;
        Ok(rows.into_iter().map(AuditEvent::from).collect())
    }

    /// A page of the whole log, newest first, and how much there is.
    pub async fn list_whole_audit_log(
        &self,
        _key: &SystemKey,
        filter: &Filter,
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<AuditEvent>, u64), StoreError> {
        let (rows, total) = self
            .db
            .read(async |tx| {
                let rows = audit::list(tx, filter, offset, limit).await?;
                Ok::<_, DbError>((rows, audit::count(tx, filter).await?))
            })
            .await?;
        Ok((rows.into_iter().map(AuditEvent::from).collect(), total))
    }

    /// Everything older than `filter.before`, newest first: for walking the log while it grows.
    pub async fn walk_audit_log(
        &self,
        _key: &SystemKey,
        filter: &Filter,
        limit: u32,
    ) -> Result<Vec<AuditEvent>, StoreError> {
        let rows = self.db.read(async |tx| audit::list(tx, filter, 0, limit).await).await?;
        Ok(rows.into_iter().map(AuditEvent::from).collect())
    }

    /// Forgets what is older than the operator wants it kept, a batch at a time.
    pub async fn purge_audit_log(&self) -> Result<u64, StoreError> {
        let keep: Duration = self.settings.audit_retention;
        let end = self.now().minus(keep);
        Ok(self.db.write(async |tx| audit::purge(tx, end, PURGE_ROWS).await).await?)
    }
}

impl<R: Allows<Administer>> Repo<R> {
    /// What happened to this repository in its present namespace, newest first, older than `filter.before`.
    pub async fn list_activity(
        &self,
        filter: &Filter,
        limit: u32,
    ) -> Result<Vec<AuditEvent>, StoreError> {
        let (namespace, id) = (self.facts.namespace_id, self.facts.id);
        let rows = self
            .hub
            .db
            .read(async |tx| audit::list_of_repository(tx, namespace, id, filter, limit).await)
            .await?;
        Ok(rows.into_iter().map(AuditEvent::from).collect())
    }
}

/// The account whose log it is, if `who` may read it.
async fn readable_log(
    tx: &mut Tx<'_>,
    who: &Identity,
    name: &AccountName,
) -> Result<AccountId, AuditError> {
    let account = accounts::find_by_name(tx, name).await?.ok_or(AuditError::NoSuchAccount)?;
    let is_owner = account.id == who.account || who.is_admin || {
        let membership = members::find_membership(tx, &account.name, who.account).await?;
        membership.is_some_and(|(_, membership)| membership == Some(Membership::Owner))
    };
    if !is_owner {
        return Err(AuditError::NotYours(account.name));
    }
    if who.scope != CredentialScope::Admin || !who.limits.is_unlimited() {
        return Err(AuditError::CredentialTooSmall);
    }
    Ok(account.id)
}
