//! A public repository for readers without an account: an image, two tags, and a referrer.

use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::hub::{PASSWORD, USER};
use crate::run::quietly;

const REPOSITORY: &str = "conformance/repo1";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

pub struct Content {
    pub tags: Vec<String>,
    pub manifests: Vec<String>,
    pub blobs: Vec<String>,
    /// Digests that have referrers.
    pub subjects: Vec<String>,
}

/// Pushes it to the hub at `address`.
pub fn push(address: &str) -> Result<Content> {
    let hub = Pusher { address };
    let config = hub.blob(b"{}")?;
    let layer = hub.blob(b"a layer for readers")?;
    let image = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": descriptor("application/vnd.oci.image.config.v1+json", &config),
        "layers": [descriptor("application/vnd.oci.image.layer.v1.tar", &layer)],
    });
    let image = hub.manifest(&image, &["1.0", "latest"])?;
    let referrer = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": "application/vnd.example.note",
        "config": descriptor("application/vnd.oci.empty.v1+json", &config),
        "layers": [descriptor("text/plain", &layer)],
        "subject": descriptor(MANIFEST, &image),
    });
    let referrer = hub.manifest(&referrer, &[])?;
    Ok(Content {
        tags: vec!["1.0".to_owned(), "latest".to_owned()],
        manifests: vec![image.digest.clone(), referrer.digest],
        blobs: vec![config.digest, layer.digest],
        subjects: vec![image.digest],
    })
}

struct Stored {
    digest: String,
    size: usize,
}

fn descriptor(media_type: &str, stored: &Stored) -> Value {
    json!({"mediaType": media_type, "digest": stored.digest, "size": stored.size})
}

struct Pusher<'a> {
    address: &'a str,
}

impl Pusher<'_> {
    fn blob(&self, bytes: &[u8]) -> Result<Stored> {
        let stored = stored(bytes);
        let path = format!("blobs/uploads/?digest={}", stored.digest);
        self.send("POST", &path, "application/octet-stream", bytes)?;
        Ok(stored)
    }

    fn manifest(&self, manifest: &Value, tags: &[&str]) -> Result<Stored> {
        let bytes = manifest.to_string();
        let stored = stored(bytes.as_bytes());
        for reference in tags.iter().chain(&[stored.digest.as_str()]) {
            self.send("PUT", &format!("manifests/{reference}"), MANIFEST, bytes.as_bytes())?;
        }
        Ok(stored)
    }

    fn send(&self, method: &str, path: &str, media_type: &str, body: &[u8]) -> Result<()> {
        let url = format!("http://{}/v2/{REPOSITORY}/{path}", self.address);
        let mut curl = Command::new("curl");
        curl.args(["-sS", "--fail-with-body", "-X", method, "-u", &format!("{USER}:{PASSWORD}")]);
        curl.args(["-H", &format!("Content-Type: {media_type}")]);
        curl.arg("--data-binary").arg(std::str::from_utf8(body)?).arg(&url);
        quietly(&mut curl).with_context(|| format!("{method} {url}")).map(drop)
    }
}

fn stored(bytes: &[u8]) -> Stored {
    let hash = Sha256::digest(bytes);
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Stored { digest: format!("sha256:{hex}"), size: bytes.len() }
}
