//! One-time codes, kept as their SHA-256.

use roadstead_types::time::Timestamp;

use crate::values::words;
use crate::{DbError, Tx};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Makes the first administrator.
    Setup,
    /// Makes an account while sign-up is by invitation.
    Invite,
    /// Verifies an e-mail address of an account.
    VerifyAddress,
    /// Sets a new password.
    ResetPassword,
    /// The step between the password and the second factor.
    SignIn,
}

words!(Purpose {
    Setup = "setup",
    Invite = "invite",
    VerifyAddress = "verify",
    ResetPassword = "reset-password",
    SignIn = "sign-in",
});

pub async fn insert(
    tx: &mut Tx<'_>,
    secret_hash: &[u8; 32],
    purpose: Purpose,
    created_at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO one_time_codes (secret_hash, purpose, created_at, expires_at) \
         VALUES ($1, $2, $3, $4)",
    )
    .bind(secret_hash)
    .bind(purpose)
    .bind(created_at)
    .bind(expires_at)
    .run()
    .await?;
    Ok(())
}

/// Uses a code up; `false` when it is none, has another purpose, has expired or was used before.
pub async fn take(
    tx: &mut Tx<'_>,
    secret_hash: &[u8; 32],
    purpose: Purpose,
    now: Timestamp,
) -> Result<bool, DbError> {
    let taken = tx
        .sql(
            "DELETE FROM one_time_codes WHERE secret_hash = $1 AND purpose = $2 \
             AND expires_at > $3",
        )
        .bind(secret_hash)
        .bind(purpose)
        .bind(now)
        .run()
        .await?;
    Ok(taken == 1)
}

/// Whether [`take`] would succeed.
pub async fn exists(
    tx: &mut Tx<'_>,
    secret_hash: &[u8; 32],
    purpose: Purpose,
    now: Timestamp,
) -> Result<bool, DbError> {
    let row: Option<(i64,)> = tx
        .sql(
            "SELECT expires_at FROM one_time_codes WHERE secret_hash = $1 AND purpose = $2 \
             AND expires_at > $3",
        )
        .bind(secret_hash)
        .bind(purpose)
        .bind(now)
        .row()
        .await?;
    Ok(row.is_some())
}

/// Removes all codes of a purpose, used or not.
pub async fn delete_all(tx: &mut Tx<'_>, purpose: Purpose) -> Result<u64, DbError> {
    tx.sql("DELETE FROM one_time_codes WHERE purpose = $1").bind(purpose).run().await
}

/// Removes codes that have expired.
pub async fn purge(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, DbError> {
    tx.sql("DELETE FROM one_time_codes WHERE expires_at <= $1").bind(now).run().await
}
