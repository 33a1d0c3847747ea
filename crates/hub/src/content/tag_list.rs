//! Tags as people look at them, with the images behind each.

use std::collections::HashMap;
use std::time::Duration;

use roadstead_db::manifests::{self, ReferenceKind};
use roadstead_db::tag_list::{self, PartRow, TagList, TagRow};
use roadstead_oci::media_type::{self, Shape};
use roadstead_types::{Digest, ManifestId, Reference, RepositoryId, Tag, Timestamp};

pub use roadstead_db::tag_list::TagOrder;

use super::image::LayerView;
use crate::StoreError;
use crate::access::{Allows, Pull, Repo};

/// How long a tag that was pushed or pulled counts as in use.
const ACTIVE: Duration = Duration::from_secs(30 * 24 * 3600);
/// Images of one index whose layers are told.
const MAX_IMAGES: usize = 50;

/// Which tags are asked for.
#[derive(Clone, Debug)]
pub struct TagQuery {
    pub name_part: Option<String>,
    pub os: Option<String>,
    pub architecture: Option<String>,
    pub order: TagOrder,
    pub is_descending: bool,
    pub offset: u64,
    pub limit: u32,
}

impl TagQuery {
    /// All tags, the one that moved last first.
    pub const fn newest(limit: u32) -> Self {
        Self {
            name_part: None,
            os: None,
            architecture: None,
            order: TagOrder::Moved,
            is_descending: true,
            offset: 0,
            limit,
        }
    }
}

/// A tag and what it stands for.
#[derive(Clone, Debug)]
pub struct TagView {
    pub repository: RepositoryId,
    pub row: TagRow,
    /// `image`, `helm` ...: what is pulled under the tag.
    pub content_type: &'static str,
    pub is_active: bool,
    pub images: Vec<ImageView>,
}

/// One page, and how many there are in all.
#[derive(Clone, Debug)]
pub struct TagViews {
    pub tags: Vec<TagView>,
    pub total: u64,
}

/// An image for one platform.
#[derive(Clone, Debug)]
pub struct ImageView {
    pub os: String,
    pub architecture: String,
    pub variant: Option<String>,
    pub digest: Digest,
    /// Bytes of the config and the layers, as they are transferred.
    pub size: u64,
    pub pushed_at: Option<Timestamp>,
}

impl TagView {
    /// The bytes that most people pull: the image for linux/amd64, else the first.
    pub fn full_size(&self) -> u64 {
        let is_usual = |image: &&ImageView| image.os == "linux" && image.architecture == "amd64";
        let image = self.images.iter().find(is_usual).or(self.images.first());
        image.map_or(0, |image| image.size)
    }
}

impl<R: Allows<Pull>> Repo<R> {
    pub async fn list_tag_views(&self, query: &TagQuery) -> Result<TagViews, StoreError> {
        let list = TagList {
            repository: self.facts.id,
            name_part: query.name_part.as_deref(),
            os: query.os.as_deref(),
            architecture: query.architecture.as_deref(),
            order: query.order,
            is_descending: query.is_descending,
            offset: query.offset,
            limit: query.limit,
        };
        let (rows, parts, total) = self
            .hub
            .db
            .read(async |tx| {
                let (rows, total) = tag_list::page(tx, &list).await?;
                let ids: Vec<_> = rows.iter().map(|row| row.manifest).collect();
                let parts = tag_list::parts(tx, &ids).await?;
                Ok::<_, StoreError>((rows, parts, total))
            })
            .await?;
        let tags = rows.into_iter().map(|row| self.view(row, &parts)).collect();
        Ok(TagViews { tags, total })
    }

    pub async fn find_tag_view(&self, tag: &Tag) -> Result<Option<TagView>, StoreError> {
        let repository = self.facts.id;
        let found = self
            .hub
            .db
            .read(async |tx| {
                let Some(row) = tag_list::one(tx, repository, tag).await? else { return Ok(None) };
                let parts = tag_list::parts(tx, &[row.manifest]).await?;
                Ok::<_, StoreError>(Some((row, parts)))
            })
            .await?;
        Ok(found.map(|(row, parts)| self.view(row, &parts)))
    }

    fn view(&self, row: TagRow, parts: &[PartRow]) -> TagView {
        let of = Of { manifest: row.manifest, digest: row.digest, pushed_at: Some(row.pushed_at) };
        let images = images(&of, &row.media_type, parts);
        let since = self.hub.now().minus(ACTIVE);
        TagView {
            repository: self.facts.id,
            content_type: content_type(row.artifact_type.as_deref()),
            is_active: row.moved_at.max(row.pulled_at.unwrap_or(row.moved_at)) >= since,
            images,
            row,
        }
    }

    /// The images behind a tag or a digest.
    pub async fn find_images(
        &self,
        reference: &Reference,
    ) -> Result<Option<Vec<ImageView>>, StoreError> {
        let digest = match reference {
            Reference::Tag(tag) => {
                return Ok(self.find_tag_view(tag).await?.map(|found| found.images));
            }
            Reference::Digest(digest) => *digest,
        };
        let repository = self.facts.id;
        let found = self
            .hub
            .db
            .read(async |tx| {
                let head = manifests::find(tx, repository, &digest).await?;
                let Some(head) = head else { return Ok(None) };
                let parts = tag_list::parts(tx, &[head.id]).await?;
                Ok::<_, StoreError>(Some((head, parts)))
            })
            .await?;
        Ok(found.map(|(head, parts)| {
            let of = Of { manifest: head.id, digest, pushed_at: None };
            images(&of, &head.media_type, &parts)
        }))
    }

    /// Some of the tags that stand at each of `manifests`, `limit` of each at most.
    pub async fn list_tags_at(
        &self,
        manifests: &[ManifestId],
        limit: u32,
    ) -> Result<HashMap<ManifestId, Vec<Tag>>, StoreError> {
        let id = self.facts.id;
        let rows =
            self.hub.db.read(async |tx| tag_list::tags_at(tx, id, manifests, limit).await).await?;
        let mut found: HashMap<_, Vec<Tag>> = HashMap::new();
        for (manifest, tag) in rows {
            found.entry(manifest).or_default().push(tag);
        }
        Ok(found)
    }

    /// The images behind a tag, each with its layers.
    pub async fn list_images(
        &self,
        tag: &Tag,
    ) -> Result<Option<Vec<(ImageView, Vec<LayerView>)>>, StoreError> {
        let Some(found) = self.find_tag_view(tag).await? else { return Ok(None) };
        let mut images = Vec::new();
        for image in found.images.into_iter().take(MAX_IMAGES) {
            let details = self.image_details(&image.digest).await?;
            images.push((image, details.layers));
        }
        Ok(Some(images))
    }
}

/// The manifest whose images are told.
struct Of {
    manifest: ManifestId,
    digest: Digest,
    pushed_at: Option<Timestamp>,
}

fn images(of: &Of, media_type: &str, parts: &[PartRow]) -> Vec<ImageView> {
    let own = parts.iter().filter(|part| part.manifest == of.manifest);
    match media_type::shape(media_type) {
        Some(Shape::Index) => {
            own.filter(|part| part.kind == ReferenceKind::Child).map(child).collect()
        }
        _ => vec![plain(of, own)],
    }
}

fn child(part: &PartRow) -> ImageView {
    let size = part.child_size.and_then(|size| u64::try_from(size).ok());
    image(part.platform.as_deref(), part.digest, size.unwrap_or(0), part.child_pushed_at)
}

fn plain<'a>(of: &Of, parts: impl Iterator<Item = &'a PartRow>) -> ImageView {
    let (mut size, mut platform) = (0_u64, None);
    for part in parts {
        size = size.saturating_add(part.size);
        if part.kind == ReferenceKind::Config {
            platform = part.platform.as_deref();
        }
    }
    image(platform, of.digest, size, of.pushed_at)
}

fn image(
    platform: Option<&str>,
    digest: Digest,
    size: u64,
    pushed_at: Option<Timestamp>,
) -> ImageView {
    let mut words = platform.unwrap_or("unknown/unknown").splitn(3, '/').map(str::to_owned);
    ImageView {
        os: words.next().unwrap_or_default(),
        architecture: words.next().unwrap_or_default(),
        variant: words.next(),
        digest,
        size,
        pushed_at,
    }
}

/// Docker Hub's word for what kind of artifact this is.
fn content_type(artifact_type: Option<&str>) -> &'static str {
    match artifact_type {
        None
        | Some(
            "application/vnd.oci.image.config.v1+json"
            | "application/vnd.docker.container.image.v1+json",
        ) => "image",
        Some("application/vnd.docker.plugin.v1+json") => "plugin",
        Some("application/vnd.cncf.helm.config.v1+json") => "helm",
        Some("application/vnd.docker.compose.project") => "compose",
        Some("application/vnd.wasm.config.v0+json" | "application/vnd.wasm.config.v1+json") => {
            "wasm"
        }
        Some(other) if other.starts_with("application/vnd.docker.ai.") => "model",
        Some(_) => "unrecognized",
    }
}
