//! Everything about one repository that a page or an API shows.

use roadstead_db::listing::{self, Particulars};
use roadstead_db::repos::{self, RepositoryRecord};
use roadstead_types::{Actions, Role};

use crate::StoreError;
use crate::access::{Allows, Identity, Pull, Repo, Standing, owns, standing};

#[derive(Clone, Debug)]
pub struct RepositoryDetails {
    pub record: RepositoryRecord,
    pub particulars: Particulars,
    pub granted: Granted,
}

/// What the caller may do, for showing; deciding is done anew on each request.
#[derive(Clone, Copy, Debug)]
pub struct Granted {
    pub actions: Actions,
    /// What the caller is to the repository.
    pub role: Option<Role>,
}

impl<R: Allows<Pull>> Repo<R> {
    /// `None` when it was deleted since.
    pub async fn details(&self) -> Result<Option<RepositoryDetails>, StoreError> {
        let (id, seen_by) = (self.facts.id, self.actor());
        let found = self
            .hub
            .db
            .read(async |tx| {
                let record = repos::find_by_id(tx, id).await?;
                let particulars = listing::particulars(tx, id, seen_by).await?;
                Ok::<_, StoreError>(record.map(|record| (record, particulars)))
            })
            .await?;
        let Some((record, particulars)) = found else { return Ok(None) };
        let granted = self.granted(&record).await?;
        Ok(Some(RepositoryDetails { record, particulars, granted }))
    }

    async fn granted(&self, record: &RepositoryRecord) -> Result<Granted, StoreError> {
        let repository = Standing::from(record);
        let identity = self.hub.identity_behind(&self.caller).await?;
        let role = match &identity {
            Some(identity) => self.role(identity, &repository).await?,
            None => None,
        };
        Ok(Granted { actions: standing(identity.as_ref(), &repository, role), role })
    }

    async fn role(
        &self,
        identity: &Identity,
        repository: &Standing<'_>,
    ) -> Result<Option<Role>, StoreError> {
        if owns(identity, repository) {
            return Ok(Some(Role::Owner));
        }
        Ok(self.hub.lookups.role(identity.account, self.facts.id).await?)
    }
}

impl<'a> From<&'a RepositoryRecord> for Standing<'a> {
    fn from(record: &'a RepositoryRecord) -> Self {
        Self {
            path: &record.path,
            namespace: record.namespace_id,
            namespace_kind: record.namespace_kind,
            is_private: record.is_private,
            is_automated: record.is_automated,
            is_archived: record.is_archived,
        }
    }
}
