//! Names of images as people type them: `[HOST/]namespace/name[:tag][@digest]`.

use std::fmt;

use roadstead_types::{Digest, NameError, Reference, RepositoryName, Tag};

use crate::Host;

#[derive(Debug, thiserror::Error)]
pub enum ImageNameError {
    #[error("`{given}`: {error}")]
    Name { given: String, error: NameError },
    #[error("`{given}`: the repository's name must be lower case")]
    UpperCase { given: String },
    #[error("`{given}` names no repository; write `alice/app` or `hub.example.com/alice/app`")]
    Empty { given: String },
    #[error("`{given}`: {error}")]
    Digest { given: String, error: roadstead_types::DigestError },
    #[error("`{given}` names no hub; write `HOST/{given}`, or log in once: `roadstead login HOST`")]
    NoHost { given: String },
}

/// An image somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageName {
    pub host: Host,
    /// As the registry knows it; other registries allow more or fewer parts than a hub.
    pub repository: String,
    pub tag: Option<Tag>,
    pub digest: Option<Digest>,
}

impl ImageName {
    /// Reads a name. One without a host is at `home`, the hub last logged in to.
    pub fn parse(text: &str, home: Option<&Host>) -> Result<Self, ImageNameError> {
        let given = || text.to_owned();
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => {
                let digest = digest.parse();
                (
                    rest,
                    Some(digest.map_err(|error| ImageNameError::Digest { given: given(), error })?),
                )
            }
            None => (text, None),
        };
        let (host, rest) = split_host(rest);
        let host = match host {
            Some(host) => host.parse().map_err(|_| ImageNameError::Empty { given: given() })?,
            None => home.cloned().ok_or_else(|| ImageNameError::NoHost { given: given() })?,
        };
        let (path, tag) = match rest.split_once(':') {
            Some((path, tag)) => {
                let tag = tag.parse();
                (path, Some(tag.map_err(|error| ImageNameError::Name { given: given(), error })?))
            }
            None => (rest, None),
        };
        Ok(Self { repository: repository(&host, path, text)?, host, tag, digest })
    }

    /// The tag, or `latest` where nothing else is named.
    pub fn tag_or_latest(&self) -> Option<Tag> {
        match (&self.tag, &self.digest) {
            (Some(tag), _) => Some(tag.clone()),
            (None, Some(_)) => None,
            (None, None) => "latest".parse().ok(),
        }
    }

    /// What to ask a registry for: the digest when there is one.
    pub fn reference(&self) -> Result<Reference, ImageNameError> {
        if let Some(digest) = self.digest {
            return Ok(Reference::Digest(digest));
        }
        let tag = self.tag_or_latest();
        tag.map(Reference::Tag).ok_or_else(|| ImageNameError::Empty { given: self.to_string() })
    }

    /// The same repository with another tag and no digest.
    #[must_use]
    pub fn with_tag(&self, tag: &Tag) -> Self {
        Self { tag: Some(tag.clone()), digest: None, ..self.clone() }
    }

    /// `HOST/repository`.
    pub fn full_repository(&self) -> String {
        format!("{}/{}", self.host, self.repository)
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.repository)?;
        if let Some(tag) = self.tag_or_latest() {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// The first part is a host if it could not be a namespace (docker-client, 1.1).
fn split_host(text: &str) -> (Option<&str>, &str) {
    match text.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => {
            (Some(first), rest)
        }
        _ => (None, text),
    }
}

/// Docker Hub and a Roadstead know names of one part as official images; a name of two parts gets
/// the hub's own advice when it is wrong.
fn repository(host: &Host, path: &str, given: &str) -> Result<String, ImageNameError> {
    let given = || given.to_owned();
    if path.is_empty() {
        return Err(ImageNameError::Empty { given: given() });
    }
    if path.chars().any(char::is_uppercase) {
        return Err(ImageNameError::UpperCase { given: given() });
    }
    if path.split('/').all(roadstead_types::names::is_path_component) {
        let is_official = host.as_str() == "docker.io" && !path.contains('/');
        return Ok(if is_official { format!("library/{path}") } else { path.to_owned() });
    }
    let error = path.parse::<RepositoryName>().err();
    Err(match error {
        Some(error) => ImageNameError::Name { given: given(), error },
        None => ImageNameError::Empty { given: given() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> ImageName {
        ImageName::parse(text, Some(&"hub.example.com".parse().unwrap())).unwrap()
    }

    #[test]
    fn hosts_tags_and_digests_are_told_apart() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        for (given, whole) in [
            ("alice/app", "hub.example.com/alice/app:latest"),
            ("alice/app:1.0", "hub.example.com/alice/app:1.0"),
            ("localhost/alice/app", "localhost/alice/app:latest"),
            ("127.0.0.1:5000/app:1", "127.0.0.1:5000/app:1"),
            ("docker.io/ubuntu:24.04", "docker.io/library/ubuntu:24.04"),
            ("ghcr.io/a/b/c:x", "ghcr.io/a/b/c:x"),
            (&format!("alice/app@{digest}"), &format!("hub.example.com/alice/app@{digest}")),
        ] {
            assert_eq!(parse(given).to_string(), whole, "{given}");
        }
    }

    #[test]
    fn a_wrong_name_is_told_with_its_rule() {
        let error = |text: &str| ImageName::parse(text, None).unwrap_err().to_string();

        assert!(error("alice/app").contains("roadstead login HOST"));
        assert!(error("localhost/Alice/app").contains("lower case"));
        assert!(error("localhost/alice/app:").contains("is not a tag"));
        assert!(error("localhost/alice/app@sha256:12").contains("wrong length"));
        assert!(error("localhost/").contains("names no repository"));
        assert!(error("localhost/a..b/app").contains("lower-case letters"));
    }
}
