//! Facts of the OCI and Docker formats: manifests, media types, ranges, error codes.
//!
//! Pure parsing and rendering; knows nothing of accounts or storage.

pub mod accept;
pub mod error_code;
pub mod manifest;
pub mod media_type;
pub mod path;
pub mod range;
pub mod scope;
mod strict_json;

pub use accept::Accept;
pub use error_code::ErrorCode;
pub use manifest::{Manifest, ManifestError, ManifestLimits};
