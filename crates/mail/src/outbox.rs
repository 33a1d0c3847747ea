//! Letters without a mail server: files in a folder, for a newcomer to look into.

use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use tokio::fs;
use tokio::io::AsyncWriteExt;

/// Letters kept; the oldest go first. Without a mail server nobody empties the folder.
const KEPT: usize = 1000;

/// Writes a letter, whole or not at all, for this user alone. The same name again replaces it.
pub(crate) async fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    make(folder)?;
    let (path, staged) = (folder.join(format!("{name}.eml")), folder.join(format!("{name}.new")));
    let mut options = fs::OpenOptions::new();
    let mut file =
        options.create(true).truncate(true).write(true).mode(0o600).open(&staged).await?;
    file.write_all(bytes).await?;
    file.flush().await?;
    fs::rename(&staged, &path).await?;
    thin_out(folder).await?;
    Ok(path)
}

fn make(folder: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Names begin with a time, so the first in order are the oldest.
async fn thin_out(folder: &Path) -> io::Result<()> {
    let mut names = Vec::new();
    let mut entries = fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        if entry.path().extension().is_some_and(|extension| extension == "eml") {
            names.push(entry.path());
        }
    }
    names.sort();
    let too_many = names.len().saturating_sub(KEPT);
    for path in &names[..too_many] {
        match fs::remove_file(path).await {
            // Another worker was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    Ok(())
}
