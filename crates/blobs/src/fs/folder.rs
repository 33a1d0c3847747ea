//! The folder itself: paths, folders that survive a power loss, and opening without following links.

use std::fs::{DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use roadstead_types::{Algorithm, Digest};
use rustix::fs::{FlockOperation, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

use crate::{BlobError, layout};

const LOCK_PAUSE: Duration = Duration::from_millis(2);
const LOCK_TRIES: u32 = 5_000;
const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Sha512];

pub(super) struct Folder {
    root: PathBuf,
    handle: OwnedFd,
    /// Which `blobs/<algorithm>/<2 hex>` are known to be on disk, per algorithm. That one exists
    /// is not enough: whoever made it may not have synced its parent yet.
    synced: [[AtomicBool; 256]; 2],
}

impl std::fmt::Debug for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Folder({})", self.root.display())
    }
}

impl Folder {
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        make_folders(root)?;
        // A link given as the root is followed once, here; below the root none is.
        let root = root.canonicalize()?;
        for algorithm in ALGORITHMS {
            make_folders(&root.join(layout::algorithm_folder(algorithm)))?;
        }
        make_folders(&root.join(layout::UPLOADS))?;
        make_folders(&root.join(layout::QUARANTINE))?;
        let handle = OwnedFd::from(File::open(&root)?);
        let synced = std::array::from_fn(|_| std::array::from_fn(|_| AtomicBool::new(false)));
        Ok(Self { root, handle, synced })
    }

    pub(super) fn path(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    /// Opens `key` for reading if that needs no disk; `WouldBlock` if it may.
    pub(super) fn open_cached(&self, key: &str) -> io::Result<File> {
        self.open_beneath(key, OFlags::RDONLY, ResolveFlags::CACHED)
    }

    pub(super) fn open_read(&self, key: &str) -> io::Result<File> {
        self.open_beneath(key, OFlags::RDONLY, ResolveFlags::empty())
    }

    /// Opens `key` to read and write it, made new if `create` and missing.
    pub(super) fn open_write(&self, key: &str, create: bool) -> io::Result<File> {
        let create = if create { OFlags::CREATE } else { OFlags::empty() };
        self.open_beneath(key, OFlags::RDWR | create, ResolveFlags::empty())
    }

    fn open_beneath(&self, key: &str, how: OFlags, resolve: ResolveFlags) -> io::Result<File> {
        let how = how | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let mode = if how.contains(OFlags::CREATE) { Mode::from(0o600) } else { Mode::empty() };
        let beneath = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        let opened = rustix::io::retry_on_intr(|| {
            rustix::fs::openat2(&self.handle, key, how, mode, beneath | resolve)
        });
        match opened {
            Ok(file) => Ok(file.into()),
            // Old kernels, and sandboxes that do not know the call.
            Err(Errno::NOSYS | Errno::PERM) if resolve.contains(ResolveFlags::CACHED) => {
                Err(ErrorKind::WouldBlock.into())
            }
            Err(Errno::NOSYS | Errno::PERM) => {
                Ok(rustix::fs::openat(&self.handle, key, how, mode)?.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a file, if it is there.
    pub(super) fn remove(&self, key: &str) -> io::Result<()> {
        match std::fs::remove_file(self.path(key)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Makes the folder in which `digest` lies, durably.
    pub(super) fn prepare(&self, digest: &Digest) -> io::Result<()> {
        let algorithm = usize::from(digest.algorithm() == Algorithm::Sha512);
        let known = &self.synced[algorithm][usize::from(digest.hash()[0])];
        let folder = self.path(&layout::blob_folder(digest));
        if known.load(Ordering::Acquire) && folder.is_dir() {
            return Ok(());
        }
        make_folder(&folder)?;
        sync_folder(&self.path(&layout::algorithm_folder(digest.algorithm())))?;
        known.store(true, Ordering::Release);
        Ok(())
    }
}

/// Waits until no other append or publish holds `file`, and keeps others out until it is closed.
/// A dropped append lets go within one frame; who holds on longer breaks the contract, and must
/// not stop others for ever.
pub(super) fn lock(file: &File) -> Result<(), BlobError> {
    for _ in 0..LOCK_TRIES {
        match rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(()),
            Err(Errno::AGAIN | Errno::INTR) => std::thread::sleep(LOCK_PAUSE),
            Err(error) => return Err(io::Error::from(error).into()),
        }
    }
    Err(BlobError::Unavailable("another request is writing to this upload".to_owned()))
}

pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Makes `path` and its missing parents, and syncs each parent.
fn make_folders(path: &Path) -> io::Result<()> {
    let parent = match path.parent() {
        None => return Ok(()),
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
    };
    if !path.is_dir() {
        make_folders(parent)?;
        make_folder(path)?;
        sync_folder(parent)?;
    }
    Ok(())
}

fn make_folder(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        other => other,
    }
}
