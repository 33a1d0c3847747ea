//! Tags as people look at them: pages in any order, what each stands for, and where it stood before.

use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, AccountName, Digest, ManifestId, RepositoryId, Tag, TagMoveId};
use sqlx::AssertSqlSafe;

use crate::manifests::ReferenceKind;
use crate::sql::{escaped, in_list, padded, record};
use crate::{DbError, Tx};

/// A tag and the manifest it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRow {
    pub name: Tag,
    pub manifest: ManifestId,
    pub digest: Digest,
    pub media_type: String,
    pub artifact_type: Option<String>,
    pub pushed_at: Timestamp,
    pub moved_at: Timestamp,
    pub moved_by: Option<AccountId>,
    pub mover: Option<AccountName>,
    pub pulled_at: Option<Timestamp>,
    pub pulls: u64,
}

record!(TagRow {
    name,
    manifest,
    digest,
    media_type,
    artifact_type,
    pushed_at,
    moved_at,
    moved_by,
    mover,
    pulled_at,
    pulls,
});

macro_rules! tag_rows {
    () => {
        "SELECT t.name, m.id, m.digest, m.media_type, m.artifact_type, m.pushed_at, t.moved_at, \
         t.moved_by, a.name, t.pulled_at, t.pull_count FROM tags t \
         JOIN manifests m ON m.id = t.manifest_id LEFT JOIN accounts a ON a.id = t.moved_by "
    };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagOrder {
    Name,
    Moved,
    /// By the version that the name tells ([`roadstead_types::version`]).
    Version,
}

/// Which tags of a repository are asked for.
#[derive(Clone, Copy, Debug)]
pub struct TagList<'a> {
    pub repository: RepositoryId,
    /// Part of the name, in either case.
    pub name_part: Option<&'a str>,
    pub os: Option<&'a str>,
    pub architecture: Option<&'a str>,
    pub order: TagOrder,
    pub is_descending: bool,
    pub offset: u64,
    pub limit: u32,
}

const MATCHES: &str = "t.repository_id = $1 AND ($2 IS NULL OR LOWER(t.name) LIKE $2 ESCAPE '!') \
     AND ($3 IS NULL OR EXISTS (SELECT 1 FROM manifest_references p \
     WHERE p.manifest_id = t.manifest_id AND (p.platform LIKE $3 ESCAPE '!' \
     OR p.platform LIKE $4 ESCAPE '!')))";

impl TagList<'_> {
    const fn order_by(&self) -> &'static str {
        match (self.order, self.is_descending) {
            (TagOrder::Name, false) => "ORDER BY t.name",
            (TagOrder::Name, true) => "ORDER BY t.name DESC",
            (TagOrder::Moved, false) => "ORDER BY t.moved_at, t.name",
            (TagOrder::Moved, true) => "ORDER BY t.moved_at DESC, t.name DESC",
            (TagOrder::Version, false) => "ORDER BY t.version_key, t.name",
            (TagOrder::Version, true) => "ORDER BY t.version_key DESC, t.name DESC",
        }
    }

    /// Patterns for `os/architecture`, without and with a variant.
    fn platforms(&self) -> (Option<String>, Option<String>) {
        if self.os.is_none() && self.architecture.is_none() {
            return (None, None);
        }
        let part = |given: Option<&str>| given.map_or_else(|| "%".to_owned(), escaped);
        let plain = format!("{}/{}", part(self.os), part(self.architecture));
        let with_variant = format!("{plain}/%");
        (Some(plain), Some(with_variant))
    }
}

/// A page of tags, and how many match in all.
pub async fn page(tx: &mut Tx<'_>, list: &TagList<'_>) -> Result<(Vec<TagRow>, u64), DbError> {
    let name = list.name_part.map(|part| format!("%{}%", escaped(&part.to_lowercase())));
    let (plain, with_variant) = list.platforms();
    let text = format!("{}WHERE {MATCHES} {} LIMIT $5 OFFSET $6", tag_rows!(), list.order_by());
    let rows = tx
        .sql(AssertSqlSafe(text))
        .bind(list.repository)
        .bind(name.clone())
        .bind(plain.clone())
        .bind(with_variant.clone())
        .bind(i64::from(list.limit))
        .bind(list.offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql(AssertSqlSafe(format!("SELECT COUNT(*) FROM tags t WHERE {MATCHES}")))
        .bind(list.repository)
        .bind(name)
        .bind(plain)
        .bind(with_variant)
        .one()
        .await?;
    Ok((rows, total))
}

pub async fn one(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tag: &Tag,
) -> Result<Option<TagRow>, DbError> {
    tx.sql(concat!(tag_rows!(), "WHERE t.repository_id = $1 AND t.name = $2"))
        .bind(repository)
        .bind(tag)
        .row()
        .await
}

/// Some of the tags that stand at each of `manifests`, `limit` of each at most, in byte order.
pub async fn tags_at(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    manifests: &[ManifestId],
    limit: u32,
) -> Result<Vec<(ManifestId, Tag)>, DbError> {
    let mut found = Vec::new();
    for chunk in manifests.chunks(64) {
        let count = chunk.len().next_power_of_two();
        let mut statement = tx.sql(tags_at_each(count)).bind(repository).bind(i64::from(limit));
        padded(chunk, count).for_each(|id| statement.push(*id));
        found.extend(statement.rows::<(ManifestId, Tag)>().await?);
    }
    // The last manifest was asked for again to fill the statement.
    found.sort();
    found.dedup();
    Ok(found)
}

/// One bounded look-up for each manifest: all tags of a repository may stand at one.
fn tags_at_each(count: usize) -> AssertSqlSafe<String> {
    let each = (3..count + 3).map(|place| {
        format!(
            "SELECT * FROM (SELECT manifest_id, name FROM tags WHERE repository_id = $1 \
             AND manifest_id = ${place} LIMIT $2) AS m{place}"
        )
    });
    AssertSqlSafe(each.collect::<Vec<_>>().join(" UNION ALL "))
}

/// One thing that a listed manifest points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartRow {
    pub manifest: ManifestId,
    pub position: u64,
    pub kind: ReferenceKind,
    pub digest: Digest,
    pub size: u64,
    pub platform: Option<String>,
    /// Of a child that is here: when it was pushed, and the bytes of its config and layers.
    pub child_pushed_at: Option<Timestamp>,
    pub child_size: Option<i64>,
}

record!(PartRow { manifest, position, kind, digest, size, platform, child_pushed_at, child_size });

/// The first 512 things that each of `manifests` points at, in their order.
pub async fn parts(tx: &mut Tx<'_>, manifests: &[ManifestId]) -> Result<Vec<PartRow>, DbError> {
    let mut parts = Vec::new();
    for chunk in manifests.chunks(128) {
        let count = chunk.len().next_power_of_two();
        let mut statement = tx.sql(in_list(
            "SELECT p.manifest_id, p.position, p.kind, p.digest, p.size_bytes, p.platform, \
             c.pushed_at, (SELECT CAST(SUM(x.size_bytes) AS BIGINT) FROM manifest_references x \
             WHERE x.manifest_id = c.id AND x.kind IN ('config', 'layer')) \
             FROM manifest_references p LEFT JOIN manifests c ON p.kind = 'child' \
             AND c.repository_id = p.repository_id AND c.digest = p.digest \
             WHERE p.position < 512 AND p.manifest_id IN ",
            1,
            count,
        ));
        padded(chunk, count).for_each(|id| statement.push(*id));
        parts.extend(statement.rows::<PartRow>().await?);
    }
    parts.sort_by_key(|part| (part.manifest, part.position));
    Ok(parts)
}

/// One entry of a tag's history, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveRow {
    pub id: TagMoveId,
    pub from: Option<Digest>,
    pub to: Option<Digest>,
    pub moved_at: Timestamp,
    pub mover: Option<AccountName>,
    /// Whether the manifest it moved to is still here.
    pub is_here: bool,
}

record!(MoveRow { id, from, to, moved_at, mover, is_here });

/// The moves of a tag, the newest first, and how many there are.
pub async fn moves(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tag: &Tag,
    offset: u64,
    limit: u32,
) -> Result<(Vec<MoveRow>, u64), DbError> {
    let rows = tx
        .sql(
            "SELECT v.id, v.from_digest, v.to_digest, v.moved_at, a.name, EXISTS \
             (SELECT 1 FROM manifests m WHERE m.repository_id = $1 AND m.digest = v.to_digest) \
             FROM tag_moves v LEFT JOIN accounts a ON a.id = v.moved_by \
             WHERE v.repository_id = $1 AND v.tag = $2 ORDER BY v.position DESC LIMIT $3 OFFSET $4",
        )
        .bind(repository)
        .bind(tag)
        .bind(i64::from(limit))
        .bind(offset)
        .rows()
        .await?;
    let (total,) = tx
        .sql("SELECT COUNT(*) FROM tag_moves WHERE repository_id = $1 AND tag = $2")
        .bind(repository)
        .bind(tag)
        .one()
        .await?;
    Ok((rows, total))
}

/// Whether the tag ever stood at this digest.
pub async fn stood_at(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tag: &Tag,
    digest: &Digest,
) -> Result<bool, DbError> {
    let row: Option<(TagMoveId,)> = tx
        .sql(
            "SELECT id FROM tag_moves WHERE repository_id = $1 AND tag = $2 AND to_digest = $3 \
             LIMIT 1",
        )
        .bind(repository)
        .bind(tag)
        .bind(digest)
        .row()
        .await?;
    Ok(row.is_some())
}
