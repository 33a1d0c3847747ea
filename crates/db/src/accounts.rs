//! Accounts: users, organizations and `library`.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, AccountName};

use crate::sql::record;
use crate::values::words;
use crate::{DbError, Tx, dialect};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountKind {
    User,
    Organization,
    /// The namespace of official images, owned by the hub's administrators.
    Library,
}

words!(AccountKind { User = "user", Organization = "organization", Library = "library" });

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    pub id: AccountId,
    /// 32 hex digits; what other programs call the id.
    pub uuid: String,
    pub name: AccountName,
    pub kind: AccountKind,
    pub full_name: String,
    pub location: String,
    pub company: String,
    pub profile_url: String,
    pub email: Option<String>,
    pub email_verified_at: Option<Timestamp>,
    pub password_hash: Option<String>,
    /// Moves on when credentials handed out before must not count any more.
    pub credentials_epoch: i64,
    pub is_admin: bool,
    /// Whether repositories made by a push start private.
    pub default_private: bool,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    /// Whether a password alone does not sign in.
    pub has_second_factor: bool,
}

record!(AccountRecord {
    id,
    uuid,
    name,
    kind,
    full_name,
    location,
    company,
    profile_url,
    email,
    email_verified_at,
    password_hash,
    credentials_epoch,
    is_admin,
    default_private,
    created_at,
    disabled_at,
    deleted_at,
    has_second_factor,
});

/// The columns of an [`AccountRecord`], for queries that join accounts as `a`.
macro_rules! account_columns {
    () => {
        "a.id, a.uuid, a.name, a.kind, a.full_name, a.location, a.company, a.profile_url, a.email, a.email_verified_at, \
         a.password_hash, a.credentials_epoch, a.is_admin, a.default_private, a.created_at, \
         a.disabled_at, a.deleted_at, EXISTS (SELECT 1 FROM second_factors f \
         WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL)"
    };
}
pub(crate) use account_columns;

#[derive(Clone, Debug)]
pub struct NewAccount {
    pub id: AccountId,
    pub uuid: String,
    pub name: AccountName,
    pub kind: AccountKind,
    pub full_name: String,
    pub email: Option<String>,
    /// The e-mail as it is compared: one spelling for each mailbox.
    pub email_key: Option<String>,
    pub email_verified_at: Option<Timestamp>,
    pub password_hash: Option<String>,
    pub is_admin: bool,
    pub default_private: bool,
    pub created_at: Timestamp,
}

/// What stands in the way of a new account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Name,
    Email,
}

/// Adds an account. A name that any account ever had is taken.
pub async fn insert(tx: &mut Tx<'_>, new: &NewAccount) -> Result<Result<(), Taken>, DbError> {
    if name_is_taken(tx, &new.name).await? {
        return Ok(Err(Taken::Name));
    }
    if !insert_row(tx, new).await? {
        return Ok(Err(taken(tx, new).await?));
    }
    let named = tx
        .sql(
            "INSERT INTO account_names (name, account_id, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(&new.name)
        .bind(new.id)
        .bind(new.created_at)
        .run()
        .await?;
    // The name went to somebody who kept it only for a moment in between.
    if named == 1 { Ok(Ok(())) } else { Err(DbError::Busy) }
}

async fn insert_row(tx: &mut Tx<'_>, new: &NewAccount) -> Result<bool, DbError> {
    let inserted = tx
        .sql(
            "INSERT INTO accounts (id, uuid, name, kind, full_name, email, email_key, \
             email_verified_at, password_hash, credentials_epoch, is_admin, default_private, \
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12) \
             ON CONFLICT DO NOTHING",
        )
        .bind(new.id)
        .bind(&new.uuid)
        .bind(&new.name)
        .bind(new.kind)
        .bind(&new.full_name)
        .bind(new.email.as_ref())
        .bind(new.email_key.as_ref())
        .bind(new.email_verified_at)
        .bind(new.password_hash.as_ref())
        .bind(new.is_admin)
        .bind(new.default_private)
        .bind(new.created_at)
        .run()
        .await?;
    Ok(inserted == 1)
}

/// Which of the keys of `new` kept it out; `Busy` when it was a generated id.
async fn taken(tx: &mut Tx<'_>, new: &NewAccount) -> Result<Taken, DbError> {
    if name_is_taken(tx, &new.name).await? {
        return Ok(Taken::Name);
    }
    let holder = match &new.email_key {
        Some(key) => find_by_email_key(tx, key).await?,
        None => None,
    };
    holder.map(|_| Taken::Email).ok_or(DbError::Busy)
}

async fn name_is_taken(tx: &mut Tx<'_>, name: &AccountName) -> Result<bool, DbError> {
    let row: Option<(i64,)> =
        tx.sql("SELECT account_id FROM account_names WHERE name = $1").bind(name).row().await?;
    Ok(row.is_some())
}

/// The account of official images, made of `new` when there is none yet.
pub async fn ensure_library(tx: &mut Tx<'_>, new: &NewAccount) -> Result<AccountId, DbError> {
    if let Some(account) = find_by_name(tx, &new.name).await? {
        return Ok(account.id);
    }
    match insert(tx, new).await? {
        Ok(()) => Ok(new.id),
        // Another node was faster.
        Err(_) => find_by_name(tx, &new.name).await?.map(|a| a.id).ok_or(DbError::Busy),
    }
}

pub async fn find_by_id(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<AccountRecord>, DbError> {
    tx.sql(concat!("SELECT ", account_columns!(), " FROM accounts a WHERE a.id = $1"))
        .bind(id)
        .row()
        .await
}

/// Finds an account by the id that clients know it by.
pub async fn find_by_uuid(tx: &mut Tx<'_>, uuid: &str) -> Result<Option<AccountRecord>, DbError> {
    tx.sql(concat!("SELECT ", account_columns!(), " FROM accounts a WHERE a.uuid = $1"))
        .bind(uuid)
        .row()
        .await
}

/// Keeps an account from being renamed or deleted until this transaction ends; `false` when it is gone.
pub async fn hold(tx: &mut Tx<'_>, id: AccountId) -> Result<bool, DbError> {
    let text = dialect::hold_account(tx.engine());
    let row: Option<(AccountId,)> = tx.sql(text).bind(id).row().await?;
    Ok(row.is_some())
}

/// Finds an account by any name it has or had.
pub async fn find_by_name(
    tx: &mut Tx<'_>,
    name: &AccountName,
) -> Result<Option<AccountRecord>, DbError> {
    tx.sql(concat!(
        "SELECT ",
        account_columns!(),
        " FROM account_names n JOIN accounts a ON a.id = n.account_id WHERE n.name = $1"
    ))
    .bind(name)
    .row()
    .await
}

pub async fn find_by_email_key(
    tx: &mut Tx<'_>,
    email_key: &str,
) -> Result<Option<AccountRecord>, DbError> {
    tx.sql(concat!("SELECT ", account_columns!(), " FROM accounts a WHERE a.email_key = $1"))
        .bind(email_key)
        .row()
        .await
}

/// Sets a new password; everything that was signed in with the old one is signed out.
pub async fn set_password(
    tx: &mut Tx<'_>,
    id: AccountId,
    hash: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .sql(
            "UPDATE accounts SET password_hash = $2, password_changed_at = $3, \
             credentials_epoch = credentials_epoch + 1 WHERE id = $1",
        )
        .bind(id)
        .bind(hash)
        .bind(now)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Makes everything void that was handed out to the account for its password.
pub async fn sign_out(tx: &mut Tx<'_>, id: AccountId) -> Result<bool, DbError> {
    let changed = tx
        .sql("UPDATE accounts SET credentials_epoch = credentials_epoch + 1 WHERE id = $1")
        .bind(id)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Replaces the hash of the same password by one of other cost; nobody is signed out. Nothing happens
/// when the password was changed meanwhile.
pub async fn replace_hash(
    tx: &mut Tx<'_>,
    id: AccountId,
    old: &str,
    new: &str,
) -> Result<bool, DbError> {
    let changed = tx
        .sql("UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
        .bind(id)
        .bind(old)
        .bind(new)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Locks an account out, and all that was handed out in its name; or lets it in again.
pub async fn set_disabled(
    tx: &mut Tx<'_>,
    id: AccountId,
    disabled_at: Option<Timestamp>,
) -> Result<bool, DbError> {
    let changed = tx
        .sql(
            "UPDATE accounts SET disabled_at = $2, credentials_epoch = credentials_epoch + $3 \
             WHERE id = $1",
        )
        .bind(id)
        .bind(disabled_at)
        .bind(i64::from(disabled_at.is_some()))
        .run()
        .await?;
    Ok(changed == 1)
}

pub async fn set_admin(tx: &mut Tx<'_>, id: AccountId, is_admin: bool) -> Result<bool, DbError> {
    let changed = tx
        .sql("UPDATE accounts SET is_admin = $2 WHERE id = $1")
        .bind(id)
        .bind(is_admin)
        .run()
        .await?;
    Ok(changed == 1)
}

/// The language that somebody reads the site in, if one was chosen.
pub async fn find_language(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<String>, DbError> {
    let row: Option<(Option<String>,)> =
        tx.sql("SELECT language FROM accounts WHERE id = $1").bind(id).row().await?;
    Ok(row.and_then(|(language,)| language))
}

pub async fn set_language(
    tx: &mut Tx<'_>,
    id: AccountId,
    language: Option<&str>,
) -> Result<(), DbError> {
    tx.sql("UPDATE accounts SET language = $2 WHERE id = $1").bind(id).bind(language).run().await?;
    Ok(())
}

/// Ends a user's account: nothing opens it any more, and nothing is kept of the person. The row stays, so
/// its names stay reserved; `false` when there is no such user.
pub async fn delete(tx: &mut Tx<'_>, id: AccountId, now: Timestamp) -> Result<bool, DbError> {
    let changed = tx
        .sql(
            "UPDATE accounts SET deleted_at = $2, credentials_epoch = credentials_epoch + 1, \
             email = NULL, email_key = NULL, email_verified_at = NULL, pending_email = NULL, \
             password_hash = NULL, is_admin = FALSE, full_name = '', location = '', company = '', \
             profile_url = '', language = NULL WHERE id = $1 AND kind = 'user' AND deleted_at IS NULL",
        )
        .bind(id)
        .bind(now)
        .run()
        .await?;
    if changed == 0 {
        return Ok(false);
    }
    for belonging in [
        "DELETE FROM access_tokens WHERE account_id = $1",
        "DELETE FROM sessions WHERE account_id = $1",
        "DELETE FROM recovery_codes WHERE account_id = $1",
        "DELETE FROM second_factors WHERE account_id = $1",
        "DELETE FROM one_time_codes WHERE account_id = $1",
        "DELETE FROM invitations WHERE account_id = $1",
        "DELETE FROM team_members WHERE account_id = $1",
        "DELETE FROM members WHERE account_id = $1",
        "DELETE FROM collaborators WHERE account_id = $1",
        "UPDATE repository_counts SET stars = stars - 1 WHERE repository_id IN \
         (SELECT repository_id FROM stars WHERE account_id = $1)",
        "DELETE FROM stars WHERE account_id = $1",
    ] {
        tx.sql(belonging).bind(id).run().await?;
    }
    Ok(true)
}

/// Whether there is any administrator, even one who is locked out.
pub async fn exists_administrator(tx: &mut Tx<'_>) -> Result<bool, DbError> {
    let row: Option<(i64,)> =
        tx.sql("SELECT id FROM accounts WHERE is_admin = TRUE LIMIT 1").row().await?;
    Ok(row.is_some())
}
