//! Secrets that the hub must be able to read again, sealed with a key that is not in the database: a
//! copy of the database alone opens nothing.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::{Hub, StoreError, key_file};

/// The key's file in the folder of keys.
const FILE: &str = "secret.key";
/// Stands in front of what was sealed, so that another way of sealing can come later.
const VERSION: u8 = 1;

/// Why there is no key to seal with.
#[derive(Debug, thiserror::Error)]
pub enum SealingKeyError {
    #[error("cannot read or write the secret key {path}: {cause}")]
    File { path: PathBuf, cause: io::Error },
    #[error(
        "{path} is no secret key: give 32 random bytes in base64, as `openssl rand -base64 32` makes them"
    )]
    NotAKey { path: PathBuf },
}

/// The key that seals, and one made of it that marks what this hub wrote itself.
#[derive(Clone)]
pub struct SealingKey {
    seals: Arc<RandomizedNonceKey>,
    marks: hmac::Key,
}

impl SealingKey {
    /// A key that lives as long as the process; for tests, and for commands that open nothing.
    pub fn generate() -> Self {
        Self::new(&rand::random())
    }

    fn new(bytes: &[u8; 32]) -> Self {
        let seals = RandomizedNonceKey::new(&AES_256_GCM, bytes);
        let seals = Arc::new(seals.expect("the key is as long as the algorithm wants it"));
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, bytes), b"roadstead marks");
        Self { seals, marks: hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()) }
    }

    /// The key of a folder, `DATA_DIR/keys`; makes it on the first start.
    pub fn open(folder: &Path) -> Result<Self, SealingKeyError> {
        let path = folder.join(FILE);
        let made = match path.exists() {
            true => Ok(()),
            false => key_file::make(folder, FILE, fresh().as_bytes()),
        };
        made.map_err(|cause| SealingKeyError::File { path: path.clone(), cause })?;
        Self::from_file(&path)
    }

    /// A key from a file of the operator's.
    pub fn from_file(path: &Path) -> Result<Self, SealingKeyError> {
        let path = path.to_owned();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(cause) => return Err(SealingKeyError::File { path, cause }),
        };
        let bytes = STANDARD.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(|bytes| Self::new(&bytes)).ok_or(SealingKeyError::NotAKey { path })
    }

    /// Seals a secret for one place, `context`: put anywhere else, it does not open.
    pub(crate) fn seal(&self, context: &str, secret: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut sealed = secret.to_vec();
        let nonce = self
            .seals
            .seal_in_place_append_tag(Aad::from(context), &mut sealed)
            .map_err(StoreError::internal)?;
        Ok([&[VERSION][..], nonce.as_ref(), &sealed].concat())
    }

    pub(crate) fn open_sealed(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let foreign = || StoreError::internal("a secret was sealed with another secret key");
        let rest = sealed.strip_prefix(&[VERSION]).ok_or_else(foreign)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(foreign)?;
        let mut bytes = rest.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.seals.open_in_place(nonce, Aad::from(context), &mut bytes);
        opened.map(|secret| secret.to_vec()).map_err(|_| foreign())
    }

    /// What proves later that this hub wrote `text` for one place, `context`.
    fn mark(&self, context: &str, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.marks, &marked(context, text)))
    }

    fn is_marked(&self, context: &str, text: &str, mark: &str) -> bool {
        let mark = URL_SAFE_NO_PAD.decode(mark).unwrap_or_default();
        hmac::verify(&self.marks, &marked(context, text), &mark).is_ok()
    }
}

fn marked(context: &str, text: &str) -> Vec<u8> {
    format!("{context}\0{text}").into_bytes()
}

impl Hub {
    /// What proves in an address that this hub's own page named `text`.
    pub fn mark_of(&self, context: &str, text: &str) -> String {
        self.sealing.mark(context, text)
    }

    pub fn is_marked(&self, context: &str, text: &str, mark: &str) -> bool {
        self.sealing.is_marked(context, text, mark)
    }
}

fn fresh() -> String {
    format!("{}\n", STANDARD.encode(rand::random::<[u8; 32]>()))
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_in_its_place_with_its_key_alone() {
        let dir = tempfile::tempdir().unwrap();
        let key = SealingKey::open(dir.path()).unwrap();
        let sealed = key.seal("alice", b"secret").unwrap();

        let again = SealingKey::open(dir.path()).unwrap();
        assert_eq!(again.open_sealed("alice", &sealed).unwrap(), b"secret");
        assert!(again.open_sealed("bob", &sealed).is_err());
        assert!(SealingKey::generate().open_sealed("alice", &sealed).is_err());
        assert_ne!(key.seal("alice", b"secret").unwrap(), sealed);
        for at in 0..sealed.len() {
            let mut other = sealed.clone();
            other[at] ^= 1;
            assert!(key.open_sealed("alice", &other).is_err(), "byte {at}");
            assert!(key.open_sealed("alice", &sealed[..at]).is_err(), "{at} bytes");
        }
    }

    #[test]
    fn a_mark_is_of_one_text_one_place_and_one_key() {
        let (key, other) = (SealingKey::generate(), SealingKey::generate());

        let mark = key.mark("picture", "https://a.example/");
        assert!(key.is_marked("picture", "https://a.example/", &mark));
        assert!(!key.is_marked("picture", "https://b.example/", &mark));
        assert!(!key.is_marked("other", "https://a.example/", &mark));
        assert!(!other.is_marked("picture", "https://a.example/", &mark));
        assert!(!key.is_marked("picture", "https://a.example/", &mark[1..]));
    }

    #[test]
    fn something_else_in_place_of_the_key_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        for text in ["", "short", &STANDARD.encode([7; 31])] {
            fs::write(dir.path().join(FILE), text).unwrap();
            let error = SealingKey::open(dir.path()).unwrap_err().to_string();
            assert!(error.contains("secret.key is no secret key"), "{error}");
        }
    }
}
