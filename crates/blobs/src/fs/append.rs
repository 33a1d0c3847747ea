//! Appending to `uploads/<id>`.
//!
//! The lock on the file (held by the thread, not by the future) keeps an append whose future was
//! dropped apart from the one that follows: whoever gets the lock looks first whether it is still
//! wanted, and only then touches the file.

use std::fs::File;
use std::io::{ErrorKind, Seek, SeekFrom};
use std::sync::Arc;

use roadstead_types::UploadId;

use super::folder::{self, Folder};
use super::writeback::Writeback;
use crate::crash::{CrashPoint, crash_point};
use crate::hashing::HashState;
use crate::intake::{self, Outlet, Waiter};
use crate::{AppendEnd, BlobError, Body, UploadState, layout};

pub(super) async fn append(
    folder: &Arc<Folder>,
    upload: UploadId,
    state: &mut UploadState,
    body: Body<'_>,
    limit: u64,
) -> Result<AppendEnd, BlobError> {
    let (feeder, outlet) = intake::channel();
    let job = Job {
        folder: Arc::clone(folder),
        upload,
        offset: state.offset,
        hash: state.hash.clone(),
        outlet,
    };
    let working = intake::on_thread(move |waiter| job.run(waiter))?;
    let end = feeder.feed(body, limit.saturating_sub(state.offset)).await;
    let kept = working.result().await?;
    let (Some(end), Some(kept)) = (end, kept) else {
        return Err(BlobError::Io(ErrorKind::BrokenPipe.into()));
    };
    state.offset += kept.bytes;
    state.hash = kept.hash;
    Ok(end)
}

struct Job {
    folder: Arc<Folder>,
    upload: UploadId,
    offset: u64,
    hash: HashState,
    outlet: Outlet,
}

struct Kept {
    bytes: u64,
    hash: HashState,
}

impl Job {
    /// `None` when the append was dropped.
    fn run(mut self, waiter: &Waiter<Option<Kept>>) -> Result<Option<Kept>, BlobError> {
        if waiter.is_gone() {
            return Ok(None);
        }
        let mut file = self.open()?;
        folder::lock(&file)?;
        if waiter.is_gone() {
            return Ok(None);
        }
        self.cut(&file)?;
        file.seek(SeekFrom::Start(self.offset))?;
        let kept = self.write(&mut file);
        if !matches!(kept, Ok(Some(_))) {
            // Gives the space back; the next append would cut in any case.
            let _ = file.set_len(self.offset);
        }
        kept
    }

    fn open(&self) -> Result<File, BlobError> {
        match self.folder.open_write(&layout::upload_file(self.upload), self.offset == 0) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(BlobError::StagedMissing(self.upload))
            }
            other => Ok(other?),
        }
    }

    /// Removes what an unacknowledged append left.
    fn cut(&self, file: &File) -> Result<(), BlobError> {
        let length = file.metadata()?.len();
        if length < self.offset {
            return Err(BlobError::StagedMissing(self.upload));
        }
        if length > self.offset {
            file.set_len(self.offset)?;
        }
        Ok(())
    }

    fn write(&mut self, file: &mut File) -> Result<Option<Kept>, BlobError> {
        let mut hasher = self.hash.resume();
        let mut out = Writeback::new(file, self.offset);
        let Some(bytes) = self.outlet.drain(&mut hasher, &mut out)? else { return Ok(None) };
        if bytes > 0 {
            crash_point(CrashPoint::UploadUnsynced);
            file.sync_data()?;
        }
        Ok(Some(Kept { bytes, hash: hasher.state() }))
    }
}
