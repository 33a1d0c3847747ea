//! What a transfer tells whoever watches it.

use roadstead_types::Digest;

/// How a part of an image came to be where it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Copied,
    /// It was brought into the form registries expect.
    Compressed,
    /// It was there already.
    Exists,
    /// The registry linked it from this repository.
    Mounted(String),
}

/// Watches a transfer.
pub trait Progress: Send + Sync {
    /// A part is about to be looked at.
    fn part(&self, digest: &Digest, size: u64) -> Box<dyn Meter>;

    /// Something worth a line.
    fn note(&self, text: &str);
}

/// Watches one part.
pub trait Meter: Send + Sync {
    /// So many bytes are there, or on their way.
    fn at(&self, position: u64);

    fn done(&self, outcome: &Outcome);
}

/// Nobody watches.
#[derive(Clone, Copy, Debug)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn part(&self, _: &Digest, _: u64) -> Box<dyn Meter> {
        Box::new(Self)
    }

    fn note(&self, _: &str) {}
}

impl Meter for NoProgress {
    fn at(&self, _: u64) {}

    fn done(&self, _: &Outcome) {}
}
