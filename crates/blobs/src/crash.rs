//! Places at which a test lets the program die, to prove what a crash leaves behind.
//!
//! No shipped program dies here: without the feature `crash-points` every call is empty. With it,
//! `ROADSTEAD_CRASH_AT=NAME`, or `NAME:N` for the Nth time, names the place.

macro_rules! crash_points {
    ($($(#[$about:meta])* $point:ident = $name:literal,)+) => {
        /// Every place, in this crate and in those above it. One list, so that a test can prove
        /// that it visits all.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum CrashPoint {
            $($(#[$about])* $point,)+
        }

        impl CrashPoint {
            pub const ALL: &[Self] = &[$(Self::$point),+];

            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$point => $name,)+
                }
            }
        }
    };
}

crash_points! {
    /// The session's row is there, the client does not know its id.
    UploadBegun = "upload.begun",
    /// In the middle of a body; passed once for each frame written.
    UploadWriting = "upload.writing",
    /// The body is written, and not yet durable.
    UploadUnsynced = "upload.unsynced",
    /// The body is durable, and not yet acknowledged.
    UploadAppended = "upload.appended",
    /// The body is acknowledged in the row, and the client does not know.
    UploadAcknowledged = "upload.acknowledged",
    /// The body of the closing request is recorded, and nothing is published.
    UploadLastPiece = "upload.last-piece",
    /// All bytes are durable and checked, and not yet where they are read from.
    PublishReady = "publish.ready",
    /// The bytes are where they are read from; that itself may not be durable.
    PublishMoved = "publish.moved",
    /// The bytes are durable under their locator, which no row knows.
    UploadPublished = "upload.published",
    /// The rows of the blob are written, and not committed.
    UploadUncommitted = "upload.uncommitted",
    /// The blob is committed, and the client does not know.
    UploadCommitted = "upload.committed",
    /// The session's row is gone, its bytes are not.
    UploadCancelled = "upload.cancelled",
    /// The row of an expired session is gone, its bytes are not.
    UploadExpired = "upload.expired",
    ManifestUncommitted = "manifest.uncommitted",
    ManifestCommitted = "manifest.committed",
    /// The tags of a push are moved, and nothing is committed.
    TagMoved = "tag.moved",
    TagDeleteUncommitted = "tag-delete.uncommitted",
    TagDeleteCommitted = "tag-delete.committed",
    ManifestDeleteUncommitted = "manifest-delete.uncommitted",
    ManifestDeleteCommitted = "manifest-delete.committed",
    BlobDeleteUncommitted = "blob-delete.uncommitted",
    BlobDeleteCommitted = "blob-delete.committed",
}

/// Does nothing in a program that is meant for use.
#[cfg(not(feature = "crash-points"))]
#[inline(always)]
pub const fn crash_point(_: CrashPoint) {}

/// Ends this process as `kill -9` does, if the environment names this place.
#[cfg(feature = "crash-points")]
pub fn crash_point(point: CrashPoint) {
    wanted::visit(point);
}

#[cfg(feature = "crash-points")]
mod wanted {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use rustix::process::{Signal, getpid, kill_process};

    use super::CrashPoint;

    const VARIABLE: &str = "ROADSTEAD_CRASH_AT";

    struct Wanted {
        name: String,
        visit: u64,
        visits: AtomicU64,
    }

    static WANTED: OnceLock<Option<Wanted>> = OnceLock::new();

    pub(super) fn visit(point: CrashPoint) {
        let Some(wanted) = WANTED.get_or_init(from_environment) else { return };
        if wanted.name != point.name() {
            return;
        }
        if wanted.visits.fetch_add(1, Ordering::SeqCst) + 1 == wanted.visit {
            eprintln!("crash point {}", wanted.name);
            // Should the signal be refused, ending here is near enough to what the test asked for.
            let _ = kill_process(getpid(), Signal::KILL);
            std::process::abort();
        }
    }

    fn from_environment() -> Option<Wanted> {
        let text = std::env::var(VARIABLE).ok()?;
        let (name, visit) = match text.split_once(':') {
            Some((name, visit)) => (name, visit.parse().expect("a visit is a number")),
            None => (text.as_str(), 1),
        };
        Some(Wanted { name: name.to_owned(), visit, visits: AtomicU64::new(0) })
    }
}
