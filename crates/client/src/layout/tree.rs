//! Files below a folder, or in a tar archive that is not unpacked.

use std::collections::HashMap;
use std::io::{self, SeekFrom};
use std::path::{Path, PathBuf};

use bytes::BytesMut;
use futures_util::{StreamExt as _, stream};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, Take};

use crate::ClientError;
use crate::copy::ByteStream;

/// Files one archive may hold; an image has a few hundred.
const MAX_ENTRIES: usize = 200_000;
const PIECE: usize = 256 << 10;

#[derive(Debug)]
pub enum Tree {
    Folder(PathBuf),
    Archive { path: PathBuf, entries: HashMap<String, Place> },
}

/// Where in an archive a file is.
#[derive(Clone, Debug)]
pub enum Place {
    Bytes {
        offset: u64,
        size: u64,
    },
    /// Older engines save a layer once and link to it.
    Link(String),
}

impl Tree {
    /// Looks at a folder or an archive.
    pub async fn open(path: &Path) -> Result<Self, ClientError> {
        let metadata = tokio::fs::metadata(path).await.map_err(ClientError::file(path))?;
        if metadata.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        let own = path.to_owned();
        let entries = tokio::task::spawn_blocking(move || list(&own)).await;
        let entries = entries.map_err(|error| ClientError::file(path)(io::Error::other(error)))?;
        Ok(Self::Archive {
            path: path.to_owned(),
            entries: entries.map_err(ClientError::file(path))?,
        })
    }

    pub fn name(&self) -> String {
        match self {
            Self::Folder(path) | Self::Archive { path, .. } => path.display().to_string(),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::Folder(path) => path.join(name).exists(),
            Self::Archive { entries, .. } => entries.contains_key(name),
        }
    }

    /// A whole file, which must not be longer than `limit`.
    pub async fn read(&self, name: &str, limit: u64) -> Result<Vec<u8>, ClientError> {
        let (file, size) = self.part(name, 0).await?;
        if size > limit {
            let text = format!("{}: `{name}` has {size} bytes, over {limit}", self.name());
            return Err(ClientError::Corrupt(text));
        }
        let mut bytes = Vec::new();
        file.take(limit).read_to_end(&mut bytes).await.map_err(self.failed())?;
        Ok(bytes)
    }

    /// A file from `offset` on, piece by piece.
    pub async fn stream(&self, name: &str, offset: u64) -> Result<ByteStream, ClientError> {
        let (file, _) = self.part(name, offset).await?;
        let path = self.path().to_owned();
        let pieces = stream::try_unfold(file, move |mut file| {
            let path = path.clone();
            async move {
                let mut piece = BytesMut::with_capacity(PIECE);
                let read = file.read_buf(&mut piece).await.map_err(ClientError::file(&path))?;
                Ok((read > 0).then(|| (piece.freeze(), file)))
            }
        });
        Ok(pieces.boxed())
    }

    /// The size of a file.
    pub async fn size(&self, name: &str) -> Result<u64, ClientError> {
        Ok(self.part(name, 0).await?.1)
    }

    /// A file from `offset` on, for a thread that may block.
    pub fn blocking(&self, name: &str) -> Result<impl io::Read + use<>, ClientError> {
        use std::io::{Read as _, Seek as _};
        let (path, offset, size) = self.place(name)?;
        let mut file = std::fs::File::open(&path).map_err(ClientError::file(&path))?;
        file.seek(SeekFrom::Start(offset)).map_err(ClientError::file(&path))?;
        Ok(file.take(size.unwrap_or(u64::MAX)))
    }

    async fn part(&self, name: &str, skip: u64) -> Result<(Take<File>, u64), ClientError> {
        let (path, offset, size) = self.place(name)?;
        let mut file = File::open(&path).await.map_err(ClientError::file(&path))?;
        let size = match size {
            Some(size) => size,
            None => file.metadata().await.map_err(ClientError::file(&path))?.len(),
        };
        let start = SeekFrom::Start(offset.saturating_add(skip));
        file.seek(start).await.map_err(ClientError::file(&path))?;
        Ok((file.take(size.saturating_sub(skip)), size))
    }

    /// File, offset and, in an archive, size.
    fn place(&self, name: &str) -> Result<(PathBuf, u64, Option<u64>), ClientError> {
        let missing = || ClientError::Corrupt(format!("{} has no file `{name}`", self.name()));
        match self {
            // Names come from the documents of an image: they stay below the folder.
            Self::Folder(_) if !is_plain(name) => Err(missing()),
            Self::Folder(folder) => Ok((folder.join(name), 0, None)),
            Self::Archive { path, entries } => {
                let place = match entries.get(name).ok_or_else(missing)? {
                    Place::Link(target) => entries.get(target).ok_or_else(missing)?,
                    place => place,
                };
                match place {
                    Place::Bytes { offset, size } => Ok((path.clone(), *offset, Some(*size))),
                    Place::Link(_) => Err(missing()),
                }
            }
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Folder(path) | Self::Archive { path, .. } => path,
        }
    }

    fn failed(&self) -> impl FnOnce(io::Error) -> ClientError + '_ {
        ClientError::file(self.path())
    }
}

fn is_plain(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)))
}

/// The table of contents of an archive; only headers are read.
fn list(path: &Path) -> io::Result<HashMap<String, Place>> {
    let mut archive = tar::Archive::new(std::fs::File::open(path)?);
    let mut found = HashMap::new();
    for entry in archive.entries_with_seek()? {
        let entry = entry?;
        let name = normal(&entry.path()?.to_string_lossy());
        let kind = entry.header().entry_type();
        let place = match entry.link_name()? {
            _ if kind.is_file() => {
                Place::Bytes { offset: entry.raw_file_position(), size: entry.size() }
            }
            Some(link) if kind.is_symlink() => {
                let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
                Place::Link(normal(&format!("{folder}/{}", link.to_string_lossy())))
            }
            Some(link) if kind.is_hard_link() => Place::Link(normal(&link.to_string_lossy())),
            _ => continue,
        };
        if found.len() >= MAX_ENTRIES {
            return Err(io::Error::other("the archive has too many files for an image"));
        }
        found.insert(name, place);
    }
    Ok(found)
}

/// `./a/../b` as `b`.
fn normal(name: &str) -> String {
    let mut parts = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
