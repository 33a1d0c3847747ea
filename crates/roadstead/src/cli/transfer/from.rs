//! The end an image comes from.

use std::path::Path;

use anyhow::Context;
use roadstead_client::archive::DockerArchive;
use roadstead_client::engine::Engine;
use roadstead_client::layout::{Layout, LayoutFolder, Tree};
use roadstead_client::registry::Purpose;
use roadstead_client::{ImageName, Progress, Source, Target};
use roadstead_types::{Reference, Tag};
use tempfile::TempDir;

use super::{Item, Options};
use crate::cli::Failure;
use crate::cli::place::Place;

/// Images that can be read.
pub struct Opened {
    pub source: Box<dyn Source>,
    pub items: Vec<Item>,
    /// Holds what was unpacked, until the end.
    _scratch: Option<TempDir>,
}

impl Opened {
    pub async fn open(
        place: &Place,
        options: &Options,
        progress: &dyn Progress,
    ) -> Result<Self, Failure> {
        match place {
            Place::Registry(image) => registry(image, options).await,
            Place::Oci { path, tag } | Place::OciArchive { path, tag } => {
                layout(path, tag.as_deref(), options).await
            }
            Place::DockerArchive { path, name } => {
                let archive = DockerArchive::open(Tree::open(path).await?).await?;
                saved(archive, name.clone(), options, progress, scratch()?).await
            }
            Place::Engine(name) => engine(name, options, progress).await,
        }
    }
}

async fn registry(image: &ImageName, options: &Options) -> Result<Opened, Failure> {
    let registry = options.connection.registry(&image.host).await?;
    let repository = registry.repository(&image.repository, Purpose::Pull);
    let items = match options.all_tags {
        true => repository.tags().await?.into_iter().map(Item::tagged).collect(),
        false => vec![Item {
            reference: image.reference().map_err(|error| Failure::Usage(error.to_string()))?,
            tag: image.tag_or_latest(),
        }],
    };
    Ok(Opened { source: Box::new(repository), items, _scratch: None })
}

async fn layout(path: &Path, tag: Option<&str>, options: &Options) -> Result<Opened, Failure> {
    let layout = Layout::open(Tree::open(path).await?).await?;
    let mut items = Vec::new();
    match options.all_tags {
        true => {
            items.extend(layout.tags().iter().filter_map(|tag| tag.parse().ok()).map(Item::tagged))
        }
        false => items.push(Item {
            reference: Reference::Digest(layout.find(tag)?),
            tag: tag.or(layout.tags().first().copied()).and_then(|tag| tag.parse().ok()),
        }),
    }
    Ok(Opened { source: Box::new(layout), items, _scratch: None })
}

async fn engine(name: &str, options: &Options, progress: &dyn Progress) -> Result<Opened, Failure> {
    let engine = Engine::find().map_err(with_way_out)?;
    let names = match options.all_tags {
        true => engine.names(name).await?,
        false => vec![name.to_owned()],
    };
    if names.is_empty() {
        return Err(Failure::Missing(format!("the engine has no image of `{name}`")));
    }
    let scratch = scratch()?;
    progress.note(&format!("Saving {} from the engine", names.join(", ")));
    let tree = engine.save(&names, &scratch.path().join("saved.tar")).await?;
    let archive = DockerArchive::open(tree).await?;
    let one = (!options.all_tags).then(|| name.to_owned());
    saved(archive, one.filter(|name| is_tagged(name)), options, progress, scratch).await
}

/// Unpacks a saved archive into a layout, which then is the source.
async fn saved(
    archive: DockerArchive,
    name: Option<String>,
    options: &Options,
    progress: &dyn Progress,
    scratch: TempDir,
) -> Result<Opened, Failure> {
    let folder = LayoutFolder::create(&scratch.path().join("layout")).await?;
    let names: Vec<Option<String>> = match options.all_tags {
        true => archive.names().iter().map(|name| Some((*name).to_owned())).collect(),
        false => vec![name],
    };
    let mut items = Vec::new();
    for name in names {
        let content = archive.unpack(name.as_deref(), &folder, progress).await?;
        let reference = Reference::Digest(content.digest);
        folder.put_manifest(&content, &reference).await?;
        folder.name(&content, None).await?;
        let known = name.as_deref().or_else(|| archive.names().first().copied());
        items.push(Item { reference, tag: known.and_then(tag_of) });
    }
    let source = Layout::open(Tree::open(folder.path()).await?).await?;
    Ok(Opened { source: Box::new(source), items, _scratch: Some(scratch) })
}

impl Item {
    fn tagged(tag: Tag) -> Self {
        Self { reference: Reference::Tag(tag.clone()), tag: Some(tag) }
    }
}

fn tag_of(name: &str) -> Option<Tag> {
    name.rsplit_once(':').and_then(|(_, tag)| tag.parse().ok())
}

/// Whether an engine's name ends in a tag; ids do not.
fn is_tagged(name: &str) -> bool {
    tag_of(name).is_some()
}

fn scratch() -> Result<TempDir, Failure> {
    Ok(TempDir::with_prefix("roadstead-").context("no temporary folder can be made")?)
}

/// No engine is the usual case on build machines: tell what to do without.
pub fn with_way_out(error: roadstead_client::ClientError) -> Failure {
    match Failure::from(error) {
        Failure::Missing(text) => Failure::Missing(format!(
            "{text}; use files: `--from oci:FOLDER` to push, `--to oci:FOLDER` to pull"
        )),
        other => other,
    }
}
