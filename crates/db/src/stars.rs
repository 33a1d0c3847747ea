//! Who likes what. The number of stars is kept beside the pulls, exact with every commit.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, AccountName, RepositoryId};

use crate::sql::record;
use crate::{DbError, Tx};

/// Somebody who starred a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stargazer {
    pub name: AccountName,
    pub full_name: String,
    pub starred_at: Timestamp,
}

record!(Stargazer { name, full_name, starred_at });

/// Gives a star; `false` when it was given before.
pub async fn add(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    account: AccountId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let made = tx
        .sql(
            "INSERT INTO stars (repository_id, account_id, starred_at) VALUES ($1, $2, $3) \
             ON CONFLICT (repository_id, account_id) DO NOTHING",
        )
        .bind(repository)
        .bind(account)
        .bind(now)
        .run()
        .await?;
    if made == 1 {
        tx.sql("UPDATE repository_counts SET stars = stars + 1 WHERE repository_id = $1")
            .bind(repository)
            .run()
            .await?;
    }
    Ok(made == 1)
}

/// Takes a star back; `false` when there was none.
pub async fn remove(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    account: AccountId,
) -> Result<bool, DbError> {
    let removed = tx
        .sql("DELETE FROM stars WHERE repository_id = $1 AND account_id = $2")
        .bind(repository)
        .bind(account)
        .run()
        .await?;
    if removed == 1 {
        tx.sql("UPDATE repository_counts SET stars = stars - 1 WHERE repository_id = $1")
            .bind(repository)
            .run()
            .await?;
    }
    Ok(removed == 1)
}

/// Who starred a repository, the newest first, and how many they are.
pub async fn list(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    offset: u64,
    limit: u32,
) -> Result<(Vec<Stargazer>, u64), DbError> {
    let rows = tx
        .sql(
            "SELECT a.name, a.full_name, s.starred_at FROM stars s \
             JOIN accounts a ON a.id = s.account_id WHERE s.repository_id = $1 \
             ORDER BY s.starred_at DESC, a.id LIMIT $2 OFFSET $3",
        )
        .bind(repository)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql("SELECT stars FROM repository_counts WHERE repository_id = $1")
        .bind(repository)
        .one()
        .await?;
    Ok((rows, total))
}
