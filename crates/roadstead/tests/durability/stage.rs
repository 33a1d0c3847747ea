//! A hub that is made to die, and the list of what it acknowledged.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;

use bytes::Bytes;
use roadstead_blobs::crash::CrashPoint;
use roadstead_testkit::{
    Answer, Backend, Client, Hub, Image, Manifest, Repo, Upload, image, noise, sha256,
};
use serde_json::Value;

const REPOSITORY: &str = "alice/app";
const CRASH_AT: &str = "ROADSTEAD_CRASH_AT";
const SIGKILL: i32 = 9;

/// One hub, one repository in it, and what must be found there.
pub struct Stage {
    pub hub: Hub,
    pub repo: Repo,
    pub client: Client,
    pub token: String,
    seed: u64,
    blobs: BTreeMap<String, Bytes>,
    tags: BTreeMap<String, Manifest>,
}

impl Stage {
    pub async fn open() -> Self {
        Self::with(Hub::start().await).await
    }

    pub async fn with(hub: Hub) -> Self {
        let alice = hub.user("alice").await;
        alice.repo(REPOSITORY).push(&image().build(), &["first"]).await;
        // One token for the whole test, on a fresh connection for each request: what breaks is then
        // the request under test and nothing else.
        let token = alice.registry_token(&["repository:alice/app:pull,push,delete"]).await;
        let client = Client::fresh_connections(hub.url()).with_bearer(&token);
        let repo = client.repo(REPOSITORY);
        let (blobs, tags) = (BTreeMap::new(), BTreeMap::new());
        Self { hub, repo, client, token, seed: 0, blobs, tags }
    }

    /// Bytes that nobody had before.
    pub fn bytes(&mut self, length: usize) -> Bytes {
        self.seed += 1;
        noise(self.seed, length)
    }

    /// An image that nobody had before; its blobs are pushed and acknowledged, its manifest is not.
    pub async fn image(&mut self) -> Image {
        let image = image().layer(self.bytes(10_000)).build();
        for blob in &image.blobs {
            self.repo.push_blob(blob.bytes.clone()).await;
            self.has_blob(&blob.bytes);
        }
        image
    }

    /// The length of a piece of an upload. In S3 it fills more than one part.
    pub fn piece(&self) -> usize {
        match Backend::chosen() {
            Backend::Embedded => 1 << 20,
            Backend::Scaled => 9 << 20,
        }
    }

    /// Restarts the hub so that it dies when it comes to `point` the `visit`th time.
    pub async fn arm(&mut self, point: CrashPoint, visit: u32) {
        self.hub.set_env(CRASH_AT, &format!("{}:{visit}", point.name()));
        self.hub.restart().await;
    }

    /// Makes sure that the hub died where it was told to, and starts it again.
    pub async fn died(&mut self, point: CrashPoint) {
        self.is_dead(point).await;
        self.revive().await;
    }

    /// Makes sure that the hub died where it was told to.
    pub async fn is_dead(&mut self, point: CrashPoint) {
        let status = self.hub.ended().await;
        assert_eq!(status.signal(), Some(SIGKILL), "{}: {status}", point.name());
        let last = self.hub.log().lines().last().unwrap_or_default().to_owned();
        assert_eq!(last, format!("crash point {}", point.name()));
    }

    pub async fn revive(&mut self) {
        self.hub.set_env(CRASH_AT, "");
        self.hub.restart().await;
    }

    /// From now on the blob must be there.
    pub fn has_blob(&mut self, bytes: &Bytes) {
        self.blobs.insert(sha256(bytes), bytes.clone());
    }

    /// From now on the tag must stand there; `None`: must not exist.
    pub fn has_tag(&mut self, tag: &str, manifest: Option<&Manifest>) {
        match manifest {
            Some(manifest) => self.tags.insert(tag.to_owned(), manifest.clone()),
            None => self.tags.remove(tag),
        };
    }

    /// Every byte of what was acknowledged, and no tag beside.
    pub async fn everything_acknowledged_is_there(&self) {
        for (digest, bytes) in &self.blobs {
            assert!(*self.repo.blob(digest).await.is(200).bytes() == *bytes, "{digest} differs");
        }
        for (tag, manifest) in &self.tags {
            assert_manifest(&self.repo.manifest(tag).await, manifest);
        }
        let mut tags = self.repo.tags().await;
        tags.retain(|tag| tag != "first");
        assert_eq!(tags, self.tags.keys().cloned().collect::<Vec<_>>());
    }

    /// `roadstead check` finds bytes without a row and nothing worse, takes them away, and is content.
    pub async fn only_garbage_is_left(&self) {
        for problem in problems(&self.hub, "--grace 0s").await {
            assert!(is_garbage(&problem), "{problem}");
        }
        problems(&self.hub, "--grace 0s --repair").await;
        assert_eq!(problems(&self.hub, "--grace 0s").await, Vec::<Value>::new());
    }
}

/// Whether a finding is about bytes that are nobody's.
pub fn is_garbage(problem: &Value) -> bool {
    ["orphan", "stray_upload"].iter().any(|garbage| problem["problem"] == **garbage)
}

/// What `roadstead check` finds.
pub async fn problems(hub: &Hub, options: &str) -> Vec<Value> {
    let checked = hub.command("check", &format!("{options} --format json")).run().await;
    let report: Value = serde_json::from_str(&checked.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", checked.story()));
    report["findings"].as_array().expect("a report has findings").clone()
}

#[track_caller]
pub fn assert_manifest(answer: &Answer, manifest: &Manifest) {
    assert_eq!(answer.status(), 200, "{}", answer.story());
    assert_eq!(answer.bytes(), &manifest.bytes);
    assert_eq!(answer.header("content-type"), manifest.media_type);
}

/// A PATCH in pieces of 256 KiB without a length, as docker sends layers; the hub dies under it.
pub async fn patch_breaks(client: &Client, upload: &Upload, bytes: &Bytes) {
    let pieces: Vec<Bytes> = (0..bytes.len())
        .step_by(256 << 10)
        .map(|at| bytes.slice(at..bytes.len().min(at + (256 << 10))))
        .collect();
    let broken = client.patch(upload.location()).pieces(pieces).send().await;
    assert!(broken.is_err(), "{}", broken.unwrap().story());
}
