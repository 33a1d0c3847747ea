//! Media types that mean something to a registry (image-spec, media-types.md; Docker image
//! manifest v2 schema 2).

pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

const DOCKER_FOREIGN_LAYER: &str = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
const OCI_NONDISTRIBUTABLE: &str = "application/vnd.oci.image.layer.nondistributable.v1.";
const SCHEMA_1: &str = "application/vnd.docker.distribution.manifest.v1+";

/// What a manifest is: one image (or artifact), or a list of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Image,
    Index,
}

/// The shape of a manifest of this type; `None` for types that are no manifest.
pub fn shape(media_type: &str) -> Option<Shape> {
    match media_type {
        OCI_MANIFEST | DOCKER_MANIFEST => Some(Shape::Image),
        OCI_INDEX | DOCKER_LIST => Some(Shape::Index),
        _ => None,
    }
}

/// Whether the bytes of such a layer are fetched from elsewhere and need not be here.
pub fn is_foreign_layer(media_type: &str) -> bool {
    media_type == DOCKER_FOREIGN_LAYER || media_type.starts_with(OCI_NONDISTRIBUTABLE)
}

pub fn is_schema_1(media_type: &str) -> bool {
    media_type.starts_with(SCHEMA_1)
}

/// A `Content-Type` without its parameters.
pub fn without_parameters(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}
