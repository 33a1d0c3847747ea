//! What `roadstead check` asks and does beyond the product's own queries.

use roadstead_types::{BlobId, RepositoryId, Tag};

use crate::{DbError, Tx, holdings, storage};

/// Forgets a blob whose bytes are lost or wrong, in every repository, so that clients send it again.
/// `false` when it was gone already.
pub async fn forget_blob(tx: &mut Tx<'_>, blob: BlobId) -> Result<bool, DbError> {
    let freed = holdings::unlink_everywhere(tx, blob).await?;
    let removed = tx.sql("DELETE FROM blobs WHERE id = $1").bind(blob).run().await?;
    storage::settle(tx, &freed).await?;
    Ok(removed == 1)
}

/// Tags whose manifest is not in their repository. Constraints forbid it; a damaged database may not
/// know.
pub async fn dangling_tags(
    tx: &mut Tx<'_>,
    limit: u32,
) -> Result<Vec<(RepositoryId, Tag)>, DbError> {
    tx.sql(
        "SELECT t.repository_id, t.name FROM tags t LEFT JOIN manifests m \
         ON m.id = t.manifest_id AND m.repository_id = t.repository_id \
         WHERE m.id IS NULL ORDER BY t.repository_id, t.name LIMIT $1",
    )
    .bind(i64::from(limit))
    .patient()
    .rows()
    .await
}
