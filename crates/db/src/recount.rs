//! Proves the books of [`crate::storage`]: counts anew what namespaces hold, and corrects what differs.
//!
//! One statement sees one state, in which books and rows belong together. A difference stays the same
//! whatever correct changes are made meanwhile, so it is added, not written over, and nobody waits.

use roadstead_types::{AccountId, AccountName, BlobId, Id};

use crate::sql::record;
use crate::storage::Charges;
use crate::{DbError, Tx, storage};

/// What the books say of a namespace, and what is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub id: AccountId,
    pub name: AccountName,
    pub stored_in_books: i64,
    pub stored: i64,
    pub reserved_in_books: i64,
    pub reserved: i64,
    /// Blobs whose number of links is not what the books say.
    pub wrong_links: i64,
}

record!(Comparison { id, name, stored_in_books, stored, reserved_in_books, reserved, wrong_links });

impl Comparison {
    pub const fn agrees(&self) -> bool {
        self.stored_in_books == self.stored
            && self.reserved_in_books == self.reserved
            && self.wrong_links == 0
    }
}

/// The blobs of a namespace whose number of links there is not the one in the books.
macro_rules! wrong_links {
    ($columns:literal, $namespace:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM (SELECT c.blob_id, SUM(c.actual) - SUM(c.booked) AS difference FROM \
             (SELECT l.blob_id, 1 AS actual, 0 AS booked FROM repositories r \
             JOIN repository_blobs l ON l.repository_id = r.id WHERE r.namespace_id = ",
            $namespace,
            " UNION ALL SELECT n.blob_id, 0, n.links FROM namespace_blobs n \
             WHERE n.namespace_id = ",
            $namespace,
            ") c GROUP BY c.blob_id HAVING SUM(c.actual) <> SUM(c.booked)) w"
        )
    };
}

/// A page of all namespaces, by id.
pub async fn compare(
    tx: &mut Tx<'_>,
    after: Option<AccountId>,
    limit: u32,
) -> Result<Vec<Comparison>, DbError> {
    tx.sql(concat!(
        "SELECT a.id, a.name, COALESCE(u.stored_bytes, 0), \
         CAST(COALESCE((SELECT SUM(b.size_bytes) FROM blobs b WHERE b.id IN (SELECT l.blob_id \
         FROM repositories r JOIN repository_blobs l ON l.repository_id = r.id \
         WHERE r.namespace_id = a.id)), 0) AS BIGINT) \
         + CAST(COALESCE((SELECT SUM(m.size_bytes) FROM repositories r \
         JOIN manifests m ON m.repository_id = r.id WHERE r.namespace_id = a.id), 0) AS BIGINT), \
         COALESCE(u.reserved_bytes, 0), \
         CAST(COALESCE((SELECT SUM(s.reserved_bytes) FROM uploads s \
         WHERE s.namespace_id = a.id), 0) AS BIGINT), (",
        wrong_links!("COUNT(*)", "a.id"),
        ") FROM accounts a LEFT JOIN namespace_use u ON u.namespace_id = a.id \
         WHERE a.id > COALESCE($1, -1) ORDER BY a.id LIMIT $2"
    ))
    .bind(after)
    .bind(i64::from(limit))
    .patient()
    .rows()
    .await
}

/// Corrects the numbers of links of a part of the blobs of a namespace. The bytes are to be compared
/// after that, because they follow from the links. `false` when there was nothing to correct.
pub async fn correct_links(
    tx: &mut Tx<'_>,
    namespace: AccountId,
    limit: u32,
) -> Result<bool, DbError> {
    let wrong: Vec<(BlobId, i64)> = tx
        .sql(concat!(
            wrong_links!("w.blob_id, CAST(w.difference AS BIGINT)", "$1"),
            " ORDER BY w.blob_id LIMIT $2"
        ))
        .bind(namespace)
        .bind(i64::from(limit))
        .patient()
        .rows()
        .await?;
    for (blob, difference) in &wrong {
        add_links(tx, namespace, *blob, *difference).await?;
    }
    Ok(!wrong.is_empty())
}

/// Corrects the number of links of one blob by `difference`.
async fn add_links(
    tx: &mut Tx<'_>,
    namespace: AccountId,
    blob: BlobId,
    difference: i64,
) -> Result<(), DbError> {
    tx.sql(
        "INSERT INTO namespace_blobs (namespace_id, blob_id, links) VALUES ($1, $2, $3) \
         ON CONFLICT (namespace_id, blob_id) DO UPDATE \
         SET links = namespace_blobs.links + excluded.links",
    )
    .bind(namespace)
    .bind(blob)
    .bind(difference)
    .run()
    .await?;
    tx.sql("DELETE FROM namespace_blobs WHERE namespace_id = $1 AND blob_id = $2 AND links = 0")
        .bind(namespace)
        .bind(blob)
        .run()
        .await?;
    Ok(())
}

/// Adds to the books what they lack according to `found`.
pub async fn correct_bytes(tx: &mut Tx<'_>, found: &Comparison) -> Result<(), DbError> {
    let stored = found.stored - found.stored_in_books;
    let reserved = found.reserved - found.reserved_in_books;
    storage::settle(tx, &Charges::default().correct(found.id, stored, reserved)).await
}

/// The comparison of one namespace.
pub async fn compare_one(
    tx: &mut Tx<'_>,
    namespace: AccountId,
) -> Result<Option<Comparison>, DbError> {
    let before = AccountId::from_raw(namespace.raw() - 1);
    let found = compare(tx, Some(before), 1).await?.pop();
    Ok(found.filter(|found| found.id == namespace))
}
