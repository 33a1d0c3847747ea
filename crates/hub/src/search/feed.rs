//! Keeps this node's index at the database's heels, and builds it anew when it has lost track.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use roadstead_db::search;
use roadstead_search::{Document, Index, Rebuild, Stamp};
use roadstead_types::RepositoryId;
use roadstead_types::ids::Id;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::documents;
use crate::{Hub, StoreError};

/// How often changes are looked for. One is to be found within two seconds.
const EVERY: Duration = Duration::from_millis(500);
/// With more changes than this, building anew is quicker than following them.
const MOST_CHANGES: u32 = 50_000;
/// Changes that are kept for nodes that were away.
const KEEP_CHANGES: u64 = 200_000;
/// Rounds between two times of forgetting older ones.
const FORGET_ROUNDS: u64 = 1200;
/// How long a start waits for the first index.
const PATIENCE: Duration = Duration::from_secs(2);
/// Rest after a rebuild before the next, whatever asks for it.
const REBUILD_REST: Duration = Duration::from_secs(5);

/// Batches on their way into an index; `None` says that this was all.
type Batches = mpsc::Receiver<Option<Vec<Document>>>;

/// The one who follows the database's changes on this node.
pub struct Feed {
    hub: Hub,
    home: PathBuf,
    /// Changes at or behind the index's position that are in it already: they are read again while a
    /// transaction as old as they are still runs.
    applied: HashSet<i64>,
    rebuild: Option<JoinHandle<Result<Index, StoreError>>>,
    rested: Instant,
}

impl Feed {
    /// Opens the index in `home`, a folder of this node's own. Where there is none, a small hub gets one
    /// before this returns, so that it can be searched from the first request on.
    pub async fn begin(hub: Hub, home: PathBuf) -> Self {
        let (applied, rested) = (HashSet::new(), Instant::now());
        let mut feed = Self { hub, home, applied, rebuild: None, rested };
        feed.open().await;
        let until = Instant::now() + PATIENCE;
        while feed.hub.search.index().is_none() && Instant::now() < until {
            feed.keep_up().await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        feed
    }

    /// Feeds for ever. A round that fails is tried again with the next.
    pub async fn run(mut self) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for round in 0_u64.. {
            ticks.tick().await;
            self.keep_up().await;
            if round % FORGET_ROUNDS == FORGET_ROUNDS - 1 {
                self.forget().await;
            }
        }
    }

    async fn keep_up(&mut self) {
        if let Err(error) = self.round().await {
            tracing::warn!(%error, "the search index could not be kept up");
        }
    }

    /// Opens the index that an earlier life of this node left.
    async fn open(&self) {
        let opened = async {
            let stamp = self.source().await?.0;
            let home = self.home.clone();
            let opened = tokio::task::spawn_blocking(move || Index::open(&home, &stamp));
            flat(opened.await)
        };
        match opened.await {
            Ok(index) => self.hub.search.install(Arc::new(index)),
            Err(error) => tracing::info!("{error}"),
        }
    }

    async fn round(&mut self) -> Result<(), StoreError> {
        self.take_rebuilt().await?;
        let (stamp, forgotten) = self.source().await?;
        // Before the changes are read, lest one slips between the two.
        let settled = self.hub.db.read(async |tx| search::settled(tx).await).await?;
        let index = self.hub.search.index();
        let follows = |index: &Index| (forgotten..=settled).contains(&index.position());
        match index {
            Some(index) if follows(&index) => {
                if *index.stamp() != stamp {
                    self.start_rebuild(stamp.clone(), settled);
                }
                if !self.apply(&index, settled).await? {
                    self.start_rebuild(stamp, settled);
                }
            }
            _ => self.start_rebuild(stamp, settled),
        }
        Ok(())
    }

    /// What an index is to be made from, and the first position that has not lost changes.
    async fn source(&self) -> Result<(Stamp, i64), StoreError> {
        let source = self.hub.db.read(async |tx| search::source(tx).await).await?;
        let stamp = Stamp { database: source.database_id, edition: source.edition };
        Ok((stamp, source.forgotten))
    }

    /// Brings changes into the index; `false` when there are too many.
    async fn apply(&mut self, index: &Arc<Index>, settled: i64) -> Result<bool, StoreError> {
        let (hub, position) = (&self.hub, index.position());
        let rows =
            hub.db.read(async |tx| search::changes_since(tx, position, MOST_CHANGES).await).await?;
        if rows.len() > MOST_CHANGES as usize {
            return Ok(false);
        }
        let fresh = rows.iter().filter(|row| !self.applied.contains(&row.id));
        let ids: HashSet<RepositoryId> = fresh.map(|row| row.repository_id).collect();
        let ids: Vec<RepositoryId> = ids.into_iter().collect();
        let changes = documents::changes(&hub.db, &ids).await?;
        let index = index.clone();
        let applied = tokio::task::spawn_blocking(move || index.apply(&changes, settled));
        flat(applied.await)?;
        self.applied = rows.into_iter().map(|row| row.id).collect();
        Ok(true)
    }

    /// Begins to build an index beside the one in use, unless one is being built.
    fn start_rebuild(&mut self, stamp: Stamp, position: i64) {
        if self.rebuild.is_some() || Instant::now() < self.rested {
            return;
        }
        tracing::info!("building the search index");
        let (hub, home) = (self.hub.clone(), self.home.clone());
        self.rebuild = Some(tokio::spawn(rebuild(hub, home, stamp, position)));
    }

    /// Puts an index that was built in place of the old one.
    async fn take_rebuilt(&mut self) -> Result<(), StoreError> {
        let Some(rebuild) = self.rebuild.take_if(|rebuild| rebuild.is_finished()) else {
            return Ok(());
        };
        self.rested = Instant::now() + REBUILD_REST;
        let index = Arc::new(flat(rebuild.await)?);
        self.applied.clear();
        self.hub.search.install(index.clone());
        tracing::info!(repositories = index.count(), "the search index was built");
        flat(tokio::task::spawn_blocking(move || index.remove_others()).await)
    }

    async fn forget(&self) {
        let db = &self.hub.db;
        let forgotten = db.write(async |tx| search::forget_changes(tx, KEEP_CHANGES).await).await;
        if let Err(error) = forgotten {
            tracing::warn!(%error, "old changes for search could not be removed");
        }
    }
}

/// Reads all repositories while a thread of its own puts them into a new index.
async fn rebuild(
    hub: Hub,
    home: PathBuf,
    stamp: Stamp,
    position: i64,
) -> Result<Index, StoreError> {
    let (sender, batches) = mpsc::channel(4);
    let built = tokio::task::spawn_blocking(move || build(home, &stamp, position, batches));
    let mut last = RepositoryId::from_raw(0);
    loop {
        let batch = documents::next(&hub.db, last).await?;
        let Some(document) = batch.last() else { break };
        last = document.id;
        if sender.send(Some(batch)).await.is_err() {
            // The thread has ended early and says why.
            return built.await.map_err(StoreError::internal)?;
        }
    }
    let _ = sender.send(None).await;
    built.await.map_err(StoreError::internal)?
}

fn build(
    home: PathBuf,
    stamp: &Stamp,
    position: i64,
    mut batches: Batches,
) -> Result<Index, StoreError> {
    let rebuild = Rebuild::begin(&home, stamp).map_err(StoreError::internal)?;
    while let Some(batch) = batches.blocking_recv() {
        let Some(batch) = batch else {
            return rebuild.finish(position).map_err(StoreError::internal);
        };
        for document in &batch {
            rebuild.add(document).map_err(StoreError::internal)?;
        }
    }
    Err(StoreError::internal("the repositories for the search index could not be read"))
}

/// One error for what a task did and for the task itself.
fn flat<T, E: std::fmt::Display>(
    outcome: Result<Result<T, E>, JoinError>,
) -> Result<T, StoreError> {
    outcome.map_err(StoreError::internal)?.map_err(StoreError::internal)
}
