//! Links in letters: one-time codes that belong to an account and to the address they were sent to.

use roadstead_types::AccountId;
use roadstead_types::time::Timestamp;

use crate::codes::Purpose;
use crate::sql::record;
use crate::{DbError, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRecord {
    pub account_id: AccountId,
    /// The address as it was when the link was sent.
    pub email: String,
}

record!(LinkRecord { account_id, email });

#[derive(Clone, Debug)]
pub struct NewLink<'a> {
    pub secret_hash: [u8; 32],
    pub purpose: Purpose,
    pub account_id: AccountId,
    pub email: &'a str,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

pub async fn insert(tx: &mut Tx<'_>, new: &NewLink<'_>) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO one_time_codes (secret_hash, purpose, created_at, expires_at, account_id, \
         email) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.secret_hash)
    .bind(new.purpose)
    .bind(new.created_at)
    .bind(new.expires_at)
    .bind(new.account_id)
    .bind(new.email)
    .run()
    .await?;
    Ok(())
}

/// What [`take`] would return; for showing the page behind a link.
pub async fn find(
    tx: &mut Tx<'_>,
    secret_hash: &[u8; 32],
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<LinkRecord>, DbError> {
    tx.sql(
        "SELECT account_id, email FROM one_time_codes WHERE secret_hash = $1 AND purpose = $2 \
         AND expires_at > $3 AND account_id IS NOT NULL",
    )
    .bind(secret_hash)
    .bind(purpose)
    .bind(now)
    .row()
    .await
}

/// Uses a link up; `None` when it is none, has another purpose, has expired or was used before.
pub async fn take(
    tx: &mut Tx<'_>,
    secret_hash: &[u8; 32],
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<LinkRecord>, DbError> {
    tx.sql(
        "DELETE FROM one_time_codes WHERE secret_hash = $1 AND purpose = $2 \
         AND expires_at > $3 AND account_id IS NOT NULL RETURNING account_id, email",
    )
    .bind(secret_hash)
    .bind(purpose)
    .bind(now)
    .row()
    .await
}

/// Makes all links of an account for a purpose void.
pub async fn delete_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    purpose: Purpose,
) -> Result<u64, DbError> {
    tx.sql("DELETE FROM one_time_codes WHERE account_id = $1 AND purpose = $2")
        .bind(account)
        .bind(purpose)
        .run()
        .await
}
