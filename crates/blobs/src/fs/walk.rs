//! All blobs of the folder. Files whose name is no digest are somebody else's and are passed over.

use std::fs::DirEntry;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt};
use roadstead_types::Algorithm;
use tokio::sync::mpsc::{self, Sender};

use super::folder::Folder;
use crate::{BlobError, Stored, layout};

/// Entries read ahead of the consumer.
const AHEAD: usize = 256;

type Found = Result<Stored, BlobError>;

pub(super) fn walk(folder: Arc<Folder>) -> BoxStream<'static, Found> {
    let (sender, mut receiver) = mpsc::channel(AHEAD);
    let start = async move {
        tokio::task::spawn_blocking(move || {
            for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
                if let Err(Stop::Failed(error)) = walk_algorithm(&folder, algorithm, &sender) {
                    let _ = sender.blocking_send(Err(error.into()));
                    return;
                }
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
    found: &Sender<Found>,
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
    let metadata = match entry.metadata() {
        Ok(metadata) if metadata.is_file() => metadata,
        Ok(_) => return Ok(None),
        // Deleted since it was listed.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let modified_unix_us = metadata.mtime() * 1_000_000 + metadata.mtime_nsec() / 1_000;
    Ok(Some(Stored { locator, size: metadata.len(), modified_unix_us }))
}
