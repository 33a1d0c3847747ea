//! A manifest: what a registry must understand of it. The bytes themselves are kept as pushed.

use std::collections::BTreeMap;

use roadstead_types::{Digest, DigestError};
use serde::{Deserialize, Serialize};

use crate::media_type::{self, Shape};
use crate::strict_json::Unambiguous;

/// Bounds on one manifest.
#[derive(Clone, Copy, Debug)]
pub struct ManifestLimits {
    /// Layers of an image, or children of an index.
    pub references: usize,
}

/// Why a manifest is refused, for the person who made it.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    #[error("the manifest is not valid JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error(
        "schema 1 images are no longer accepted; push again with a client from 2016 or later (schema 2 or OCI)"
    )]
    Schema1,
    #[error("the manifest has schemaVersion {0}; it must be 2")]
    SchemaVersion(u64),
    #[error(
        "`{0}` is no manifest type; use an OCI manifest or index, or a Docker schema 2 manifest or list"
    )]
    UnknownType(String),
    #[error("no Content-Type was sent and the manifest has no mediaType; send one of them")]
    NoType,
    #[error("Content-Type is `{sent}` but the manifest says mediaType `{inside}`; they must agree")]
    TypesDiffer { sent: String, inside: String },
    #[error("a manifest is either an image (config and layers) or an index (manifests), not both")]
    Ambiguous,
    #[error("an image manifest needs `{0}`")]
    Lacks(&'static str),
    #[error("the manifest names {count} {what}; at most {most} are allowed")]
    TooMany { what: &'static str, count: usize, most: usize },
    #[error("{what} has the digest `{digest}`: {error}")]
    Digest { what: &'static str, digest: String, error: DigestError },
    #[error("{what} has a negative size")]
    Size { what: &'static str },
}

/// What a descriptor stands for in its manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Config,
    Layer,
    Child,
}

impl Role {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Layer => "layer",
            Self::Child => "child",
        }
    }
}

/// One descriptor of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestReference {
    pub role: Role,
    pub digest: Digest,
    pub size: u64,
    pub media_type: String,
    /// Whether the bytes lie elsewhere on purpose.
    pub is_foreign: bool,
    /// `os/architecture[/variant]` of a child.
    pub platform: Option<String>,
}

/// A parsed manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    pub media_type: String,
    pub shape: Shape,
    /// Config and layers, or children, in their order.
    pub references: Vec<ManifestReference>,
    pub subject: Option<Digest>,
    /// As the referrers list shows it: the manifest's own, else the type of its config.
    pub artifact_type: Option<String>,
    pub annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    schema_version: Option<u64>,
    media_type: Option<String>,
    artifact_type: Option<String>,
    config: Option<WireDescriptor>,
    layers: Option<Vec<WireDescriptor>>,
    manifests: Option<Vec<WireDescriptor>>,
    subject: Option<WireDescriptor>,
    annotations: Option<BTreeMap<String, String>>,
    fs_layers: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDescriptor {
    #[serde(default)]
    media_type: String,
    digest: String,
    size: i64,
    platform: Option<WirePlatform>,
}

#[derive(Deserialize)]
struct WirePlatform {
    #[serde(default)]
    os: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    variant: String,
}

impl WirePlatform {
    fn text(&self) -> String {
        let variant = if self.variant.is_empty() { "" } else { "/" };
        format!("{}/{}{variant}{}", self.os, self.architecture, self.variant)
    }
}

impl Manifest {
    /// Reads a manifest sent with `content_type`, if there was one.
    pub fn parse(
        body: &[u8],
        content_type: Option<&str>,
        limits: ManifestLimits,
    ) -> Result<Self, ManifestError> {
        let sent = content_type.map(media_type::without_parameters).filter(|sent| !sent.is_empty());
        if sent.is_some_and(media_type::is_schema_1) {
            return Err(ManifestError::Schema1);
        }
        serde_json::from_slice::<Unambiguous>(body)?;
        let wire: Wire = serde_json::from_slice(body)?;
        let media_type = agreed_type(&wire, sent)?;
        let shape =
            media_type::shape(&media_type).ok_or(ManifestError::UnknownType(clip(&media_type)))?;
        let references = references(&wire, shape, limits)?;
        let subject =
            wire.subject.as_ref().map(|subject| digest("the subject", subject)).transpose()?;
        let config_type = wire.config.as_ref().map(|config| config.media_type.clone());
        Ok(Self {
            shape,
            references,
            subject,
            artifact_type: wire.artifact_type.filter(|own| !own.is_empty()).or(config_type),
            annotations: wire.annotations.unwrap_or_default(),
            media_type,
        })
    }

    /// The descriptor of this manifest in a referrers list (distribution-spec, "Listing
    /// Referrers"), as JSON.
    pub fn referrer_descriptor(
        &self,
        digest: &Digest,
        size: usize,
    ) -> Result<String, serde_json::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Descriptor<'a> {
            media_type: &'a str,
            digest: String,
            size: usize,
            #[serde(skip_serializing_if = "Option::is_none")]
            artifact_type: Option<&'a str>,
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            annotations: &'a BTreeMap<String, String>,
        }
        serde_json::to_string(&Descriptor {
            media_type: &self.media_type,
            digest: digest.to_string(),
            size,
            artifact_type: self.artifact_type.as_deref(),
            annotations: &self.annotations,
        })
    }
}

/// The type by which the manifest is stored. The header and the document must not disagree: two
/// readers would see two different things in the same bytes (CVE-2021-41190).
fn agreed_type(wire: &Wire, sent: Option<&str>) -> Result<String, ManifestError> {
    match wire.schema_version {
        Some(2) | None => {}
        Some(1) => return Err(ManifestError::Schema1),
        Some(other) => return Err(ManifestError::SchemaVersion(other)),
    }
    if wire.fs_layers.is_some() {
        return Err(ManifestError::Schema1);
    }
    let inside = wire.media_type.as_deref().filter(|inside| !inside.is_empty());
    match (sent, inside) {
        (Some(sent), Some(inside)) if sent != inside => {
            Err(ManifestError::TypesDiffer { sent: clip(sent), inside: clip(inside) })
        }
        (Some(agreed), _) | (None, Some(agreed)) => Ok(agreed.to_owned()),
        (None, None) => Err(ManifestError::NoType),
    }
}

fn references(
    wire: &Wire,
    shape: Shape,
    limits: ManifestLimits,
) -> Result<Vec<ManifestReference>, ManifestError> {
    match shape {
        Shape::Image => {
            if wire.manifests.is_some() {
                return Err(ManifestError::Ambiguous);
            }
            let config = wire.config.as_ref().ok_or(ManifestError::Lacks("config"))?;
            let layers = wire.layers.as_ref().ok_or(ManifestError::Lacks("layers"))?;
            check_count("layers", layers.len(), limits)?;
            let config = reference(Role::Config, "the config", config);
            let layers = layers.iter().map(|layer| reference(Role::Layer, "a layer", layer));
            std::iter::once(config).chain(layers).collect()
        }
        Shape::Index => {
            if wire.config.is_some() || wire.layers.is_some() {
                return Err(ManifestError::Ambiguous);
            }
            let children = wire.manifests.as_ref().ok_or(ManifestError::Lacks("manifests"))?;
            check_count("manifests", children.len(), limits)?;
            children.iter().map(|child| reference(Role::Child, "a child", child)).collect()
        }
    }
}

fn check_count(
    what: &'static str,
    count: usize,
    limits: ManifestLimits,
) -> Result<(), ManifestError> {
    if count > limits.references {
        return Err(ManifestError::TooMany { what, count, most: limits.references });
    }
    Ok(())
}

fn reference(
    role: Role,
    what: &'static str,
    wire: &WireDescriptor,
) -> Result<ManifestReference, ManifestError> {
    Ok(ManifestReference {
        role,
        digest: digest(what, wire)?,
        size: u64::try_from(wire.size).map_err(|_| ManifestError::Size { what })?,
        is_foreign: role == Role::Layer && media_type::is_foreign_layer(&wire.media_type),
        media_type: wire.media_type.clone(),
        platform: wire.platform.as_ref().map(WirePlatform::text),
    })
}

fn digest(what: &'static str, wire: &WireDescriptor) -> Result<Digest, ManifestError> {
    wire.digest.parse().map_err(|error| ManifestError::Digest {
        what,
        digest: clip(&wire.digest),
        error,
    })
}

/// Cuts hostile input to a length fit for an error message.
fn clip(text: &str) -> String {
    text.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const LIMITS: ManifestLimits = ManifestLimits { references: 8 };
    const A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    fn image() -> serde_json::Value {
        json!({
            "schemaVersion": 2,
            "mediaType": media_type::OCI_MANIFEST,
            "config": {"mediaType": "application/vnd.example.config", "digest": A, "size": 2},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.nondistributable.v1.tar", "digest": A, "size": 3}],
            "x-unknown": {"kept": true},
        })
    }

    fn parse(
        value: &serde_json::Value,
        content_type: Option<&str>,
    ) -> Result<Manifest, ManifestError> {
        Manifest::parse(value.to_string().as_bytes(), content_type, LIMITS)
    }

    #[test]
    fn an_image_names_its_config_and_layers() {
        let manifest =
            parse(&image(), Some("application/vnd.oci.image.manifest.v1+json; charset=utf-8"))
                .unwrap();

        assert_eq!(manifest.shape, Shape::Image);
        assert_eq!(
            manifest.references.iter().map(|r| r.role).collect::<Vec<_>>(),
            [Role::Config, Role::Layer]
        );
        assert!(manifest.references[1].is_foreign);
        assert_eq!(manifest.artifact_type.as_deref(), Some("application/vnd.example.config"));
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        let mut both = image();
        both["manifests"] = json!([]);
        assert!(matches!(parse(&both, None), Err(ManifestError::Ambiguous)));
        assert!(matches!(
            parse(&image(), Some(media_type::OCI_INDEX)),
            Err(ManifestError::TypesDiffer { .. })
        ));
        let twice = br#"{"schemaVersion":2,"layers":[],"layers":[{}]}"#;
        let error = Manifest::parse(twice, Some(media_type::OCI_MANIFEST), LIMITS).unwrap_err();
        assert!(error.to_string().contains("`layers` occurs twice"), "{error}");
        let nested = br#"{"schemaVersion":2,"annotations":{"a":"1","a":"2"}}"#;
        assert!(matches!(Manifest::parse(nested, None, LIMITS), Err(ManifestError::Json(_))));
    }

    #[test]
    fn schema_1_is_refused_with_a_way_out() {
        let old = json!({"schemaVersion": 1, "fsLayers": [], "name": "x"});
        for content_type in
            [None, Some("application/vnd.docker.distribution.manifest.v1+prettyjws")]
        {
            assert!(matches!(parse(&old, content_type), Err(ManifestError::Schema1)));
        }
    }

    #[test]
    fn bombs_are_refused() {
        let mut wide = image();
        wide["layers"] = (0..9).map(|_| wide["layers"][0].clone()).collect();
        assert!(matches!(
            parse(&wide, None),
            Err(ManifestError::TooMany { count: 9, most: 8, .. })
        ));
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Manifest::parse(deep.as_bytes(), Some(media_type::OCI_MANIFEST), LIMITS).is_err());
        let number = br#"{"schemaVersion":2,"n":1e999}"#;
        assert!(Manifest::parse(number, Some(media_type::OCI_INDEX), LIMITS).is_err());
    }

    #[test]
    fn an_index_without_type_of_its_own_shows_no_artifact_type() {
        let index = json!({"schemaVersion": 2, "manifests": [], "subject": {"mediaType": "x", "digest": A, "size": 1},
            "annotations": {"k": "v"}});
        let manifest = parse(&index, Some(media_type::OCI_INDEX)).unwrap();
        let descriptor = manifest.referrer_descriptor(&A.parse().unwrap(), 7).unwrap();

        assert_eq!(manifest.subject, Some(A.parse().unwrap()));
        assert_eq!(
            descriptor,
            format!(
                r#"{{"mediaType":"{}","digest":"{A}","size":7,"annotations":{{"k":"v"}}}}"#,
                media_type::OCI_INDEX
            )
        );
    }
}
