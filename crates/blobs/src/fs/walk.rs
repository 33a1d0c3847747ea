//! All blobs and unfinished uploads of the folder. Files with other names are somebody else's and are
//! passed over.

use std::fs::{DirEntry, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt};
use roadstead_types::{Algorithm, UploadId};
use tokio::sync::mpsc::{self, Sender};

use super::folder::Folder;
use crate::{BlobError, StagedUpload, Stored, layout};

/// Entries read ahead of the consumer.
const AHEAD: usize = 256;

type Found<T> = Result<T, BlobError>;

pub(super) fn walk(folder: Arc<Folder>) -> BoxStream<'static, Found<Stored>> {
    walking(move |found| {
        walk_algorithm(&folder, Algorithm::Sha256, found)?;
        walk_algorithm(&folder, Algorithm::Sha512, found)
    })
}

pub(super) fn walk_staged(folder: Arc<Folder>) -> BoxStream<'static, Found<StagedUpload>> {
    walking(move |found| {
        for entry in entries(&folder.path(layout::UPLOADS))? {
            if let Some(staged) = staged(&entry?)? {
                found.blocking_send(Ok(staged)).map_err(|_| Stop::Dropped)?;
            }
        }
        Ok(())
    })
}

/// What `walk` sends from a thread on which it may block.
fn walking<T: Send + 'static>(
    walk: impl FnOnce(&Sender<Found<T>>) -> Result<(), Stop> + Send + 'static,
) -> BoxStream<'static, Found<T>> {
    let (sender, mut receiver) = mpsc::channel(AHEAD);
    let start = async move {
        tokio::task::spawn_blocking(move || {
            if let Err(Stop::Failed(error)) = walk(&sender) {
                let _ = sender.blocking_send(Err(error.into()));
            }
        });
        stream::poll_fn(move |cx| receiver.poll_recv(cx))
    };
    stream::once(start).flatten().boxed()
}

enum Stop {
    /// Nobody listens any more.
    Dropped,
    Failed(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

fn walk_algorithm(
    folder: &Folder,
    algorithm: Algorithm,
    found: &Sender<Found<Stored>>,
) -> Result<(), Stop> {
    for fan in entries(&folder.path(&layout::algorithm_folder(algorithm)))? {
        let fan = fan?;
        if !fan.file_type()?.is_dir() {
            continue;
        }
        for entry in entries(&fan.path())? {
            if let Some(stored) = stored(algorithm, &fan, &entry?)? {
                found.blocking_send(Ok(stored)).map_err(|_| Stop::Dropped)?;
            }
        }
    }
    Ok(())
}

fn entries(path: &Path) -> io::Result<std::fs::ReadDir> {
    std::fs::read_dir(path)
}

fn stored(algorithm: Algorithm, fan: &DirEntry, entry: &DirEntry) -> io::Result<Option<Stored>> {
    let name = entry.file_name();
    let Some(digest) =
        name.to_str().and_then(|hex| format!("{}:{hex}", algorithm.name()).parse().ok())
    else {
        return Ok(None);
    };
    let locator = layout::blob_by_digest(&digest);
    if Path::new(&layout::blob_folder(&digest)).file_name() != Some(&fan.file_name()) {
        return Ok(None);
    }
    let stored = |file: Metadata| {
        let modified_unix_us = modified_unix_us(&file);
        Stored { locator, size: file.len(), modified_unix_us }
    };
    Ok(file(entry)?.map(stored))
}

fn staged(entry: &DirEntry) -> io::Result<Option<StagedUpload>> {
    let Some(id) = entry.file_name().to_str().and_then(UploadId::parse) else { return Ok(None) };
    let staged = |file: Metadata| StagedUpload { id, modified_unix_us: modified_unix_us(&file) };
    Ok(file(entry)?.map(staged))
}

/// What is known of a file; `None` for anything else, and when it is gone since it was listed.
fn file(entry: &DirEntry) -> io::Result<Option<Metadata>> {
    match entry.metadata() {
        Ok(metadata) => Ok(metadata.is_file().then_some(metadata)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn modified_unix_us(file: &Metadata) -> i64 {
    file.mtime() * 1_000_000 + file.mtime_nsec() / 1_000
}
