//! Images that many repositories share, and their blobs.

use roadstead_types::{Algorithm, Digest};
use serde_json::json;
use sha2::Digest as _;

use crate::people::BEGINNING;
use crate::rows::{Batch, Table, row};

/// Different images. Repositories share them as they share what they are built upon.
pub const IMAGES: u64 = 512;

pub const IMAGE_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG_TYPE: &str = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const CONFIG_BYTES: u64 = 1_500;

const BLOBS: Table = Table {
    name: "blobs",
    columns: &["id", "digest", "size_bytes", "locator", "created_at", "protected_until"],
};

/// Something a manifest points at.
pub struct Part {
    pub kind: &'static str,
    pub digest: Vec<u8>,
    pub bytes: u64,
    pub media_type: &'static str,
    pub platform: Option<&'static str>,
}

pub struct Manifest {
    pub media_type: &'static str,
    pub digest: Vec<u8>,
    pub body: Vec<u8>,
    pub parts: Vec<Part>,
}

/// The images, and of each neighbouring pair the index that names both.
pub struct Content {
    pub images: Vec<Manifest>,
    pub indexes: Vec<Manifest>,
}

impl Content {
    pub fn make() -> Self {
        let images: Vec<_> = (0..IMAGES).map(image).collect();
        let indexes = images.chunks_exact(2).map(|pair| index([&pair[0], &pair[1]])).collect();
        Self { images, indexes }
    }
}

/// The numbers of the two blobs of an image.
pub const fn blob_ids(image: u64) -> [u64; 2] {
    [image * 2 + 1, image * 2 + 2]
}

const fn layer_bytes(image: u64) -> u64 {
    1_000_000 + image * 100_003
}

fn digest(bytes: &[u8]) -> Digest {
    let hash = sha2::Sha256::digest(bytes);
    Digest::from_hash(Algorithm::Sha256, &hash).expect("a SHA-256 has 32 bytes")
}

fn blob(id: u64) -> Digest {
    digest(&id.to_be_bytes())
}

pub fn add_blobs(batch: &mut Batch) {
    for image in 0..IMAGES {
        let [config, layer] = blob_ids(image);
        for (id, bytes) in [(config, CONFIG_BYTES), (layer, layer_bytes(image))] {
            let digest = blob(id).to_bytes();
            let locator = format!("made-up/{id}");
            batch.add(&BLOBS, row![id, &digest[..], bytes, locator, BEGINNING, BEGINNING]);
        }
    }
}

fn image(number: u64) -> Manifest {
    let [config, layer] = blob_ids(number).map(blob);
    let body = json!({
        "schemaVersion": 2, "mediaType": IMAGE_TYPE,
        "config": {"mediaType": CONFIG_TYPE, "digest": config.to_string(), "size": CONFIG_BYTES},
        "layers": [{"mediaType": LAYER_TYPE, "digest": layer.to_string(), "size": layer_bytes(number)}],
    });
    let part = |kind, digest: Digest, bytes, media_type| Part {
        kind,
        digest: digest.to_bytes(),
        bytes,
        media_type,
        platform: None,
    };
    let parts = vec![
        part("config", config, CONFIG_BYTES, CONFIG_TYPE),
        part("layer", layer, layer_bytes(number), LAYER_TYPE),
    ];
    manifest(IMAGE_TYPE, &body, parts)
}

fn index(images: [&Manifest; 2]) -> Manifest {
    let mut parts = Vec::new();
    let mut children = Vec::new();
    for (image, architecture) in images.into_iter().zip(["amd64", "arm64"]) {
        let bytes = image.body.len() as u64;
        children.push(json!({
            "mediaType": IMAGE_TYPE, "digest": digest(&image.body).to_string(), "size": bytes,
            "platform": {"os": "linux", "architecture": architecture},
        }));
        parts.push(Part {
            kind: "child",
            digest: image.digest.clone(),
            bytes,
            media_type: IMAGE_TYPE,
            platform: Some(if architecture == "amd64" { "linux/amd64" } else { "linux/arm64" }),
        });
    }
    let body = json!({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": children});
    manifest(INDEX_TYPE, &body, parts)
}

fn manifest(media_type: &'static str, body: &serde_json::Value, parts: Vec<Part>) -> Manifest {
    let body = body.to_string().into_bytes();
    Manifest { media_type, digest: digest(&body).to_bytes(), body, parts }
}
