//! Second factors: the sealed secret of an authenticator, the last of its codes that counted, and the
//! hashes of recovery codes.

use roadstead_types::AccountId;
use roadstead_types::time::Timestamp;

use crate::sql::record;
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactorRecord {
    /// Sealed with a key that is not in the database.
    pub secret: Vec<u8>,
    /// A code of this time step or an earlier one does not count any more.
    pub last_step: i64,
    pub confirmed_at: Option<Timestamp>,
}

record!(SecondFactorRecord { secret, last_step, confirmed_at });

/// Keeps the secret of a factor that is not in force yet; `false` when one is.
pub async fn begin(
    tx: &mut Tx<'_>,
    account: AccountId,
    secret: &[u8],
    now: Timestamp,
) -> Result<bool, DbError> {
    let kept = tx
        .sql(
            "INSERT INTO second_factors (account_id, secret, last_step, created_at) \
             VALUES ($1, $2, 0, $3) ON CONFLICT (account_id) DO UPDATE SET \
             secret = excluded.secret, last_step = 0, created_at = excluded.created_at \
             WHERE second_factors.confirmed_at IS NULL",
        )
        .bind(account)
        .bind(secret)
        .bind(now)
        .run()
        .await?;
    Ok(kept == 1)
}

pub async fn find(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Option<SecondFactorRecord>, DbError> {
    tx.sql("SELECT secret, last_step, confirmed_at FROM second_factors WHERE account_id = $1")
        .bind(account)
        .row()
        .await
}

/// Puts a factor in force; `false` when there is none that waits for it.
pub async fn confirm(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<bool, DbError> {
    let confirmed = tx
        .sql(
            "UPDATE second_factors SET confirmed_at = $2 \
             WHERE account_id = $1 AND confirmed_at IS NULL",
        )
        .bind(account)
        .bind(now)
        .run()
        .await?;
    Ok(confirmed == 1)
}

/// Uses the code of a time step up; `false` when it, or a later one, was used before.
pub async fn advance(tx: &mut Tx<'_>, account: AccountId, step: i64) -> Result<bool, DbError> {
    let advanced = tx
        .sql("UPDATE second_factors SET last_step = $2 WHERE account_id = $1 AND last_step < $2")
        .bind(account)
        .bind(step)
        .run()
        .await?;
    Ok(advanced == 1)
}

/// Removes the factor and its recovery codes; `false` when none was in force.
pub async fn delete(tx: &mut Tx<'_>, account: AccountId) -> Result<bool, DbError> {
    tx.sql("DELETE FROM recovery_codes WHERE account_id = $1").bind(account).run().await?;
    let was_in_force: Option<(Option<Timestamp>,)> = tx
        .sql("DELETE FROM second_factors WHERE account_id = $1 RETURNING confirmed_at")
        .bind(account)
        .row()
        .await?;
    Ok(was_in_force.is_some_and(|(confirmed_at,)| confirmed_at.is_some()))
}

/// Puts other recovery codes in the place of all there are.
pub async fn replace_recovery_codes(
    tx: &mut Tx<'_>,
    account: AccountId,
    hashes: &[[u8; 32]],
) -> Result<(), DbError> {
    tx.sql("DELETE FROM recovery_codes WHERE account_id = $1").bind(account).run().await?;
    for hash in hashes {
        tx.sql("INSERT INTO recovery_codes (account_id, code_hash) VALUES ($1, $2)")
            .bind(account)
            .bind(hash)
            .run()
            .await?;
    }
    Ok(())
}

/// Uses a recovery code up; `false` when it is none, or was used before.
pub async fn take_recovery_code(
    tx: &mut Tx<'_>,
    account: AccountId,
    hash: &[u8; 32],
) -> Result<bool, DbError> {
    let taken = tx
        .sql("DELETE FROM recovery_codes WHERE account_id = $1 AND code_hash = $2")
        .bind(account)
        .bind(hash)
        .run()
        .await?;
    Ok(taken == 1)
}

pub async fn count_recovery_codes(tx: &mut Tx<'_>, account: AccountId) -> Result<u64, DbError> {
    let row: Option<(u64,)> = tx
        .sql("SELECT COUNT(*) FROM recovery_codes WHERE account_id = $1")
        .bind(account)
        .row()
        .await?;
    Ok(row.map_or(0, |(count,)| count))
}
