//! `Range` and `Content-Range`: what is selected lies within the blob.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roadstead_oci::range::{ChunkRange, Selected, select};

fuzz_target!(|input: (u64, &str)| {
    let (size, value) = input;
    if let Selected::Part(part) = select(value, size) {
        assert!(part.start < part.end && part.end <= size);
    }
    if let Some(chunk) = ChunkRange::parse(value) {
        assert!(chunk.first <= chunk.last);
        assert!(chunk.length() >= 1);
    }
});
