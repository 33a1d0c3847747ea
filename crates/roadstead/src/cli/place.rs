//! Where images are read from and written to, as named on the command line.

use std::fmt;
use std::path::PathBuf;

use roadstead_client::ImageName;

use super::Failure;
use super::session::Connection;

/// One end of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Registry(ImageName),
    /// `oci:FOLDER[:TAG]`; also a layout packed as tar, to read.
    Oci {
        path: PathBuf,
        tag: Option<String>,
    },
    /// `oci-archive:FILE[:TAG]`.
    OciArchive {
        path: PathBuf,
        tag: Option<String>,
    },
    /// `docker-archive:FILE[:NAME]`.
    DockerArchive {
        path: PathBuf,
        name: Option<String>,
    },
    /// `engine:NAME`; `docker-daemon:NAME` means the same.
    Engine(String),
}

impl Place {
    /// What stands before the colon, for the help text.
    pub const FORMS: &str = "[HOST/]NAMESPACE/NAME[:TAG], oci:FOLDER[:TAG], oci-archive:FILE[:TAG], \
                             docker-archive:FILE[:NAME] or engine:NAME";

    pub fn parse(text: &str, connection: &Connection) -> Result<Self, Failure> {
        let Some((form, rest)) = text.split_once(':') else {
            return Ok(Self::Registry(connection.image(text)?));
        };
        let (path, name) = match rest.split_once(':') {
            Some((path, name)) => (path.into(), Some(name.to_owned())),
            None => (rest.into(), None),
        };
        let place = match form {
            "oci" => Self::Oci { path, tag: name },
            "oci-archive" => Self::OciArchive { path, tag: name },
            "docker-archive" => Self::DockerArchive { path, name },
            "engine" | "docker-daemon" => Self::Engine(rest.to_owned()),
            "docker" => {
                return Ok(Self::Registry(connection.image(rest.trim_start_matches('/'))?));
            }
            _ => return Ok(Self::Registry(connection.image(text)?)),
        };
        match rest.is_empty() {
            true => Err(Failure::Usage(format!("`{text}` names nothing; write {}", Self::FORMS))),
            false => Ok(place),
        }
    }

    /// Whether an image for many platforms has to be reduced to one there.
    pub const fn takes_one_platform(&self) -> bool {
        matches!(self, Self::DockerArchive { .. } | Self::Engine(_))
    }

    /// What the engine calls an image: Docker Hub's go without a host there.
    pub fn in_engine(image: &ImageName) -> Self {
        let name = image.to_string();
        let name = name.strip_prefix("docker.io/").unwrap_or(&name);
        Self::Engine(name.strip_prefix("library/").unwrap_or(name).to_owned())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (form, path, name) = match self {
            Self::Registry(image) => return image.fmt(f),
            Self::Engine(name) => return write!(f, "engine:{name}"),
            Self::Oci { path, tag } => ("oci", path, tag),
            Self::OciArchive { path, tag } => ("oci-archive", path, tag),
            Self::DockerArchive { path, name } => ("docker-archive", path, name),
        };
        write!(f, "{form}:{}", path.display())?;
        name.as_ref().map_or(Ok(()), |name| write!(f, ":{name}"))
    }
}
