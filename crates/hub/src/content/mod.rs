//! What repositories hold: blobs and their uploads, manifests, tags, referrers.

mod blobs;
mod catalog;
pub mod check;
mod config;
mod history;
mod image;
mod immutable;
mod manifests;
mod mounts;
mod referrers;
mod state;
mod tag_list;
mod tags;
mod uploads;

pub use blobs::{BlobDownload, BlobError, Download};
pub use history::{RestoreTagError, TagHistory, TagMove};
pub use image::{ConfigView, ImageDetails, LayerView};
pub use immutable::ImmutableTagsError;
pub(crate) use immutable::checked_rules;
pub use manifests::{
    DeleteManifestError, ManifestContent, Precondition, PushManifest, PushManifestError,
    PushedManifest,
};
pub use mounts::{MountError, Mounted};
pub use referrers::{Attached, ReferrerPage};
pub use roadstead_blobs::{Body as Incoming, BodyError};
pub use roadstead_db::blobs::BlobRecord;
pub use roadstead_db::manifests::ManifestHead;
pub(crate) use state::State;
pub use tag_list::{ImageView, TagOrder, TagQuery, TagView, TagViews};
pub use tags::{DeleteTagError, TagPage};
pub use uploads::{Place, Progress, UploadError};
