//! Files that hold a key and are made by the first start.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Makes the file `folder/name` unless it is there. Two processes may start at once on one folder: the
/// file appears whole or not at all, and the second one takes the first one's.
pub fn make(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let staged = folder.join(format!("{name}-{}.tmp", uuid::Uuid::new_v4()));
    let written = write_private(folder, &staged, bytes);
    let linked = written.and_then(|()| match fs::hard_link(&staged, folder.join(name)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let _ = fs::remove_file(&staged);
    linked.and_then(|()| fs::File::open(folder)?.sync_all())
}

fn write_private(folder: &Path, file: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}
