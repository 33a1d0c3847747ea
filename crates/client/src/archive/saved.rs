//! Reading what `docker save` wrote (image-spec v1.2 of moby, "Combined Image JSON + Filesystem
//! Changeset Format"): layers become gzip, the form registries expect.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use roadstead_oci::media_type;
use roadstead_types::Digest;
use serde::Deserialize;
use serde_json::json;

use super::gzip;
use crate::ClientError;
use crate::copy::Content;
use crate::hashing;
use crate::layout::{LayoutFolder, Tree};
use crate::progress::{Outcome, Progress};

const MAX_DOCUMENT: u64 = 16 << 20;
/// Layers compressed at once.
const PARALLEL: usize = 4;
const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// A saved archive and what is in it.
#[derive(Debug)]
pub struct DockerArchive {
    tree: Arc<Tree>,
    images: Vec<Saved>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Saved {
    config: String,
    repo_tags: Option<Vec<String>>,
    layers: Vec<String>,
}

#[derive(Deserialize)]
struct Config {
    rootfs: RootFs,
}

#[derive(Deserialize)]
struct RootFs {
    #[serde(default)]
    diff_ids: Vec<String>,
}

impl DockerArchive {
    pub const MANIFEST: &str = "manifest.json";

    pub async fn open(tree: Tree) -> Result<Self, ClientError> {
        if !tree.has(Self::MANIFEST) {
            return Err(ClientError::Invalid(format!(
                "{} is no archive of `docker save`: it has no `manifest.json`",
                tree.name()
            )));
        }
        let bytes = tree.read(Self::MANIFEST, MAX_DOCUMENT).await?;
        let images = serde_json::from_slice(&bytes).map_err(|error| {
            ClientError::Corrupt(format!("{}: manifest.json: {error}", tree.name()))
        })?;
        Ok(Self { tree: Arc::new(tree), images })
    }

    /// The names in it, as `docker save` was given them.
    pub fn names(&self) -> Vec<&str> {
        let names = self.images.iter().filter_map(|image| image.repo_tags.as_deref());
        names.flatten().map(String::as_str).collect()
    }

    /// Puts the image with this name, or the only one there is, into a layout.
    pub async fn unpack(
        &self,
        name: Option<&str>,
        into: &LayoutFolder,
        progress: &dyn Progress,
    ) -> Result<Content, ClientError> {
        let saved = self.find(name)?;
        let config = self.tree.read(&saved.config, MAX_DOCUMENT).await?;
        let parsed: Config = serde_json::from_slice(&config).map_err(|error| {
            ClientError::Corrupt(format!("{}: {}: {error}", self.tree.name(), saved.config))
        })?;
        let diff_ids = parsed.rootfs.diff_ids.iter().map(|text| text.parse());
        let diff_ids: Vec<Digest> = diff_ids.collect::<Result<_, _>>().map_err(|error| {
            ClientError::Corrupt(format!("{}: {}: {error}", self.tree.name(), saved.config))
        })?;
        if diff_ids.len() != saved.layers.len() {
            let text = format!("{}: layers and configuration do not agree", self.tree.name());
            return Err(ClientError::Corrupt(text));
        }
        let layers = self.layers(&saved.layers, &diff_ids, into, progress).await?;
        let config = put(into, config).await?;
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": media_type::OCI_MANIFEST,
            "config": descriptor(OCI_CONFIG, &config),
            "layers": layers.iter().map(|l| descriptor(OCI_LAYER, l)).collect::<Vec<_>>(),
        });
        Content::new(manifest.to_string().into(), None)
    }

    fn find(&self, name: Option<&str>) -> Result<&Saved, ClientError> {
        let called = |image: &&Saved, name: &str| {
            image.repo_tags.as_deref().unwrap_or_default().iter().any(|tag| tag == name)
        };
        let found = match (name, self.images.as_slice()) {
            (Some(name), images) => images.iter().find(|image| called(image, name)),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        found.ok_or_else(|| {
            let what = name.map_or("more than one image".to_owned(), |name| format!("no `{name}`"));
            let names = self.names().join(", ");
            ClientError::NotFound(format!("{} has {what}; in it are: {names}", self.tree.name()))
        })
    }

    /// The layers in their order; one that occurs twice is compressed once.
    async fn layers(
        &self,
        names: &[String],
        diff_ids: &[Digest],
        into: &LayoutFolder,
        progress: &dyn Progress,
    ) -> Result<Vec<Blob>, ClientError> {
        let mut distinct: HashMap<Digest, &String> = HashMap::new();
        for (name, diff_id) in names.iter().zip(diff_ids) {
            distinct.entry(*diff_id).or_insert(name);
        }
        let made = stream::iter(distinct)
            .map(|(diff_id, name)| async move {
                let meter = progress.part(&diff_id, self.tree.size(name).await?);
                let blob = gzip::layer(self.tree.clone(), name.clone(), diff_id, into).await?;
                meter.done(&Outcome::Compressed);
                Ok::<_, ClientError>((diff_id, blob))
            })
            .buffer_unordered(PARALLEL)
            .try_collect::<HashMap<Digest, Blob>>()
            .await?;
        Ok(diff_ids.iter().map(|diff_id| made[diff_id].clone()).collect())
    }
}

/// A file of the layout.
#[derive(Clone, Debug)]
pub(super) struct Blob {
    pub digest: Digest,
    pub size: u64,
}

fn descriptor(media_type: &str, blob: &Blob) -> serde_json::Value {
    json!({"mediaType": media_type, "digest": blob.digest.to_string(), "size": blob.size})
}

async fn put(into: &LayoutFolder, bytes: Vec<u8>) -> Result<Blob, ClientError> {
    let blob = Blob { digest: hashing::digest_of(&bytes)?, size: bytes.len() as u64 };
    let path = into.blob_file(&blob.digest);
    let folder = path.parent().unwrap_or(&path);
    tokio::fs::create_dir_all(folder).await.map_err(ClientError::file(folder))?;
    tokio::fs::write(&path, bytes).await.map_err(ClientError::file(&path))?;
    Ok(blob)
}
