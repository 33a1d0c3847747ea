//! The search index of repositories: derived from the database, one copy a node, rebuildable at any time.
//!
//! The index answers ids in order and how many there are. It keeps no texts to show: whoever asks loads
//! the rows, which are the truth. Nothing here knows the database or who may do what; the caller says
//! which private repositories it may read ([`Readable`]), and the index neither shows nor counts others.
//!
//! Scores are made of fixed weights and the repository's own numbers, never of statistics of the whole
//! index: every node gives the same order, and an order tells nothing about repositories it leaves out.
//!
//! All calls block, the searching ones for milliseconds; async callers move them to a thread of their own.

mod access;
mod document;
mod error;
mod everything;
mod hits;
mod index;
mod matching;
mod query;
mod rebuild;
mod schema;
mod tokens;

pub use access::Readable;
pub use document::Document;
pub use error::SearchError;
pub use hits::{Found, Sort};
pub use index::{Change, Index, Stamp};
pub use query::{Filters, MAX_DEPTH, MAX_QUERY_BYTES, MAX_WORDS, Page, Query, QueryError, Text};
pub use rebuild::Rebuild;
