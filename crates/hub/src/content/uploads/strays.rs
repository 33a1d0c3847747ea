//! Strays: staged bytes whose session is gone. A crash leaves them between the session's row and its
//! bytes, and so does a store that failed when they were to be removed.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::TryStreamExt;
use roadstead_db::uploads;
use roadstead_types::UploadId;

use crate::{Hub, StoreError};

/// Staged bytes of a session that is over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stray {
    pub(crate) upload: UploadId,
    /// Since the last of them was written.
    pub(crate) age: Duration,
}

impl Hub {
    /// Removes the strays that even an open session would have rested too long. Returns how many.
    pub async fn purge_stray_uploads(&self) -> Result<usize, StoreError> {
        let strays = self.stray_uploads(self.settings.upload_ttl).await?;
        for Stray { upload, .. } in &strays {
            self.blobs.purge_staged(*upload).await?;
        }
        Ok(strays.len())
    }

    /// Strays that nothing was written to for at least `grace`. A session's row is there before its
    /// first byte and its id never comes back, so bytes that have no row now will never have one.
    pub(crate) async fn stray_uploads(&self, grace: Duration) -> Result<Vec<Stray>, StoreError> {
        let mut ages: HashMap<UploadId, Duration> = HashMap::new();
        let mut walk = self.blobs.walk_staged();
        while let Some(staged) = walk.try_next().await? {
            let age = self.age_of(staged.modified_unix_us);
            let youngest = ages.entry(staged.id).or_insert(age);
            *youngest = age.min(*youngest);
        }
        ages.retain(|_, age| *age >= grace);
        let ids: Vec<_> = ages.keys().copied().collect();
        let known = self.db.read(async |tx| uploads::known_among(tx, &ids).await).await?;
        ages.retain(|upload, _| !known.contains(upload));
        Ok(ages.into_iter().map(|(upload, age)| Stray { upload, age }).collect())
    }
}
