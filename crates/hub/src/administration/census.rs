//! The hub in numbers, for its administrators.

use roadstead_db::census;

use crate::accounts::SystemKey;
use crate::{Hub, StoreError};

pub use roadstead_db::census::{Census, NamespaceUse};

impl Hub {
    /// How much of everything there is.
    pub async fn census(&self, _key: &SystemKey) -> Result<Census, StoreError> {
        Ok(self.db.read(async |tx| census::take(tx).await).await?)
    }

    /// The namespaces that hold most.
    pub async fn fullest_namespaces(
        &self,
        _key: &SystemKey,
        limit: u32,
    ) -> Result<Vec<NamespaceUse>, StoreError> {
        Ok(self.db.read(async |tx| census::fullest(tx, limit).await).await?)
    }
}
