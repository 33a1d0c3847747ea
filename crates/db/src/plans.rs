//! Plans: what a namespace may have.

use roadstead_types::AccountId;
use roadstead_types::time::Timestamp;

use crate::sql::record;
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRecord {
    pub name: String,
    /// Without limit where there is none.
    pub private_repositories: Option<u64>,
    pub storage_bytes: Option<u64>,
    pub members: Option<u64>,
    /// Pulls in a window of the pull rate limit.
    pub pulls: Option<u64>,
    pub created_at: Timestamp,
}

record!(PlanRecord { name, private_repositories, storage_bytes, members, pulls, created_at });

/// Makes a plan, or changes what it allows.
pub async fn put(tx: &mut Tx<'_>, plan: &PlanRecord) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO plans (name, private_repositories, storage_bytes, members, pulls, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO UPDATE SET \
         private_repositories = $2, storage_bytes = $3, members = $4, pulls = $5",
    )
    .bind(&plan.name)
    .bind(plan.private_repositories)
    .bind(plan.storage_bytes)
    .bind(plan.members)
    .bind(plan.pulls)
    .bind(plan.created_at)
    .run()
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx<'_>, name: &str) -> Result<Option<PlanRecord>, DbError> {
    tx.sql(
        "SELECT name, private_repositories, storage_bytes, members, pulls, created_at FROM plans \
         WHERE name = $1",
    )
    .bind(name)
    .row()
    .await
}

pub async fn list(tx: &mut Tx<'_>) -> Result<Vec<PlanRecord>, DbError> {
    tx.sql(
        "SELECT name, private_repositories, storage_bytes, members, pulls, created_at FROM plans \
         ORDER BY name LIMIT 1000",
    )
    .rows()
    .await
}

/// Removes a plan that no account has; `false` when one has it or there is none.
pub async fn delete(tx: &mut Tx<'_>, name: &str) -> Result<bool, DbError> {
    let removed = tx
        .sql(
            "DELETE FROM plans WHERE name = $1 \
             AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.plan = $1)",
        )
        .bind(name)
        .run()
        .await?;
    Ok(removed == 1)
}

/// Gives an account a plan; without a name, the default one.
pub async fn set_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    name: Option<&str>,
) -> Result<bool, DbError> {
    let changed = tx
        .sql("UPDATE accounts SET plan = $2 WHERE id = $1")
        .bind(account)
        .bind(name)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Holds the account until the end of the transaction, so that two requests do not take the last
/// place at once, and returns the name of its plan.
pub async fn hold(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<String>, DbError> {
    let row: Option<(Option<String>,)> = tx
        .sql("UPDATE accounts SET plan = plan WHERE id = $1 RETURNING plan")
        .bind(account)
        .row()
        .await?;
    Ok(row.and_then(|(plan,)| plan))
}

/// The plan that an account was given; `None` is the default one.
pub async fn of(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<PlanRecord>, DbError> {
    tx.sql(
        "SELECT p.name, p.private_repositories, p.storage_bytes, p.members, p.pulls, p.created_at \
         FROM accounts a JOIN plans p ON p.name = a.plan WHERE a.id = $1",
    )
    .bind(account)
    .row()
    .await
}
