//! What must hold of a hub while a part of it is away, and after that part came back.

use std::time::{Duration, Instant};

use bytes::Bytes;
use roadstead_testkit::{Answer, Ask, Hub, Image, Upload, eventually, sha256};

use crate::stage::{Stage, assert_manifest, is_garbage, problems};

/// The longest a client waits for the news.
const PATIENCE: Duration = Duration::from_secs(15);

/// What is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    /// Rows cannot be read or written: nothing works.
    Database,
    /// Bytes cannot be read or written; what is about rows alone works.
    Store,
    /// Bytes can be read.
    StoreWrites,
}

/// A hub with an image in it and an upload under way.
pub struct Before {
    pub stage: Stage,
    image: Image,
    upload: Upload,
    whole: Bytes,
    acknowledged: usize,
}

impl Before {
    pub async fn on(hub: Hub) -> Self {
        let mut stage = Stage::with(hub).await;
        let image = stage.image().await;
        stage.repo.put_manifest("kept", &image.manifest).await.is(201);
        stage.has_tag("kept", Some(&image.manifest));
        let whole = stage.bytes(1_000_000);
        let mut upload = stage.repo.begin_upload().await;
        upload.chunk(whole.slice(..100_000)).await.is(202);
        Self { stage, image, upload, whole, acknowledged: 100_000 }
    }

    /// Everything that needs what is away is refused in time, and told when to come again.
    pub async fn refuses(&mut self, away: Away, statuses: &[u16]) {
        self.is_alive_but_not_ready().await;
        let asking = self.doomed(away).into_iter().map(|ask| tokio::spawn(refused(ask)));
        let mut wrong = Vec::new();
        for asked in asking.collect::<Vec<_>>() {
            match asked.await.expect("asking does not panic") {
                Ok(answer) if statuses.contains(&answer.status()) => {}
                Ok(answer) => wrong.push(answer.story()),
                Err(story) => wrong.push(story),
            }
        }
        assert!(wrong.is_empty(), "{} wrong answers:\n{}", wrong.len(), wrong.join("\n"));
        self.is_alive_but_not_ready().await;
        self.still_works(away).await;
    }

    /// What cannot be done without the part. Several of each, so that a pool of workers or
    /// connections that they occupy shows.
    fn doomed(&mut self, away: Away) -> Vec<Ask> {
        let (repo, client) = (self.stage.repo.clone(), self.stage.client.clone());
        let at = self.acknowledged;
        let piece = client.patch(self.upload.location()).body(self.whole.slice(at..));
        let piece = piece.header("content-range", format!("{at}-{}", self.whole.len() - 1));
        let mut asks = vec![piece];
        for _ in 0..8 {
            let bytes = self.stage.bytes(20_000);
            asks.push(repo.post_blob(&sha256(&bytes), bytes));
            if away != Away::StoreWrites {
                asks.push(repo.blob(&self.image.layers()[0].digest));
            }
            if away == Away::Database {
                asks.push(repo.manifest("kept"));
                asks.push(repo.head_blob(&self.image.config().digest));
                asks.push(repo.put_manifest("new", &self.image.manifest));
                asks.push(repo.delete_manifest("kept"));
                asks.push(repo.open_upload());
            }
        }
        asks
    }

    async fn still_works(&self, away: Away) {
        if away == Away::Database {
            return;
        }
        assert_manifest(&self.stage.repo.manifest("kept").await, &self.image.manifest);
        if away == Away::StoreWrites {
            let layer = &self.image.layers()[0];
            assert_eq!(*self.stage.repo.blob(&layer.digest).await.is(200).bytes(), layer.bytes);
        }
    }

    async fn is_alive_but_not_ready(&self) {
        let asked = Instant::now();
        self.stage.hub.anonymous().get("/healthz").await.is(200);
        assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
        let asked = Instant::now();
        self.stage.hub.anonymous().get("/readyz").await.is(503);
        assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
    }

    /// The part is back: the hub is ready by itself, nothing is lost, and the upload goes on where
    /// it was acknowledged.
    pub async fn recovers(&mut self) {
        let hub = &self.stage.hub;
        let ready = async || (hub.anonymous().get("/readyz").await.status() == 200).then_some(());
        eventually("the hub is ready again", PATIENCE.as_secs(), ready).await;
        let upload = &mut self.upload;
        let offset = eventually("the upload is known", 5, async || {
            let status = upload.status().await;
            (status.status() == 204).then(|| status.header("roadstead-upload-offset"))
        })
        .await;
        assert_eq!(offset, self.acknowledged.to_string());
        self.resume(self.acknowledged + 100_000).await;
        self.stage.everything_acknowledged_is_there().await;
        let bytes = self.stage.bytes(30_000);
        self.stage.repo.push_blob(bytes.clone()).await;
        self.stage.has_blob(&bytes);
    }

    /// At once: a refused request does not hold the session, though the part was needed to give it
    /// back. Another request may be ending just now.
    async fn resume(&mut self, end: usize) {
        let (at, whole, upload) = (self.acknowledged, &self.whole, &mut self.upload);
        eventually("the upload goes on", 3, async || {
            let answer = upload.chunk_at(at as u64, whole.slice(at..end)).await;
            (answer.status() == 202).then_some(())
        })
        .await;
        self.acknowledged = end;
    }

    /// Closes the upload and looks whether rows and bytes agree.
    pub async fn ends_well(mut self) {
        let digest = sha256(&self.whole);
        let rest = self.whole.slice(self.acknowledged..);
        self.upload.finish_with(&digest, rest).await.is(201);
        self.stage.has_blob(&self.whole);
        self.stage.everything_acknowledged_is_there().await;
        for problem in problems(&self.stage.hub, "--grace 0s").await {
            assert!(is_garbage(&problem), "{problem}");
        }
    }
}

/// A refusal in time that says when to come again.
async fn refused(ask: Ask) -> Result<Answer, String> {
    let asked = Instant::now();
    let answer =
        ask.send().await.map_err(|error| format!("{error:?} after {:?}", asked.elapsed()))?;
    let seconds = answer.maybe_header("retry-after").and_then(|text| text.parse().ok());
    if asked.elapsed() > PATIENCE || !seconds.is_some_and(|s: u64| (1..=60).contains(&s)) {
        return Err(format!("after {:?}: {}", asked.elapsed(), answer.story()));
    }
    Ok(answer)
}
