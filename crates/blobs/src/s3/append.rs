//! Appending: full parts leave while the body still arrives; what does not fill a part becomes an
//! object of its own before the append is acknowledged.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use roadstead_types::UploadId;
use tokio::sync::mpsc::{self, Receiver};
use uuid::Uuid;

use super::S3Store;
use super::bucket::{Bucket, Failure};
use super::memory_budget::MemoryBudget;
use super::notes;
use super::staged::{Held, Parts, Staged};
use super::undo::Undo;
use crate::crash::{CrashPoint, crash_point};
use crate::hashing::HashState;
use crate::intake::{self, Outlet, blocking};
use crate::spool::{PartWriter, Spooled};
use crate::{AppendEnd, BlobError, Body, UploadState, layout};

/// Parts of one upload on their way at once.
const PARALLEL: usize = 4;

pub(super) async fn append(
    store: &S3Store,
    upload: UploadId,
    state: &mut UploadState,
    staged: Staged,
    body: Body<'_>,
    limit: u64,
) -> Result<AppendEnd, BlobError> {
    let superseded = staged.superseded.map(|leftover| leftover.object(upload));
    store.bucket.remove_later(upload, superseded.into_iter().collect());
    let rest = fetch_rest(store, upload, state.offset, &staged).await?;
    let mut sender = Sender::new(store, upload, &staged.held);
    let (full, parts) = mpsc::channel(1);
    let first = sender.parts.as_ref().map_or(0, |parts| parts.etags.len());
    let writer = PartWriter::new(Arc::clone(&store.spool), store.plan, first, rest, full);
    let (feeder, outlet) = intake::channel();
    let hash = state.hash.clone();
    let working = intake::on_thread(move |_| gather(outlet, &hash, writer))?;
    let room = limit.min(store.plan.capacity()).saturating_sub(state.offset);
    let feeding = async { Ok(feeder.feed(body, room).await) };
    let (end, ()) = futures_util::try_join!(feeding, sender.send_all(parts))?;
    let gathered = working.result().await?;
    let (Some(end), Some(gathered)) = (end, gathered) else {
        return Err(BlobError::Io(std::io::ErrorKind::BrokenPipe.into()));
    };
    keep(store, upload, state, staged, sender, gathered).await?;
    Ok(end)
}

/// The bytes that are in no part yet, from this process if it wrote them, else from the bucket.
async fn fetch_rest(
    store: &S3Store,
    upload: UploadId,
    offset: u64,
    staged: &Staged,
) -> Result<Spooled, BlobError> {
    let folder = Arc::clone(&store.spool);
    let Some(rest) = staged.rest() else {
        return blocking(move || Ok(Spooled::new(&folder)?)).await;
    };
    let length = offset - staged.sent();
    if let Some(tail) = store.tails.take(rest.key(), length) {
        return Ok(tail);
    }
    let _permit = store.memory.take(length).await;
    let bytes = store.bucket.get_whole(&rest.object(upload), length).await;
    let bytes = bytes.map_err(|failure| failure.or(|| BlobError::StagedMissing(upload)))?;
    blocking(move || Ok(Spooled::holding(&folder, &bytes)?)).await
}

struct Gathered {
    bytes: u64,
    hash: HashState,
    rest: Spooled,
}

/// Runs on the append's thread; `None` when the append was dropped.
fn gather(
    mut outlet: Outlet,
    hash: &HashState,
    mut writer: PartWriter,
) -> Result<Option<Gathered>, BlobError> {
    let mut hasher = hash.resume();
    let bytes = outlet.drain(&mut hasher, &mut writer)?;
    Ok(bytes.map(|bytes| Gathered { bytes, hash: hasher.state(), rest: writer.into_rest() }))
}

/// Stores the rest, then moves the state on.
async fn keep(
    store: &S3Store,
    upload: UploadId,
    state: &mut UploadState,
    staged: Staged,
    mut sender: Sender,
    gathered: Gathered,
) -> Result<(), BlobError> {
    let Gathered { bytes, hash, rest } = gathered;
    let key = Uuid::new_v4();
    if bytes == 0 {
        if let Some(old) = staged.rest() {
            store.tails.put(old.key(), rest);
        }
        return Ok(());
    }
    let superseded = staged.rest();
    let held = match sender.parts.clone() {
        Some(parts) => Held::Parts(Parts { tail: (rest.length > 0).then_some(key), ..parts }),
        None => Held::Whole { key },
    };
    let next = Staged { held, superseded };
    if let Some(object) = next.rest() {
        sender.undo.made.object = Some(object);
        crash_point(CrashPoint::UploadUnsynced);
        let rest = put_rest(store, &object.object(upload), rest).await?;
        store.tails.put(key, rest);
    }
    store.last_made.remember(upload, sender.undo.disarm());
    *state = UploadState { offset: state.offset + bytes, hash, staged: next.to_bytes() };
    Ok(())
}

async fn put_rest(store: &S3Store, key: &str, rest: Spooled) -> Result<Spooled, BlobError> {
    let _permit = store.memory.take(rest.length).await;
    let (rest, bytes) = store.memory.load(rest).await?;
    store.bucket.put(key, bytes).await?;
    Ok(rest)
}

/// Sends parts as they become full.
struct Sender {
    bucket: Arc<Bucket>,
    memory: MemoryBudget,
    upload: UploadId,
    parts: Option<Parts>,
    undo: Undo,
}

impl Sender {
    fn new(store: &S3Store, upload: UploadId, held: &Held) -> Self {
        let bucket = Arc::clone(&store.bucket);
        let undo = Undo::new(Arc::clone(&bucket), upload);
        let parts = match held {
            Held::Parts(parts) => Some(parts.clone()),
            _ => None,
        };
        Self { bucket, memory: store.memory.clone(), upload, parts, undo }
    }

    async fn send_all(&mut self, mut full: Receiver<Spooled>) -> Result<(), BlobError> {
        let mut sending = FuturesOrdered::new();
        let mut index = self.parts.as_ref().map_or(0, |parts| parts.etags.len());
        let mut open = true;
        while open || !sending.is_empty() {
            tokio::select! {
                part = full.recv(), if open && sending.len() < PARALLEL => match part {
                    None => open = false,
                    Some(part) => {
                        let parts = self.multipart().await?;
                        let (key, id) = (layout::blob_by_key(parts.key).0, parts.multipart.clone());
                        parts.sent += part.length;
                        let (bucket, memory) = (Arc::clone(&self.bucket), self.memory.clone());
                        sending.push_back(send(bucket, memory, key, id, index, part));
                        index += 1;
                    }
                },
                Some(etag) = sending.next(), if !sending.is_empty() => {
                    let missing = || BlobError::StagedMissing(self.upload);
                    let etag = etag.map_err(|failure: Failure| failure.or(missing))?;
                    self.multipart().await?.etags.push(etag);
                }
            }
        }
        Ok(())
    }

    /// The multipart upload, begun when the first part is full.
    async fn multipart(&mut self) -> Result<&mut Parts, BlobError> {
        if self.parts.is_none() {
            let key = Uuid::new_v4();
            let multipart = self.bucket.create_multipart(&layout::blob_by_key(key).0).await?;
            self.undo.made.multipart = Some((key, multipart.clone()));
            notes::write(&self.bucket, self.upload, key, &multipart).await?;
            self.parts = Some(Parts { key, multipart, etags: Vec::new(), sent: 0, tail: None });
        }
        Ok(self.parts.as_mut().expect("made just now"))
    }
}

async fn send(
    bucket: Arc<Bucket>,
    memory: MemoryBudget,
    key: String,
    multipart: String,
    index: usize,
    part: Spooled,
) -> Result<String, Failure> {
    let _permit = memory.take(part.length).await;
    let (_, bytes) = memory.load(part).await?;
    bucket.put_part(&key, &multipart, index, bytes).await
}
