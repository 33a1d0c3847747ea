//! What the search index has yet to learn.

use roadstead_types::RepositoryId;

use crate::{DbError, Tx};

/// Notes, in the transaction of the change itself, that something which search shows of a repository
/// has changed.
pub async fn changed(tx: &mut Tx<'_>, repository: RepositoryId) -> Result<(), DbError> {
    tx.sql("INSERT INTO search_changes (repository_id) VALUES ($1)").bind(repository).run().await?;
    Ok(())
}
