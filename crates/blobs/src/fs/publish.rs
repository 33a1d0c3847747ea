//! From `uploads/<id>` to `blobs/`, and from there to `quarantine/`.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;

use roadstead_types::{Digest, UploadId};
use rustix::fs::{CWD, RenameFlags};
use rustix::io::Errno;

use super::folder::{self, Folder};
use crate::crash::{CrashPoint, crash_point};
use crate::hashing::Hasher;
use crate::{BlobError, Locator, UploadState, layout};

const REREAD: usize = 256 << 10;

pub(super) fn publish(
    folder: &Folder,
    upload: UploadId,
    state: &UploadState,
    digest: &Digest,
) -> Result<Locator, BlobError> {
    let staged = layout::upload_file(upload);
    let locator = layout::blob_by_digest(digest);
    let file = match folder.open_write(&staged, state.offset == 0) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return published_before(folder, upload, state, digest);
        }
        other => other?,
    };
    folder::lock(&file)?;
    cut(&file, upload, state.offset)?;
    let actual = digest_of(&file, state, digest)?;
    if actual != *digest {
        folder.remove(&staged)?;
        return Err(BlobError::DigestMismatch { expected: *digest, actual });
    }
    folder.prepare(digest)?;
    crash_point(CrashPoint::PublishReady);
    std::fs::rename(folder.path(&staged), folder.path(&locator.0))?;
    crash_point(CrashPoint::PublishMoved);
    folder::sync_folder(&folder.path(&layout::blob_folder(digest)))?;
    Ok(locator)
}

/// Leaves exactly the acknowledged bytes. Those were synced when they were acknowledged.
fn cut(file: &File, upload: UploadId, offset: u64) -> Result<(), BlobError> {
    let length = file.metadata()?.len();
    if length < offset {
        return Err(BlobError::StagedMissing(upload));
    }
    if length > offset {
        file.set_len(offset)?;
    }
    if length > offset || offset == 0 {
        file.sync_all()?;
    }
    Ok(())
}

/// The running hash, or a second one over the file if `digest` is of another algorithm.
fn digest_of(file: &File, state: &UploadState, digest: &Digest) -> Result<Digest, BlobError> {
    if state.hash.algorithm() == digest.algorithm() {
        return Ok(state.hash.digest());
    }
    let mut hasher = Hasher::new(digest.algorithm());
    let mut buffer = vec![0; REREAD];
    let mut at = 0;
    while at < state.offset {
        let read = file.read_at(&mut buffer, at)?;
        if read == 0 {
            return Err(BlobError::Io(ErrorKind::UnexpectedEof.into()));
        }
        hasher.update(&buffer[..read]);
        at += read as u64;
    }
    Ok(hasher.digest())
}

/// A publish whose answer was lost is repeated with nothing left to rename. The running hash has
/// proved that the caller had these very bytes.
fn published_before(
    folder: &Folder,
    upload: UploadId,
    state: &UploadState,
    digest: &Digest,
) -> Result<Locator, BlobError> {
    let locator = layout::blob_by_digest(digest);
    let size = folder.open_read(&locator.0).and_then(|file| file.metadata());
    match size {
        Ok(size) if size.len() == state.offset && state.hash.digest() == *digest => {
            folder::sync_folder(&folder.path(&layout::blob_folder(digest)))?;
            Ok(locator)
        }
        Ok(_) => Err(BlobError::StagedMissing(upload)),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(BlobError::StagedMissing(upload)),
        Err(error) => Err(error.into()),
    }
}

/// Moves a blob aside under a name nothing has yet.
pub(super) fn quarantine(
    folder: &Folder,
    digest: &Digest,
    locator: &Locator,
) -> Result<String, BlobError> {
    let from = folder.path(&layout::blob_by_digest(digest).0);
    for n in 0..u32::MAX {
        let to = folder.path(&layout::quarantined_file(digest, n));
        match rustix::fs::renameat_with(CWD, &from, CWD, &to, RenameFlags::NOREPLACE) {
            Ok(()) => {
                folder::sync_folder(&folder.path(layout::QUARANTINE))?;
                return Ok(to.display().to_string());
            }
            Err(Errno::EXIST) => {}
            Err(Errno::NOENT) => return Err(BlobError::NotFound(locator.clone())),
            Err(error) => return Err(std::io::Error::from(error).into()),
        }
    }
    Err(BlobError::Io(ErrorKind::AlreadyExists.into()))
}
