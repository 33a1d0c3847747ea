//! What can be found, in which order, and by whom.

mod everything;
mod finding;
mod fixture;
mod lifecycle;
mod visibility;
