//! Who is asking, what they may do, and the handles that prove they were cleared.
//!
//! ```text
//! credentials --caller.rs--> Caller --policy.rs--> rights --handles.rs--> Repo<Right>
//! ```
//!
//! Decisions are made in `policy.rs` and nowhere else. A handle can only be made here: `Repo<Right>` in
//! `handles.rs`, `Org<Right>` in `organizations.rs`.

mod caller;
mod handles;
mod limits;
#[cfg(test)]
mod model;
mod organizations;
mod policy;
mod refusal;
mod rights;
pub mod tokens;

pub use caller::{Bearer, Caller, Credential, Identity, RefreshOrigin};
pub use handles::{ManifestLookup, Repo};
pub use limits::{LimitError, Limits};
pub use organizations::{Member, Org, OrgRefusal, OrgRight, Owner};
pub use policy::{Standing, standing};
pub(crate) use policy::{owns, visibility};
pub use refusal::{DenyReason, Refusal};
pub use rights::{Administer, Allows, Delete, Describe, Own, Pull, Push, Right};
pub use roadstead_oci::scope;
