//! The books of what namespaces hold: stored bytes, and bytes that open uploads have reserved.
//!
//! Whatever changes that returns [`Charges`], which count once they are settled. A row of
//! `namespace_use` is wanted by everybody who pushes to its namespace, so it is taken last, shortly
//! before the commit. Locks are taken in this order, and so nobody waits in a circle: a repository, a
//! blob, its link, `namespace_blobs` by namespace and blob, an upload, `namespace_use` by namespace.

use std::collections::BTreeMap;

use roadstead_types::AccountId;

use crate::{DbError, Tx};

/// What namespaces gain and give back by a change.
#[must_use = "charges count once they are settled"]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Charges(BTreeMap<AccountId, Amount>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Amount {
    stored: i64,
    reserved: i64,
}

/// What a namespace holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Of each distinct blob that its repositories link, and of their manifests; the trash included.
    pub stored: u64,
    /// Of open uploads.
    pub reserved: u64,
}

impl Held {
    pub const fn total(self) -> u64 {
        self.stored.saturating_add(self.reserved)
    }
}

impl Charges {
    pub(crate) fn store(self, namespace: AccountId, bytes: u64) -> Self {
        self.add(namespace, Amount { stored: signed(bytes), reserved: 0 })
    }

    pub(crate) fn free(self, namespace: AccountId, bytes: u64) -> Self {
        self.add(namespace, Amount { stored: -signed(bytes), reserved: 0 })
    }

    pub(crate) fn reserve(self, namespace: AccountId, bytes: u64) -> Self {
        self.add(namespace, Amount { stored: 0, reserved: signed(bytes) })
    }

    pub(crate) fn release(self, namespace: AccountId, bytes: u64) -> Self {
        self.add(namespace, Amount { stored: 0, reserved: -signed(bytes) })
    }

    /// What the books are wrong by.
    pub(crate) fn correct(self, namespace: AccountId, stored: i64, reserved: i64) -> Self {
        self.add(namespace, Amount { stored, reserved })
    }

    /// Both changes in one.
    pub fn and(self, other: Self) -> Self {
        other.0.into_iter().fold(self, |sum, (namespace, amount)| sum.add(namespace, amount))
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(mut self, namespace: AccountId, amount: Amount) -> Self {
        let mut sum = self.0.get(&namespace).copied().unwrap_or_default();
        sum.stored = sum.stored.saturating_add(amount.stored);
        sum.reserved = sum.reserved.saturating_add(amount.reserved);
        match sum == Amount::default() {
            true => self.0.remove(&namespace),
            false => self.0.insert(namespace, sum),
        };
        self
    }
}

/// Bytes were received, so their number has 63 bits; a client may still announce more.
fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Enters charges in the books, and so holds them for the namespaces until the end of the transaction.
pub async fn settle(tx: &mut Tx<'_>, charges: &Charges) -> Result<(), DbError> {
    for (namespace, amount) in &charges.0 {
        tx.sql(
            "INSERT INTO namespace_use (namespace_id, stored_bytes, reserved_bytes) \
             VALUES ($1, $2, $3) ON CONFLICT (namespace_id) DO UPDATE SET \
             stored_bytes = namespace_use.stored_bytes + $2, \
             reserved_bytes = namespace_use.reserved_bytes + $3",
        )
        .bind(*namespace)
        .bind(amount.stored)
        .bind(amount.reserved)
        .run()
        .await?;
    }
    Ok(())
}

/// What the books say that a namespace holds.
pub async fn held(tx: &mut Tx<'_>, namespace: AccountId) -> Result<Held, DbError> {
    let row: Option<(i64, i64)> = tx
        .sql("SELECT stored_bytes, reserved_bytes FROM namespace_use WHERE namespace_id = $1")
        .bind(namespace)
        .row()
        .await?;
    let (stored, reserved) = row.unwrap_or_default();
    // Books that are wrong, until a recount, are no reason to fail.
    let bytes = |count: i64| u64::try_from(count).unwrap_or(0);
    Ok(Held { stored: bytes(stored), reserved: bytes(reserved) })
}
