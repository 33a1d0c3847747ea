//! Surface 1: the registry protocol under `/v2/`, and the token service.
//!
//! Parses, calls the hub, renders. Holds neither state nor policy.

mod base;
mod blobs;
mod call;
mod catalog;
mod challenge;
mod error;
mod manifests;
mod page;
mod pull_limits;
mod referrers;
mod routes;
mod tags;
mod token;
mod uploads;

pub use routes::routes;
