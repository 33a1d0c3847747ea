//! Layers as gzip, made or verified.

use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::sync::Arc;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use roadstead_types::{Algorithm, Digest};
use tempfile::NamedTempFile;

use super::saved::Blob;
use crate::ClientError;
use crate::hashing::Hasher;
use crate::layout::{LayoutFolder, Tree};

const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Puts a layer into the layout as gzip. Its uncompressed bytes must have the digest that the
/// image's configuration says.
pub async fn layer(
    tree: Arc<Tree>,
    name: String,
    diff_id: Digest,
    into: &LayoutFolder,
) -> Result<Blob, ClientError> {
    let folder = into.path().to_owned();
    let work = move || {
        let file = NamedTempFile::new_in(&folder).map_err(ClientError::file(&folder))?;
        let (blob, actual) = write(&tree, &name, file.as_file())?;
        if actual != diff_id {
            let text = format!("{}: `{name}` has the digest {actual}, not {diff_id}", tree.name());
            return Err(ClientError::Corrupt(text));
        }
        Ok((file, blob))
    };
    let done = tokio::task::spawn_blocking(work).await;
    let (file, blob) = done.map_err(|error| ClientError::Corrupt(error.to_string()))??;
    let place = into.blob_file(&blob.digest);
    persist(file, &place).map_err(ClientError::file(&place))?;
    Ok(blob)
}

fn persist(file: NamedTempFile, place: &Path) -> io::Result<()> {
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder)?;
    }
    file.persist(place).map(drop).map_err(|error| error.error)
}

/// Writes the layer; returns it and the digest of the uncompressed tar. A layer that is gzip
/// already stays byte for byte what it is.
fn write(tree: &Tree, name: &str, file: &std::fs::File) -> Result<(Blob, Digest), ClientError> {
    let failed = |error| ClientError::File { path: name.into(), error };
    let mut magic = [0; 2];
    let is_gzip = tree.blocking(name)?.read_exact(&mut magic).is_ok() && magic == MAGIC;
    let mut packed = Hashing::new(BufWriter::new(file));
    let mut plain = Hashing::new(io::sink());
    match is_gzip {
        true => {
            io::copy(&mut tree.blocking(name)?, &mut packed).map_err(failed)?;
            let mut unpacked = MultiGzDecoder::new(tree.blocking(name)?);
            io::copy(&mut unpacked, &mut plain).map_err(failed)?;
        }
        false => {
            let mut encoder = GzEncoder::new(&mut packed, Compression::default());
            let mut both = io::BufReader::with_capacity(256 << 10, tree.blocking(name)?);
            tee(&mut both, &mut plain, &mut encoder).map_err(failed)?;
            encoder.finish().map_err(failed)?;
        }
    }
    packed.flush().map_err(failed)?;
    let size = packed.size;
    Ok((Blob { digest: packed.hasher.finish()?, size }, plain.hasher.finish()?))
}

fn tee(from: &mut impl io::BufRead, one: &mut impl Write, two: &mut impl Write) -> io::Result<()> {
    loop {
        let piece = from.fill_buf()?;
        if piece.is_empty() {
            return Ok(());
        }
        one.write_all(piece)?;
        two.write_all(piece)?;
        let length = piece.len();
        from.consume(length);
    }
}

/// Counts and hashes what is written.
struct Hashing<W> {
    inner: W,
    hasher: Hasher,
    size: u64,
}

impl<W> Hashing<W> {
    fn new(inner: W) -> Self {
        Self { inner, hasher: Hasher::new(Algorithm::Sha256), size: 0 }
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
