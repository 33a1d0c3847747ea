//! Pages of repositories: of a namespace, and starred by somebody.

use roadstead_types::{AccountId, RepositoryId};
use sqlx::AssertSqlSafe;

use crate::repos::{
    RepositoryRecord, Visibility, is_visible, repository_columns, repository_tables,
};
use crate::sql::{escaped, record};
use crate::{DbError, Tx};

/// What a list of a namespace is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepositoryOrder {
    Name,
    Pushed,
    Pulls,
}

#[derive(Clone, Copy, Debug)]
pub struct NamespaceList<'a> {
    pub namespace: AccountId,
    /// The namespace's present name, with which all its paths begin.
    pub namespace_name: &'a str,
    pub eyes: Visibility,
    /// Part of the repository's name.
    pub name_part: Option<&'a str>,
    pub order: RepositoryOrder,
    pub is_descending: bool,
    pub offset: u64,
    pub limit: u32,
}

impl NamespaceList<'_> {
    /// Each order ends with the id, so that pages never overlap.
    const fn order_by(&self) -> &'static str {
        match (self.order, self.is_descending) {
            (RepositoryOrder::Name, false) => " ORDER BY r.path",
            (RepositoryOrder::Name, true) => " ORDER BY r.path DESC",
            (RepositoryOrder::Pushed, false) => " ORDER BY r.pushed_at NULLS FIRST, r.id",
            (RepositoryOrder::Pushed, true) => " ORDER BY r.pushed_at DESC NULLS LAST, r.id DESC",
            (RepositoryOrder::Pulls, false) => " ORDER BY c.pulls, c.repository_id",
            (RepositoryOrder::Pulls, true) => " ORDER BY c.pulls DESC, c.repository_id DESC",
        }
    }

    fn condition(&self) -> &'static str {
        match self.name_part {
            Some(_) => concat!(
                "n.id = $3 AND r.namespace_id = $3 AND r.deleted_at IS NULL AND ",
                is_visible!(),
                " AND r.path LIKE $4 ESCAPE '!'"
            ),
            None => concat!(
                "n.id = $3 AND r.namespace_id = $3 AND r.deleted_at IS NULL AND ",
                is_visible!(),
                " AND $4 IS NULL"
            ),
        }
    }

    fn pattern(&self) -> Option<String> {
        self.name_part.map(|part| format!("{}/%{}%", self.namespace_name, escaped(part)))
    }
}

/// What somebody may see of one namespace, and how many there are in all. The page is found in the
/// index first, so that rows which are only skipped are never read.
pub async fn in_namespace(
    tx: &mut Tx<'_>,
    list: &NamespaceList<'_>,
) -> Result<(Vec<RepositoryRecord>, u64), DbError> {
    // The namespace's row comes first and is one: SQLite keeps to the order of a CROSS JOIN.
    let (tables, joined) = match list.order {
        RepositoryOrder::Pulls => (
            "repository_counts c CROSS JOIN repositories r",
            "c.namespace_id = $3 AND r.id = c.repository_id AND ",
        ),
        RepositoryOrder::Name | RepositoryOrder::Pushed => ("repositories r", ""),
    };
    let (condition, order_by) = (list.condition(), list.order_by());
    let page = format!(
        "SELECT {} FROM (SELECT r.id FROM accounts n CROSS JOIN {tables} \
         WHERE {joined}{condition}{order_by} LIMIT $5 OFFSET $6) page CROSS JOIN {} \
         WHERE r.id = page.id{order_by}",
        repository_columns!(),
        repository_tables!(),
    );
    let rows = tx
        .sql(AssertSqlSafe(page))
        .bind(list.eyes.account)
        .bind(list.eyes.admin)
        .bind(list.namespace)
        .bind(list.pattern())
        .bind(i64::from(list.limit))
        .bind(list.offset)
        .rows()
        .await?;
    let count =
        format!("SELECT COUNT(*) FROM accounts n CROSS JOIN repositories r WHERE {condition}");
    let (total,) = tx
        .sql(AssertSqlSafe(count))
        .bind(list.eyes.account)
        .bind(list.eyes.admin)
        .bind(list.namespace)
        .bind(list.pattern())
        .one()
        .await?;
    Ok((rows, total))
}

/// What somebody starred, the newest star first, as far as they may see it; and how many in all.
pub async fn starred_by(
    tx: &mut Tx<'_>,
    account: AccountId,
    eyes: &Visibility,
    offset: u64,
    limit: u32,
) -> Result<(Vec<RepositoryRecord>, u64), DbError> {
    let rows = tx
        .sql(concat!(
            "SELECT ",
            repository_columns!(),
            " FROM stars s CROSS JOIN ",
            repository_tables!(),
            " WHERE r.id = s.repository_id AND s.account_id = $3 AND r.deleted_at IS NULL AND ",
            is_visible!(),
            " ORDER BY s.starred_at DESC, r.id LIMIT $4 OFFSET $5"
        ))
        .bind(eyes.account)
        .bind(eyes.admin)
        .bind(account)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql(concat!(
            "SELECT COUNT(*) FROM stars s JOIN repositories r ON r.id = s.repository_id \
             JOIN accounts n ON n.id = r.namespace_id \
             WHERE s.account_id = $3 AND r.deleted_at IS NULL AND ",
            is_visible!()
        ))
        .bind(eyes.account)
        .bind(eyes.admin)
        .bind(account)
        .one()
        .await?;
    Ok((rows, total))
}

/// What a page about one repository shows beyond its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Particulars {
    pub readme: String,
    pub collaborators: u64,
    /// Bytes of the distinct blobs it links.
    pub stored_bytes: u64,
    /// Whether the account asked for has starred it.
    pub is_starred: bool,
}

record!(Particulars { readme, collaborators, stored_bytes, is_starred });

pub async fn particulars(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    seen_by: Option<AccountId>,
) -> Result<Particulars, DbError> {
    tx.sql(
        "SELECT COALESCE((SELECT text FROM readmes WHERE repository_id = $1), ''), \
         (SELECT COUNT(*) FROM collaborators WHERE repository_id = $1), \
         (SELECT CAST(COALESCE(SUM(b.size_bytes), 0) AS BIGINT) FROM repository_blobs l \
         JOIN blobs b ON b.id = l.blob_id WHERE l.repository_id = $1), \
         EXISTS (SELECT 1 FROM stars WHERE repository_id = $1 AND account_id = $2)",
    )
    .bind(repository)
    .bind(seen_by)
    .one()
    .await
}
