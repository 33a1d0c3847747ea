//! The life of repositories and tags, through HTTP against the real program.
//!
//! Ground rules: Docker Hub's API as its clients use it (lists, tags, stars, immutable tags), and what
//! docs/design/0002-hub.md says of names, the trash and counts.

mod immutable;
mod lists;
mod names;
mod pulls;
mod stars;
mod subjects;
mod tags;
mod trash;
