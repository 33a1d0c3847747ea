//! Mounts: a blob the caller may read elsewhere is linked, any other is uploaded, and nobody learns
//! why.

use roadstead_testkit::{Client, Hub, Manifest, Repo, User, media, sha256, sha512};
use serde_json::json;

use crate::desk::{Desk, bytes_of, everything, is_blob};

#[tokio::test]
async fn a_readable_blob_is_mounted_with_and_without_its_source() {
    let desk = Desk::new().await;
    let admin = desk.hub.admin_user("root-admin").await;
    let bytes = bytes_of(1);
    let base = everything(&admin, "ubuntu").await;
    let digest = base.push_blob(bytes.clone()).await;

    for (name, from) in [
        ("alice/by-name", "&from=library/ubuntu"),
        ("alice/by-alias", "&from=ubuntu"),
        ("alice/by-escape", "&from=library%2Fubuntu"),
        ("alice/by-search", ""),
        ("alice/by-nothing", "&from="),
    ] {
        let target = desk.other(name).await;
        let path = target.path(&format!("blobs/uploads/?mount={digest}{from}"));

        let mounted = desk.alice.bearer(&[&format!("repository:{name}:pull,push")]).await;
        let mounted = mounted.post(&path).body("").await.is(201);

        assert_eq!(mounted.header("location"), target.path(&format!("blobs/{digest}")));
        assert_eq!(mounted.header("docker-content-digest"), digest);
        is_blob(&target.blob(&digest).await.is(200), &digest, &bytes);
        target.delete_blob(&digest).await.is(202);
    }
    is_blob(&base.blob(&digest).await.is(200), &digest, &bytes);
}

/// Known by its sha256 only, the blob is not there under its sha512.
#[tokio::test]
async fn what_is_not_there_is_uploaded() {
    let desk = Desk::new().await;
    let bytes = bytes_of(1);
    let other = desk.other("alice/other").await;
    other.push_blob(bytes.clone()).await;

    for (digest, from) in [
        (sha512(&bytes), "alice/other"),
        (sha256("nowhere"), "alice/other"),
        (sha256(&bytes), "alice/never-made"),
        (sha256(&bytes), "NOT/a name"),
    ] {
        let answer = desk.repo.mount(&digest, from).await.is(202);
        desk.repo.head_blob(&digest).await.is(404);
        assert_eq!(answer.header("range"), "0-0");
        let upload = desk.repo.upload_at(&answer.header("location"));
        if digest != sha256("nowhere") {
            upload.finish_with(&digest, bytes.clone()).await.is(201);
            desk.repo.delete_blob(&digest).await.is(202);
        }
    }
    desk.repo.mount("sha256:short", "alice/other").await.is(400).code("DIGEST_INVALID");
}

/// Alice's private layer, and Bob, who knows its digest (GHSA-55r9-5mx9-qq7r).
struct Secret {
    hub: Hub,
    alice: User,
    bob: User,
    digest: String,
    bytes: Vec<u8>,
    repo: Repo,
}

impl Secret {
    async fn kept() -> Self {
        let Desk { hub, alice, .. } = Desk::new().await;
        let bob = hub.user("bob").await;
        let bytes = bytes_of(77);
        let hidden = everything(&alice, "alice/secret").await;
        let digest = hidden.push_blob(bytes.clone()).await;
        alice.set_private("alice/secret", true).await;
        let repo = everything(&bob, "bob/app").await;
        repo.push_blob("something of his own").await;
        Self { hub, alice, bob, digest, bytes, repo }
    }

    /// Every way Bob can present himself.
    async fn faces(&self) -> Vec<Client> {
        let narrow = ["repository:bob/app:pull,push"];
        let wide = ["repository:bob/app:pull,push", "repository:alice/secret:pull"];
        vec![self.bob.bearer(&narrow).await, self.bob.bearer(&wide).await, self.bob.basic()]
    }
}

#[tokio::test]
async fn a_strangers_private_layer_is_never_mounted_nor_betrayed() {
    let secret = Secret::kept().await;
    let nowhere = sha256("bytes that nobody ever pushed");
    let host = format!("&from={}/alice/secret", secret.hub.address());
    let spellings = [
        "",
        "&from=",
        "&from=alice/secret",
        "&from=alice%2Fsecret",
        "&from=alice%252Fsecret",
        "&from=Alice/Secret",
        "&from=ALICE/SECRET",
        "&from=/alice/secret",
        "&from=alice//secret",
        "&from=alice/secret/",
        "&from=./alice/secret",
        "&from=bob/../alice/secret",
        "&from=library/alice/secret",
        "&from=secret",
        "&from=bob/app",
        "&from=alice/secret&from=bob/app",
        "&from=bob/app&from=alice/secret",
        "&ns=alice/secret",
        &host,
    ];

    for bob in secret.faces().await {
        for spelling in spellings {
            let mount = async |digest: &str| {
                let path = format!("/v2/bob/app/blobs/uploads/?mount={digest}{spelling}");
                bob.post(&path).body("").await.is(202)
            };
            let (real, unreal) = (mount(&secret.digest).await, mount(&nowhere).await);
            assert_eq!(real.face(&[]), unreal.face(&[]), "{spelling}");
            secret.repo.head_blob(&secret.digest).await.is(404);
        }
    }
}

#[tokio::test]
async fn a_strangers_private_layer_cannot_be_named_in_a_manifest() {
    let secret = Secret::kept().await;
    let nowhere = sha256("bytes that nobody ever pushed");
    let manifest = |digest: &str| {
        let part = json!({"mediaType": media::OCI_LAYER, "digest": digest, "size": 3000});
        Manifest::of(&json!({
            "schemaVersion": 2, "mediaType": media::OCI_MANIFEST, "config": part, "layers": [part],
        }))
    };

    let real = secret.repo.put_manifest("x", &manifest(&secret.digest)).await.is(400);
    let unreal = secret.repo.put_manifest("x", &manifest(&nowhere)).await.is(400);

    real.clone().code("MANIFEST_BLOB_UNKNOWN").says(&secret.digest);
    assert_eq!(real.face(&[&secret.digest]), unreal.face(&[&nowhere]));
    secret.repo.blob(&secret.digest).await.is(404).code("BLOB_UNKNOWN");
    // Whoever has the bytes may of course push them, and is told nothing new by it.
    secret.repo.post_blob(&secret.digest, secret.bytes.clone()).await.is(201);
    secret.repo.put_manifest("x", &manifest(&secret.digest)).await.is(201);
    secret.repo.delete_manifest(&manifest(&secret.digest).digest).await.is(202);
    secret.repo.delete_blob(&secret.digest).await.is(202);
    secret.repo.mount(&secret.digest, "alice/secret").await.is(202);
}

#[tokio::test]
async fn a_layer_can_be_mounted_as_long_as_its_repository_is_public() {
    let secret = Secret::kept().await;
    let target = &secret.repo;

    secret.alice.set_private("alice/secret", false).await;
    target.mount(&secret.digest, "alice/secret").await.is(201);
    target.delete_blob(&secret.digest).await.is(202);
    secret.alice.set_private("alice/secret", true).await;
    target.mount(&secret.digest, "alice/secret").await.is(202);
    target.mount(&secret.digest, "").await.is(202);

    // Its owner still reads it from anywhere.
    let own = everything(&secret.alice, "alice/own").await;
    own.mount(&secret.digest, "alice/secret").await.is(201);
    is_blob(&own.blob(&secret.digest).await.is(200), &secret.digest, &secret.bytes);
}
