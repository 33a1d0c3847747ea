//! What repositories hold: blobs and their uploads, manifests, tags, referrers.

mod blobs;
mod catalog;
pub mod check;
mod manifests;
mod mounts;
mod referrers;
mod state;
mod tags;
mod uploads;

pub use blobs::{BlobDownload, BlobError, Download};
pub use manifests::{
    DeleteManifestError, ManifestContent, Precondition, PushManifest, PushManifestError,
    PushedManifest,
};
pub use mounts::Mounted;
pub use referrers::ReferrerPage;
pub use roadstead_blobs::{Body as Incoming, BodyError};
pub use roadstead_db::blobs::BlobRecord;
pub use roadstead_db::manifests::ManifestHead;
pub(crate) use state::State;
pub use tags::{DeleteTagError, TagPage};
pub use uploads::{Place, Progress, UploadError};
