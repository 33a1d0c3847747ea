//! The end an image goes to. Archives and the engine get it from a layout in the cache, where a
//! transfer that broke off finds what it had.

use std::path::{Path, PathBuf};

use anyhow::Context;
use roadstead_client::archive::{NamedImage, write_docker_archive, write_oci_archive};
use roadstead_client::engine::Engine;
use roadstead_client::layout::LayoutFolder;
use roadstead_client::registry::{Purpose, Repository};
use roadstead_client::{Content, ImageName, Progress, Target};
use roadstead_types::Tag;

use super::from::with_way_out;
use super::{Item, Options};
use crate::cli::Failure;
use crate::cli::place::Place;
use crate::cli::session::cache;

/// Where images go.
pub enum Destination {
    Registry { repository: Repository, image: ImageName },
    Folder { layout: LayoutFolder, tag: Option<String>, path: PathBuf },
    Packed(Packed),
}

/// A destination that is filled from a layout at the end.
pub struct Packed {
    layout: LayoutFolder,
    images: Vec<NamedImage>,
    kind: Kind,
}

enum Kind {
    OciArchive { path: PathBuf, tag: Option<String> },
    DockerArchive { path: PathBuf, name: Option<String> },
    Engine { engine: Engine, name: String },
}

impl Destination {
    /// Looks whether the image can go there, before anything is fetched.
    pub async fn open(place: &Place, options: &Options) -> Result<Self, Failure> {
        let kind = match place {
            Place::Registry(image) => {
                let registry = options.connection.registry(&image.host).await?;
                let repository = registry.repository(&image.repository, Purpose::Push);
                return Ok(Self::Registry { repository, image: image.clone() });
            }
            Place::Oci { path, tag } => {
                let layout = LayoutFolder::create(path).await?;
                let path = path.clone();
                return Ok(Self::Folder { layout, tag: tag.clone(), path });
            }
            Place::OciArchive { path, tag } => {
                Kind::OciArchive { path: path.clone(), tag: tag.clone() }
            }
            Place::DockerArchive { path, name } => {
                Kind::DockerArchive { path: path.clone(), name: name.clone() }
            }
            Place::Engine(name) => {
                let engine = Engine::find().map_err(with_way_out)?;
                Kind::Engine { engine, name: name.clone() }
            }
        };
        let layout = LayoutFolder::create(&waiting_room(place)?).await?;
        Ok(Self::Packed(Packed { layout, images: Vec::new(), kind }))
    }

    pub fn target(&self) -> &dyn Target {
        match self {
            Self::Registry { repository, .. } => repository,
            Self::Folder { layout, .. } | Self::Packed(Packed { layout, .. }) => layout,
        }
    }

    /// The tags it gets there: the one said, else the one it had, else `latest`.
    pub fn tags(&self, item: &Item) -> Result<Vec<Tag>, Failure> {
        let said = match self {
            Self::Registry { image, .. } if image.digest.is_some() => return Ok(Vec::new()),
            Self::Registry { image, .. } => image.tag.as_ref().map(ToString::to_string),
            Self::Folder { tag, .. } => tag.clone(),
            Self::Packed(Packed { kind: Kind::OciArchive { tag, .. }, .. }) => tag.clone(),
            Self::Packed(_) => return Ok(Vec::new()),
        };
        let tag = match (said, &item.tag) {
            (Some(said), _) => said.parse(),
            (None, Some(tag)) => Ok(tag.clone()),
            (None, None) => "latest".parse(),
        };
        Ok(vec![
            tag.map_err(|error: roadstead_types::NameError| Failure::Usage(error.to_string()))?,
        ])
    }

    /// Notes an image that has arrived; returns what it is called now.
    pub fn add(&mut self, root: &Content, item: &Item) -> String {
        let tag = |said: &Option<String>| {
            said.clone().or(item.tag.as_ref().map(ToString::to_string)).unwrap_or("latest".into())
        };
        match self {
            Self::Registry { image, .. } if image.digest.is_some() => image.to_string(),
            Self::Registry { image, .. } => {
                let said = image.tag.as_ref().map(ToString::to_string);
                format!("{}:{}", image.full_repository(), tag(&said))
            }
            Self::Folder { tag: said, path, .. } => format!("oci:{}:{}", path.display(), tag(said)),
            Self::Packed(packed) => packed.add(root, item),
        }
    }

    /// Writes what has to be written when all images are there.
    pub async fn finish(self, progress: &dyn Progress) -> Result<(), Failure> {
        match self {
            Self::Registry { .. } => Ok(()),
            Self::Folder { layout, .. } => {
                layout.tidy().await;
                Ok(())
            }
            Self::Packed(packed) => packed.finish(progress).await,
        }
    }
}

impl Packed {
    fn add(&mut self, root: &Content, item: &Item) -> String {
        let tag = item.tag.as_ref().map_or("latest", Tag::as_str);
        let (name, shown) = match &self.kind {
            Kind::OciArchive { path, tag: said } => {
                let tag = said.as_deref().unwrap_or(tag);
                (None, format!("oci-archive:{}:{tag}", path.display()))
            }
            Kind::DockerArchive { path, name } => {
                let shown = format!("docker-archive:{}", path.display());
                (name.as_deref().map(|name| with_tag(name, tag)), shown)
            }
            // A digest is no name to an engine; such an image is known by its id alone.
            Kind::Engine { name, .. } if name.contains('@') => (None, format!("engine:{name}")),
            Kind::Engine { name, .. } => {
                let name = with_tag(name, tag);
                (Some(name.clone()), format!("engine:{name}"))
            }
        };
        let names = name.into_iter().collect();
        self.images.push(NamedImage { content: root.clone(), names });
        shown
    }

    async fn finish(self, progress: &dyn Progress) -> Result<(), Failure> {
        let Self { layout, images, kind } = self;
        match kind {
            Kind::OciArchive { path, .. } => write_oci_archive(&layout, &path).await?,
            Kind::DockerArchive { path, .. } => {
                write_docker_archive(&layout, images, &path).await?
            }
            Kind::Engine { engine, .. } => {
                let file = layout.path().join("load.tar");
                write_docker_archive(&layout, images, &file).await?;
                progress.note("Loading into the engine");
                engine.load(&file).await?;
            }
        }
        let path = layout.path();
        Ok(std::fs::remove_dir_all(path).with_context(|| format!("{}", path.display()))?)
    }
}

/// `name` with the tag, unless it has one.
fn with_tag(name: &str, tag: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    if last.contains(':') { name.to_owned() } else { format!("{name}:{tag}") }
}

/// A folder in the cache that belongs to this destination alone.
fn waiting_room(place: &Place) -> Result<PathBuf, Failure> {
    let text = match place {
        Place::OciArchive { path, .. } | Place::DockerArchive { path, .. } => {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            format!("{place} in {}", path.display())
        }
        other => other.to_string(),
    };
    let name: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let name: String = name.chars().rev().take(150).collect::<Vec<_>>().into_iter().rev().collect();
    let room = cache().join(name);
    let folder = room.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
    Ok(room)
}
