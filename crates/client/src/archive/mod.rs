//! Images in one file: what `docker save` writes, and OCI layouts packed as tar.
//!
//! Both are taken to and from a layout in a folder, so that copying knows one form on disk.

mod gzip;
mod pack;
mod saved;

pub use pack::{NamedImage, write_docker_archive, write_oci_archive};
pub use saved::DockerArchive;
