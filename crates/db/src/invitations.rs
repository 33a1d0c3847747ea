//! Open invitations to organizations.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, AccountName, InvitationId, TeamId};

use crate::members::Membership;
use crate::sql::record;
use crate::{DbError, Tx};

#[derive(Clone, Debug)]
pub struct NewInvitation {
    pub id: InvitationId,
    pub uuid: String,
    pub organization_id: AccountId,
    pub team_id: Option<TeamId>,
    pub role: Membership,
    pub invitee: Invitee,
    pub inviter_id: AccountId,
    pub secret_hash: [u8; 32],
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Whom an invitation is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invitee {
    Account(AccountId),
    /// An address, and the one spelling by which addresses are compared.
    Email {
        address: String,
        key: String,
    },
}

impl Invitee {
    fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account(id) => Some(*id),
            Self::Email { .. } => None,
        }
    }

    fn email(&self) -> Option<(&str, &str)> {
        match self {
            Self::Account(_) => None,
            Self::Email { address, key } => Some((address, key)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRecord {
    pub id: InvitationId,
    pub uuid: String,
    pub organization_id: AccountId,
    pub organization: AccountName,
    pub team_id: Option<TeamId>,
    pub team: Option<String>,
    pub role: Membership,
    pub account_id: Option<AccountId>,
    pub account: Option<AccountName>,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub inviter: AccountName,
    pub secret_hash: [u8; 32],
    pub created_at: Timestamp,
    pub sent_at: Timestamp,
    pub expires_at: Timestamp,
}

record!(InvitationRecord {
    id,
    uuid,
    organization_id,
    organization,
    team_id,
    team,
    role,
    account_id,
    account,
    email,
    email_key,
    inviter,
    secret_hash,
    created_at,
    sent_at,
    expires_at,
});

macro_rules! select_invitations {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.uuid, i.organization_id, o.name, i.team_id, t.name, i.role, \
             i.account_id, a.name, i.email, i.email_key, b.name, i.secret_hash, i.created_at, \
             i.sent_at, i.expires_at FROM invitations i JOIN accounts o ON o.id = i.organization_id \
             JOIN accounts b ON b.id = i.inviter_id LEFT JOIN teams t ON t.id = i.team_id \
             LEFT JOIN accounts a ON a.id = i.account_id WHERE ",
            $rest
        )
    };
}

pub async fn insert(tx: &mut Tx<'_>, new: &NewInvitation) -> Result<(), DbError> {
    let email = new.invitee.email();
    tx.sql(
        "INSERT INTO invitations (id, uuid, organization_id, team_id, role, account_id, email, \
         email_key, inviter_id, secret_hash, created_at, sent_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)",
    )
    .bind(new.id)
    .bind(&new.uuid)
    .bind(new.organization_id)
    .bind(new.team_id)
    .bind(new.role)
    .bind(new.invitee.account())
    .bind(email.map(|(address, _)| address))
    .bind(email.map(|(_, key)| key))
    .bind(new.inviter_id)
    .bind(new.secret_hash)
    .bind(new.created_at)
    .bind(new.expires_at)
    .run()
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx<'_>, uuid: &str) -> Result<Option<InvitationRecord>, DbError> {
    tx.sql(select_invitations!("i.uuid = $1")).bind(uuid).row().await
}

pub async fn find_by_id(
    tx: &mut Tx<'_>,
    id: InvitationId,
) -> Result<Option<InvitationRecord>, DbError> {
    tx.sql(select_invitations!("i.id = $1")).bind(id).row().await
}

/// The invitation of somebody to an organization, run out or not.
pub async fn find_for(
    tx: &mut Tx<'_>,
    organization: AccountId,
    invitee: &Invitee,
) -> Result<Option<InvitationRecord>, DbError> {
    tx.sql(select_invitations!(
        "i.organization_id = $1 AND (i.account_id = $2 OR i.email_key = $3)"
    ))
    .bind(organization)
    .bind(invitee.account())
    .bind(invitee.email().map(|(_, key)| key))
    .row()
    .await
}

/// The newest invitations of an organization.
pub async fn list(
    tx: &mut Tx<'_>,
    organization: AccountId,
    offset: u64,
    limit: u32,
) -> Result<(Vec<InvitationRecord>, u64), DbError> {
    let rows = tx
        .sql(select_invitations!("i.organization_id = $1 ORDER BY i.id DESC LIMIT $2 OFFSET $3"))
        .bind(organization)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql("SELECT COUNT(*) FROM invitations WHERE organization_id = $1")
        .bind(organization)
        .one()
        .await?;
    Ok((rows, total))
}

/// A page of the invitations that somebody can accept, the newest first.
pub async fn list_for(
    tx: &mut Tx<'_>,
    account: AccountId,
    email_key: Option<&str>,
    now: Timestamp,
    offset: u64,
    limit: u32,
) -> Result<(Vec<InvitationRecord>, u64), DbError> {
    let rows = tx
        .sql(select_invitations!(
            "(i.account_id = $1 OR i.email_key = $2) AND i.expires_at > $3 \
             ORDER BY i.id DESC LIMIT $4 OFFSET $5"
        ))
        .bind(account)
        .bind(email_key)
        .bind(now)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql(
            "SELECT COUNT(*) FROM invitations \
             WHERE (account_id = $1 OR email_key = $2) AND expires_at > $3",
        )
        .bind(account)
        .bind(email_key)
        .bind(now)
        .one()
        .await?;
    Ok((rows, total))
}

/// How many invitations of an organization can still be accepted.
pub async fn count_open(
    tx: &mut Tx<'_>,
    organization: AccountId,
    now: Timestamp,
) -> Result<u64, DbError> {
    let (count,) = tx
        .sql("SELECT COUNT(*) FROM invitations WHERE organization_id = $1 AND expires_at > $2")
        .bind(organization)
        .bind(now)
        .one()
        .await?;
    Ok(count)
}

/// Gives an invitation all its time again, to a team and a role that may have changed.
pub async fn renew(
    tx: &mut Tx<'_>,
    id: InvitationId,
    (team, role): (Option<TeamId>, Membership),
    sent_at: Timestamp,
    expires_at: Timestamp,
) -> Result<bool, DbError> {
    let changed = tx
        .sql(
            "UPDATE invitations SET team_id = $2, role = $3, sent_at = $4, expires_at = $5 \
             WHERE id = $1",
        )
        .bind(id)
        .bind(team)
        .bind(role)
        .bind(sent_at)
        .bind(expires_at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Puts another secret into the link of an invitation; the former link is void.
pub async fn set_secret(
    tx: &mut Tx<'_>,
    id: InvitationId,
    secret_hash: &[u8; 32],
) -> Result<bool, DbError> {
    let changed = tx
        .sql("UPDATE invitations SET secret_hash = $2 WHERE id = $1")
        .bind(id)
        .bind(secret_hash)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Takes an invitation away; `false` when somebody was faster.
pub async fn delete(tx: &mut Tx<'_>, id: InvitationId) -> Result<bool, DbError> {
    Ok(tx.sql("DELETE FROM invitations WHERE id = $1").bind(id).run().await? == 1)
}

/// Takes away what somebody was invited to before they belonged to the organization anyway.
pub async fn delete_for(
    tx: &mut Tx<'_>,
    organization: AccountId,
    account: AccountId,
    email_key: Option<&str>,
) -> Result<u64, DbError> {
    tx.sql(
        "DELETE FROM invitations WHERE organization_id = $1 \
         AND (account_id = $2 OR email_key = $3)",
    )
    .bind(organization)
    .bind(account)
    .bind(email_key)
    .run()
    .await
}

/// Removes invitations that ran out before `before`.
pub async fn purge(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.sql("DELETE FROM invitations WHERE expires_at <= $1").bind(before).run().await
}
