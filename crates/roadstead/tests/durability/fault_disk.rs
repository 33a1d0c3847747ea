//! The disk is full, or has become read-only.

use std::path::{Path, PathBuf};

use roadstead_testkit::{Backend, Hub, Tool, sha256};
use tempfile::TempDir;

use crate::fault::{Away, Before};

const MIB: usize = 1 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_pushes_serves_pulls_and_recovers() {
    if Backend::chosen() != Backend::Embedded {
        return;
    }
    let disk = SmallDisk::mount().await;
    let hub = Hub::with().data_dir(disk.path().join("data")).start().await;
    let mut before = Before::on(hub).await;
    fill_by_pushing(&mut before).await;

    disk.fill();
    before.refuses(Away::StoreWrites, &[507]).await;
    disk.free();

    before.recovers().await;
    before.ends_well().await;
}

/// Pushes until there is no more room. What was acknowledged stays.
async fn fill_by_pushing(before: &mut Before) {
    for n in 0.. {
        let bytes = before.stage.bytes(8 * MIB);
        let answer = before.stage.repo.post_blob(&sha256(&bytes), bytes.clone()).await;
        if answer.status() != 201 {
            answer.is(507).header("retry-after");
            assert!(n >= 3, "only {n} blobs of 8 MiB found room");
            return;
        }
        before.stage.has_blob(&bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_became_read_only_refuses_pushes_serves_pulls_and_recovers() {
    if Backend::chosen() != Backend::Embedded {
        return;
    }
    let disk = SmallDisk::mount().await;
    let storage = disk.path().join("blobs").display().to_string();
    let hub = Hub::with().env("ROADSTEAD_STORAGE", storage).start().await;
    let mut before = Before::on(hub).await;

    disk.remount("ro").await;
    before.refuses(Away::StoreWrites, &[503]).await;
    disk.remount("rw").await;

    before.recovers().await;
    before.ends_well().await;
}

/// A file system of 64 MiB in memory. `chmod` would not do: root writes all the same.
struct SmallDisk(TempDir);

impl SmallDisk {
    async fn mount() -> Self {
        let disk = Self(tempfile::tempdir().expect("a temporary directory can be made"));
        let mounted = Tool::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64m", "roadstead-test"])
            .args([disk.path()])
            .run()
            .await;
        assert_eq!(
            mounted.code,
            Some(0),
            "this test mounts a small file system, and so must run as root on a machine that allows \
             `mount -t tmpfs`: {}",
            mounted.story()
        );
        disk
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    /// Leaves not a byte.
    fn fill(&self) {
        use std::io::Write as _;
        let mut file = std::fs::File::create(self.ballast()).expect("a file can be made");
        while file.write_all(&[0; 4096]).is_ok() {}
    }

    fn free(&self) {
        std::fs::remove_file(self.ballast()).expect("the ballast can be removed");
    }

    async fn remount(&self, how: &str) {
        let how = format!("remount,{how}");
        Tool::new("mount").args(["-o", &how]).args([self.path()]).run().await.succeeds();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the hub that uses it may be dropped after it.
        let _ = std::process::Command::new("umount").arg("-l").arg(self.path()).status();
    }
}
