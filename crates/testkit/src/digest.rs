//! Digests of bytes, and bytes that do not compress.

use bytes::Bytes;
use sha2::{Digest as _, Sha256, Sha512};

pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes.as_ref())))
}

pub fn sha512(bytes: impl AsRef<[u8]>) -> String {
    format!("sha512:{}", hex(&Sha512::digest(bytes.as_ref())))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes any text");
        text
    })
}

/// `length` bytes that look random and depend on `seed` alone (xorshift64*).
pub fn noise(seed: u64, length: usize) -> Bytes {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bytes.extend_from_slice(&state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes());
    }
    bytes.truncate(length);
    bytes.into()
}
