//! Made-up hubs of any size, the same on each run, for measuring and for tests. No part of the server.
//!
//! Rows are written past the hub, thousands a statement, because a million repositories made one by one
//! through its interfaces would take a day. What is written is what the hub would have written: counters
//! fit the rows they count, names are valid, people can sign in. Two things are missing: layers have no
//! bytes, and tags have no history.

mod connection;
mod content;
mod dice;
mod fill;
pub mod full_text;
mod people;
mod repositories;
mod rows;
mod sample;
mod sink;
mod sizes;
mod words;

pub use fill::fill;
pub use people::PASSWORD;
pub use sample::{Sample, sample};
pub use sizes::Sizes;
