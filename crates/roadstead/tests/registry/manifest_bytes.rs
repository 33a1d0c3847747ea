//! Pushing manifests: how large they may be, and that they are kept byte for byte.

use roadstead_testkit::{Manifest, image, media, sha256, sha512};
use serde_json::json;

use crate::desk::Desk;
use crate::manifests::{MOST_LAYERS, part, pushable, with};

const MOST_BYTES: usize = 4 << 20;

#[tokio::test]
async fn a_manifest_may_have_four_mebibytes_and_not_one_more() {
    let desk = Desk::new().await;
    let base = pushable(&desk.repo).await;
    let padded = |length: usize| {
        let bare = with(&base, "annotations", json!({"pad": ""})).to_string().len();
        Manifest::of(&with(&base, "annotations", json!({"pad": "x".repeat(length - bare)})))
    };
    let (most, over) = (padded(MOST_BYTES), padded(MOST_BYTES + 1));
    assert_eq!((most.bytes.len(), over.bytes.len()), (MOST_BYTES, MOST_BYTES + 1));

    desk.repo.put_manifest("most", &most).await.is(201);
    let answer = desk.repo.manifest("most").await.is(200);
    assert_eq!(answer.bytes(), &most.bytes);
    desk.repo.put_manifest("over", &over).await.is(413).code("MANIFEST_INVALID").says("4194304");
    let path = desk.repo.path(&format!("manifests/{}", over.digest));
    let pieces = over.bytes.chunks(64 << 10).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let ask = desk.client.put(&path).header("content-type", media::OCI_MANIFEST);
    ask.pieces(pieces).await.is(413).code("MANIFEST_INVALID");
    desk.repo.manifest("over").await.is(404);
}

/// Unknown members, blanks and the order of keys are part of what was signed.
#[tokio::test]
async fn a_manifest_is_kept_byte_for_byte() {
    let desk = Desk::new().await;
    let base = pushable(&desk.repo).await;
    let config = &base["config"];
    let text = format!(
        "\n {{ \"zzz\": {{\"deep\": [1, 2.50, null]}},\t\"layers\": [],\n\"config\": {config}, \"schemaVersion\": 2,\n \"mediaType\": \"{}\", \"artifactType\": \"x/y\" }}\n\n",
        media::OCI_MANIFEST
    );
    let odd = Manifest::raw(media::OCI_MANIFEST, text.clone());

    let pushed = desk.repo.put_manifest("odd", &odd).await.is(201);

    assert_eq!(pushed.header("docker-content-digest"), odd.digest);
    assert_eq!(pushed.header("location"), desk.repo.path(&format!("manifests/{}", odd.digest)));
    for reference in ["odd", &odd.digest] {
        let got = desk.repo.manifest(reference).await.is(200);
        assert_eq!(got.text(), text);
        assert_eq!(got.header("content-length"), text.len().to_string());
        let head = desk.repo.head_manifest(reference).await.is(200);
        assert_eq!(head.header("content-length"), text.len().to_string());
        assert!(head.bytes().is_empty());
    }
    let trailing = Manifest::raw(media::OCI_MANIFEST, format!("{text} "));
    desk.repo.put_manifest(&odd.digest, &trailing).await.is(400).code("DIGEST_INVALID");
}

#[tokio::test]
async fn layers_that_lie_elsewhere_on_purpose_need_not_be_here() {
    let desk = Desk::new().await;
    let base = pushable(&desk.repo).await;
    let foreign = [
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    ];
    let layers: Vec<_> = foreign
        .iter()
        .map(|media_type| {
            let mut layer = part(media_type, &sha256(media_type), 9);
            layer["urls"] = json!(["http://127.0.0.1:1/never-fetched"]);
            layer
        })
        .collect();
    desk.repo.put_manifest("x", &Manifest::of(&with(&base, "layers", json!(layers)))).await.is(201);

    let mut urls_alone = part(media::OCI_LAYER, &sha256("a"), 9);
    urls_alone["urls"] = json!(["http://127.0.0.1:1/never-fetched"]);
    let refused = Manifest::of(&with(&base, "layers", json!([urls_alone])));
    desk.repo.put_manifest("x", &refused).await.is(400).code("MANIFEST_BLOB_UNKNOWN");
}

#[tokio::test]
async fn a_manifest_pushed_by_sha512_is_known_by_it() {
    let desk = Desk::new().await;
    let image = image().build();
    for blob in &image.blobs {
        desk.repo.push_blob(blob.bytes.clone()).await;
    }
    let bytes = &image.manifest.bytes;
    let digest = sha512(bytes);

    let path = desk.repo.path(&format!("manifests/{digest}?tag=a&tag=b"));
    let ask = desk.client.put(&path).header("content-type", media::OCI_MANIFEST);
    let pushed = ask.body(bytes.clone()).await.is(201);
    assert_eq!(pushed.header("docker-content-digest"), digest);
    for reference in ["a", "b", &digest] {
        let answer = desk.repo.manifest(reference).await.is(200);
        assert_eq!(answer.header("docker-content-digest"), digest, "{reference}");
        assert_eq!(answer.bytes(), bytes);
    }
    desk.repo.manifest(&sha256(bytes)).await.is(404);

    desk.repo.put_manifest("a", &image.manifest).await.is(201);
    assert_eq!(desk.repo.head_manifest("a").await.header("docker-content-digest"), sha256(bytes));
    assert_eq!(desk.repo.head_manifest("b").await.header("docker-content-digest"), digest);
    desk.repo.delete_manifest(&digest).await.is(202);
    desk.repo.head_manifest("a").await.is(200);
    desk.repo.head_manifest("b").await.is(404);
}

/// 2^40 paths lead to the image; only one step is ever walked.
#[tokio::test]
async fn indexes_of_indexes_cost_no_more_than_their_own_bytes() {
    let desk = Desk::new().await;
    let base = pushable(&desk.repo).await;
    let widest = Manifest::of(&with(&base, "layers", json!(vec![&base["layers"][0]; MOST_LAYERS])));
    desk.repo.put_manifest("widest", &widest).await.is(201);
    let mut below = Manifest::of(&base);
    desk.repo.put_manifest(&below.digest, &below).await.is(201);

    for level in 0..40 {
        let child = below.descriptor();
        below = Manifest::of(&json!({
            "schemaVersion": 2, "mediaType": media::OCI_INDEX, "manifests": [child, child],
            "annotations": {"level": level.to_string()},
        }));
        desk.repo.put_manifest("top", &below).await.is(201);
    }
    let legacy = desk.client.get(&desk.repo.path("manifests/top"));
    legacy.header("accept", media::DOCKER_MANIFEST).await.is(404);
    desk.repo.manifest("top").await.is(200);
    desk.repo.delete_manifest(&below.digest).await.is(202);
}
