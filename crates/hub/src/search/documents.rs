//! From rows to what the index takes in.

use std::collections::{HashMap, HashSet};

use roadstead_db::search::{self, Searchable};
use roadstead_db::{Db, DbError};
use roadstead_search::{Change, Document};
use roadstead_types::RepositoryId;

/// Repositories that are read at once.
pub(super) const BATCH: u32 = 1024;

/// The next documents in the order of their ids; none when that was all.
pub(super) async fn next(db: &Db, after: RepositoryId) -> Result<Vec<Document>, DbError> {
    db.read(async |tx| {
        let rows = search::list_searchable(tx, after, BATCH).await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(Vec::new()) };
        let platforms = search::list_platforms(tx, first.id, last.id).await?;
        Ok(documents(rows, platforms))
    })
    .await
}

/// What became of some repositories: those that are not live any more are to be removed.
pub(super) async fn changes(db: &Db, ids: &[RepositoryId]) -> Result<Vec<Change>, DbError> {
    let mut changes = Vec::with_capacity(ids.len());
    for ids in ids.chunks(BATCH as usize) {
        let mut gone: HashSet<RepositoryId> = ids.iter().copied().collect();
        let documents = db
            .read(async |tx| {
                let rows = search::find_searchable(tx, ids).await?;
                let mut platforms = Vec::new();
                for row in &rows {
                    platforms.extend(search::list_platforms(tx, row.id, row.id).await?);
                }
                Ok::<_, DbError>(documents(rows, platforms))
            })
            .await?;
        for document in documents {
            gone.remove(&document.id);
            changes.push(Change::Put(Box::new(document)));
        }
        changes.extend(gone.into_iter().map(Change::Remove));
    }
    Ok(changes)
}

fn documents(rows: Vec<Searchable>, platforms: Vec<(RepositoryId, String)>) -> Vec<Document> {
    let mut architectures: HashMap<RepositoryId, Vec<String>> = HashMap::new();
    for (id, platform) in platforms {
        if let Some(architecture) = platform.split('/').nth(1) {
            architectures.entry(id).or_default().push(architecture.to_owned());
        }
    }
    rows.into_iter()
        .map(|row| Document {
            architectures: architectures.remove(&row.id).unwrap_or_default(),
            id: row.id,
            namespace_id: row.namespace_id,
            namespace: row.path.namespace().to_owned(),
            name: row.path.name().to_owned(),
            description: row.description,
            topics: row.topics,
            readme: row.readme,
            stars: row.stars,
            pulls: row.pulls,
            updated_at: row.updated_at,
            is_private: row.is_private,
            is_official: row.is_official,
            is_automated: row.is_automated,
            is_archived: row.is_archived,
        })
        .collect()
}
