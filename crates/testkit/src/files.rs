//! Images as files: tar archives, `docker save` archives, OCI layouts.

use std::path::Path;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::image::{Blob, Image, Index, Manifest};

/// A tar archive of these files (POSIX.1-1988 ustar headers, owned by root, time 0).
pub fn tar_of(files: &[(&str, &[u8])]) -> Bytes {
    let mut archive = Vec::new();
    for (path, content) in files {
        archive.extend_from_slice(&header(path, content.len()));
        archive.extend_from_slice(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive.into()
}

fn header(path: &str, size: usize) -> [u8; 512] {
    let mut block = [0; 512];
    let mut put =
        |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    assert!(path.len() <= 100, "a ustar name has at most 100 bytes");
    put(0, path);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{size:011o}\0"));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// What `docker save` writes (image format v1.2), for `docker load`.
pub fn docker_archive(image: &Image, names: &[&str]) -> Bytes {
    let file = |blob: &Blob, end: &str| format!("{}{end}", blob.digest.replace("sha256:", ""));
    let layers: Vec<_> = image.layers().iter().map(|layer| file(layer, ".tar")).collect();
    let config = file(image.config(), ".json");
    let manifest = json!([{"Config": config, "RepoTags": names, "Layers": layers}]).to_string();
    let mut files: Vec<(&str, &[u8])> = vec![("manifest.json", manifest.as_bytes())];
    files.push((&config, &image.config().bytes));
    files.extend(layers.iter().map(String::as_str).zip(image.layers().iter().map(|l| &*l.bytes)));
    tar_of(&files)
}

/// Writes an OCI image layout (image-spec 1.1, image-layout.md) with one named entry.
pub fn oci_layout(dir: &Path, index: &Index, tag: &str) {
    write(&dir.join("oci-layout"), br#"{"imageLayoutVersion":"1.0.0"}"#);
    for child in &index.children {
        child.blobs.iter().for_each(|blob| write_blob(dir, &blob.digest, &blob.bytes));
        write_manifest(dir, &child.manifest);
    }
    write_manifest(dir, &index.manifest);
    let entry = match index.children.as_slice() {
        [only] => named(&only.manifest, tag),
        _ => named(&index.manifest, tag),
    };
    let top = json!({"schemaVersion": 2, "manifests": [entry]});
    write(&dir.join("index.json"), top.to_string().as_bytes());
}

fn named(manifest: &Manifest, tag: &str) -> Value {
    let mut entry = manifest.descriptor();
    entry["annotations"] = json!({"org.opencontainers.image.ref.name": tag});
    entry
}

fn write_manifest(dir: &Path, manifest: &Manifest) {
    write_blob(dir, &manifest.digest, &manifest.bytes);
}

fn write_blob(dir: &Path, digest: &str, bytes: &[u8]) {
    let name = digest.strip_prefix("sha256:").expect("images here are named by sha256");
    write(&dir.join("blobs/sha256").join(name), bytes);
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().expect("a file has a folder"))
        .expect("a folder can be made");
    std::fs::write(path, bytes).expect("a file can be written");
}
