//! Content digests: `algorithm:encoded`, as in the OCI image specification, "Digests".
//!
//! Only registered algorithms that this registry verifies can be represented, so storage code
//! never sees a string a client chose.

use std::fmt;
use std::str::FromStr;

/// A hash function this registry can verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    Sha256,
    Sha512,
}

impl Algorithm {
    /// The registered name, as it stands before the colon.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// Length of the raw hash in bytes.
    pub const fn hash_bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    const fn tag(self) -> u8 {
        match self {
            Self::Sha256 => 1,
            Self::Sha512 => 2,
        }
    }
}

impl FromStr for Algorithm {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        match text {
            "sha256" => Ok(Self::Sha256),
            "sha512" => Ok(Self::Sha512),
            _ => Err(DigestError::Unsupported),
        }
    }
}

/// Why a text is not a digest this registry accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    #[error(
        "a digest is written `algorithm:hex`, for example `sha256:` and 64 lower-case hex digits"
    )]
    Malformed,
    #[error("the digest algorithm is not supported; use sha256 or sha512")]
    Unsupported,
    #[error("the hex part of the digest has the wrong length for its algorithm")]
    WrongLength,
}

/// The digest of some bytes, in one of the supported algorithms.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    algorithm: Algorithm,
    hash: [u8; 64],
}

impl Digest {
    /// Builds a digest from a raw hash; `None` when the length does not fit the algorithm.
    pub fn from_hash(algorithm: Algorithm, hash: &[u8]) -> Option<Self> {
        if hash.len() != algorithm.hash_bytes() {
            return None;
        }
        let mut bytes = [0; 64];
        bytes[..hash.len()].copy_from_slice(hash);
        Some(Self { algorithm, hash: bytes })
    }

    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The raw hash, 32 or 64 bytes.
    pub fn hash(&self) -> &[u8] {
        &self.hash[..self.algorithm.hash_bytes()]
    }

    /// The encoded part: lower-case hex.
    pub fn hex(&self) -> String {
        let mut text = String::with_capacity(self.algorithm.hash_bytes() * 2);
        push_hex(&mut text, self.hash());
        text
    }

    /// The form kept in the database: one byte for the algorithm, then the hash.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1 + self.algorithm.hash_bytes());
        bytes.push(self.algorithm.tag());
        bytes.extend_from_slice(self.hash());
        bytes
    }

    /// Reads the form written by [`Digest::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (tag, hash) = bytes.split_first()?;
        let algorithm = [Algorithm::Sha256, Algorithm::Sha512]
            .into_iter()
            .find(|algorithm| algorithm.tag() == *tag)?;
        Self::from_hash(algorithm, hash)
    }
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let (algorithm, hex) = text.split_once(':').ok_or(DigestError::Malformed)?;
        if !is_algorithm_syntax(algorithm) || hex.is_empty() {
            return Err(DigestError::Malformed);
        }
        let algorithm = Algorithm::from_str(algorithm)?;
        if hex.len() != algorithm.hash_bytes() * 2 {
            return Err(DigestError::WrongLength);
        }
        let mut hash = [0; 64];
        for (byte, pair) in hash.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            let high = hex_value(pair[0]).ok_or(DigestError::Malformed)?;
            let low = hex_value(pair[1]).ok_or(DigestError::Malformed)?;
            *byte = high << 4 | low;
        }
        Ok(Self { algorithm, hash })
    }
}

/// Whether `text` has the grammar of an algorithm name: lower-case letters and digits in
/// components joined by one of `+ . _ -` (image-spec, descriptor.md, "Digests").
fn is_algorithm_syntax(text: &str) -> bool {
    text.split(['+', '.', '_', '-']).all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.name(), self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_digest_has_one_spelling_and_survives_the_database_form() {
        let digest: Digest = EMPTY.parse().unwrap();

        assert_eq!(digest.to_string(), EMPTY);
        assert_eq!(Digest::from_bytes(&digest.to_bytes()), Some(digest));
        let long: Digest = format!("sha512:{}", "ab".repeat(64)).parse().unwrap();
        assert_eq!(Digest::from_bytes(&long.to_bytes()), Some(long));
    }

    #[test]
    fn other_spellings_are_refused() {
        let upper = EMPTY.to_uppercase();
        let upper_hex = EMPTY.replace("e3b0", "E3B0");
        for text in [
            "",
            ":",
            "sha256:",
            "sha256",
            "sha256:baddigeststring",
            "../etc:00",
            &upper,
            &upper_hex,
            &EMPTY[..EMPTY.len() - 1],
            &format!("{EMPTY}0"),
            &format!("sha512:{}", "a".repeat(64)),
            "sha256:%2e%2e",
            "md5:d41d8cd98f00b204e9800998ecf8427e",
            "sha256+b64:abc",
        ] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
        assert_eq!("blake3:00".parse::<Digest>(), Err(DigestError::Unsupported));
    }
}
