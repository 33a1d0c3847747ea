//! The web site as a browser gets it, through HTTP against the real program.
//!
//! Ground rules: the visual design's map of addresses, the policy every page is sent with, and that a page
//! shows nobody more than the registry and the API would.

mod assets;
mod hostile;
mod visitors;
mod walk;
