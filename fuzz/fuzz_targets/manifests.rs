//! Manifests: never a panic, never more references than the limit, and what is understood is what
//! another JSON reader would see.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roadstead_oci::{Manifest, ManifestLimits};
use roadstead_types::Digest;

fuzz_target!(|input: (Option<&str>, &[u8])| {
    let (content_type, body) = input;
    let limits = ManifestLimits { references: 16 };
    let Ok(manifest) = Manifest::parse(body, content_type, limits) else { return };
    assert!(manifest.references.len() <= 17);
    let seen: serde_json::Value = serde_json::from_slice(body).expect("what was accepted is JSON");
    assert!(!(seen.get("layers").is_some_and(|v| !v.is_null()) && seen.get("manifests").is_some_and(|v| !v.is_null())));
    let digest = Digest::from_hash(roadstead_types::Algorithm::Sha256, &[0; 32]).expect("32 bytes");
    let descriptor = manifest.referrer_descriptor(&digest, body.len()).expect("strings are JSON");
    serde_json::from_str::<serde_json::Value>(&descriptor).expect("a descriptor is JSON");
});
