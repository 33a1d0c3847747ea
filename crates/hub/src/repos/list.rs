//! Lists of repositories, each made for the eyes of whoever asks.

use roadstead_db::listing::{self, NamespaceList};
use roadstead_db::repos::{RepositoryRecord, Visibility};
use roadstead_db::{accounts, workbench};
use roadstead_types::AccountName;

pub use roadstead_db::listing::RepositoryOrder;
pub use roadstead_db::workbench::{WorkFilter, WorkOrder};

use crate::access::{Caller, Identity, visibility};
use crate::{Hub, StoreError};

/// Which repositories of a namespace are asked for.
#[derive(Clone, Debug)]
pub struct RepositoryQuery {
    /// Part of the name.
    pub name_part: Option<String>,
    pub order: RepositoryOrder,
    pub is_descending: bool,
    pub offset: u64,
    pub limit: u32,
}

/// One page, and how many there are in all.
#[derive(Clone, Debug)]
pub struct RepositoryPage {
    pub repositories: Vec<RepositoryRecord>,
    pub total: u64,
}

impl Hub {
    /// A page of a namespace; `None` when no account has the name.
    pub async fn list_namespace(
        &self,
        caller: &Caller,
        namespace: &AccountName,
        query: &RepositoryQuery,
    ) -> Result<Option<RepositoryPage>, StoreError> {
        let eyes = self.eyes_of(caller).await?;
        self.list_for(&eyes, namespace, query).await
    }

    /// The same for eyes that are known.
    pub(crate) async fn list_for(
        &self,
        eyes: &Visibility,
        namespace: &AccountName,
        query: &RepositoryQuery,
    ) -> Result<Option<RepositoryPage>, StoreError> {
        self.db
            .read(async |tx| {
                let Some(account) = accounts::find_by_name(tx, namespace).await? else {
                    return Ok(None);
                };
                let list = NamespaceList {
                    namespace: account.id,
                    namespace_name: account.name.as_str(),
                    eyes: *eyes,
                    name_part: query.name_part.as_deref(),
                    order: query.order,
                    is_descending: query.is_descending,
                    offset: query.offset,
                    limit: query.limit,
                };
                let (repositories, total) = listing::in_namespace(tx, &list).await?;
                Ok(Some(RepositoryPage { repositories, total }))
            })
            .await
    }

    /// What somebody starred, as far as the caller may see it; `None` when nobody has the name.
    pub async fn list_starred(
        &self,
        caller: &Caller,
        who: &AccountName,
        offset: u64,
        limit: u32,
    ) -> Result<Option<RepositoryPage>, StoreError> {
        let eyes = self.eyes_of(caller).await?;
        self.db
            .read(async |tx| {
                let Some(account) = accounts::find_by_name(tx, who).await? else {
                    return Ok(None);
                };
                let (repositories, total) =
                    listing::starred_by(tx, account.id, &eyes, offset, limit).await?;
                Ok(Some(RepositoryPage { repositories, total }))
            })
            .await
    }

    /// A page of what `who` owns or may push to, in all namespaces.
    pub async fn list_worked_on(
        &self,
        who: &Identity,
        filter: &WorkFilter,
        offset: u64,
        limit: u32,
    ) -> Result<RepositoryPage, StoreError> {
        let (account, eyes) = (who.account, visibility(who));
        let (repositories, total) = self
            .db
            .read(async |tx| workbench::list(tx, account, &eyes, filter, offset, limit).await)
            .await?;
        Ok(RepositoryPage { repositories, total })
    }

    /// What lists may show to a caller.
    pub(crate) async fn eyes_of(&self, caller: &Caller) -> Result<Visibility, StoreError> {
        let identity = self.identity_behind(caller).await?;
        Ok(identity.map_or(Visibility::PUBLIC, |identity| visibility(&identity)))
    }
}
