//! The data folder, as far as the program itself uses it.
//!
//! ```text
//! DATA_DIR/
//!   lock           held by the server that runs on this folder
//!   node           name of this node in the leases it takes
//!   address        where the server listens; there while it does
//!   keys/          keys that sign registry tokens, and the one that seals secrets
//!   roadstead.db   the database, unless --database says otherwise
//!   blobs/         image bytes, unless --storage says otherwise
//!   search/        the index that repositories are found by; made anew when it is gone
//!   spool/         parts on their way to an S3 store
//!   outbox/        letters, while no mail server is set
//! ```

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rustix::fs::{FlockOperation, flock};

#[derive(Debug)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// Makes the folder, for this user alone, unless it is there.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(path).with_context(|| {
            format!(
                "the data folder `{}` cannot be made; choose another with --data-dir",
                path.display()
            )
        })?;
        Ok(Self(path.to_owned()))
    }

    /// Keeps a second server from this folder. Released by the kernel, however the process ends.
    pub fn lock(&self) -> anyhow::Result<File> {
        let path = self.0.join("lock");
        let file = private(OpenOptions::new().create(true).truncate(false)).open(&path);
        let file = file.with_context(|| {
            format!(
                "`{}` cannot be written; check that this user owns the data folder",
                path.display()
            )
        })?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(file),
            Err(rustix::io::Errno::WOULDBLOCK) => bail!(
                "another server runs on the data folder `{}`; stop it, or choose another with --data-dir",
                self.0.display()
            ),
            Err(error) => {
                Err(error).with_context(|| format!("`{}` cannot be locked", path.display()))
            }
        }
    }

    /// The name of this node: random, and the same after a restart.
    pub fn node(&self) -> anyhow::Result<String> {
        let path = self.0.join("node");
        match fs::read_to_string(&path) {
            Ok(name) if is_node_name(name.trim()) => return Ok(name.trim().to_owned()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("`{}` cannot be read", path.display()));
            }
        }
        let name = format!("{:016x}", rand::random::<u64>());
        self.write("node", &name)?;
        Ok(name)
    }

    /// The folder of the keys; refused when others can read what is in it.
    pub fn private_keys(&self) -> anyhow::Result<PathBuf> {
        let folder = self.0.join("keys");
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("`{}` cannot be made", folder.display()))?;
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("`{}` cannot be read", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if fs::metadata(&path)?.permissions().mode() & 0o007 != 0 {
                let path = path.display();
                bail!(
                    "the key `{path}` can be used by every user of this machine; run `chmod 600 {path}`"
                );
            }
        }
        Ok(folder)
    }

    /// Tells programs on this machine where the server listens.
    pub fn write_address(&self, address: SocketAddr) -> anyhow::Result<()> {
        self.write("address", &address.to_string())
    }

    pub fn remove_address(&self) {
        if let Err(error) = fs::remove_file(self.0.join("address")) {
            tracing::debug!(%error, "the address file is gone already");
        }
    }

    /// Whole or not at all.
    fn write(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let (path, staged) = (self.0.join(name), self.0.join(format!("{name}.new")));
        let written = private(OpenOptions::new().create(true).truncate(true))
            .open(&staged)
            .and_then(|mut file| writeln!(file, "{text}"))
            .and_then(|()| fs::rename(&staged, &path));
        written.with_context(|| format!("`{}` cannot be written", path.display()))
    }
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options.write(true).mode(0o600)
}

fn is_node_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_its_node_name_and_serves_one_server() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("data");
        let dir = DataDir::open(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);

        let lock = dir.lock().unwrap();
        let refused = DataDir::open(&path).unwrap().lock().unwrap_err().to_string();
        assert!(refused.contains("another server"), "{refused}");
        drop(lock);
        dir.lock().unwrap();

        let name = dir.node().unwrap();
        assert_eq!(DataDir::open(&path).unwrap().node().unwrap(), name);
    }

    #[test]
    fn a_key_that_everybody_can_read_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let dir = DataDir::open(home.path()).unwrap();
        let key = dir.private_keys().unwrap().join("token-0001.pem");
        fs::write(&key, "x").unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();

        let refused = dir.private_keys().unwrap_err().to_string();

        assert!(refused.contains("chmod 600"), "{refused}");
    }
}
