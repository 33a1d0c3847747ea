//! The keys that sign tokens: ECDSA P-256, one that signs, all that verify.
//!
//! Rotation: add a key under a file name that sorts later, reload; remove the old file once the
//! longest token life is over. Several nodes share keys by sharing the files.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::{Digest, Sha256};

use crate::key_file;

/// The file of the key that the first start makes.
const FIRST_KEY: &str = "token-0001.pem";

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("cannot read or write the token key {path}: {cause}")]
    File { path: PathBuf, cause: io::Error },
    #[error(
        "{path} is no token key: give an ECDSA P-256 private key in PEM (PKCS#8), for example made by `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`"
    )]
    NotAKey { path: PathBuf },
    #[error("there must be at least one token key")]
    None,
    #[error("a token key cannot be generated on this machine")]
    Generate,
}

/// One key pair and the name tokens call it by.
pub struct Key {
    id: String,
    signing: EncodingKey,
    verifying: DecodingKey,
    /// For forging in tests what a thief of nothing but the public key could.
    #[cfg(test)]
    pair: EcdsaKeyPair,
}

impl Key {
    fn new(pair: EcdsaKeyPair) -> Option<Self> {
        let point = pair.public_key().as_ref();
        let signing = EncodingKey::from_ec_der(pair.to_pkcs8v1().ok()?.as_ref());
        let verifying = DecodingKey::from_ec_der(point);
        // The name follows from the key, so that nobody can give two keys one name.
        let id = URL_SAFE_NO_PAD.encode(&Sha256::digest(point)[..12]);
        Some(Self {
            id,
            signing,
            verifying,
            #[cfg(test)]
            pair,
        })
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) const fn signing(&self) -> &EncodingKey {
        &self.signing
    }

    #[cfg(test)]
    pub(super) const fn pair(&self) -> &EcdsaKeyPair {
        &self.pair
    }

    pub(super) const fn verifying(&self) -> &DecodingKey {
        &self.verifying
    }
}

/// The keys in use: the first signs, all verify.
#[derive(Clone)]
pub struct Keys(Arc<Vec<Key>>);

impl Keys {
    /// A key that lives as long as the process; for tests.
    pub fn generate() -> Result<Self, KeyError> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .map_err(|_| KeyError::Generate)?;
        Ok(Self(Arc::new(vec![Key::new(pair).ok_or(KeyError::Generate)?])))
    }

    /// The keys of a folder, `DATA_DIR/keys`; makes the first one. Among several the file whose
    /// name sorts last signs.
    pub fn open(folder: &Path) -> Result<Self, KeyError> {
        let mut files = key_files(folder)?;
        if files.is_empty() {
            make_key_file(folder)?;
            files = key_files(folder)?;
        }
        files.reverse();
        Self::from_files(&files)
    }

    /// Keys from files of the operator's; the first signs.
    pub fn from_files(files: &[PathBuf]) -> Result<Self, KeyError> {
        let keys = files.iter().map(|file| read_key(file)).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(KeyError::None);
        }
        Ok(Self(Arc::new(keys)))
    }

    pub(super) fn find(&self, id: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.id == id)
    }

    pub(super) fn signing(&self) -> &Key {
        &self.0[0]
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

fn key_files(folder: &Path) -> Result<Vec<PathBuf>, KeyError> {
    let at = |cause| KeyError::File { path: folder.to_owned(), cause };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(at(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(at)?.path();
        if path.extension().is_some_and(|extension| extension == "pem") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Makes the first key.
fn make_key_file(folder: &Path) -> Result<(), KeyError> {
    let pair =
        EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| KeyError::Generate)?;
    let der = pair.to_pkcs8v1().map_err(|_| KeyError::Generate)?;
    key_file::make(folder, FIRST_KEY, to_pem(der.as_ref()).as_bytes())
        .map_err(|cause| KeyError::File { path: folder.join(FIRST_KEY), cause })
}

fn to_pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(std::str::from_utf8(line).expect("base64 is ASCII"));
        pem.push('\n');
    }
    pem + "-----END PRIVATE KEY-----\n"
}

fn read_key(file: &Path) -> Result<Key, KeyError> {
    let bytes = fs::read(file).map_err(|cause| KeyError::File { path: file.to_owned(), cause })?;
    parse_key(&bytes).ok_or_else(|| KeyError::NotAKey { path: file.to_owned() })
}

/// PEM, in its PKCS#8 or SEC1 form, or PKCS#8 as it is.
fn parse_key(bytes: &[u8]) -> Option<Key> {
    let der = match std::str::from_utf8(bytes) {
        Ok(text) if text.contains("-----BEGIN") => pem_body(text)?,
        _ => bytes.to_vec(),
    };
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, &der)
        .or_else(|_| EcdsaKeyPair::from_private_key_der(algorithm, &der))
        .ok()?;
    Key::new(pair)
}

/// The first block that holds a private key; `openssl ecparam` writes parameters before it.
fn pem_body(text: &str) -> Option<Vec<u8>> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| line.starts_with("-----BEGIN") && line.contains("PRIVATE KEY"))?;
    let body: String = lines.take_while(|line| !line.starts_with("-----END")).collect();
    STANDARD.decode(body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_first_start_makes_a_key_that_the_next_start_finds() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("keys");

        let first = Keys::open(&folder).unwrap();
        let second = Keys::open(&folder).unwrap();

        assert_eq!(first.signing().id(), second.signing().id());
        let mode = fs::metadata(folder.join("token-0001.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn a_later_file_signs_and_the_earlier_one_still_verifies() {
        let dir = tempfile::tempdir().unwrap();
        let old = Keys::open(dir.path()).unwrap();
        fs::rename(dir.path().join("token-0001.pem"), dir.path().join("token-0000.pem")).unwrap();
        make_key_file(dir.path()).unwrap();

        let both = Keys::open(dir.path()).unwrap();

        assert_ne!(both.signing().id(), old.signing().id());
        assert!(both.find(old.signing().id()).is_some());
    }

    #[test]
    fn something_else_in_place_of_a_key_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("token-0001.pem");
        for text in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "x"] {
            fs::write(&file, text).unwrap();
            let error = Keys::open(dir.path()).unwrap_err();
            assert!(error.to_string().contains("token-0001.pem is no token key"), "{error}");
        }
    }
}
