//! The running hash of an upload, and the form in which it waits between two requests.
//!
//! The written form is this crate's own: one byte of version, one of algorithm, then the midstate
//! as `sha2` 0.11 lays it out (chaining value, count of whole blocks, fill of the last block, the
//! last block). A test holds the bytes fixed, because the rows of open uploads outlive a release.

use roadstead_types::{Algorithm, Digest};
use sha2::digest::common::hazmat::{SerializableState, SerializedState};
use sha2::{Digest as _, Sha256, Sha512};

const VERSION: u8 = 1;
const SHA256_TAG: u8 = 1;
const SHA512_TAG: u8 = 2;
/// More than any upload can hold. Counts above it are damage, and would overflow in `sha2`.
const MAX_BLOCKS: u128 = 1 << 50;

/// Hashes bytes as they come in, and can be set aside at any point.
#[derive(Clone, Debug)]
pub struct Hasher(Inner);

#[derive(Clone, Debug)]
enum Inner {
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    pub fn new(algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Sha256 => Inner::Sha256(Sha256::new()),
            Algorithm::Sha512 => Inner::Sha512(Sha512::new()),
        })
    }

    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            Inner::Sha256(hash) => hash.update(bytes),
            Inner::Sha512(hash) => hash.update(bytes),
        }
    }

    /// The digest of what was hashed so far.
    pub fn digest(&self) -> Digest {
        match self.0.clone() {
            Inner::Sha256(hash) => Digest::from_hash(Algorithm::Sha256, &hash.finalize()),
            Inner::Sha512(hash) => Digest::from_hash(Algorithm::Sha512, &hash.finalize()),
        }
        .expect("the hash has the length of its algorithm")
    }

    /// The state from which [`HashState::resume`] goes on.
    pub fn state(&self) -> HashState {
        match &self.0 {
            Inner::Sha256(hash) => HashState::new(Algorithm::Sha256, &hash.serialize()),
            Inner::Sha512(hash) => HashState::new(Algorithm::Sha512, &hash.serialize()),
        }
    }
}

/// A running hash set aside. Every value of this type can be resumed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HashState {
    algorithm: Algorithm,
    midstate: Vec<u8>,
}

impl HashState {
    fn new(algorithm: Algorithm, midstate: &[u8]) -> Self {
        Self { algorithm, midstate: midstate.to_vec() }
    }

    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// How many bytes went into the hash.
    pub fn hashed_bytes(&self) -> u64 {
        let (blocks, fill) = self.position();
        let block = match self.algorithm {
            Algorithm::Sha256 => 64,
            Algorithm::Sha512 => 128,
        };
        // MAX_BLOCKS bounds the product far below 64 bits.
        u64::try_from(blocks).unwrap_or(u64::MAX).saturating_mul(block) + u64::from(fill)
    }

    /// Count of whole blocks and fill of the last, read out of the midstate.
    fn position(&self) -> (u128, u8) {
        let count = match self.algorithm {
            Algorithm::Sha256 => 32..40,
            Algorithm::Sha512 => 64..80,
        };
        let fill = self.midstate[count.end];
        let blocks = self.midstate[count].iter().rev().fold(0, |n, b| n << 8 | u128::from(*b));
        (blocks, fill)
    }

    pub fn resume(&self) -> Hasher {
        read(self.algorithm, &self.midstate).expect("checked when the state was made")
    }

    /// The digest of what was hashed so far.
    pub fn digest(&self) -> Digest {
        self.resume().digest()
    }

    /// The form kept in the database.
    pub fn to_bytes(&self) -> Vec<u8> {
        let tag = match self.algorithm {
            Algorithm::Sha256 => SHA256_TAG,
            Algorithm::Sha512 => SHA512_TAG,
        };
        let mut bytes = Vec::with_capacity(2 + self.midstate.len());
        bytes.extend_from_slice(&[VERSION, tag]);
        bytes.extend_from_slice(&self.midstate);
        bytes
    }

    /// Reads what [`HashState::to_bytes`] wrote; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (algorithm, midstate) = match bytes {
            [VERSION, SHA256_TAG, midstate @ ..] => (Algorithm::Sha256, midstate),
            [VERSION, SHA512_TAG, midstate @ ..] => (Algorithm::Sha512, midstate),
            _ => return None,
        };
        read(algorithm, midstate)?;
        let state = Self::new(algorithm, midstate);
        (state.position().0 <= MAX_BLOCKS).then_some(state)
    }
}

fn read(algorithm: Algorithm, midstate: &[u8]) -> Option<Hasher> {
    Some(Hasher(match algorithm {
        Algorithm::Sha256 => Inner::Sha256(deserialize(midstate)?),
        Algorithm::Sha512 => Inner::Sha512(deserialize(midstate)?),
    }))
}

fn deserialize<H: SerializableState>(midstate: &[u8]) -> Option<H> {
    let midstate = SerializedState::<H>::try_from(midstate).ok()?;
    H::deserialize(&midstate).ok()
}

/// The digest of bytes that are all here.
pub fn digest_of(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let mut hasher = Hasher::new(algorithm);
    hasher.update(bytes);
    hasher.digest()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Sha512];

    fn whole(algorithm: Algorithm, bytes: &[u8]) -> Digest {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes);
        hasher.digest()
    }

    /// Writing the state out changes nothing, and a change of layout would strand open uploads.
    #[test]
    fn the_written_form_is_fixed() {
        let mut hasher = Hasher::new(Algorithm::Sha256);
        hasher.update(&[b'a'; 64]);
        hasher.update(b"bc");
        let bytes = hasher.state().to_bytes();

        assert_eq!(bytes.len(), 2 + 32 + 8 + 1 + 63);
        assert_eq!(bytes[..2], [1, 1]);
        assert_eq!(bytes[34..42], 1u64.to_le_bytes());
        assert_eq!(bytes[42..45], [2, b'b', b'c']);
        assert!(bytes[45..].iter().all(|b| *b == 0));
        let fresh = Hasher::new(Algorithm::Sha512).state().to_bytes();
        assert_eq!(fresh[..2], [1, 2]);
        // The first word of the initial value, FIPS 180-4, 5.3.5.
        assert_eq!(fresh[2..10], 0x6a09_e667_f3bc_c908_u64.to_le_bytes());
        assert_eq!(fresh.len(), 2 + 64 + 16 + 1 + 127);
    }

    #[test]
    fn digests_are_those_of_the_standard() {
        // FIPS 180-4 example "abc".
        assert_eq!(
            whole(Algorithm::Sha256, b"abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(
            whole(Algorithm::Sha512, b"abc").hex().starts_with("ddaf35a193617abacc417349ae2041")
        );
    }

    #[test]
    fn a_count_that_would_overflow_is_refused() {
        let mut bytes = Hasher::new(Algorithm::Sha256).state().to_bytes();
        bytes[34..42].copy_from_slice(&u64::MAX.to_le_bytes());

        assert_eq!(HashState::from_bytes(&bytes), None);
    }

    proptest! {
        #[test]
        fn cutting_anywhere_changes_nothing(
            bytes in proptest::collection::vec(any::<u8>(), 0..600),
            cuts in proptest::collection::vec(0usize..600, 0..6),
            sha512: bool,
        ) {
            let algorithm = ALGORITHMS[usize::from(sha512)];
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            let mut state = Hasher::new(algorithm).state();
            let mut start = 0;
            for cut in cuts.into_iter().chain([bytes.len()]) {
                let mut hasher = HashState::from_bytes(&state.to_bytes()).unwrap().resume();
                hasher.update(&bytes[start..cut]);
                state = hasher.state();
                start = cut;
                prop_assert_eq!(state.hashed_bytes(), cut as u64);
            }
            prop_assert_eq!(state.digest(), whole(algorithm, &bytes));
        }

        #[test]
        fn any_bytes_are_refused_or_can_be_used(
            sha512: bool,
            midstate in proptest::collection::vec(any::<u8>(), 0..260),
            fill in 0u8..=255,
            fit: bool,
        ) {
            let mut bytes = vec![VERSION, if sha512 { SHA512_TAG } else { SHA256_TAG }];
            bytes.extend_from_slice(&midstate);
            if fit {
                let (head, length) = if sha512 { (82, 210) } else { (42, 106) };
                bytes.resize(length, 0);
                bytes[head - 1] = 0;
                bytes[head] = fill;
                let used = head + 1 + usize::from(fill);
                bytes.iter_mut().skip(used).for_each(|b| *b = 0);
            }
            if let Some(state) = HashState::from_bytes(&bytes) {
                let mut hasher = state.resume();
                hasher.update(&[7; 300]);
                hasher.digest();
                state.hashed_bytes();
                prop_assert_eq!(state.to_bytes(), bytes);
            }
        }
    }
}
