//! The client side: registries, the hub's JSON API, docker's credential files, images in files.
//!
//! Knows nothing of terminals: what goes on is told to a [`Progress`], what goes wrong is a
//! [`ClientError`]. Speaks to any registry; only [`HubApi`] needs a Roadstead or Docker Hub.

pub mod archive;
pub mod copy;
pub mod docker_config;
pub mod engine;
mod error;
mod hashing;
pub mod home;
mod host;
mod http;
mod hub_api;
mod hub_sign_in;
mod json_file;
pub mod layout;
mod progress;
mod reference;
pub mod registry;

pub use copy::{ByteStream, Content, Descriptor, Source, Target};
pub use docker_config::{DockerConfig, Login};
pub use error::ClientError;
pub use host::Host;
pub use http::Transport;
pub use hub_api::{HubApi, List};
pub use hub_sign_in::SignIn;
pub use progress::{Meter, NoProgress, Outcome, Progress};
pub use reference::{ImageName, ImageNameError};
pub use registry::Registry;
