//! The catalog: names of all repositories the caller may pull.

use roadstead_db::repos;
use roadstead_types::RepositoryName;

use crate::access::Caller;
use crate::{Hub, StoreError};

impl Hub {
    /// Names behind `after` in byte order, and whether there are more. `after` need not be a name.
    pub async fn list_repositories(
        &self,
        caller: &Caller,
        after: Option<&str>,
        limit: Option<u32>,
    ) -> Result<(Vec<RepositoryName>, bool), StoreError> {
        let most = self.settings.limits.page;
        let limit = limit.unwrap_or(most).min(most);
        if limit == 0 {
            return Ok((Vec::new(), false));
        }
        let eyes = self.eyes_of(caller).await?;
        let mut names =
            self.db.read(async |tx| repos::list_visible(tx, &eyes, after, limit + 1).await).await?;
        let has_more = names.len() > limit as usize;
        names.truncate(limit as usize);
        Ok((names, has_more))
    }
}
