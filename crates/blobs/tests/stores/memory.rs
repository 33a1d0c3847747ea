//! The memory store.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use roadstead_blobs::memory::MemoryStore;
use roadstead_blobs::suite::Subject;
use roadstead_blobs::{BlobStore, Locator, store_suite};

#[derive(Default)]
struct Memory(MemoryStore);

impl Subject for Memory {
    fn open(&self) -> Arc<dyn BlobStore> {
        Arc::new(self.0.clone())
    }

    fn boundary(&self) -> usize {
        1 << 17
    }

    fn damage<'a>(&'a self, locator: &'a Locator, bytes: Bytes) -> BoxFuture<'a, ()> {
        self.0.damage(locator, bytes);
        Box::pin(async {})
    }

    fn fetch(&self, _: String) -> Option<BoxFuture<'_, Vec<u8>>> {
        None
    }
}

store_suite!(async { Some(Memory::default()) });
