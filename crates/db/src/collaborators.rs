//! People whom the owner of a repository lets in.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, AccountName, RepositoryId, Role};

use crate::{DbError, Tx};

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

/// A page of the names of those who are in, and how many there are in all.
pub async fn list(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    offset: u64,
    limit: u32,
) -> Result<(Vec<AccountName>, u64), DbError> {
    let rows: Vec<(AccountName,)> = tx
        .sql(
            "SELECT a.name FROM collaborators c JOIN accounts a ON a.id = c.account_id \
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
    Ok((rows.into_iter().map(|(name,)| name).collect(), total))
}
