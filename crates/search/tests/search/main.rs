//! What can be found, in which order, and by whom.

mod finding;
mod fixture;
mod lifecycle;
mod visibility;
