//! People whom the owner of a repository lets in.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, AccountName, RepositoryId, Role};

use crate::sql::record;
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollaboratorRecord {
    pub name: AccountName,
    /// Without a verified address there is nothing but reading, whatever was granted.
    pub is_verified: bool,
    pub added_at: Timestamp,
}

record!(CollaboratorRecord { name, is_verified, added_at });

/// Lets somebody in; `false` when they are in already.
pub async fn add(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    account: AccountId,
    role: Role,
    now: Timestamp,
) -> Result<bool, DbError> {
    let made = tx
        .sql(
            "INSERT INTO collaborators (repository_id, account_id, level, added_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (repository_id, account_id) DO NOTHING",
        )
        .bind(repository)
        .bind(account)
        .bind(role)
        .bind(now)
        .run()
        .await?;
    Ok(made == 1)
}

/// Shuts somebody out; `false` when they were not in.
pub async fn remove(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    account: AccountId,
) -> Result<bool, DbError> {
    let removed = tx
        .sql("DELETE FROM collaborators WHERE repository_id = $1 AND account_id = $2")
        .bind(repository)
        .bind(account)
        .run()
        .await?;
    Ok(removed == 1)
}

/// A page of those who are in, by name, and how many there are in all.
pub async fn list(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    offset: u64,
    limit: u32,
) -> Result<(Vec<CollaboratorRecord>, u64), DbError> {
    let rows = tx
        .sql(
            "SELECT a.name, a.email_verified_at IS NOT NULL, c.added_at \
             FROM collaborators c JOIN accounts a ON a.id = c.account_id \
             WHERE c.repository_id = $1 ORDER BY a.name LIMIT $2 OFFSET $3",
        )
        .bind(repository)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql("SELECT COUNT(*) FROM collaborators WHERE repository_id = $1")
        .bind(repository)
        .one()
        .await?;
    Ok((rows, total))
}
