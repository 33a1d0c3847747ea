//! One image: how it was made, layer by layer, and how it runs.

use std::collections::BTreeMap;

use roadstead_db::manifests::{self, ReferenceKind, ReferenceRecord};
use roadstead_types::{Digest, Timestamp};

use super::config::{Config, Step};
use crate::StoreError;
use crate::access::{Allows, Pull, Repo};

/// A step of an image's making; one that changed no file has no layer.
#[derive(Clone, Debug)]
pub struct LayerView {
    pub digest: Option<Digest>,
    pub size: u64,
    pub instruction: String,
}

/// How an image runs, as its config says.
#[derive(Clone, Debug, Default)]
pub struct ConfigView {
    pub created_at: Option<Timestamp>,
    pub entrypoint: Vec<String>,
    pub command: Vec<String>,
    pub user: String,
    pub working_dir: String,
    pub ports: Vec<String>,
    pub volumes: Vec<String>,
    pub env: Vec<String>,
    pub labels: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default)]
pub struct ImageDetails {
    /// `None` for what has no config that can be read.
    pub config: Option<ConfigView>,
    pub layers: Vec<LayerView>,
}

impl<R: Allows<Pull>> Repo<R> {
    /// What an image is; of one that is not here, nothing.
    pub async fn image_details(&self, image: &Digest) -> Result<ImageDetails, StoreError> {
        let repository = self.facts.id;
        let references = self
            .hub
            .db
            .read(async |tx| match manifests::find(tx, repository, image).await? {
                Some(head) => manifests::references(tx, head.id).await,
                None => Ok(Vec::new()),
            })
            .await?;
        let config = references.iter().find(|r| r.kind == ReferenceKind::Config);
        let config = match config {
            Some(config) => self.read_config(&config.digest).await?,
            None => None,
        };
        let view = config.as_ref().map(ConfigView::from);
        let history = config.map(|config| config.history).unwrap_or_default();
        Ok(ImageDetails { config: view, layers: layers(&references, history) })
    }
}

impl From<&Config> for ConfigView {
    fn from(config: &Config) -> Self {
        let run = config.run.clone().unwrap_or_default();
        let keys = |map: Option<BTreeMap<String, serde::de::IgnoredAny>>| {
            map.unwrap_or_default().into_keys().collect()
        };
        Self {
            // Reproducible builds write the beginning of some era, which tells nothing.
            created_at: config
                .created
                .as_deref()
                .and_then(Timestamp::parse)
                .filter(|time| time.unix_us() > 0),
            entrypoint: run.entrypoint.unwrap_or_default(),
            command: run.command.unwrap_or_default(),
            user: run.user.unwrap_or_default(),
            working_dir: run.working_dir.unwrap_or_default(),
            ports: keys(run.ports),
            volumes: keys(run.volumes),
            env: run.env.unwrap_or_default(),
            labels: run.labels.unwrap_or_default(),
        }
    }
}

/// Joins what the config remembers with the layers there are; layers beyond its memory stand alone.
fn layers(references: &[ReferenceRecord], history: Vec<Step>) -> Vec<LayerView> {
    let mut blobs = references.iter().filter(|r| r.kind == ReferenceKind::Layer);
    let mut told = Vec::new();
    for step in history {
        let blob = if step.empty_layer { None } else { blobs.next() };
        told.push(LayerView {
            digest: blob.map(|blob| blob.digest),
            size: blob.map_or(0, |blob| blob.size),
            instruction: step.created_by,
        });
    }
    told.extend(blobs.map(|blob| LayerView {
        digest: Some(blob.digest),
        size: blob.size,
        instruction: String::new(),
    }));
    told
}
