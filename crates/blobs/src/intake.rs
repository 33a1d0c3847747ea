//! From a body, which arrives on an async task, to the one thread that hashes and writes it.
//!
//! Hashing and writing together on a thread of their own keep the runtime free, and a window of
//! bytes (not of frames, whose size the peer chooses) bounds the memory of an upload. The thread
//! is not one of the runtime's: slow senders would hold all of those.

use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::crash::{CrashPoint, crash_point};
use crate::hashing::Hasher;
use crate::{AppendEnd, BlobError, Body};

/// Bytes of one upload that may wait for the thread.
const WINDOW: usize = 256 << 10;
/// Tiny frames are bounded by count.
const FRAMES: usize = 64;
const STACK: usize = 256 << 10;

enum Message {
    Frame(Bytes, OwnedSemaphorePermit),
    /// The body is over; without it the sender was dropped.
    End,
}

/// The async end.
pub(crate) struct Feeder {
    frames: mpsc::Sender<Message>,
    window: Arc<Semaphore>,
}

/// The thread's end.
pub(crate) struct Outlet {
    frames: mpsc::Receiver<Message>,
}

pub(crate) fn channel() -> (Feeder, Outlet) {
    let (sender, receiver) = mpsc::channel(FRAMES);
    let window = Arc::new(Semaphore::new(WINDOW));
    (Feeder { frames: sender, window }, Outlet { frames: receiver })
}

impl Feeder {
    /// Passes on at most `room` bytes of `body`. `None` means that the thread went away.
    pub(crate) async fn feed(self, mut body: Body<'_>, mut room: u64) -> Option<AppendEnd> {
        loop {
            let item = tokio::select! {
                biased;
                item = body.next() => item,
                () = self.frames.closed() => return None,
            };
            let end = match item {
                None => AppendEnd::Complete,
                Some(Err(error)) => AppendEnd::Interrupted(error),
                Some(Ok(mut frame)) => {
                    let too_large = frame.len() as u64 > room;
                    frame.truncate(usize::try_from(room).unwrap_or(usize::MAX));
                    room -= frame.len() as u64;
                    self.pass(frame).await?;
                    if !too_large {
                        continue;
                    }
                    AppendEnd::TooLarge
                }
            };
            self.frames.send(Message::End).await.ok()?;
            return Some(end);
        }
    }

    async fn pass(&self, frame: Bytes) -> Option<()> {
        if frame.is_empty() {
            return Some(());
        }
        let share = u32::try_from(frame.len().min(WINDOW)).expect("the window fits 32 bits");
        let permit = Arc::clone(&self.window).acquire_many_owned(share).await.ok()?;
        self.frames.send(Message::Frame(frame, permit)).await.ok()
    }
}

impl Outlet {
    /// Hashes and writes until the body is over, and tells how many bytes came; `None` when the
    /// append was dropped.
    pub(crate) fn drain(
        &mut self,
        hasher: &mut Hasher,
        out: &mut impl Write,
    ) -> io::Result<Option<u64>> {
        let mut bytes = 0;
        while let Some(message) = self.frames.blocking_recv() {
            let Message::Frame(frame, _permit) = message else { return Ok(Some(bytes)) };
            hasher.update(&frame);
            out.write_all(&frame)?;
            crash_point(CrashPoint::UploadWriting);
            bytes += frame.len() as u64;
        }
        Ok(None)
    }
}

/// Whoever waits for a thread.
pub(crate) struct Waiter<T>(oneshot::Sender<Result<T, BlobError>>);

impl<T> Waiter<T> {
    /// Whether the append was dropped. The channel of frames cannot tell: a short body lies in it
    /// whole, end and all, before the thread has begun, and then it is closed in either case.
    pub(crate) fn is_gone(&self) -> bool {
        self.0.is_closed()
    }
}

/// Runs `work` on a thread of its own.
pub(crate) fn on_thread<T: Send + 'static>(
    work: impl FnOnce(&Waiter<T>) -> Result<T, BlobError> + Send + 'static,
) -> Result<Working<T>, BlobError> {
    let (sender, receiver) = oneshot::channel();
    let waiter = Waiter(sender);
    std::thread::Builder::new().name("blob-append".to_owned()).stack_size(STACK).spawn(
        move || {
            let result = work(&waiter);
            drop(waiter.0.send(result));
        },
    )?;
    Ok(Working(receiver))
}

/// The result of [`on_thread`], when it is there.
pub(crate) struct Working<T>(oneshot::Receiver<Result<T, BlobError>>);

impl<T> Working<T> {
    pub(crate) async fn result(self) -> Result<T, BlobError> {
        self.0.await.unwrap_or_else(|_| Err(lost_thread()))
    }
}

/// Runs `work` where it may block, and flattens a panic into an error.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(lost_thread()))
}

fn lost_thread() -> BlobError {
    BlobError::Io(io::Error::other("a worker of the store did not finish"))
}
