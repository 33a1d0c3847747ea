//! The hub as a whole, counted for its administrators.

use roadstead_types::AccountName;

use crate::sql::record;
use crate::{DbError, Tx};

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    pub people: u64,
    pub organizations: u64,
    pub repositories: u64,
    pub private_repositories: u64,
    /// Repositories in the trash, which can still be brought back.
    pub trashed: u64,
    /// Blobs and their bytes, each once, whoever has them.
    pub blobs: u64,
    pub blob_bytes: u64,
    /// Sessions that have not ended, and the bytes they have reserved.
    pub uploads: u64,
    pub upload_bytes: u64,
    /// What all namespaces together are charged.
    pub charged_bytes: u64,
}

record!(Census {
    people,
    organizations,
    repositories,
    private_repositories,
    trashed,
    blobs,
    blob_bytes,
    uploads,
    upload_bytes,
    charged_bytes,
});

pub async fn take(tx: &mut Tx<'_>) -> Result<Census, DbError> {
    tx.sql(
        "SELECT \
         (SELECT COUNT(*) FROM accounts WHERE kind = 'user' AND deleted_at IS NULL), \
         (SELECT COUNT(*) FROM accounts WHERE kind = 'organization' AND deleted_at IS NULL), \
         r.live, r.private, (SELECT COUNT(*) FROM trash), b.count, b.bytes, u.count, u.bytes, \
         (SELECT CAST(COALESCE(SUM(stored_bytes), 0) AS BIGINT) FROM namespace_use \
         WHERE stored_bytes > 0) FROM \
         (SELECT COUNT(*) AS live, \
         CAST(COALESCE(SUM(CASE WHEN is_private = TRUE THEN 1 ELSE 0 END), 0) AS BIGINT) AS private \
         FROM repositories WHERE deleted_at IS NULL) r, \
         (SELECT COUNT(*) AS count, CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) AS bytes \
         FROM blobs) b, \
         (SELECT COUNT(*) AS count, CAST(COALESCE(SUM(reserved_bytes), 0) AS BIGINT) AS bytes \
         FROM uploads) u",
    )
    .patient()
    .one()
    .await
}

/// A namespace, and what the books say that it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceUse {
    pub name: AccountName,
    pub stored_bytes: u64,
}

record!(NamespaceUse { name, stored_bytes });

/// The namespaces that hold most.
pub async fn fullest(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<NamespaceUse>, DbError> {
    tx.sql(
        "SELECT a.name, u.stored_bytes FROM namespace_use u JOIN accounts a ON a.id = u.namespace_id \
         WHERE u.stored_bytes > 0 ORDER BY u.stored_bytes DESC, a.name LIMIT $1",
    )
    .bind(i64::from(limit))
    .patient()
    .rows()
    .await
}

/// How many accounts each plan was given to; `None` is the default plan.
pub async fn accounts_by_plan(tx: &mut Tx<'_>) -> Result<Vec<(Option<String>, u64)>, DbError> {
    tx.sql(
        "SELECT plan, COUNT(*) FROM accounts WHERE deleted_at IS NULL AND kind <> 'library' \
         GROUP BY plan",
    )
    .patient()
    .rows()
    .await
}
