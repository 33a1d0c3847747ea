//! Numbers in place of ids, for clients that want some.
//!
//! Ids have 63 bits, and programs that keep numbers as floating point would round them. These have 16 digits
//! below 2^53, stay the same as long as the thing does, and lead nowhere: nothing is looked up by them.

use roadstead_types::Id;

/// So that all have as many digits.
const LEAST: u64 = 1_000_000_000_000_000;

/// A number for anything that has an id, and for a named thing within it.
pub fn number(id: impl Id, name: &str) -> u64 {
    let bytes = id.raw().to_be_bytes();
    // FNV-1a: short, and the same on every machine and in every release.
    let hash =
        bytes.into_iter().chain(name.bytes()).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    LEAST + (hash >> 14)
}
