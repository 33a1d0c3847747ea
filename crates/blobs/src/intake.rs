//! From a body, which arrives on an async task, to the one thread that hashes and writes it.
//!
//! Hashing and writing together on a thread of their own keep the runtime free, and a window of
//! bytes (not of frames, whose size the peer chooses) bounds the memory of an upload. The thread
//! is not one of the runtime's: slow senders would hold all of those.

use std::io::{self, IoSlice, Write};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::crash::{CrashPoint, crash_point};
use crate::hashing::Hasher;
use crate::{AppendEnd, BlobError, Body};

/// Bytes of one upload that may wait for the thread.
const WINDOW: usize = 512 << 10;
/// Bytes for which it is worth to wake the thread. Half of the window, so that one batch is
/// gathered while the other is written.
const BATCH: usize = WINDOW / 2;
/// Tiny frames are bounded by count: in a batch, and by the batches that wait.
const FRAMES: usize = 16;
const BATCHES: usize = 2;
const STACK: usize = 256 << 10;

enum Message {
    Frames(Batch),
    /// The body is over; without it the sender was dropped.
    End,
}

/// Frames that go to the thread together: each wake-up, and each write, costs as much for one
/// small frame as for all of them.
#[derive(Default)]
struct Batch {
    frames: Vec<Bytes>,
    bytes: usize,
    permit: Option<OwnedSemaphorePermit>,
}

/// The async end.
pub(crate) struct Feeder {
    batches: mpsc::Sender<Message>,
    window: Arc<Semaphore>,
    gathered: Batch,
}

/// The thread's end.
pub(crate) struct Outlet {
    batches: mpsc::Receiver<Message>,
}

pub(crate) fn channel() -> (Feeder, Outlet) {
    let (sender, receiver) = mpsc::channel(BATCHES);
    let window = Arc::new(Semaphore::new(WINDOW));
    (Feeder { batches: sender, window, gathered: Batch::default() }, Outlet { batches: receiver })
}

impl Feeder {
    /// Passes on at most `room` bytes of `body`. `None` means that the thread went away.
    pub(crate) async fn feed(mut self, mut body: Body<'_>, mut room: u64) -> Option<AppendEnd> {
        loop {
            let item = tokio::select! {
                biased;
                item = body.next() => item,
                () = self.batches.closed() => return None,
            };
            let end = match item {
                None => AppendEnd::Complete,
                Some(Err(error)) => AppendEnd::Interrupted(error),
                Some(Ok(mut frame)) => {
                    let too_large = frame.len() as u64 > room;
                    frame.truncate(usize::try_from(room).unwrap_or(usize::MAX));
                    room -= frame.len() as u64;
                    self.gather(frame).await?;
                    if !too_large {
                        continue;
                    }
                    AppendEnd::TooLarge
                }
            };
            self.pass_on().await?;
            self.batches.send(Message::End).await.ok()?;
            return Some(end);
        }
    }

    async fn gather(&mut self, frame: Bytes) -> Option<()> {
        if frame.is_empty() {
            return Some(());
        }
        let permit = self.room_for(&frame).await?;
        self.gathered.add(frame, permit);
        if self.gathered.is_full() { self.pass_on().await } else { Some(()) }
    }

    async fn room_for(&mut self, frame: &Bytes) -> Option<OwnedSemaphorePermit> {
        let share = u32::try_from(frame.len().min(WINDOW)).expect("the window fits 32 bits");
        if let Ok(permit) = Arc::clone(&self.window).try_acquire_many_owned(share) {
            return Some(permit);
        }
        // What was gathered takes room, too.
        self.pass_on().await?;
        Arc::clone(&self.window).acquire_many_owned(share).await.ok()
    }

    async fn pass_on(&mut self) -> Option<()> {
        let batch = std::mem::take(&mut self.gathered);
        if batch.frames.is_empty() {
            return Some(());
        }
        self.batches.send(Message::Frames(batch)).await.ok()
    }
}

impl Batch {
    fn add(&mut self, frame: Bytes, permit: OwnedSemaphorePermit) {
        self.bytes += frame.len();
        self.frames.push(frame);
        match &mut self.permit {
            Some(all) => all.merge(permit),
            none => *none = Some(permit),
        }
    }

    fn is_full(&self) -> bool {
        self.bytes >= BATCH || self.frames.len() >= FRAMES
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut slices: Vec<_> = self.frames.iter().map(|frame| IoSlice::new(frame)).collect();
        let mut rest = &mut slices[..];
        while !rest.is_empty() {
            match out.write_vectored(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => IoSlice::advance_slices(&mut rest, written),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
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
        while let Some(message) = self.batches.blocking_recv() {
            let Message::Frames(batch) = message else { return Ok(Some(bytes)) };
            batch.frames.iter().for_each(|frame| hasher.update(frame));
            batch.write(out)?;
            crash_point(CrashPoint::UploadWriting);
            bytes += batch.bytes as u64;
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

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use roadstead_types::Algorithm;

    use super::*;
    use crate::BodyError;
    use crate::hashing::digest_of;

    /// Keeps what is written, and how much each time.
    #[derive(Default)]
    struct Written {
        bytes: Vec<u8>,
        lengths: Vec<usize>,
    }

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.write_vectored(&[IoSlice::new(bytes)])
        }

        fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
            let before = self.bytes.len();
            slices.iter().for_each(|slice| self.bytes.extend_from_slice(slice));
            self.lengths.push(self.bytes.len() - before);
            Ok(self.bytes.len() - before)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Sends `whole` in frames of `length` bytes, then breaks off; all of it must arrive.
    async fn sent(whole: &[u8], length: usize) -> Written {
        let frames = whole.chunks(length).map(|frame| Ok(Bytes::copy_from_slice(frame)));
        let body = stream::iter(frames.chain([Err(BodyError::Disconnected)]));
        let (feeder, mut outlet) = channel();
        let working = on_thread(move |_| {
            let (mut hasher, mut written) = (Hasher::new(Algorithm::Sha256), Written::default());
            let bytes = outlet.drain(&mut hasher, &mut written)?;
            Ok((bytes, hasher.digest(), written))
        });
        let end = feeder.feed(Box::pin(body), u64::MAX).await;
        let (bytes, digest, written) = working.unwrap().result().await.unwrap();

        assert!(matches!(end, Some(AppendEnd::Interrupted(BodyError::Disconnected))));
        assert_eq!(bytes, Some(whole.len() as u64));
        assert_eq!(digest, digest_of(Algorithm::Sha256, whole));
        assert!(written.bytes == whole);
        written
    }

    #[tokio::test]
    async fn small_frames_are_written_together_and_the_last_ones_before_a_break() {
        let whole: Vec<_> = (0..(3 * BATCH + 5000)).map(|n| (n % 251) as u8).collect();

        assert_eq!(sent(&whole, 32 << 10).await.lengths, [BATCH, BATCH, BATCH, 5000]);
        assert_eq!(sent(&whole[..100], 1).await.lengths, [16, 16, 16, 16, 16, 16, 4]);
    }

    #[tokio::test]
    async fn frames_larger_than_the_window_pass() {
        let whole = vec![7; 4 * WINDOW];

        assert_eq!(sent(&whole, 2 * WINDOW).await.lengths, [2 * WINDOW, 2 * WINDOW]);
        assert_eq!(sent(&whole, 3 * WINDOW / 4).await.bytes.len(), whole.len());
    }
}
