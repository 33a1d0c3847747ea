//! Finding repositories by what they are called and what is said of them.
//!
//! The index (`roadstead_search`) answers ids; the rows are read from the database with the caller's eyes,
//! so that what is shown is the truth and passes the same rule as every list.

mod documents;
mod feed;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use roadstead_db::repos::Visibility;
use roadstead_db::{DbError, accounts, search};
use roadstead_search::{Filters, Found, Index, Page, Query, Readable, Text};
use roadstead_types::{AccountName, RepositoryId, Timestamp};
use tokio::sync::Semaphore;

pub use feed::Feed;
pub use roadstead_db::repos::RepositoryRecord;
pub use roadstead_search::{QueryError, Sort};

use crate::access::{Caller, visibility};
use crate::accounts::SystemKey;
use crate::{Hub, StoreError};

/// Searches that run at once; each keeps a core busy for milliseconds.
const AT_ONCE: usize = 4;

/// The index of this node, once there is one.
pub(crate) struct State {
    index: RwLock<Option<Arc<Index>>>,
    permits: Semaphore,
}

/// What somebody looks for.
#[derive(Clone, Debug, Default)]
pub struct SearchQuery {
    pub text: String,
    pub official: Option<bool>,
    pub automated: Option<bool>,
    /// The name of a namespace.
    pub owner: Option<String>,
    /// Any of these, unless there are none.
    pub architectures: Vec<String>,
    pub private: Option<bool>,
    pub updated_since: Option<Timestamp>,
    pub sort: Sort,
    pub offset: u64,
    pub limit: u32,
}

/// A page of what was found, in order, and how much there is that the caller may read.
#[derive(Clone, Debug, Default)]
pub struct SearchPage {
    pub repositories: Vec<RepositoryRecord>,
    pub total: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error(transparent)]
    Query(#[from] QueryError),
    #[error("the search index is being built; try again in a moment")]
    NotReady,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for SearchError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl State {
    pub(crate) fn new() -> Self {
        Self { index: RwLock::new(None), permits: Semaphore::new(AT_ONCE) }
    }

    fn index(&self) -> Option<Arc<Index>> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn install(&self, index: Arc<Index>) {
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Some(index);
    }
}

impl Hub {
    /// Finds repositories that `caller` may read.
    pub async fn search(
        &self,
        caller: &Caller,
        asked: &SearchQuery,
    ) -> Result<SearchPage, SearchError> {
        let text = Text::parse(&asked.text)?;
        let page = Page::new(asked.offset, asked.limit)?;
        let index = self.search.index().ok_or(SearchError::NotReady)?;
        let eyes = match self.identity_behind(caller).await? {
            Some(identity) => visibility(&identity),
            None => Visibility::PUBLIC,
        };
        let Some(filters) = self.filters(asked).await? else { return Ok(SearchPage::default()) };
        let readable = self.readable(&eyes).await?;
        let query = Query { text, filters, sort: asked.sort, page };
        let found = self.look_up(index, query, readable).await?;
        self.rows_of(found, &eyes).await
    }

    /// Whether this node has an index to answer from.
    pub fn is_search_ready(&self) -> bool {
        self.search.index().is_some()
    }

    /// Makes every node build its index anew while it goes on answering from the old one.
    pub async fn rebuild_search(&self, _: &SystemKey) -> Result<(), StoreError> {
        Ok(self.db.write(async |tx| search::ask_for_rebuild(tx).await).await?)
    }

    /// `None` when there is no such owner, who then owns nothing.
    async fn filters(&self, asked: &SearchQuery) -> Result<Option<Filters>, StoreError> {
        let owner = match asked.owner.as_deref() {
            None => None,
            Some(name) => {
                let Ok(name) = name.parse::<AccountName>() else { return Ok(None) };
                let found =
                    self.db.read(async |tx| accounts::find_by_name(tx, &name).await).await?;
                let Some(account) = found else { return Ok(None) };
                Some(account.id)
            }
        };
        Ok(Some(Filters {
            official: asked.official,
            automated: asked.automated,
            owner,
            architectures: asked.architectures.clone(),
            private: asked.private,
            updated_since: asked.updated_since,
        }))
    }

    /// What the owner of `eyes` may read besides what is public, as of now.
    async fn readable(&self, eyes: &Visibility) -> Result<Readable, StoreError> {
        if *eyes == Visibility::PUBLIC {
            return Ok(Readable::public());
        }
        let (namespaces, repositories) = self
            .db
            .read(async |tx| {
                let namespaces = search::readable_namespaces(tx, eyes).await?;
                Ok::<_, DbError>((namespaces, search::readable_repositories(tx, eyes).await?))
            })
            .await?;
        Ok(Readable::public().namespaces(namespaces).repositories(repositories))
    }

    async fn look_up(
        &self,
        index: Arc<Index>,
        query: Query,
        readable: Readable,
    ) -> Result<Found, SearchError> {
        let _permit = self.search.permits.acquire().await.map_err(StoreError::internal)?;
        let searched =
            tokio::task::spawn_blocking(move || index.search(&query, &Arc::new(readable)));
        let found = searched.await.map_err(StoreError::internal)?;
        Ok(found.map_err(StoreError::internal)?)
    }

    /// The rows behind the ids, in their order. One that was deleted or hidden a moment ago is left out.
    async fn rows_of(&self, found: Found, eyes: &Visibility) -> Result<SearchPage, SearchError> {
        let rows =
            self.db.read(async |tx| search::find_visible(tx, eyes, &found.ids).await).await?;
        let missing = found.ids.len() - rows.len();
        let mut rows: HashMap<RepositoryId, RepositoryRecord> =
            rows.into_iter().map(|row| (row.id, row)).collect();
        Ok(SearchPage {
            repositories: found.ids.iter().filter_map(|id| rows.remove(id)).collect(),
            total: found.total.saturating_sub(missing as u64),
        })
    }
}
