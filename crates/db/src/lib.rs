//! Rows: the two database engines, the schema, and every query of the product.
//!
//! Queries are plain functions on a [`Tx`], one module a table group. They know columns and keys; they
//! do not know who may do what, and they wait for nothing but the database.

mod batch;
mod dialect;
mod engine;
mod error;
mod sql;
mod values;

pub mod accounts;
pub mod addresses;
pub mod announcements;
pub mod audit;
pub mod blobs;
pub mod census;
pub mod codes;
pub mod collaborators;
pub mod directory;
pub mod grants;
pub mod holdings;
pub mod hub_settings;
pub mod invitations;
pub mod jobs;
pub mod links;
pub mod listing;
pub mod lookups;
pub mod manifests;
pub mod members;
pub mod moves;
pub mod organizations;
pub mod plans;
pub mod pull_windows;
pub mod pulls;
pub mod recount;
pub mod repair;
pub mod repos;
pub mod reserved;
pub mod search;
pub mod second_factors;
pub mod sessions;
pub mod stars;
pub mod storage;
pub mod tag_list;
pub mod tags;
pub mod takedowns;
pub mod teams;
#[cfg(feature = "testing")]
pub mod testing;
pub mod throttle;
pub mod tokens;
pub mod trash;
pub mod uploads;
pub mod workbench;

pub use batch::Batcher;
pub use engine::{Db, Engine, Tx};
pub use error::DbError;
