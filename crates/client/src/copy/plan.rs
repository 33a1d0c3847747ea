//! What has to be copied for an image.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use roadstead_types::{Digest, Reference};

use super::{Content, Descriptor, Source};
use crate::ClientError;

/// Indexes of indexes of indexes are no images.
const MAX_DEPTH: usize = 4;
const MAX_MANIFESTS: usize = 10_000;

/// `os/architecture[/variant]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform(String);

impl Platform {
    /// Linux on this machine's processor, as an engine would choose.
    pub fn of_this_machine() -> Self {
        let architecture = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            "x86" => "386",
            other => other,
        };
        Self(format!("linux/{architecture}"))
    }

    /// The same platform; a variant counts only if it was asked for.
    fn fits(&self, other: &str) -> bool {
        other == self.0 || other.strip_prefix(&self.0).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl FromStr for Platform {
    type Err = ClientError;

    fn from_str(text: &str) -> Result<Self, ClientError> {
        let parts: Vec<_> = text.split('/').collect();
        if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| part.is_empty()) {
            return Err(ClientError::Invalid(format!(
                "`{text}` is no platform; write `linux/amd64` or `linux/arm/v7`"
            )));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An image taken apart.
#[derive(Debug)]
pub struct Plan {
    pub root: Content,
    /// Manifests below the root, children before parents.
    pub children: Vec<Content>,
    pub blobs: Vec<Descriptor>,
}

impl Plan {
    /// Reads all manifests of an image; with a platform, only that part of an index.
    pub async fn make(
        source: &dyn Source,
        reference: &Reference,
        platform: Option<&Platform>,
    ) -> Result<Self, ClientError> {
        let mut root = source.manifest(reference).await?;
        if let Some(platform) = platform
            && root.is_index()
        {
            let digest = choose(&root, platform)?;
            root = source.manifest(&Reference::Digest(digest)).await?;
        }
        let mut walk = Walk { source, seen: HashSet::new(), children: Vec::new() };
        walk.descend(&root).await?;
        let mut plan = Self { children: walk.children, blobs: Vec::new(), root };
        plan.collect_blobs();
        Ok(plan)
    }

    pub fn size(&self) -> u64 {
        self.blobs.iter().map(|blob| blob.size).sum()
    }

    fn collect_blobs(&mut self) {
        let mut seen = HashSet::new();
        let manifests = self.children.iter().chain([&self.root]);
        self.blobs =
            manifests.flat_map(Content::blobs).filter(|blob| seen.insert(blob.digest)).collect();
    }
}

struct Walk<'a> {
    source: &'a dyn Source,
    seen: HashSet<Digest>,
    children: Vec<Content>,
}

impl Walk<'_> {
    /// Depth first, so that what is named comes before what names it.
    async fn descend(&mut self, root: &Content) -> Result<(), ClientError> {
        let mut open = vec![(root.clone(), self.unseen(root))];
        while let Some((parent, todo)) = open.last_mut() {
            let Some(digest) = todo.pop() else {
                let done = parent.clone();
                open.pop();
                if !open.is_empty() {
                    self.children.push(done);
                }
                continue;
            };
            if open.len() > MAX_DEPTH || self.seen.len() > MAX_MANIFESTS {
                return Err(ClientError::Corrupt("the index is nested too deeply".to_owned()));
            }
            let child = self.source.manifest(&Reference::Digest(digest)).await?;
            let unseen = self.unseen(&child);
            open.push((child, unseen));
        }
        Ok(())
    }

    /// The children of a manifest that were not met before, last first.
    fn unseen(&mut self, of: &Content) -> Vec<Digest> {
        let digests = of.children().map(|child| child.digest);
        let mut unseen: Vec<_> = digests.filter(|digest| self.seen.insert(*digest)).collect();
        unseen.reverse();
        unseen
    }
}

fn choose(index: &Content, platform: &Platform) -> Result<Digest, ClientError> {
    let of = |child: &roadstead_oci::manifest::ManifestReference| child.platform.clone();
    let fits = |child: &&_| of(child).is_some_and(|other| platform.fits(&other));
    let found = index.children().find(fits).map(|child| child.digest);
    found.ok_or_else(|| {
        let known = index.children().filter_map(of).filter(|name| !name.starts_with("unknown"));
        let known: Vec<_> = known.collect();
        ClientError::NotFound(format!(
            "the image is not there for {platform}; it is for {}",
            known.join(", ")
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_fits_with_and_without_variant() {
        let arm: Platform = "linux/arm".parse().unwrap();

        assert!(arm.fits("linux/arm/v7") && arm.fits("linux/arm"));
        assert!(!arm.fits("linux/arm64"));
        let v7: Platform = "linux/arm/v7".parse().unwrap();
        assert!(!v7.fits("linux/arm"));
        for bad in ["linux", "linux/", "a/b/c/d", ""] {
            assert!(bad.parse::<Platform>().is_err(), "{bad}");
        }
    }
}
