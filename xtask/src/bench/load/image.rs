//! An image nobody can compress: an OCI layout with layers of random bytes, written by hand so
//! that making it takes seconds and every round can have new content.

use std::fs;
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::push::MANIFEST;
use super::{noise, sha256};

/// Writes an image of `layers` x `size` bytes as an OCI layout with the one tag `1`.
pub fn write_layout(folder: &Path, layers: usize, size: usize, seed: u64) -> Result<()> {
    let blobs = folder.join("blobs/sha256");
    fs::create_dir_all(&blobs)?;
    let (mut descriptors, mut diff_ids) = (Vec::new(), Vec::new());
    for number in 0..layers {
        let tar = tar_of_one_file(&format!("data{number}"), &noise(seed + number as u64, size));
        diff_ids.push(sha256(&tar));
        let media_type = "application/vnd.oci.image.layer.v1.tar+gzip";
        descriptors.push(put(&blobs, media_type, &gzip_stored(&tar))?);
    }
    let config = json!({
        "architecture": "amd64", "os": "linux", "config": {"Cmd": ["/data0"]},
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
    });
    let config =
        put(&blobs, "application/vnd.oci.image.config.v1+json", config.to_string().as_bytes())?;
    let manifest =
        json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": descriptors});
    let mut manifest = put(&blobs, MANIFEST, manifest.to_string().as_bytes())?;
    manifest["annotations"] = json!({"org.opencontainers.image.ref.name": "1"});
    let index = json!({"schemaVersion": 2, "manifests": [manifest]});
    fs::write(folder.join("index.json"), index.to_string())?;
    fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)?;
    Ok(())
}

fn put(blobs: &Path, media_type: &str, bytes: &[u8]) -> Result<Value> {
    let digest = sha256(bytes);
    fs::write(blobs.join(digest.trim_start_matches("sha256:")), bytes)?;
    Ok(json!({"mediaType": media_type, "digest": digest, "size": bytes.len()}))
}

/// ustar (POSIX.1-1988): one header block, the content padded to 512 bytes, two empty blocks.
fn tar_of_one_file(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = [0_u8; 512];
    let mut field =
        |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    field(0, name);
    field(100, "0000644");
    field(108, "0000000");
    field(116, "0000000");
    field(124, &format!("{:011o}", content.len()));
    field(136, "00000000000");
    field(148, "        ");
    field(156, "0");
    field(257, "ustar");
    field(263, "00");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut tar = header.to_vec();
    tar.extend_from_slice(content);
    tar.resize(tar.len().next_multiple_of(512) + 1024, 0);
    tar
}

/// A gzip member of stored blocks (RFC 1951 section 3.2.4): random bytes would not shrink anyway.
fn gzip_stored(content: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let blocks = content.chunks(0xffff);
    let last = blocks.len() - 1;
    for (number, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).expect("a chunk is at most 65535 bytes");
        out.push(u8::from(number == last));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    out.extend_from_slice(&crc32(content).to_le_bytes());
    out.extend_from_slice(&(content.len() as u32).to_le_bytes());
    out
}

/// CRC-32 as in RFC 1952 section 8.
fn crc32(bytes: &[u8]) -> u32 {
    let table: [u32; 256] = std::array::from_fn(|at| {
        (0..8).fold(
            at as u32,
            |sum, _| if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 },
        )
    });
    !bytes
        .iter()
        .fold(!0, |sum: u32, byte| table[((sum ^ u32::from(*byte)) & 0xff) as usize] ^ (sum >> 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        // The check value that every catalogue of CRCs gives for CRC-32/ISO-HDLC.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
