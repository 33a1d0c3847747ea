//! Small files of settings: read, and replaced whole.

use std::io::Write as _;
use std::path::Path;

use serde::Serialize as _;
use serde_json::{Map, Value};

use crate::ClientError;

/// Far more than any configuration needs.
const MAX_BYTES: u64 = 4 << 20;

/// The members of a file; none when there is no file.
pub fn read(path: &Path) -> Result<Map<String, Value>, ClientError> {
    let bad = |what: &str| ClientError::Credentials(format!("{}: {what}", path.display()));
    let length = match path.metadata() {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Map::new()),
        Err(error) => return Err(ClientError::file(path)(error)),
    };
    if length > MAX_BYTES {
        return Err(bad("this is larger than 4 MiB, so it holds no settings"));
    }
    let bytes = std::fs::read(path).map_err(ClientError::file(path))?;
    if bytes.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(&bytes)
        .map_err(|error| bad(&format!("not valid JSON, so it is left alone: {error}")))
}

/// Puts a new file in the place of the old one, readable by its owner alone (as `tempfile` makes
/// files). A link is followed: people keep this file among their dotfiles.
pub fn write(path: &Path, members: &Map<String, Value>) -> Result<(), ClientError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(ClientError::file(folder))?;
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().unwrap_or(folder);
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(ClientError::file(folder))?;
    file.write_all(&render(members)?).map_err(ClientError::file(&target))?;
    file.as_file().sync_all().map_err(ClientError::file(&target))?;
    file.persist(&target).map_err(|error| ClientError::file(&target)(error.error))?;
    Ok(())
}

/// With tabs, as docker does, so that a diff shows what changed.
fn render(members: &Map<String, Value>) -> Result<Vec<u8>, ClientError> {
    let mut bytes = Vec::new();
    let tabs = serde_json::ser::PrettyFormatter::with_indent(b"\t");
    members
        .serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, tabs))
        .map_err(|error| ClientError::Credentials(error.to_string()))?;
    Ok(bytes)
}
