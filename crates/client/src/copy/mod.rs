//! Copying an image from one place to another: what is needed is found first, then blobs go in
//! parallel, then manifests from the leaves up, so that no place ever names what it lacks.

mod content;
mod patience;
mod plan;

use futures_util::stream::BoxStream;
use futures_util::{TryStreamExt as _, stream};
use roadstead_types::{Reference, Tag};

use crate::progress::{Meter, Outcome, Progress};
use crate::{ClientError, Host};
pub use content::{Content, Descriptor};
pub use patience::Patience;
pub use plan::{Plan, Platform};

pub type ByteStream = BoxStream<'static, Result<bytes::Bytes, ClientError>>;

/// Where images are read.
#[async_trait::async_trait]
pub trait Source: Send + Sync {
    async fn manifest(&self, reference: &Reference) -> Result<Content, ClientError>;

    /// The bytes of a blob from `offset` on.
    async fn open(&self, blob: &Descriptor, offset: u64) -> Result<ByteStream, ClientError>;

    /// Registry and repository, for mounts.
    fn origin(&self) -> Option<(&Host, &str)> {
        None
    }
}

/// Where images are written.
#[async_trait::async_trait]
pub trait Target: Send + Sync {
    /// Brings a blob there, whichever way is cheapest, and verifies it.
    async fn put_blob(
        &self,
        blob: &Descriptor,
        from: &dyn Source,
        meter: &dyn Meter,
    ) -> Result<Outcome, ClientError>;

    async fn put_manifest(
        &self,
        manifest: &Content,
        reference: &Reference,
    ) -> Result<(), ClientError>;
}

/// Brings everything of a plan to its target, and names it there with these tags.
pub async fn copy(
    plan: &Plan,
    (from, to): (&dyn Source, &dyn Target),
    tags: &[Tag],
    parallel: usize,
    progress: &dyn Progress,
) -> Result<(), ClientError> {
    stream::iter(plan.blobs.iter().map(Ok))
        .try_for_each_concurrent(parallel, |blob| async move {
            let meter = progress.part(&blob.digest, blob.size);
            let outcome = to.put_blob(blob, from, &*meter).await?;
            meter.done(&outcome);
            Ok::<(), ClientError>(())
        })
        .await?;
    for child in &plan.children {
        to.put_manifest(child, &Reference::Digest(child.digest)).await?;
    }
    if tags.is_empty() {
        return to.put_manifest(&plan.root, &Reference::Digest(plan.root.digest)).await;
    }
    for tag in tags {
        to.put_manifest(&plan.root, &Reference::Tag(tag.clone())).await?;
    }
    Ok(())
}
