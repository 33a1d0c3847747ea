//! The registry protocol as a client meets it, through HTTP against the real program: what the
//! conformance program does not ask, and bad input by name.
//!
//! Ground rules: OCI distribution specification 1.1 and its main branch (end-4c, end-7b, end-14).

mod deletes;
mod desk;
mod downloads;
mod errors;
mod expiry;
mod from_files;
mod full;
mod history;
mod lists;
mod manifest_bytes;
mod manifests;
mod mounts;
mod names;
mod negotiation;
mod pull_limits;
mod referrers;
mod sessions;
mod tags;
mod upload_faults;
mod uploads;
