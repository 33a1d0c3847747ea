//! The clients people have, driven as people drive them, against a running hub.
//!
//! A client that is not installed fails its tests: what is not proved is not promised. `cargo xtask
//! test` installs the clients and starts the docker daemon these tests share.
//!
//! Versions that pinned the texts asserted here: docker CLI 28.2 with engine 20.10 (Debian 12),
//! skopeo 1.9, podman 4.3, buildah 1.28, containerd 1.6, crane 0.20.

mod buildah;
mod containerd;
mod crane;
mod desk;
mod docker;
mod docker_refused;
mod docker_search;
mod hub_api;
mod podman;
mod skopeo;
