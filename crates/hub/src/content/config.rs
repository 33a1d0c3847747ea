//! What the config of an image tells of it: its platform, and how each layer was made.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use roadstead_blobs::Locator;
use roadstead_db::blobs;
use roadstead_oci::Manifest;
use roadstead_oci::manifest::Role;
use roadstead_types::Digest;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::StoreError;
use crate::access::{Repo, Right};

/// Bytes of a config that is looked into; those of real images have some ten thousand.
const MAX_BYTES: u64 = 1 << 20;
/// Letters of a platform; longer ones are made up.
const MAX_PLATFORM: usize = 64;

const IMAGE_CONFIGS: [&str; 2] =
    ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];

#[derive(Debug, Default, Deserialize)]
pub(super) struct Config {
    #[serde(default)]
    os: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    variant: String,
    #[serde(default)]
    pub created: Option<String>,
    #[serde(default)]
    pub history: Vec<Step>,
    #[serde(default, rename = "config")]
    pub run: Option<Run>,
}

/// How the image runs. Builders write `null` for what is not set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Run {
    pub entrypoint: Option<Vec<String>>,
    #[serde(rename = "Cmd")]
    pub command: Option<Vec<String>>,
    pub user: Option<String>,
    pub working_dir: Option<String>,
    #[serde(rename = "ExposedPorts")]
    pub ports: Option<BTreeMap<String, IgnoredAny>>,
    pub volumes: Option<BTreeMap<String, IgnoredAny>>,
    pub env: Option<Vec<String>>,
    pub labels: Option<BTreeMap<String, String>>,
}

/// One line of the Dockerfile, as the image remembers it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Step {
    #[serde(default)]
    pub created_by: String,
    #[serde(default)]
    pub empty_layer: bool,
}

impl Config {
    fn platform(&self) -> Option<String> {
        let mut platform = format!("{}/{}", self.os, self.architecture);
        if !self.variant.is_empty() {
            platform = format!("{platform}/{}", self.variant);
        }
        let is_plain =
            platform.len() <= MAX_PLATFORM && platform.bytes().all(|byte| byte.is_ascii_graphic());
        (is_plain && platform != "/").then_some(platform)
    }
}

impl<R: Right> Repo<R> {
    /// The platform an image says it is for. That it cannot be told keeps nothing from being pushed.
    pub(super) async fn platform_of(
        &self,
        manifest: &Manifest,
    ) -> Result<Option<String>, StoreError> {
        let config = manifest.references.iter().find(|reference| {
            reference.role == Role::Config && IMAGE_CONFIGS.contains(&reference.media_type.as_str())
        });
        let Some(config) = config else { return Ok(None) };
        Ok(self.read_config(&config.digest).await?.and_then(|config| config.platform()))
    }

    /// Reads a config of this repository; `None` when it is not here, is too large or is no config.
    pub(super) async fn read_config(&self, digest: &Digest) -> Result<Option<Config>, StoreError> {
        let repository = self.facts.id;
        let found =
            self.hub.db.read(async |tx| blobs::find_linked(tx, repository, digest).await).await?;
        let Some(blob) = found.filter(|blob| blob.size <= MAX_BYTES) else { return Ok(None) };
        let read = async {
            let stream = self.hub.blobs.read(&Locator(blob.locator), 0..blob.size).await?;
            let pieces: Vec<bytes::Bytes> = stream.try_collect().await?;
            Ok::<_, roadstead_blobs::BlobError>(pieces.concat())
        };
        match read.await {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) => {
                tracing::warn!(%digest, %error, "a config could not be read");
                Ok(None)
            }
        }
    }
}
