//! Manifests and what they name.

use bytes::Bytes;
use roadstead_oci::manifest::{ManifestReference, Role};
use roadstead_oci::{Manifest, ManifestLimits};
use roadstead_types::Digest;

use crate::{ClientError, hashing};

/// As many parts as registries take.
const LIMITS: ManifestLimits = ManifestLimits { references: 10_000 };

/// A blob: what it is called and how long it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    pub digest: Digest,
    pub size: u64,
    pub media_type: String,
}

impl From<&ManifestReference> for Descriptor {
    fn from(reference: &ManifestReference) -> Self {
        let ManifestReference { digest, size, media_type, .. } = reference.clone();
        Self { digest, size, media_type }
    }
}

/// A manifest's bytes, kept as they are, and what they mean.
#[derive(Clone, Debug)]
pub struct Content {
    pub bytes: Bytes,
    pub media_type: String,
    pub digest: Digest,
    pub manifest: Manifest,
}

impl Content {
    pub fn new(bytes: Bytes, media_type: Option<&str>) -> Result<Self, ClientError> {
        let manifest = Manifest::parse(&bytes, media_type, LIMITS)
            .map_err(|error| ClientError::Corrupt(error.to_string()))?;
        let digest = hashing::digest_of(&bytes)?;
        Ok(Self { bytes, media_type: manifest.media_type.clone(), digest, manifest })
    }

    /// Fails unless these are the bytes that were asked for.
    pub fn check(&self, expected: &Digest) -> Result<(), ClientError> {
        hashing::check("the manifest", &self.bytes, expected)
    }

    /// The configuration and the layers; layers that lie elsewhere on purpose are left out.
    pub fn blobs(&self) -> impl Iterator<Item = Descriptor> {
        let blobs = self.manifest.references.iter();
        blobs.filter(|part| part.role != Role::Child && !part.is_foreign).map(Descriptor::from)
    }

    pub fn children(&self) -> impl Iterator<Item = &ManifestReference> {
        self.manifest.references.iter().filter(|part| part.role == Role::Child)
    }

    pub fn is_index(&self) -> bool {
        self.manifest.shape == roadstead_oci::media_type::Shape::Index
    }

    /// The descriptor of the configuration.
    pub fn config(&self) -> Option<Descriptor> {
        let mut parts = self.manifest.references.iter();
        parts.find(|part| part.role == Role::Config).map(Descriptor::from)
    }
}
