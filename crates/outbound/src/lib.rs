//! Requests to addresses that strangers wrote down: pictures in READMEs, webhooks.
//!
//! There is one client for all of them. It looks names up itself, refuses what leads into networks that only this
//! machine can see, connects to the very addresses it judged, and bounds time, bytes and redirects. Nothing else in
//! the server asks an address that is not the operator's.

mod client;
mod guard;
mod pictures;

pub use client::{Answer, Bounds, Client, OutboundError};
pub use guard::{Lookup, Rules, SystemNames};
pub use pictures::{Kind, Picture, PictureError, Pictures};
