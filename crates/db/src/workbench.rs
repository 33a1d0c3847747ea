//! What somebody works on: the repositories they own or may push to, in whatever namespace.

use roadstead_types::{AccountId, AccountName, Role};
use sqlx::AssertSqlSafe;

use crate::repos::{
    RepositoryRecord, Visibility, is_visible, repository_columns, repository_tables,
};
use crate::sql::containing;
use crate::{DbError, Tx};

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WorkOrder {
    /// What was pushed last.
    #[default]
    Pushed,
    Name,
    Stars,
    Pulls,
}

#[derive(Clone, Debug, Default)]
pub struct WorkFilter {
    /// Part of the path, the namespace included.
    pub text: String,
    pub namespace: Option<AccountName>,
    pub is_private: Option<bool>,
    pub order: WorkOrder,
}

/// `$1` and `$2` are the eyes, `$3` is who works there and `$4` the least role on others' repositories. It begins
/// with the few rows that name the account, not with all repositories.
macro_rules! worked_on {
    () => {
        concat!(
            "r.deleted_at IS NULL AND ",
            is_visible!(),
            " AND r.id IN (\
             SELECT o.id FROM repositories o WHERE o.namespace_id = $3 \
             UNION ALL SELECT o.id FROM accounts l JOIN repositories o ON o.namespace_id = l.id \
             WHERE l.kind = 'library' AND $2 = TRUE \
             UNION ALL SELECT o.id FROM team_members m JOIN teams t ON t.id = m.team_id \
             JOIN repositories o ON o.namespace_id = t.organization_id \
             WHERE m.account_id = $3 AND t.is_owners = TRUE \
             UNION ALL SELECT o.id FROM members m \
             JOIN repositories o ON o.namespace_id = m.organization_id \
             WHERE m.account_id = $3 AND m.is_editor = TRUE \
             UNION ALL SELECT g.repository_id FROM team_members m \
             JOIN team_grants g ON g.team_id = m.team_id \
             WHERE m.account_id = $3 AND g.level >= $4 \
             UNION ALL SELECT c.repository_id FROM collaborators c \
             WHERE c.account_id = $3 AND c.level >= $4) \
             AND ($5 IS NULL OR n.name = $5) AND ($6 = '' OR r.path LIKE $6 ESCAPE '!')"
        )
    };
}

impl WorkFilter {
    const fn only(&self) -> &'static str {
        match self.is_private {
            None => "",
            Some(true) => " AND r.is_private = TRUE",
            Some(false) => " AND r.is_private = FALSE",
        }
    }

    /// Each order ends with the id, so that pages never overlap.
    const fn order_by(&self) -> &'static str {
        match self.order {
            WorkOrder::Pushed => " ORDER BY r.pushed_at DESC NULLS LAST, r.id DESC",
            WorkOrder::Name => " ORDER BY r.path",
            WorkOrder::Stars => " ORDER BY c.stars DESC, r.id DESC",
            WorkOrder::Pulls => " ORDER BY c.pulls DESC, r.id DESC",
        }
    }
}

/// A page of what `account` works on, as far as `eyes` see it, and how many those are.
pub async fn list(
    tx: &mut Tx<'_>,
    account: AccountId,
    eyes: &Visibility,
    filter: &WorkFilter,
    offset: u64,
    limit: u32,
) -> Result<(Vec<RepositoryRecord>, u64), DbError> {
    let from = concat!(" FROM ", repository_tables!(), " WHERE ", worked_on!());
    let (only, order_by) = (filter.only(), filter.order_by());
    let page = format!("SELECT {}{from}{only}{order_by} LIMIT $7 OFFSET $8", repository_columns!());
    let rows =
        asked(tx, page, account, eyes, filter).bind(i64::from(limit)).bind(offset).rows().await?;
    let (total,) =
        asked(tx, format!("SELECT COUNT(*){from}{only}"), account, eyes, filter).one().await?;
    Ok((rows, total))
}

fn asked<'t, 'c>(
    tx: &'t mut Tx<'c>,
    text: String,
    account: AccountId,
    eyes: &Visibility,
    filter: &WorkFilter,
) -> crate::sql::Statement<'t, 'c> {
    tx.sql(AssertSqlSafe(text))
        .bind(eyes.account)
        .bind(eyes.admin)
        .bind(account)
        .bind(Role::Write)
        .bind(filter.namespace.clone())
        .bind(containing(&filter.text))
}
