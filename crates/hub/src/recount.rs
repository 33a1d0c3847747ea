//! Proves the counts of what namespaces hold.

use roadstead_db::recount::{self, Comparison};
use roadstead_types::AccountId;

use crate::accounts::SystemKey;
use crate::{Hub, StoreError};

pub use roadstead_db::recount::Comparison as UseComparison;

/// Namespaces that are compared at once; each may be large.
const PAGE: u32 = 20;
/// Blobs whose links are corrected in one transaction.
const CORRECTIONS: u32 = 500;

/// What a recount found.
#[derive(Clone, Debug, Default)]
pub struct Recount {
    /// Namespaces that were compared.
    pub namespaces: u64,
    /// Those whose counts were wrong, as they were found.
    pub differences: Vec<Comparison>,
}

impl Hub {
    /// Counts anew what every namespace holds, and corrects what is wrong if asked to. Runs beside a
    /// working hub.
    pub async fn recount_use(&self, _key: &SystemKey, repair: bool) -> Result<Recount, StoreError> {
        let mut recount = Recount::default();
        let mut after: Option<AccountId> = None;
        loop {
            let page = self.db.read(async |tx| recount::compare(tx, after, PAGE).await).await?;
            let Some(last) = page.last() else { return Ok(recount) };
            after = Some(last.id);
            recount.namespaces += page.len() as u64;
            for found in page.into_iter().filter(|found| !found.agrees()) {
                if repair {
                    self.correct_use(found.id).await?;
                }
                recount.differences.push(found);
            }
        }
    }

    /// First the links, because the bytes follow from them.
    async fn correct_use(&self, namespace: AccountId) -> Result<(), StoreError> {
        let links = async || {
            self.db.write(async |tx| recount::correct_links(tx, namespace, CORRECTIONS).await).await
        };
        while links().await? {}
        self.db
            .write(async |tx| match recount::compare_one(tx, namespace).await? {
                Some(found) => recount::correct_bytes(tx, &found).await,
                None => Ok(()),
            })
            .await?;
        Ok(())
    }
}
