//! `roadstead check` on a folder: what it finds, what it mends, and what it leaves alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use roadstead_testkit::{Backend, Hub, Image, User, image, noise, sha256};
use serde_json::Value;

struct Scene {
    hub: Hub,
    alice: User,
    image: Image,
}

/// A hub with one image, its bytes in a folder that the test can damage.
async fn scene() -> Scene {
    scene_on(Backend::Embedded).await
}

/// A hub with one image.
async fn scene_on(backend: Backend) -> Scene {
    let hub = Hub::with().backend(backend).start().await;
    let alice = hub.user("alice").await;
    let image = image().file("noise.bin", noise(1, 100_000)).build();
    alice.repo("alice/app").push(&image, &["1"]).await;
    Scene { hub, alice, image }
}

impl Scene {
    fn layer(&self) -> String {
        self.image.layers()[0].digest.clone()
    }

    fn file(&self, digest: &str) -> PathBuf {
        let hex = digest.strip_prefix("sha256:").unwrap();
        find(&self.hub.data_dir().join("blobs"), hex).expect("the blob is a file of the folder")
    }

    async fn check(&self, options: &str, code: i32) -> Value {
        let output = self.hub.command("check", &format!("--format json {options}")).run().await;
        serde_json::from_str(&output.exits(code).stdout).unwrap()
    }
}

fn find(dir: &Path, name: &str) -> Option<PathBuf> {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).find_map(|path| {
        match path.is_dir() {
            true => find(&path, name),
            false => (path.file_name()? == name).then_some(path),
        }
    })
}

#[tokio::test]
async fn a_healthy_hub_has_no_findings() {
    let scene = scene_on(Backend::chosen()).await;

    let report = scene.check("", 0).await;

    assert_eq!(report["findings"], Value::Array(Vec::new()));
    assert_eq!((&report["blobs"], &report["manifests"]), (&2.into(), &1.into()));
    scene.hub.command("check", "").run().await.exits(0).says("nothing is wrong");
}

#[tokio::test]
async fn a_flipped_byte_is_found_set_aside_and_healed_by_the_next_push() {
    let scene = scene().await;
    let (layer, file) = (scene.layer(), scene.file(&scene.layer()));
    let mut bytes = fs::read(&file).unwrap();
    bytes[1000] ^= 1;
    fs::write(&file, &bytes).unwrap();

    assert_eq!(scene.check("--quick", 0).await["findings"], Value::Array(Vec::new()));
    let found = scene.check("", 1).await;
    let repaired = scene.check("--repair", 1).await;

    assert_eq!(found["findings"][0]["problem"], "wrong_digest");
    assert_eq!(found["findings"][0]["digest"], layer.as_str());
    assert_eq!(found["findings"][0]["actual"], sha256(&bytes).as_str());
    let place = PathBuf::from(repaired["findings"][0]["quarantined"].as_str().unwrap());
    let place =
        if place.is_absolute() { place } else { scene.hub.data_dir().join("blobs").join(place) };
    assert_eq!(fs::read(place).unwrap(), bytes, "nothing is deleted");
    let repo = scene.alice.repo("alice/app");
    repo.blob(&layer).await.is(404);
    assert_eq!(scene.check("", 1).await["findings"][0]["problem"], "blobs_missing");

    repo.push(&scene.image, &["1"]).await;

    repo.blob(&layer).await.is(200);
    scene.check("", 0).await;
}

#[tokio::test]
async fn a_missing_or_short_file_is_found() {
    let scene = scene().await;
    let config = scene.image.config().digest.clone();
    fs::remove_file(scene.file(&config)).unwrap();
    let layer = scene.file(&scene.layer());
    fs::File::options().write(true).open(&layer).unwrap().set_len(10).unwrap();

    let report = scene.check("--quick", 1).await;

    let mut problems: Vec<String> =
        report["findings"].as_array().unwrap().iter().map(|f| f["problem"].to_string()).collect();
    problems.sort();
    assert_eq!(problems, ["\"bytes_missing\"", "\"wrong_size\""]);
    let text = scene.hub.command("check", "--quick").run().await.exits(1);
    text.says(&format!("blob {config}: its bytes are missing")).says("2 problems");
}

#[tokio::test]
async fn bytes_without_a_row_are_left_alone_while_young_and_set_aside_when_old() {
    let scene = scene().await;
    let bytes = b"nobody's".to_vec();
    let digest = sha256(&bytes);
    let hex = digest.strip_prefix("sha256:").unwrap();
    let sample = scene.file(&scene.layer());
    let folder = sample.parent().unwrap().parent().unwrap().join(&hex[..2]);
    fs::create_dir_all(&folder).unwrap();
    let orphan = folder.join(hex);
    fs::write(&orphan, &bytes).unwrap();

    scene.check("--repair", 0).await;
    assert!(orphan.exists(), "an upload might be finishing");
    age(&orphan, Duration::from_secs(7200));
    let found = scene.check("", 1).await;
    assert!(orphan.exists(), "nothing moves without --repair");
    scene.check("--repair", 1).await;

    assert_eq!(found["findings"][0]["problem"], "orphan");
    assert_eq!(found["findings"][0]["size"], 8);
    assert!(!orphan.exists());
    scene.check("", 0).await;
}

/// Makes the file look as old as that.
fn age(file: &Path, by: Duration) {
    let file = fs::File::options().write(true).open(file).unwrap();
    let modified = file.metadata().unwrap().modified().unwrap();
    file.set_modified(modified - by).unwrap();
}
