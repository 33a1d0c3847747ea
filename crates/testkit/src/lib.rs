//! Drives the real `roadstead` program from outside, the way its users do.
//!
//! ```ignore
//! #[tokio::test]
//! async fn a_deleted_tag_is_gone_at_once() {
//!     let hub = Hub::start().await;
//!     let alice = hub.user("alice").await;
//!     let repo = alice.repo("alice/app");
//!     let pushed = repo.push(&image().file("hello", "world").build(), &["1.0"]).await;
//!
//!     repo.delete_manifest("1.0").await.is(202);
//!
//!     repo.manifest("1.0").await.is(404).code("MANIFEST_UNKNOWN");
//!     repo.manifest(&pushed).await.is(200);
//! }
//! ```
//!
//! - [`Hub`]: a running server with its own data directory; `Hub::with()` takes options, a choice of
//!   [`Backend`], a second node. `stop`, `kill`, `restart`, `admin`, `log`.
//! - [`Client`]: one way of presenting credentials. `hub.anonymous()`; a `hub.user(..)` answers
//!   challenges as docker does; `alice.basic()`, `alice.bearer(&["repository:alice/app:pull"])`
//!   and `hub.token(..)` fix one form. `client.get(path)` and friends are awaited into an
//!   [`Answer`], whose `is(status)` fails with the whole story.
//! - [`Repo`] and [`Upload`]: the registry protocol in words.
//! - [`image()`], [`index()`], [`noise`]: bytes to push.
//! - [`RawConnection`]: bytes on the wire, for framing that no HTTP client would send.
//! - [`MailServer`]: a mail server that keeps what it is given.
//! - [`Tool`]: another program, run with a deadline, its output kept.
//!
//! Which engine and store a hub gets: [`Backend::chosen`]. `cargo xtask test` starts PostgreSQL and
//! an S3 server and names them in the environment; it runs the suites once for each backend.
//!
//! This crate knows no crate of the server: what it proves, it proves about the program.

mod answer;
mod backend;
mod client;
mod digest;
mod files;
mod hub;
mod image;
mod mail_server;
mod nodes;
mod people;
mod raw;
mod repo;
mod second_factor;
mod token;
mod tool;
mod upload;

pub use answer::Answer;
pub use backend::Backend;
pub use client::{Ask, Client};
pub use digest::{noise, sha256, sha512};
pub use files::{docker_archive, oci_layout, tar_of};
pub use hub::{Hub, HubBuilder};
pub use image::{Blob, Image, ImageBuilder, Index, Manifest, image, index, media};
pub use mail_server::{MAIL_PASSWORD, MAIL_USER, Mail, MailPolicy, MailServer};
pub use nodes::RoundRobin;
pub use people::User;
pub use raw::RawConnection;
pub use repo::Repo;
pub use second_factor::{SecondFactor, code_of_key};
pub use tool::{Output, Tool, Tools};
pub use upload::Upload;

/// Asks again every 20 ms until `probe` gives a value; fails after `seconds`.
pub async fn eventually<T>(
    what: &str,
    seconds: u64,
    mut probe: impl AsyncFnMut() -> Option<T>,
) -> T {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(seconds);
    loop {
        if let Some(value) = probe().await {
            return value;
        }
        assert!(tokio::time::Instant::now() < deadline, "not within {seconds} s: {what}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
