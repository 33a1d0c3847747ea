//! The one place that spells storage keys. Keys are made from typed values, never from text a
//! client sent; a locator read back from the database is checked here before anything opens it.
//!
//! ```text
//! folder                                       bucket, below the prefix
//! ├── blobs/                                   ├── blobs/
//! │   ├── sha256/                              │   └── <uuid>          published, or about to be
//! │   │   └── <2 hex>/<64 hex>   published     ├── uploads/
//! │   └── sha512/                              │   └── <upload id>/
//! │       └── <2 hex>/<128 hex>                │       ├── <uuid>      tail of an open upload
//! ├── uploads/                                 │       └── <uuid>.parts   note of a multipart upload
//! │   └── <upload id>            growing       └── quarantine/
//! └── quarantine/                                  └── <uuid>          moved aside
//!     └── <algorithm>-<hex>.<n>  moved aside
//! ```

use roadstead_types::{Algorithm, Digest, UploadId};
use uuid::Uuid;

use crate::Locator;

pub const BLOBS: &str = "blobs";
pub const UPLOADS: &str = "uploads";
pub const QUARANTINE: &str = "quarantine";
const PARTS: &str = ".parts";

/// The folder of one algorithm's blobs.
pub fn algorithm_folder(algorithm: Algorithm) -> String {
    format!("{BLOBS}/{}", algorithm.name())
}

/// The folder that holds `digest` among others.
pub fn blob_folder(digest: &Digest) -> String {
    format!("{}/{}", algorithm_folder(digest.algorithm()), &digest.hex()[..2])
}

/// Where a folder keeps `digest`.
pub fn blob_by_digest(digest: &Digest) -> Locator {
    Locator(format!("{}/{}", blob_folder(digest), digest.hex()))
}

/// The digest a folder's locator stands for; `None` when it is not one that [`blob_by_digest`]
/// wrote.
pub fn digest_of(locator: &Locator) -> Option<Digest> {
    let mut parts = locator.0.split('/');
    let (BLOBS, algorithm, _, hex) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?)
    else {
        return None;
    };
    let digest: Digest = format!("{algorithm}:{hex}").parse().ok()?;
    (blob_by_digest(&digest) == *locator).then_some(digest)
}

/// Where a folder gathers an upload.
pub fn upload_file(upload: UploadId) -> String {
    format!("{UPLOADS}/{upload}")
}

/// The `n`th place for a copy of `digest` that was moved aside.
pub fn quarantined_file(digest: &Digest, n: u32) -> String {
    format!("{QUARANTINE}/{}-{}.{n}", digest.algorithm().name(), digest.hex())
}

/// Where a bucket keeps a blob. The key tells nothing about the content and cannot be guessed.
pub fn blob_by_key(key: Uuid) -> Locator {
    Locator(format!("{BLOBS}/{}", key.hyphenated()))
}

/// The key a bucket's locator stands for; `None` when it is not one that [`blob_by_key`] wrote.
pub fn key_of(locator: &Locator) -> Option<Uuid> {
    let key = Uuid::try_parse(locator.0.strip_prefix(BLOBS)?.strip_prefix('/')?).ok()?;
    (blob_by_key(key) == *locator).then_some(key)
}

/// Where a bucket keeps everything that waits for an upload to go on.
pub fn upload_prefix(upload: UploadId) -> String {
    format!("{UPLOADS}/{upload}")
}

/// Where a bucket keeps one tail of an upload.
pub fn tail_key(upload: UploadId, tail: Uuid) -> String {
    format!("{UPLOADS}/{upload}/{}", tail.hyphenated())
}

/// Where a bucket notes the multipart upload that an upload began at the final key `key`.
pub fn parts_note(upload: UploadId, key: Uuid) -> String {
    format!("{UPLOADS}/{upload}/{}{PARTS}", key.hyphenated())
}

/// The final key that a note is about; `None` when it is not one that [`parts_note`] wrote.
pub fn noted_key(note: &str) -> Option<Uuid> {
    let name = note.strip_prefix(UPLOADS)?.strip_prefix('/')?.split_once('/')?.1;
    Uuid::try_parse(name.strip_suffix(PARTS)?).ok()
}

/// The upload that an object below [`UPLOADS`] in a bucket belongs to.
pub fn upload_of(object: &str) -> Option<UploadId> {
    let (upload, _) = object.strip_prefix(UPLOADS)?.strip_prefix('/')?.split_once('/')?;
    UploadId::parse(upload)
}

/// Where a bucket keeps a blob that was moved aside.
pub fn quarantined_key(key: Uuid) -> String {
    format!("{QUARANTINE}/{}", key.hyphenated())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_note_and_a_tail_tell_whose_they_are() {
        let (upload, key) = (UploadId(Uuid::from_u128(5)), Uuid::from_u128(7));
        let (note, tail) = (parts_note(upload, key), tail_key(upload, key));
        assert_eq!((upload_of(&note), noted_key(&note)), (Some(upload), Some(key)));
        assert_eq!((upload_of(&tail), noted_key(&tail)), (Some(upload), None));
        for foreign in ["", "uploads/x", "uploads/x/y.parts", &note.replace("uploads", "blobs")] {
            assert_eq!((upload_of(foreign), noted_key(foreign)), (None, None), "{foreign}");
        }
    }

    #[test]
    fn locators_are_read_back_and_nothing_else_is() {
        let digest: Digest = format!("sha256:{HEX}").parse().unwrap();
        let key = Uuid::from_u128(7);
        assert_eq!(blob_by_digest(&digest).0, format!("blobs/sha256/e3/{HEX}"));
        assert_eq!(digest_of(&blob_by_digest(&digest)), Some(digest));
        assert_eq!(key_of(&blob_by_key(key)), Some(key));
        for hostile in [
            "",
            "/etc/passwd",
            "blobs/../../etc/passwd",
            &format!("blobs/sha256/ff/{HEX}"),
            &format!("blobs/sha256/e3/{HEX}/"),
            &format!("/blobs/sha256/e3/{HEX}"),
            &format!("blobs/sha256/../{HEX}"),
            &format!("uploads/sha256/e3/{HEX}"),
            "blobs/sha256/e3",
            "blobs/00000000000000000000000000000007",
            "blobs/{00000000-0000-0000-0000-000000000007}",
            "blobs/00000000-0000-0000-0000-000000000007/x",
        ] {
            let hostile = Locator(hostile.to_owned());
            assert_eq!(digest_of(&hostile), None, "{hostile:?}");
            assert_eq!(key_of(&hostile), None, "{hostile:?}");
        }
    }
}
