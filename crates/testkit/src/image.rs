//! Images, indexes and artifacts to push.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::digest::sha256;
use crate::files::tar_of;

/// Media types (OCI image specification 1.1, media-types.md; Docker's of image-spec v2 schema 2).
pub mod media {
    pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
    pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
    pub const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
    pub const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
    pub const EMPTY: &str = "application/vnd.oci.empty.v1+json";
    pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
    pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
    pub const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
    pub const DOCKER_LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar";
    pub const DOCKER_SCHEMA1: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    pub const ALL: &str = "application/vnd.oci.image.manifest.v1+json, \
        application/vnd.oci.image.index.v1+json, \
        application/vnd.docker.distribution.manifest.v2+json, \
        application/vnd.docker.distribution.manifest.list.v2+json";
}

/// A manifest's bytes and what they are called.
#[derive(Clone, Debug)]
pub struct Manifest {
    pub bytes: Bytes,
    pub media_type: String,
    pub digest: String,
}

impl Manifest {
    /// Any JSON as a manifest; its `mediaType` is its type, OCI's image manifest when it has none.
    pub fn of(value: &Value) -> Self {
        let media_type = value["mediaType"].as_str().unwrap_or(media::OCI_MANIFEST);
        Self::raw(media_type, value.to_string())
    }

    /// Any bytes under any type.
    pub fn raw(media_type: &str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { media_type: media_type.to_owned(), digest: sha256(&bytes), bytes }
    }

    /// What another manifest says of this one.
    pub fn descriptor(&self) -> Value {
        json!({"mediaType": self.media_type, "digest": self.digest, "size": self.bytes.len()})
    }
}

/// Bytes a manifest refers to.
#[derive(Clone, Debug)]
pub struct Blob {
    pub media_type: String,
    pub bytes: Bytes,
    pub digest: String,
}

impl Blob {
    pub fn new(media_type: &str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { media_type: media_type.to_owned(), digest: sha256(&bytes), bytes }
    }

    pub fn descriptor(&self) -> Value {
        json!({"mediaType": self.media_type, "digest": self.digest, "size": self.bytes.len()})
    }
}

/// A manifest with everything it needs. The config is the first of the blobs.
#[derive(Clone, Debug)]
pub struct Image {
    pub manifest: Manifest,
    pub blobs: Vec<Blob>,
    pub platform: (String, String),
}

impl Image {
    pub fn config(&self) -> &Blob {
        &self.blobs[0]
    }

    pub fn layers(&self) -> &[Blob] {
        &self.blobs[1..]
    }
}

/// Begins an image. Without a layer it gets one small one.
pub fn image() -> ImageBuilder {
    ImageBuilder::default()
}

#[derive(Clone, Debug, Default)]
pub struct ImageBuilder {
    layers: Vec<Bytes>,
    docker: bool,
    architecture: Option<String>,
    extra: Map<String, Value>,
    artifact: bool,
}

impl ImageBuilder {
    /// A layer of any bytes. Clients that unpack want [`ImageBuilder::file`].
    pub fn layer(mut self, bytes: impl Into<Bytes>) -> Self {
        self.layers.push(bytes.into());
        self
    }

    /// A layer that is a tar archive with one file in it.
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.layer(tar_of(&[(path, content.as_ref())]))
    }

    /// Docker's media types instead of OCI's.
    pub fn docker(mut self) -> Self {
        self.docker = true;
        self
    }

    /// `amd64` when not said.
    pub fn architecture(mut self, architecture: &str) -> Self {
        self.architecture = Some(architecture.to_owned());
        self
    }

    /// An artifact (empty config, `artifactType`) that refers to `subject`.
    pub fn artifact(mut self, artifact_type: &str) -> Self {
        self.artifact = true;
        self.field("artifactType", json!(artifact_type))
    }

    pub fn subject(self, subject: &Manifest) -> Self {
        self.field("subject", subject.descriptor())
    }

    pub fn annotation(mut self, name: &str, value: &str) -> Self {
        let annotations = self.extra.entry("annotations").or_insert_with(|| json!({}));
        annotations[name] = json!(value);
        self
    }

    /// Any further member of the manifest, or another value for one.
    pub fn field(mut self, name: &str, value: Value) -> Self {
        self.extra.insert(name.to_owned(), value);
        self
    }

    pub fn build(mut self) -> Image {
        if self.layers.is_empty() {
            self = self.file("hello.txt", "hello");
        }
        let architecture = self.architecture.clone().unwrap_or_else(|| "amd64".to_owned());
        let (manifest_type, layer_type) = match self.docker {
            true => (media::DOCKER_MANIFEST, media::DOCKER_LAYER),
            false => (media::OCI_MANIFEST, media::OCI_LAYER),
        };
        let layers = self.layers.iter().map(|bytes| Blob::new(layer_type, bytes.clone()));
        let layers: Vec<_> = layers.collect();
        let config = self.config(&architecture, &layers);
        let descriptors: Vec<_> = layers.iter().map(Blob::descriptor).collect();
        let mut manifest = json!({
            "schemaVersion": 2,
            "mediaType": manifest_type,
            "config": config.descriptor(),
            "layers": descriptors,
        });
        for (name, value) in self.extra {
            manifest[name] = value;
        }
        let blobs = std::iter::once(config).chain(layers).collect();
        let platform = ("linux".to_owned(), architecture);
        Image { manifest: Manifest::of(&manifest), blobs, platform }
    }

    fn config(&self, architecture: &str, layers: &[Blob]) -> Blob {
        if self.artifact {
            return Blob::new(media::EMPTY, "{}");
        }
        let diff_ids: Vec<_> = layers.iter().map(|layer| &layer.digest).collect();
        let history: Vec<_> = layers.iter().map(|_| json!({"created_by": "testkit"})).collect();
        let config = json!({
            "architecture": architecture,
            "os": "linux",
            "created": "2026-01-01T00:00:00Z",
            "config": {"Cmd": ["/hello"]},
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
            "history": history,
        });
        let media_type = if self.docker { media::DOCKER_CONFIG } else { media::OCI_CONFIG };
        Blob::new(media_type, config.to_string())
    }
}

/// Several images under one digest.
#[derive(Clone, Debug)]
pub struct Index {
    pub manifest: Manifest,
    pub children: Vec<Image>,
}

/// An OCI index of these images, with their platforms.
pub fn index(children: impl IntoIterator<Item = Image>) -> Index {
    let children: Vec<_> = children.into_iter().collect();
    let entries = children.iter().map(|child| {
        let mut entry = child.manifest.descriptor();
        entry["platform"] = json!({"os": child.platform.0, "architecture": child.platform.1});
        entry
    });
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": media::OCI_INDEX,
        "manifests": entries.collect::<Vec<_>>(),
    });
    Index { manifest: Manifest::of(&manifest), children }
}
