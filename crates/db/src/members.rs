//! Who belongs to an organization, and as what.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, AccountName};

use crate::{DbError, Tx};

/// What somebody is in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Membership {
    Member,
    /// May also make, change and delete repositories.
    Editor,
    Owner,
}

/// The organization of that name, and what `account` is in it.
pub async fn find_membership(
    tx: &mut Tx<'_>,
    organization: &AccountName,
    account: AccountId,
) -> Result<Option<(AccountId, Option<Membership>)>, DbError> {
    let found: Option<(AccountId, bool, bool, bool)> = tx
        .sql(
            "SELECT o.id, EXISTS (SELECT 1 FROM teams t JOIN team_members m ON m.team_id = t.id \
             WHERE t.organization_id = o.id AND t.is_owners = TRUE AND m.account_id = $2), \
             EXISTS (SELECT 1 FROM members e WHERE e.organization_id = o.id \
             AND e.account_id = $2 AND e.is_editor = TRUE), \
             EXISTS (SELECT 1 FROM members e WHERE e.organization_id = o.id \
             AND e.account_id = $2) \
             FROM accounts o WHERE o.name = $1 AND o.kind = 'organization' \
             AND o.disabled_at IS NULL AND o.deleted_at IS NULL",
        )
        .bind(organization)
        .bind(account)
        .row()
        .await?;
    Ok(found.map(|(id, is_owner, is_editor, is_member)| {
        let membership = match (is_owner, is_editor, is_member) {
            (true, _, _) => Some(Membership::Owner),
            (_, true, _) => Some(Membership::Editor),
            (_, _, true) => Some(Membership::Member),
            _ => None,
        };
        (id, membership)
    }))
}

/// Makes somebody a member, or changes what kind of member they are.
pub async fn set(
    tx: &mut Tx<'_>,
    organization: AccountId,
    account: AccountId,
    is_editor: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO members (organization_id, account_id, is_editor, joined_at) \
         VALUES ($1, $2, $3, $4) \
         ON CONFLICT (organization_id, account_id) DO UPDATE SET is_editor = $3",
    )
    .bind(organization)
    .bind(account)
    .bind(is_editor)
    .bind(now)
    .run()
    .await?;
    Ok(())
}
