//! E-mail addresses of accounts. Only a verified one has its key, and so belongs to its account alone.

use roadstead_types::AccountId;
use roadstead_types::time::Timestamp;

use crate::{DbError, Tx};

/// The address that waits to be confirmed.
pub async fn find_pending(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<String>, DbError> {
    let row: Option<(Option<String>,)> =
        tx.sql("SELECT pending_email FROM accounts WHERE id = $1").bind(id).row().await?;
    Ok(row.and_then(|(pending,)| pending))
}

pub async fn set_pending(
    tx: &mut Tx<'_>,
    id: AccountId,
    pending: Option<&str>,
) -> Result<bool, DbError> {
    let changed = tx
        .sql("UPDATE accounts SET pending_email = $2 WHERE id = $1")
        .bind(id)
        .bind(pending)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Gives an account a verified address; `false` when it is another's. Of two accounts that claim one
/// address at the same moment, the second gets [`DbError::Conflict`].
pub async fn claim(
    tx: &mut Tx<'_>,
    id: AccountId,
    email: &str,
    email_key: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let claimed = tx
        .sql(
            "UPDATE accounts SET email = $2, email_key = $3, email_verified_at = $4, \
             pending_email = NULL WHERE id = $1 AND NOT EXISTS \
             (SELECT 1 FROM accounts other WHERE other.email_key = $3 AND other.id <> $1)",
        )
        .bind(id)
        .bind(email)
        .bind(email_key)
        .bind(now)
        .run()
        .await?;
    Ok(claimed == 1)
}
