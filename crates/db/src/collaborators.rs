//! People whom the owner of a repository lets in.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, RepositoryId, Role};

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
