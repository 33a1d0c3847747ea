//! Digests of bytes as they pass.

use roadstead_types::{Algorithm, Digest};
use sha2::{Digest as _, Sha256, Sha512};

use crate::ClientError;

pub enum Hasher {
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
            Algorithm::Sha512 => Self::Sha512(Sha512::new()),
        }
    }

    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hash) => hash.update(bytes),
            Self::Sha512(hash) => hash.update(bytes),
        }
    }

    pub fn finish(self) -> Result<Digest, ClientError> {
        let digest = match self {
            Self::Sha256(hash) => Digest::from_hash(Algorithm::Sha256, &hash.finalize()),
            Self::Sha512(hash) => Digest::from_hash(Algorithm::Sha512, &hash.finalize()),
        };
        digest.ok_or_else(|| ClientError::Corrupt("a hash has the wrong length".to_owned()))
    }
}

/// The sha256 of these bytes.
pub fn digest_of(bytes: &[u8]) -> Result<Digest, ClientError> {
    let mut hasher = Hasher::new(Algorithm::Sha256);
    hasher.update(bytes);
    hasher.finish()
}

/// Fails unless these bytes have this digest.
pub fn check(what: &str, bytes: &[u8], expected: &Digest) -> Result<(), ClientError> {
    let mut hasher = Hasher::new(expected.algorithm());
    hasher.update(bytes);
    let actual = hasher.finish()?;
    if actual == *expected {
        return Ok(());
    }
    Err(ClientError::Corrupt(format!("{what} has the digest {actual} instead of {expected}")))
}
