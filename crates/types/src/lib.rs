//! The vocabulary of the product: names, ids, digests, rights, times.
//!
//! Values here are parsed once and valid ever after. Nothing in this crate reads a clock,
//! touches a file or waits.

pub mod digest;
pub mod ids;
pub mod names;
pub mod network;
pub mod role;
pub mod scope;
pub mod secret;
pub mod size;
pub mod time;
pub mod version;

pub use digest::{Algorithm, Digest, DigestError};
pub use ids::{
    AccessTokenId, AccountId, AnnouncementId, AuditEventId, BlobId, Id, InvitationId, JobId,
    ManifestId, RepositoryId, SessionId, TagMoveId, TeamId, UploadId,
};
pub use names::{AccountName, NameError, Reference, RepositoryName, Tag, TeamName};
pub use network::{Network, NetworkError};
pub use role::{Role, RoleError};
pub use scope::{Actions, CredentialScope};
pub use secret::Secret;
pub use size::Size;
pub use time::Timestamp;
