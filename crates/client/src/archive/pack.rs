//! Writing archives from a layout. The same image makes the same archive, byte for byte.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::json;
use tar::{Builder, Header};
use tempfile::NamedTempFile;

use crate::ClientError;
use crate::copy::{Content, Descriptor};
use crate::layout::{INDEX, LayoutFolder, MARKER, MARKER_TEXT, blob_path};

/// An image of a layout and what it is called in an archive.
#[derive(Clone, Debug)]
pub struct NamedImage {
    pub content: Content,
    /// `hub.example.com/alice/app:1.0`.
    pub names: Vec<String>,
}

/// Packs a whole layout.
pub async fn write_oci_archive(layout: &LayoutFolder, file: &Path) -> Result<(), ClientError> {
    let folder = layout.path().to_owned();
    replacing(file, move |tar| {
        append(tar, MARKER, MARKER_TEXT)?;
        append(tar, INDEX, &std::fs::read(folder.join(INDEX))?)?;
        for algorithm in sorted(&folder.join("blobs"))? {
            for blob in sorted(&folder.join("blobs").join(&algorithm))? {
                let name = format!("blobs/{algorithm}/{blob}");
                append_file(tar, &name, &folder.join(&name))?;
            }
        }
        Ok(())
    })
    .await
}

/// Writes these images of a layout as `docker save` would. Layers stay compressed, which every
/// reader of the format understands.
pub async fn write_docker_archive(
    layout: &LayoutFolder,
    images: Vec<NamedImage>,
    file: &Path,
) -> Result<(), ClientError> {
    let folder = layout.path().to_owned();
    let entries: Vec<_> = images.iter().map(entry).collect::<Result<_, _>>()?;
    let manifest = serde_json::Value::from(entries).to_string();
    replacing(file, move |tar| {
        let mut written = HashSet::new();
        for image in &images {
            let config = image.content.config();
            for blob in image.content.blobs() {
                let is_config = config.as_ref() == Some(&blob);
                if written.insert(blob.digest) {
                    let name = if is_config { config_name(&blob) } else { layer_name(&blob) };
                    append_file(tar, &name, &folder.join(blob_path(&blob.digest)))?;
                }
            }
        }
        append(tar, "manifest.json", manifest.as_bytes())
    })
    .await
}

fn entry(image: &NamedImage) -> Result<serde_json::Value, ClientError> {
    let config = image.content.config().ok_or_else(|| {
        ClientError::Invalid("an index does not fit here; choose one with `--platform`".to_owned())
    })?;
    let layers: Vec<_> = image.content.blobs().skip(1).map(|blob| layer_name(&blob)).collect();
    Ok(json!({"Config": config_name(&config), "RepoTags": image.names, "Layers": layers}))
}

fn config_name(blob: &Descriptor) -> String {
    format!("{}.json", blob.digest.hex())
}

fn layer_name(blob: &Descriptor) -> String {
    let end = if blob.media_type.ends_with("gzip") { "tar.gz" } else { "tar" };
    format!("{}.{end}", blob.digest.hex())
}

/// Writes a tar archive beside its place and moves it there when it is whole.
async fn replacing(
    place: &Path,
    fill: impl FnOnce(&mut Builder<BufWriter<&File>>) -> io::Result<()> + Send + 'static,
) -> Result<(), ClientError> {
    let own = place.to_owned();
    let work = move || {
        let folder = match own.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            Some(folder) => folder,
            None => Path::new("."),
        };
        let file = NamedTempFile::new_in(folder)?;
        let mut tar = Builder::new(BufWriter::with_capacity(1 << 20, file.as_file()));
        fill(&mut tar)?;
        tar.into_inner()?.flush()?;
        readable(file.as_file())?;
        file.persist(&own).map(drop).map_err(|error| error.error)
    };
    let done = tokio::task::spawn_blocking(work).await.unwrap_or_else(|e| Err(io::Error::other(e)));
    done.map_err(ClientError::file(place))
}

/// An archive is no secret; temporary files are made as if they were.
fn readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

fn append(tar: &mut Builder<impl Write>, name: &str, bytes: &[u8]) -> io::Result<()> {
    tar.append_data(&mut header(bytes.len() as u64), name, bytes)
}

fn append_file(tar: &mut Builder<impl Write>, name: &str, path: &Path) -> io::Result<()> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    tar.append_data(&mut header(size), name, file)
}

fn header(size: u64) -> Header {
    let mut header = Header::new_ustar();
    header.set_size(size);
    header.set_mode(0o644);
    header
}

fn sorted(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
