//! OCI image layouts (image-spec 1.1, image-layout.md): a folder, or the same in a tar archive.

mod folder;
mod tree;

use roadstead_oci::media_type;
use roadstead_types::{Digest, Reference};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::copy::{ByteStream, Content, Descriptor, Source};
use crate::{ClientError, hashing};
pub use folder::LayoutFolder;
pub use tree::Tree;

pub(crate) const MARKER: &str = "oci-layout";
pub(crate) const MARKER_TEXT: &[u8] = br#"{"imageLayoutVersion":"1.0.0"}"#;
pub(crate) const INDEX: &str = "index.json";
const REF_NAME: &str = "org.opencontainers.image.ref.name";
const MAX_DOCUMENT: u64 = 16 << 20;

/// `blobs/sha256/..`.
pub(crate) fn blob_path(digest: &Digest) -> String {
    format!("blobs/{}/{}", digest.algorithm().name(), digest.hex())
}

/// `index.json`; members not known here are kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TopIndex {
    schema_version: u32,
    #[serde(default)]
    pub manifests: Vec<Entry>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    pub media_type: String,
    pub digest: String,
    pub size: u64,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub annotations: Map<String, Value>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

impl Default for TopIndex {
    fn default() -> Self {
        let media_type = Value::from(media_type::OCI_INDEX);
        let more = [("mediaType".to_owned(), media_type)].into_iter().collect();
        Self { schema_version: 2, manifests: Vec::new(), more }
    }
}

impl TopIndex {
    pub fn parse(bytes: &[u8]) -> Result<Self, ClientError> {
        serde_json::from_slice(bytes)
            .map_err(|error| ClientError::Corrupt(format!("index.json of the layout: {error}")))
    }

    /// Names a manifest; what had the name before loses it.
    pub fn name(&mut self, manifest: &Content, name: Option<&str>) {
        let digest = manifest.digest.to_string();
        let mut annotations = Map::new();
        match name {
            Some(name) => {
                self.manifests.retain(|entry| entry.ref_name() != Some(name));
                annotations.insert(REF_NAME.to_owned(), Value::from(name));
            }
            None if self.manifests.iter().any(|entry| entry.digest == digest) => return,
            None => {}
        }
        self.manifests.push(Entry {
            media_type: manifest.media_type.clone(),
            digest,
            size: manifest.bytes.len() as u64,
            annotations,
            more: Map::new(),
        });
    }
}

impl Entry {
    /// The name as skopeo and this program write it. Others (containerd, docker) write the whole
    /// name of the image there, of which the tag is the last part.
    fn ref_name(&self) -> Option<&str> {
        self.annotations.get(REF_NAME)?.as_str()
    }

    fn is_called(&self, tag: &str) -> bool {
        let name = self.ref_name().unwrap_or_default();
        name == tag || name.rsplit_once(':').is_some_and(|(_, end)| end == tag)
    }

    fn tag(&self) -> Option<&str> {
        let name = self.ref_name()?;
        Some(name.rsplit_once(':').map_or(name, |(_, tag)| tag))
    }
}

/// A layout to read from.
#[derive(Debug)]
pub struct Layout {
    tree: Tree,
    index: TopIndex,
}

impl Layout {
    pub async fn open(tree: Tree) -> Result<Self, ClientError> {
        if !tree.has(MARKER) {
            return Err(ClientError::Invalid(format!(
                "{} is no OCI image layout: it has no `oci-layout`",
                tree.name()
            )));
        }
        let index = TopIndex::parse(&tree.read(INDEX, MAX_DOCUMENT).await?)?;
        Ok(Self { tree, index })
    }

    /// The tags in it, in order.
    pub fn tags(&self) -> Vec<&str> {
        self.index.manifests.iter().filter_map(Entry::tag).collect()
    }

    /// The image with this tag, or the only one there is.
    pub fn find(&self, tag: Option<&str>) -> Result<Digest, ClientError> {
        let entries = &self.index.manifests;
        let found = match (tag, entries.as_slice()) {
            (Some(tag), _) => entries.iter().find(|entry| entry.is_called(tag)),
            (None, [only]) => Some(only),
            (None, _) => entries.iter().find(|entry| entry.is_called("latest")),
        };
        let found = found.ok_or_else(|| {
            let tags = self.tags().join(", ");
            let what = tag.map_or("more than one image".to_owned(), |tag| format!("no `{tag}`"));
            ClientError::NotFound(format!("{} has {what}; its tags: {tags}", self.tree.name()))
        })?;
        found.digest.parse().map_err(|error| {
            ClientError::Corrupt(format!("{}: `{}`: {error}", self.tree.name(), found.digest))
        })
    }
}

#[async_trait::async_trait]
impl Source for Layout {
    async fn manifest(&self, reference: &Reference) -> Result<Content, ClientError> {
        let digest = match reference {
            Reference::Digest(digest) => *digest,
            Reference::Tag(tag) => self.find(Some(tag.as_str()))?,
        };
        let bytes = self.tree.read(&blob_path(&digest), MAX_DOCUMENT).await?;
        hashing::check("the manifest", &bytes, &digest)?;
        // OCI manifests need not say what they are; then whoever names them does.
        let text = digest.to_string();
        let entry = self.index.manifests.iter().find(|entry| entry.digest == text);
        let guess = || guess_type(&bytes).to_owned();
        let media_type = entry.map_or_else(guess, |entry| entry.media_type.clone());
        Content::new(bytes.into(), Some(&media_type))
    }

    async fn open(&self, blob: &Descriptor, offset: u64) -> Result<ByteStream, ClientError> {
        self.tree.stream(&blob_path(&blob.digest), offset).await
    }
}

/// The type of a manifest that is named by another manifest: its own word, else its shape.
fn guess_type(bytes: &[u8]) -> &str {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Peek<'a> {
        media_type: Option<&'a str>,
        manifests: Option<serde::de::IgnoredAny>,
    }
    match serde_json::from_slice::<Peek<'_>>(bytes) {
        Ok(Peek { media_type: Some(own), .. }) if !own.is_empty() => own,
        Ok(Peek { manifests: Some(_), .. }) => media_type::OCI_INDEX,
        _ => media_type::OCI_MANIFEST,
    }
}
