//! Somebody who works while the server dies, and knows what must be there.
//!
//! An answer below 500 is believed. A broken connection or a 5xx leaves two possibilities; the pusher
//! looks which of them came true, and a third is a contradiction.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use roadstead_testkit::{Answer, Ask, Client, Image, Manifest, Repo, image, noise, sha256};

const TAGS: [&str; 3] = ["one", "two", "three"];
const PIECE: usize = 200_000;

/// Numbers that look random and are the same in every run (xorshift64).
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub const fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

pub struct Pusher {
    client: Client,
    repo: Repo,
    dice: Dice,
    blobs: BTreeMap<String, Bytes>,
    tags: BTreeMap<&'static str, Manifest>,
    pub acknowledged: u32,
    broken: u32,
}

impl Pusher {
    pub fn new(client: &Client, repository: &str, seed: u64) -> Self {
        Self {
            client: client.clone(),
            repo: client.repo(repository),
            dice: Dice::new(seed),
            blobs: BTreeMap::new(),
            tags: BTreeMap::new(),
            acknowledged: 0,
            broken: 0,
        }
    }

    pub fn tally(&self) -> String {
        format!(
            "{}: {} acknowledged, {} broken, {} blobs, {} tags",
            self.repo.name(),
            self.acknowledged,
            self.broken,
            self.blobs.len(),
            self.tags.len()
        )
    }

    pub async fn push_until(mut self, over: Arc<AtomicBool>) -> Self {
        while !over.load(Ordering::Relaxed) {
            match self.dice.roll(6) {
                0 => drop(self.push_blob().await),
                1 => self.push_in_pieces().await,
                2 | 3 => self.move_tag().await,
                4 => self.delete_tag().await,
                _ => self.delete_manifest().await,
            }
        }
        self
    }

    /// Everything this pusher was told is there, byte for byte.
    pub async fn finds_everything(&self) {
        for (digest, bytes) in &self.blobs {
            assert!(*self.repo.blob(digest).await.is(200).bytes() == *bytes, "{digest} differs");
        }
        for (tag, manifest) in &self.tags {
            let found = self.repo.manifest(tag).await.is(200);
            assert_eq!(*found.bytes(), manifest.bytes, "{tag}");
        }
        assert_eq!(self.repo.tags().await.len(), self.tags.len());
    }

    /// One try; `None` when its outcome is unknown.
    async fn once(&mut self, ask: Ask) -> Option<Answer> {
        match ask.send().await {
            Ok(answer) if answer.status() < 500 => {
                self.acknowledged += u32::from((201..=202).contains(&answer.status()));
                Some(answer)
            }
            _ => {
                self.broken += 1;
                None
            }
        }
    }

    /// Asks until there is an answer. For what may be done twice.
    async fn answered(&mut self, ask: Ask) -> Answer {
        loop {
            match self.once(ask.clone()).await {
                Some(answer) => return answer,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    fn fresh_bytes(&mut self, most: u64) -> Bytes {
        let length = usize::try_from(1 + self.dice.roll(most)).unwrap();
        noise(self.dice.roll(u64::MAX), length)
    }

    async fn push_blob(&mut self) -> Bytes {
        let bytes = self.fresh_bytes(300_000);
        self.store(bytes.clone()).await;
        bytes
    }

    /// From the start, as often as it takes.
    async fn store(&mut self, bytes: Bytes) {
        let digest = sha256(&bytes);
        loop {
            let location = self.begin().await;
            let close = self.repo.upload_at(&location).finish_ask(&digest).body(bytes.clone());
            if let Some(answer) = self.once(close).await {
                answer.is(201);
                self.blobs.insert(digest, bytes);
                return;
            }
        }
    }

    async fn begin(&mut self) -> String {
        self.answered(self.repo.open_upload()).await.is(202).header("location")
    }

    /// In one session, whatever happens to the server meanwhile.
    async fn push_in_pieces(&mut self) {
        let bytes = self.fresh_bytes(4 * PIECE as u64);
        let digest = sha256(&bytes);
        let location = self.begin().await;
        let mut at = 0;
        while at < bytes.len() {
            let end = bytes.len().min(at + PIECE);
            let piece = self.client.patch(&location).body(bytes.slice(at..end));
            let piece = piece.header("content-range", format!("{at}-{}", end - 1));
            at = match self.once(piece).await {
                Some(answer) => stored(&answer.is(202)),
                None => {
                    let status = self.answered(self.client.get(&location)).await;
                    let stands = stored(&status.is(204));
                    assert!([at, end].contains(&stands), "{stands} is not {at} or {end}");
                    stands
                }
            };
        }
        self.close(&location, &digest).await;
        self.blobs.insert(digest, bytes);
    }

    async fn close(&mut self, location: &str, digest: &str) {
        let close = self.repo.upload_at(location).finish_ask(digest).body("");
        loop {
            if let Some(answer) = self.once(close.clone()).await {
                answer.is(201);
                return;
            }
            let status = self.answered(self.client.get(location)).await;
            if status.status() == 404 {
                // Then it is over, and the blob must be there.
                self.answered(self.repo.head_blob(digest)).await.is(200);
                return;
            }
            status.is(204);
        }
    }

    fn tag(&mut self) -> &'static str {
        TAGS[usize::try_from(self.dice.roll(TAGS.len() as u64)).unwrap()]
    }

    async fn fresh_image(&mut self) -> Image {
        let image = image().layer(self.fresh_bytes(50_000)).build();
        for blob in &image.blobs {
            self.store(blob.bytes.clone()).await;
        }
        image
    }

    async fn move_tag(&mut self) {
        let (tag, new) = (self.tag(), self.fresh_image().await.manifest);
        match self.once(self.repo.put_manifest(tag, &new)).await {
            Some(answer) => {
                answer.is(201);
                self.tags.insert(tag, new);
            }
            None => self.look(tag, Some(&new)).await,
        }
    }

    async fn delete_tag(&mut self) {
        let tag = self.tag();
        match self.once(self.repo.delete_manifest(tag)).await {
            Some(answer) => {
                answer.is(if self.tags.remove(tag).is_some() { 202 } else { 404 });
            }
            None => self.look(tag, None).await,
        }
    }

    /// The manifest goes with all of its tags, or nothing goes.
    async fn delete_manifest(&mut self) {
        let Some(manifest) = self.tags.values().next().cloned() else { return };
        let digest = manifest.digest;
        let gone = match self.once(self.repo.delete_manifest(&digest)).await {
            Some(answer) => answer.is(202).status() == 202,
            None => self.answered(self.repo.head_manifest(&digest)).await.status() == 404,
        };
        if gone {
            self.tags.retain(|_, tagged| tagged.digest != digest);
        }
        for tag in TAGS {
            let known = self.tags.get(tag).cloned();
            self.look(tag, known.as_ref()).await;
        }
    }

    /// A tag stands where it stood, or where it was to go.
    async fn look(&mut self, tag: &'static str, wanted: Option<&Manifest>) {
        let found = self.answered(self.repo.manifest(tag)).await;
        let is = |manifest: Option<&Manifest>| match manifest {
            Some(manifest) => found.status() == 200 && *found.bytes() == manifest.bytes,
            None => found.status() == 404,
        };
        if is(wanted) {
            match wanted {
                Some(manifest) => drop(self.tags.insert(tag, manifest.clone())),
                None => drop(self.tags.remove(tag)),
            }
        } else {
            assert!(is(self.tags.get(tag)), "{tag} is at neither place: {}", found.story());
        }
    }
}

/// How many bytes the server says it has.
fn stored(answer: &Answer) -> usize {
    answer.header("roadstead-upload-offset").parse().expect("an offset is a number")
}
