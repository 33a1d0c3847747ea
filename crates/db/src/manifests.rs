//! Manifests, byte for byte, and what they point at.

use std::collections::HashSet;

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, Digest, ManifestId, RepositoryId, Tag};

use crate::sql::{in_list, padded, record, rows_list};
use crate::storage::Charges;
use crate::values::words;
use crate::{DbError, Tx, dialect};

/// A manifest without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestHead {
    pub id: ManifestId,
    pub digest: Digest,
    pub media_type: String,
    pub size: u64,
}

record!(ManifestHead { id, digest, media_type, size });

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReferenceKind {
    Config,
    Layer,
    /// A manifest listed in an index.
    Child,
    Subject,
}

words!(ReferenceKind {
    Config = "config",
    Layer = "layer",
    Child = "child",
    Subject = "subject",
});

/// One thing a manifest points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceRecord {
    pub kind: ReferenceKind,
    pub digest: Digest,
    pub size: u64,
    pub media_type: String,
    /// `os/architecture[/variant]` of a child.
    pub platform: Option<String>,
}

record!(ReferenceRecord { kind, digest, size, media_type, platform });

/// Written as it is read.
pub type NewReference = ReferenceRecord;

#[derive(Clone, Debug)]
pub struct NewManifest {
    pub id: ManifestId,
    pub repository_id: RepositoryId,
    pub digest: Digest,
    pub media_type: String,
    pub artifact_type: Option<String>,
    pub subject: Option<Digest>,
    /// The descriptor shown in the referrers list, as JSON; only where there is a subject.
    pub referrer: Option<String>,
    pub body: Vec<u8>,
    /// In the order of the manifest.
    pub references: Vec<NewReference>,
    pub pushed_at: Timestamp,
    pub pushed_by: Option<AccountId>,
}

/// What stands after [`insert`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inserted {
    pub id: ManifestId,
    /// `false` when these bytes were in the repository before.
    pub is_new: bool,
    pub charges: Charges,
}

/// What went with a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    pub tags: Vec<Tag>,
    pub charges: Charges,
}

/// How many references go into one statement.
const REFERENCES: usize = 64;

/// Adds a manifest. The same bytes pushed again stay as they were, under their first media type. The
/// row is locked until the end of the transaction, so that a tag can be set on it. The caller holds the
/// repository's row.
pub async fn insert(tx: &mut Tx<'_>, new: &NewManifest) -> Result<Inserted, DbError> {
    let (id, namespace): (ManifestId, AccountId) = tx
        .sql(
            "INSERT INTO manifests (id, repository_id, digest, media_type, artifact_type, subject, \
             referrer, size_bytes, pushed_at, pushed_by, body) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (repository_id, digest) DO UPDATE SET pushed_at = manifests.pushed_at \
             RETURNING id, (SELECT r.namespace_id FROM repositories r WHERE r.id = repository_id)",
        )
        .bind(new.id)
        .bind(new.repository_id)
        .bind(new.digest)
        .bind(&new.media_type)
        .bind(new.artifact_type.as_ref())
        .bind(new.subject)
        .bind(new.referrer.as_ref())
        .bind(new.body.len() as u64)
        .bind(new.pushed_at)
        .bind(new.pushed_by)
        .bind(new.body.as_slice())
        .one()
        .await?;
    let is_new = id == new.id;
    if is_new {
        insert_references(tx, new).await?;
    }
    let bytes = if is_new { new.body.len() as u64 } else { 0 };
    Ok(Inserted { id, is_new, charges: Charges::default().store(namespace, bytes) })
}

async fn insert_references(tx: &mut Tx<'_>, new: &NewManifest) -> Result<(), DbError> {
    for (number, chunk) in new.references.chunks(REFERENCES).enumerate() {
        let mut statement = tx.sql(rows_list(
            "INSERT INTO manifest_references (manifest_id, position, repository_id, kind, digest, \
             size_bytes, media_type, platform) VALUES ",
            8,
            chunk.len(),
            "",
        ));
        for (place, reference) in chunk.iter().enumerate() {
            statement.push(new.id);
            statement.push((number * REFERENCES + place) as u64);
            statement.push(new.repository_id);
            statement.push(reference.kind);
            statement.push(reference.digest);
            statement.push(reference.size);
            statement.push(&reference.media_type);
            statement.push(reference.platform.as_ref());
        }
        statement.run().await?;
    }
    Ok(())
}

pub async fn find(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    digest: &Digest,
) -> Result<Option<ManifestHead>, DbError> {
    tx.sql(
        "SELECT id, digest, media_type, size_bytes FROM manifests \
         WHERE repository_id = $1 AND digest = $2",
    )
    .bind(repository)
    .bind(digest)
    .row()
    .await
}

/// The bytes as they were pushed.
pub async fn body(tx: &mut Tx<'_>, id: ManifestId) -> Result<Option<Vec<u8>>, DbError> {
    let row: Option<(Vec<u8>,)> =
        tx.sql("SELECT body FROM manifests WHERE id = $1").bind(id).row().await?;
    Ok(row.map(|(body,)| body))
}

/// Deletes a manifest and the tags that point at it, which it returns; `None` when there is none. The
/// caller holds the repository's row, and enters the removed tags in the history with
/// [`crate::tags::log_removal`].
pub async fn delete(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    digest: &Digest,
) -> Result<Option<Deleted>, DbError> {
    // A tag put on it meanwhile waits for the end of this, and then fails.
    let text = dialect::hold_manifest(tx.engine());
    let row: Option<(ManifestId,)> = tx.sql(text).bind(repository).bind(digest).row().await?;
    let Some((id,)) = row else { return Ok(None) };
    let mut tags: Vec<(Tag,)> =
        tx.sql("DELETE FROM tags WHERE manifest_id = $1 RETURNING name").bind(id).rows().await?;
    tags.sort();
    let (namespace, size): (AccountId, u64) = tx
        .sql(
            "DELETE FROM manifests WHERE id = $1 RETURNING \
             (SELECT r.namespace_id FROM repositories r WHERE r.id = repository_id), size_bytes",
        )
        .bind(id)
        .one()
        .await?;
    let tags = tags.into_iter().map(|(tag,)| tag).collect();
    Ok(Some(Deleted { tags, charges: Charges::default().free(namespace, size) }))
}

/// Deletes a part of the manifests of a repository whose row is held, once no tag points at them; `None`
/// when there are none.
pub(crate) async fn delete_some(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    namespace: AccountId,
    limit: u32,
) -> Result<Option<Charges>, DbError> {
    let sizes: Vec<(u64,)> = tx
        .sql(
            "DELETE FROM manifests WHERE id IN (SELECT id FROM manifests \
             WHERE repository_id = $1 ORDER BY id LIMIT $2) RETURNING size_bytes",
        )
        .bind(repository)
        .bind(i64::from(limit))
        .rows()
        .await?;
    let freed = |bytes| Charges::default().free(namespace, bytes);
    Ok((!sizes.is_empty()).then(|| freed(sizes.iter().map(|(size,)| size).sum())))
}

/// Which of `digests` are no manifests of the repository, each once, in the order given.
pub async fn missing(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    digests: &[Digest],
) -> Result<Vec<Digest>, DbError> {
    let mut seen = HashSet::new();
    for chunk in digests.chunks(256) {
        let count = chunk.len().next_power_of_two();
        let mut statement = tx
            .sql(in_list(
                "SELECT digest FROM manifests WHERE repository_id = $1 AND digest IN ",
                2,
                count,
            ))
            .bind(repository);
        padded(chunk, count).for_each(|digest| statement.push(digest));
        let rows: Vec<(Digest,)> = statement.rows().await?;
        seen.extend(rows.into_iter().map(|(digest,)| digest));
    }
    Ok(digests.iter().filter(|digest| seen.insert(**digest)).copied().collect())
}

/// How many manifests of the repository refer to `subject`.
pub async fn count_referrers(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    subject: &Digest,
) -> Result<u64, DbError> {
    let row: Option<(u64,)> = tx
        .sql("SELECT COUNT(*) FROM manifests WHERE repository_id = $1 AND subject = $2")
        .bind(repository)
        .bind(subject)
        .row()
        .await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// A page of the descriptors of what refers to `subject`, in the order they were pushed.
pub async fn referrers(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    subject: &Digest,
    artifact_type: Option<&str>,
    after: Option<ManifestId>,
    limit: u32,
) -> Result<Vec<(ManifestId, String)>, DbError> {
    tx.sql(
        "SELECT id, referrer FROM manifests WHERE repository_id = $1 AND subject = $2 \
         AND id > COALESCE($3, -1) AND ($4 IS NULL OR artifact_type = $4) \
         AND referrer IS NOT NULL ORDER BY id LIMIT $5",
    )
    .bind(repository)
    .bind(subject)
    .bind(after)
    .bind(artifact_type)
    .bind(i64::from(limit))
    .rows()
    .await
}

/// Something that refers to a manifest: a signature, a bill of materials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedRow {
    pub digest: Digest,
    pub artifact_type: Option<String>,
    /// Bytes of what it brings, or of itself where it brings nothing.
    pub size: u64,
    pub pushed_at: Timestamp,
}

record!(AttachedRow { digest, artifact_type, size, pushed_at });

/// The newest of what refers to `subject`.
pub async fn attached(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    subject: &Digest,
    limit: u32,
) -> Result<Vec<AttachedRow>, DbError> {
    tx.sql(
        "SELECT m.digest, m.artifact_type, COALESCE((SELECT CAST(SUM(x.size_bytes) AS BIGINT) \
         FROM manifest_references x WHERE x.manifest_id = m.id AND x.kind = 'layer'), \
         m.size_bytes), m.pushed_at FROM manifests m \
         WHERE m.repository_id = $1 AND m.subject = $2 ORDER BY m.id DESC LIMIT $3",
    )
    .bind(repository)
    .bind(subject)
    .bind(i64::from(limit))
    .rows()
    .await
}

/// The manifests an index lists, in its order.
pub async fn children(
    tx: &mut Tx<'_>,
    manifest: ManifestId,
) -> Result<Vec<ReferenceRecord>, DbError> {
    tx.sql(
        "SELECT kind, digest, size_bytes, media_type, platform FROM manifest_references \
         WHERE manifest_id = $1 AND kind = 'child' ORDER BY position",
    )
    .bind(manifest)
    .rows()
    .await
}

/// Everything a manifest points at, in its order.
pub async fn references(
    tx: &mut Tx<'_>,
    manifest: ManifestId,
) -> Result<Vec<ReferenceRecord>, DbError> {
    tx.sql(
        "SELECT kind, digest, size_bytes, media_type, platform FROM manifest_references \
         WHERE manifest_id = $1 ORDER BY position",
    )
    .bind(manifest)
    .rows()
    .await
}

/// A manifest met on a walk over all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkedManifest {
    pub id: ManifestId,
    pub repository_id: RepositoryId,
    pub digest: Digest,
    pub media_type: String,
    pub size: u64,
}

record!(WalkedManifest { id, repository_id, digest, media_type, size });

/// A page of all manifests, by id.
pub async fn walk(
    tx: &mut Tx<'_>,
    after: Option<ManifestId>,
    limit: u32,
) -> Result<Vec<WalkedManifest>, DbError> {
    tx.sql(
        "SELECT id, repository_id, digest, media_type, size_bytes FROM manifests \
         WHERE id > COALESCE($1, -1) ORDER BY id LIMIT $2",
    )
    .bind(after)
    .bind(i64::from(limit))
    .rows()
    .await
}
