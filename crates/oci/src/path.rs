//! What a path below `/v2/` names. Read from the right, because repository names contain slashes
//! and may contain the protocol's own words (`/v2/a/blobs/manifests/latest`).

use percent_encoding::percent_decode_str;

/// The part of the protocol a path belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Base,
    Catalog,
    Tags,
    Manifest,
    Blob,
    Uploads,
    Upload,
    Referrers,
}

/// A path, taken apart but not yet judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub kind: Kind,
    /// The repository as the client wrote it; empty for the base and the catalog.
    pub name: String,
    /// Tag, digest or upload id.
    pub reference: String,
}

impl Target {
    /// Takes a path apart that begins with `/v2`. `None` when it is no path of the protocol.
    pub fn parse(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/v2")?;
        let rest = match rest {
            "" | "/" => return Some(Self::bare(Kind::Base)),
            rest => rest.strip_prefix('/')?,
        };
        let segments = rest.split('/').map(decode).collect::<Option<Vec<String>>>()?;
        let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["_catalog"] => Some(Self::bare(Kind::Catalog)),
            [name @ .., "tags", "list"] => Self::of(Kind::Tags, name, ""),
            [name @ .., "blobs", "uploads"] | [name @ .., "blobs", "uploads", ""] => {
                Self::of(Kind::Uploads, name, "")
            }
            [name @ .., "blobs", "uploads", id] => Self::of(Kind::Upload, name, id),
            [name @ .., "blobs", digest] => Self::of(Kind::Blob, name, digest),
            [name @ .., "manifests", reference] => Self::of(Kind::Manifest, name, reference),
            [name @ .., "referrers", digest] => Self::of(Kind::Referrers, name, digest),
            _ => None,
        }
    }

    fn bare(kind: Kind) -> Self {
        Self { kind, name: String::new(), reference: String::new() }
    }

    fn of(kind: Kind, name: &[&str], reference: &str) -> Option<Self> {
        if name.is_empty() {
            return None;
        }
        Some(Self { kind, name: name.join("/"), reference: reference.to_owned() })
    }
}

/// Decodes one segment, once. A slash that was hidden in an escape is no path of ours.
fn decode(segment: &str) -> Option<String> {
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    (!text.contains(['/', '\\', '\0'])).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(path: &str) -> Option<(Kind, String, String)> {
        Target::parse(path).map(|t| (t.kind, t.name, t.reference))
    }

    #[test]
    fn paths_are_read_from_the_right() {
        let is = |path, kind, name: &str, reference: &str| {
            assert_eq!(parsed(path), Some((kind, name.to_owned(), reference.to_owned())), "{path}");
        };
        is("/v2/", Kind::Base, "", "");
        is("/v2", Kind::Base, "", "");
        is("/v2/_catalog", Kind::Catalog, "", "");
        is("/v2/a/b/tags/list", Kind::Tags, "a/b", "");
        is("/v2/a/blobs/manifests/latest", Kind::Manifest, "a/blobs", "latest");
        is("/v2/a/manifests/blobs/uploads/", Kind::Uploads, "a/manifests", "");
        is("/v2/a/b/blobs/uploads", Kind::Uploads, "a/b", "");
        is("/v2/a/b/blobs/uploads/x", Kind::Upload, "a/b", "x");
        is("/v2/a/b/manifests/sha256%3Aab", Kind::Manifest, "a/b", "sha256:ab");
        is("/v2/ubuntu/referrers/d", Kind::Referrers, "ubuntu", "d");
    }

    #[test]
    fn hidden_slashes_and_strange_paths_are_nothing() {
        for path in [
            "/v2/a%2Fb/tags/list",
            "/v2/tags/list",
            "/v2/a/b",
            "/v2//",
            "/v2x/",
            "/v2/a/b/manifests",
            "/v2/a/%00/tags/list",
            "/v2/a/b%5C/tags/list",
            "/v2/%ff/tags/list",
            "/v2/a/b/tags/list/",
        ] {
            assert_eq!(parsed(path), None, "{path}");
        }
    }
}
