//! Writing a layout. A blob that broke off stays as `partial/HEX` and is gone on with next time.

use std::path::{Path, PathBuf};

use futures_util::StreamExt as _;
use roadstead_types::{Digest, Reference};
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Mutex;

use super::{INDEX, MARKER, MARKER_TEXT, TopIndex, blob_path};
use crate::ClientError;
use crate::copy::{Content, Descriptor, Patience, Source, Target};
use crate::hashing::Hasher;
use crate::progress::{Meter, Outcome};

const PARTIAL: &str = "partial";

/// A layout in a folder, made if it is not there.
#[derive(Debug)]
pub struct LayoutFolder {
    path: PathBuf,
    /// Held while `index.json` is changed.
    index: Mutex<()>,
}

impl LayoutFolder {
    pub async fn create(path: &Path) -> Result<Self, ClientError> {
        let marker = path.join(MARKER);
        let is_new = !marker.exists();
        if is_new && path.exists() && has_entries(path)? {
            return Err(ClientError::Invalid(format!(
                "{} is neither empty nor an OCI image layout",
                path.display()
            )));
        }
        fs::create_dir_all(path).await.map_err(ClientError::file(path))?;
        if is_new {
            fs::write(&marker, MARKER_TEXT).await.map_err(ClientError::file(&marker))?;
        }
        let layout = Self { path: path.to_owned(), index: Mutex::new(()) };
        if !path.join(INDEX).exists() {
            layout.write_index(&TopIndex::default()).await?;
        }
        Ok(layout)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn blob_file(&self, digest: &Digest) -> PathBuf {
        self.path.join(blob_path(digest))
    }

    /// Removes what broke off earlier and is not needed any more.
    pub async fn tidy(&self) {
        // There may be nothing, and what is in use elsewhere may stay.
        let _ = fs::remove_dir(self.path.join(PARTIAL)).await;
    }

    /// Names a manifest in `index.json`.
    pub async fn name(&self, manifest: &Content, name: Option<&str>) -> Result<(), ClientError> {
        let _held = self.index.lock().await;
        let path = self.path.join(INDEX);
        let bytes = fs::read(&path).await.map_err(ClientError::file(&path))?;
        let mut index = TopIndex::parse(&bytes)?;
        index.name(manifest, name);
        self.write_index(&index).await
    }

    async fn write_index(&self, index: &TopIndex) -> Result<(), ClientError> {
        let bytes = serde_json::to_vec(index)
            .map_err(|error| ClientError::Corrupt(format!("index.json: {error}")))?;
        replace(&self.path.join(INDEX), &bytes).await
    }

    /// Whether the blob is there in full length.
    async fn has_blob(&self, blob: &Descriptor) -> bool {
        let file = fs::metadata(self.blob_file(&blob.digest)).await;
        file.is_ok_and(|file| file.len() == blob.size)
    }

    async fn fetch(
        &self,
        blob: &Descriptor,
        from: &dyn Source,
        meter: &dyn Meter,
    ) -> Result<(), ClientError> {
        let part = self.path.join(PARTIAL).join(blob.digest.hex());
        let mut arriving = Arriving::open(&part, blob).await?;
        let mut patience = Patience::default();
        while let Err(error) = arriving.go_on(blob, from, meter).await {
            patience.wait_after(error, arriving.offset).await?;
        }
        arriving.finish(blob, &self.blob_file(&blob.digest)).await
    }
}

#[async_trait::async_trait]
impl Target for LayoutFolder {
    async fn put_blob(
        &self,
        blob: &Descriptor,
        from: &dyn Source,
        meter: &dyn Meter,
    ) -> Result<Outcome, ClientError> {
        if self.has_blob(blob).await {
            return Ok(Outcome::Exists);
        }
        self.fetch(blob, from, meter).await?;
        Ok(Outcome::Copied)
    }

    async fn put_manifest(
        &self,
        manifest: &Content,
        reference: &Reference,
    ) -> Result<(), ClientError> {
        let path = self.blob_file(&manifest.digest);
        make_folder_of(&path).await?;
        replace(&path, &manifest.bytes).await?;
        match reference {
            Reference::Tag(tag) => self.name(manifest, Some(tag.as_str())).await,
            Reference::Digest(_) => Ok(()),
        }
    }
}

/// A blob that is being written.
struct Arriving {
    path: PathBuf,
    file: File,
    hasher: Hasher,
    offset: u64,
}

impl Arriving {
    /// Takes up what an earlier run left, if it can be the beginning of this blob.
    async fn open(path: &Path, blob: &Descriptor) -> Result<Self, ClientError> {
        make_folder_of(path).await?;
        let mut file = open_alone(path)?;
        if file.metadata().await.map_err(ClientError::file(path))?.len() > blob.size {
            file.set_len(0).await.map_err(ClientError::file(path))?;
        }
        let mut hasher = Hasher::new(blob.digest.algorithm());
        let mut buffer = vec![0; 256 << 10];
        let mut offset = 0;
        loop {
            let read = file.read(&mut buffer).await.map_err(ClientError::file(path))?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
            offset += read as u64;
        }
        Ok(Self { path: path.to_owned(), file, hasher, offset })
    }

    /// Reads on from where it is to the end.
    async fn go_on(
        &mut self,
        blob: &Descriptor,
        from: &dyn Source,
        meter: &dyn Meter,
    ) -> Result<(), ClientError> {
        meter.at(self.offset);
        if self.offset == blob.size {
            return Ok(());
        }
        let mut pieces = from.open(blob, self.offset).await?;
        while let Some(piece) = pieces.next().await {
            let piece = piece?;
            self.offset += piece.len() as u64;
            if self.offset > blob.size {
                return Err(ClientError::Corrupt(format!("{} is too long", blob.digest)));
            }
            self.hasher.update(&piece);
            self.file.write_all(&piece).await.map_err(ClientError::file(&self.path))?;
            meter.at(self.offset);
        }
        match self.offset == blob.size {
            true => Ok(()),
            false => Err(ClientError::Broken {
                host: blob.digest.to_string(),
                cause: format!("{} of {} bytes arrived", self.offset, blob.size),
            }),
        }
    }

    /// Checks the digest and puts the file in its place; wrong bytes are thrown away.
    async fn finish(mut self, blob: &Descriptor, place: &Path) -> Result<(), ClientError> {
        let path = self.path;
        let actual = self.hasher.finish()?;
        if actual != blob.digest {
            let _ = fs::remove_file(&path).await;
            let text = format!("what arrived for {} has the digest {actual}", blob.digest);
            return Err(ClientError::Corrupt(text));
        }
        self.file.flush().await.map_err(ClientError::file(&path))?;
        self.file.sync_all().await.map_err(ClientError::file(&path))?;
        make_folder_of(place).await?;
        fs::rename(&path, place).await.map_err(ClientError::file(place))
    }
}

/// Opens a file that nobody else may be writing.
fn open_alone(path: &Path) -> Result<File, ClientError> {
    let mut options = std::fs::OpenOptions::new();
    let options = options.create(true).read(true).write(true).truncate(false);
    let file = options.open(path).map_err(ClientError::file(path))?;
    file.try_lock().map_err(|_| {
        ClientError::Invalid(format!("another transfer is writing {}", path.display()))
    })?;
    Ok(File::from_std(file))
}

fn has_entries(path: &Path) -> Result<bool, ClientError> {
    let mut entries = std::fs::read_dir(path).map_err(ClientError::file(path))?;
    Ok(entries.next().is_some())
}

async fn make_folder_of(path: &Path) -> Result<(), ClientError> {
    match path.parent() {
        Some(folder) => fs::create_dir_all(folder).await.map_err(ClientError::file(folder)),
        None => Ok(()),
    }
}

/// Writes a file beside its place and moves it there, so that a reader sees the old or the new.
async fn replace(path: &Path, bytes: &[u8]) -> Result<(), ClientError> {
    let beside = path.with_extension("new");
    fs::write(&beside, bytes).await.map_err(ClientError::file(&beside))?;
    fs::rename(&beside, path).await.map_err(ClientError::file(path))
}
