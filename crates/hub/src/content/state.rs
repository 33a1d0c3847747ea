//! What the content operations keep in memory: bytes of manifests, which never change, and which
//! requests of this node write to uploads.

use bytes::Bytes;
use moka::sync::Cache;
use roadstead_types::ManifestId;

use super::uploads::Writers;

/// Bytes of memory for manifest bodies.
const MANIFEST_CACHE: u64 = 16 << 20;

pub(crate) struct State {
    /// By row id: a row's body is written once.
    pub(super) manifests: Cache<ManifestId, Bytes>,
    pub(super) writers: Writers,
}

impl State {
    /// `node` is the same after a restart.
    pub(crate) fn new(node: &str) -> Self {
        let manifests = Cache::builder()
            .max_capacity(MANIFEST_CACHE)
            .weigher(|_, body: &Bytes| {
                u32::try_from(body.len()).unwrap_or(u32::MAX).saturating_add(256)
            })
            .build();
        Self { manifests, writers: Writers::of(node) }
    }
}
