//! The look-ups of the hottest routes: what stands behind a path, and behind a tag or digest in it.
//! One query answers many of them; see [`Batcher`].

use roadstead_types::time::Timestamp;
use roadstead_types::{
    AccountId, BlobId, Digest, ManifestId, Reference, RepositoryId, RepositoryName, Role,
};

use crate::accounts::AccountKind;
use crate::blobs::BlobRecord;
use crate::manifests::ManifestHead;
use crate::sql::{Cells, FromRow, Statement, record, rows_list};
use crate::{Batcher, Db, DbError, Engine};

/// What deciding over a request needs to know of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryFacts {
    pub id: RepositoryId,
    pub namespace_id: AccountId,
    pub namespace_kind: AccountKind,
    /// The current path, also when it was found by an old one.
    pub path: RepositoryName,
    pub is_private: bool,
    pub is_automated: bool,
    pub is_archived: bool,
    pub generation: i64,
    pub created_at: Timestamp,
}

record!(RepositoryFacts {
    id,
    namespace_id,
    namespace_kind,
    path,
    is_private,
    is_automated,
    is_archived,
    generation,
    created_at,
});

/// A repository, and in it perhaps the manifest that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundManifest {
    pub repository: RepositoryFacts,
    pub manifest: Option<ManifestHead>,
}

/// A repository, and in it perhaps the blob that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundBlob {
    pub repository: RepositoryFacts,
    pub blob: Option<BlobRecord>,
}

/// Single look-ups, joined with those of others that arrive meanwhile.
#[derive(Clone, Debug)]
pub struct Lookups {
    manifests: Batcher<(RepositoryName, Reference), Option<FoundManifest>>,
    blobs: Batcher<(RepositoryName, Digest), Option<FoundBlob>>,
    repositories: Batcher<RepositoryName, Option<RepositoryFacts>>,
    roles: Batcher<(AccountId, RepositoryId), Option<Role>>,
}

/// Most keys of one query.
const BATCH: usize = 64;

impl Lookups {
    pub fn new(db: Db) -> Self {
        // More queries at once only make the batches smaller: SQLite answers from memory, and
        // PostgreSQL needs as many as hide the way there and back.
        let flights = match db.engine() {
            Engine::Sqlite => 1,
            Engine::Postgres => 4,
        };
        Self {
            manifests: Batcher::new(db.clone(), BATCH, flights, |db, keys| async move {
                manifests(&db, &keys).await
            }),
            blobs: Batcher::new(db.clone(), BATCH, flights, |db, keys| async move {
                blobs(&db, &keys).await
            }),
            repositories: Batcher::new(db.clone(), BATCH, flights, |db, keys| async move {
                repositories(&db, &keys).await
            }),
            roles: Batcher::new(
                db,
                BATCH,
                flights,
                |db, keys| async move { roles(&db, &keys).await },
            ),
        }
    }

    /// The repository behind a path, and the manifest behind a reference in it.
    pub async fn manifest(
        &self,
        path: &RepositoryName,
        reference: &Reference,
    ) -> Result<Option<FoundManifest>, DbError> {
        self.manifests.get((path.clone(), reference.clone())).await
    }

    /// The repository behind a path, and the blob behind a digest if it may be read through it.
    pub async fn blob(
        &self,
        path: &RepositoryName,
        digest: &Digest,
    ) -> Result<Option<FoundBlob>, DbError> {
        self.blobs.get((path.clone(), *digest)).await
    }

    /// The repository behind a path.
    pub async fn repository(
        &self,
        path: &RepositoryName,
    ) -> Result<Option<RepositoryFacts>, DbError> {
        self.repositories.get(path.clone()).await
    }

    /// The greatest role that somebody was given on a repository that is not in their own namespace.
    pub async fn role(
        &self,
        account: AccountId,
        repository: RepositoryId,
    ) -> Result<Option<Role>, DbError> {
        self.roles.get((account, repository)).await
    }
}

// Each step goes by one unique index, whatever the planner believes of the tables. `CROSS JOIN` holds
// SQLite to the order given. Scalar subqueries hold PostgreSQL to the whole key: a join planned while
// `tags` was empty would read all tags of the repository, and stay prepared. Rows of padding have no
// path and so find nothing.

const MANIFESTS: &str = "WITH wanted(place, path, tag, digest) AS (VALUES ";
const MANIFESTS_TAIL: &str = "), located AS MATERIALIZED (SELECT place, tag, digest, \
     (SELECT p.repository_id FROM repository_paths p WHERE p.path = wanted.path) AS repository_id \
     FROM wanted), \
     found AS MATERIALIZED (SELECT place, repository_id, CASE WHEN digest IS NULL \
     THEN (SELECT t.manifest_id FROM tags t \
     WHERE t.repository_id = located.repository_id AND t.name = located.tag) \
     ELSE (SELECT m.id FROM manifests m \
     WHERE m.repository_id = located.repository_id AND m.digest = located.digest) \
     END AS manifest_id FROM located) \
     SELECT f.place, r.id, r.namespace_id, n.kind, r.path, r.is_private, r.is_automated, \
     r.is_archived, r.generation, r.created_at, m.id, m.digest, m.media_type, m.size_bytes \
     FROM found f CROSS JOIN repositories r CROSS JOIN accounts n \
     LEFT JOIN manifests m ON m.id = f.manifest_id \
     WHERE r.id = f.repository_id AND n.id = r.namespace_id";

const BLOBS: &str = "WITH wanted(place, path, digest) AS (VALUES ";
const BLOBS_TAIL: &str = "), located AS MATERIALIZED (SELECT place, \
     (SELECT p.repository_id FROM repository_paths p WHERE p.path = wanted.path) AS repository_id, \
     (SELECT b.id FROM blobs b WHERE b.digest = wanted.digest) AS blob_id FROM wanted), \
     found AS MATERIALIZED (SELECT place, repository_id, (SELECT l.blob_id FROM repository_blobs l \
     WHERE l.repository_id = located.repository_id AND l.blob_id = located.blob_id) AS blob_id \
     FROM located) \
     SELECT f.place, r.id, r.namespace_id, n.kind, r.path, r.is_private, r.is_automated, \
     r.is_archived, r.generation, r.created_at, b.id, b.digest, b.size_bytes, b.locator, b.created_at, \
     b.protected_until \
     FROM found f CROSS JOIN repositories r CROSS JOIN accounts n \
     LEFT JOIN blobs b ON b.id = f.blob_id \
     WHERE r.id = f.repository_id AND n.id = r.namespace_id";

const REPOSITORIES: &str = "WITH wanted(place, path) AS (VALUES ";
const REPOSITORIES_TAIL: &str = ") SELECT w.place, r.id, r.namespace_id, n.kind, r.path, \
     r.is_private, r.is_automated, r.is_archived, r.generation, r.created_at \
     FROM wanted w CROSS JOIN repository_paths p CROSS JOIN repositories r CROSS JOIN accounts n \
     WHERE p.path = w.path AND r.id = p.repository_id AND n.id = r.namespace_id";

// Owners of the organization and its editors, teams, collaborators; each by a key of its own.
const ROLES: &str = "WITH wanted(place, account, repository) AS (VALUES ";
const ROLES_TAIL: &str = ") SELECT w.place, \
     (SELECT MAX(CAST(4 AS BIGINT)) FROM repositories r JOIN teams t ON t.organization_id = r.namespace_id \
     JOIN team_members m ON m.team_id = t.id \
     WHERE r.id = w.repository AND t.is_owners = TRUE AND m.account_id = w.account), \
     (SELECT MAX(CAST(3 AS BIGINT)) FROM repositories r JOIN members m ON m.organization_id = r.namespace_id \
     WHERE r.id = w.repository AND m.account_id = w.account AND m.is_editor = TRUE), \
     (SELECT MAX(g.level) FROM team_grants g JOIN team_members m ON m.team_id = g.team_id \
     WHERE g.repository_id = w.repository AND m.account_id = w.account), \
     (SELECT c.level FROM collaborators c \
     WHERE c.repository_id = w.repository AND c.account_id = w.account) FROM wanted w";

/// [`Lookups::manifest`] for many keys at once.
pub async fn manifests(
    db: &Db,
    keys: &[(RepositoryName, Reference)],
) -> Result<Vec<Option<FoundManifest>>, DbError> {
    ask(db, keys, (MANIFESTS, 4, MANIFESTS_TAIL), |statement, key| {
        let (tag, digest) = match key.map(|(_, reference)| reference) {
            Some(Reference::Tag(tag)) => (Some(tag), None),
            Some(Reference::Digest(digest)) => (None, Some(*digest)),
            None => (None, None),
        };
        statement.push(key.map(|(path, _)| path.as_str()));
        statement.push(tag.map(roadstead_types::Tag::as_str));
        statement.push(digest);
    })
    .await
}

/// [`Lookups::blob`] for many keys at once.
pub async fn blobs(
    db: &Db,
    keys: &[(RepositoryName, Digest)],
) -> Result<Vec<Option<FoundBlob>>, DbError> {
    ask(db, keys, (BLOBS, 3, BLOBS_TAIL), |statement, key| {
        statement.push(key.map(|(path, _)| path.as_str()));
        statement.push(key.map(|(_, digest)| *digest));
    })
    .await
}

/// [`Lookups::repository`] for many keys at once.
pub async fn repositories(
    db: &Db,
    keys: &[RepositoryName],
) -> Result<Vec<Option<RepositoryFacts>>, DbError> {
    ask(db, keys, (REPOSITORIES, 2, REPOSITORIES_TAIL), |statement, key| {
        statement.push(key.map(RepositoryName::as_str));
    })
    .await
}

/// [`Lookups::role`] for many keys at once.
pub async fn roles(
    db: &Db,
    keys: &[(AccountId, RepositoryId)],
) -> Result<Vec<Option<Role>>, DbError> {
    let found = ask::<_, Given>(db, keys, (ROLES, 3, ROLES_TAIL), |statement, key| {
        statement.push(key.map(|(account, _)| *account));
        statement.push(key.map(|(_, repository)| *repository));
    });
    Ok(found.await?.into_iter().map(|given| given.and_then(|Given(role)| role)).collect())
}

/// The greatest of the roles that one row tells.
#[derive(Clone)]
struct Given(Option<Role>);

impl FromRow for Given {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, DbError> {
        let mut greatest = None;
        for _ in 0..4 {
            greatest = greatest.max(cells.next::<Option<Role>>()?);
        }
        Ok(Self(greatest))
    }
}

/// Asks for all keys in one query. `bind` gives the columns of one key after its place; the number of
/// rows is rounded up, so that a few texts stay prepared.
async fn ask<K, V: FromRow + Clone>(
    db: &Db,
    keys: &[K],
    (head, columns, tail): (&'static str, usize, &'static str),
    bind: impl Fn(&mut Statement<'_, '_>, Option<&K>),
) -> Result<Vec<Option<V>>, DbError> {
    let mut found = vec![None; keys.len()];
    let mut tx = db.connect().await?;
    for (number, chunk) in keys.chunks(BATCH).enumerate() {
        let rows = chunk.len().next_power_of_two();
        let mut statement = tx.sql(rows_list(head, columns, rows, tail));
        for place in 0..rows {
            statement.push(place as u64);
            bind(&mut statement, chunk.get(place));
        }
        for Placed { place, value } in statement.rows::<Placed<V>>().await? {
            if let Some(slot) = found.get_mut(number * BATCH + place) {
                *slot = Some(value);
            }
        }
    }
    Ok(found)
}

struct Placed<V> {
    place: usize,
    value: V,
}

impl<V: FromRow> FromRow for Placed<V> {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, DbError> {
        let place = cells.next::<u64>()? as usize;
        Ok(Self { place, value: V::from_row(cells)? })
    }
}

impl FromRow for FoundManifest {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, DbError> {
        let repository = RepositoryFacts::from_row(cells)?;
        let manifest = match cells.next::<Option<ManifestId>>()? {
            Some(id) => Some(ManifestHead {
                id,
                digest: cells.next()?,
                media_type: cells.next()?,
                size: cells.next()?,
            }),
            None => None,
        };
        Ok(Self { repository, manifest })
    }
}

impl FromRow for FoundBlob {
    fn from_row(cells: &mut Cells<'_>) -> Result<Self, DbError> {
        let repository = RepositoryFacts::from_row(cells)?;
        let blob = match cells.next::<Option<BlobId>>()? {
            Some(id) => Some(BlobRecord {
                id,
                digest: cells.next()?,
                size: cells.next()?,
                locator: cells.next()?,
                created_at: cells.next()?,
                protected_until: cells.next()?,
            }),
            None => None,
        };
        Ok(Self { repository, blob })
    }
}
