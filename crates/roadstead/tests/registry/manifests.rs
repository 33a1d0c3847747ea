//! Pushing manifests: what is refused.

use roadstead_testkit::{Manifest, Repo, media, sha256, sha512};
use serde_json::{Value, json};

use crate::desk::Desk;

pub const MOST_LAYERS: usize = 4096;

pub fn part(media_type: &str, digest: &str, size: usize) -> Value {
    json!({"mediaType": media_type, "digest": digest, "size": size})
}

/// An image manifest of one small blob, as config and layer, which lies in the repository.
pub async fn pushable(repo: &Repo) -> Value {
    let digest = repo.push_blob("{}").await;
    json!({
        "schemaVersion": 2,
        "mediaType": media::OCI_MANIFEST,
        "config": part(media::OCI_CONFIG, &digest, 2),
        "layers": [part(media::OCI_LAYER, &digest, 2)],
    })
}

pub fn with(manifest: &Value, field: &str, value: Value) -> Value {
    let mut changed = manifest.clone();
    changed[field] = value;
    changed
}

fn without(manifest: &Value, field: &str) -> Value {
    let mut changed = manifest.clone();
    changed.as_object_mut().unwrap().remove(field);
    changed
}

#[tokio::test]
async fn a_manifest_with_missing_parts_is_refused_and_each_part_named() {
    let desk = Desk::new().await;
    let base = pushable(&desk.repo).await;
    let (a, b) = (sha256("a"), sha512("b"));
    let layers = json!([part("t", &a, 1), base["layers"][0], part("t", &b, 1), part("t", &a, 1)]);
    let lacking = Manifest::of(&with(&base, "layers", layers));

    let refused = desk.repo.put_manifest("x", &lacking).await.is(400);

    refused.clone().code("MANIFEST_BLOB_UNKNOWN");
    let json = refused.json();
    let named: Vec<_> =
        json["errors"].as_array().unwrap().iter().map(|e| &e["detail"]["digest"]).collect();
    let mut expected = [json!(a), json!(b)];
    expected.sort_by_key(Value::to_string);
    assert_eq!(named, expected.iter().collect::<Vec<_>>());
    desk.repo.manifest("x").await.is(404);
    desk.repo.manifest(&lacking.digest).await.is(404);

    let index = json!({"schemaVersion": 2, "mediaType": media::OCI_INDEX,
        "manifests": [part(media::OCI_MANIFEST, &a, 1)]});
    let refused = desk.repo.put_manifest("x", &Manifest::of(&index)).await.is(400);
    refused.code("MANIFEST_BLOB_UNKNOWN").says(&a);
    // A blob is no child: what an index names must be a manifest here.
    let blob = &base["config"]["digest"];
    let index =
        with(&index, "manifests", json!([part(media::OCI_MANIFEST, blob.as_str().unwrap(), 2)]));
    desk.repo.put_manifest("x", &Manifest::of(&index)).await.is(400).code("MANIFEST_BLOB_UNKNOWN");
}

#[tokio::test]
async fn what_two_readers_could_read_differently_is_refused() {
    let desk = Desk::new().await;
    let base = pushable(&desk.repo).await;
    let text = base.to_string();
    let oci = Some(media::OCI_MANIFEST);
    let child = json!([]);
    let bad_digest = part("t", "sha256:../../../etc/passwd", 1);
    let deep =
        format!("{{\"schemaVersion\":2,\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let many = vec![base["layers"][0].clone(); MOST_LAYERS + 1];
    let children = vec![part(media::OCI_MANIFEST, &sha256("a"), 1); MOST_LAYERS + 1];
    let index = json!({"schemaVersion": 2, "mediaType": media::OCI_INDEX, "manifests": children});
    let schema_1 = json!({"schemaVersion": 1, "name": "alice/app", "tag": "x", "fsLayers": [], "signatures": []});

    let cases: Vec<(&str, Option<&str>, Vec<u8>, &str)> = vec![
        (
            "Content-Type against mediaType",
            Some(media::OCI_INDEX),
            text.clone().into(),
            "must agree",
        ),
        (
            "Docker's type against mediaType",
            Some(media::DOCKER_MANIFEST),
            text.clone().into(),
            "must agree",
        ),
        ("no type at all", None, without(&base, "mediaType").to_string().into(), "Content-Type"),
        (
            "a type nobody knows",
            Some("application/json"),
            without(&base, "mediaType").to_string().into(),
            "application/json",
        ),
        (
            "layers and manifests",
            oci,
            with(&base, "manifests", child).to_string().into(),
            "not both",
        ),
        (
            "an index with a config",
            Some(media::OCI_INDEX),
            with(&with(&base, "mediaType", json!(media::OCI_INDEX)), "manifests", json!([]))
                .to_string()
                .into(),
            "not both",
        ),
        (
            "a repeated key",
            oci,
            text.replacen("\"layers\"", "\"layers\":[],\"layers\"", 1).into(),
            "occurs twice",
        ),
        (
            "a repeated key inside",
            oci,
            text.replacen("\"size\":2", "\"size\":2,\"size\":3", 1).into(),
            "occurs twice",
        ),
        ("no config", oci, without(&base, "config").to_string().into(), "config"),
        ("no layers", oci, without(&base, "layers").to_string().into(), "layers"),
        (
            "a digest with a path",
            oci,
            with(&base, "layers", json!([bad_digest])).to_string().into(),
            "digest",
        ),
        ("a negative size", oci, text.replacen("\"size\":2", "\"size\":-2", 1).into(), "negative"),
        (
            "a number without bounds",
            oci,
            text.replacen("\"size\":2", "\"size\":1e999", 1).into(),
            "JSON",
        ),
        ("schema 1", None, schema_1.to_string().into(), "schema 1"),
        ("signed schema 1", Some(media::DOCKER_SCHEMA1), schema_1.to_string().into(), "schema 1"),
        (
            "schema 3",
            oci,
            with(&base, "schemaVersion", json!(3)).to_string().into(),
            "schemaVersion 3",
        ),
        ("a deep document", oci, deep.into(), "JSON"),
        ("too many layers", oci, with(&base, "layers", json!(many)).to_string().into(), "4096"),
        ("too many children", Some(media::OCI_INDEX), index.to_string().into(), "4096"),
        ("no JSON", oci, b"<xml/>".to_vec(), "JSON"),
        ("nothing", oci, Vec::new(), "JSON"),
        ("two documents", oci, format!("{text}{text}").into(), "JSON"),
        ("a list", oci, b"[]".to_vec(), "JSON"),
        ("bytes that are no text", oci, b"{\"a\":\"\xff\"}".to_vec(), "JSON"),
    ];
    for (what, content_type, body, words) in cases {
        for reference in ["x".to_owned(), sha256(&body)] {
            let mut ask = desk.client.put(&desk.repo.path(&format!("manifests/{reference}")));
            if let Some(content_type) = content_type {
                ask = ask.header("content-type", content_type);
            }
            let answer = ask.body(body.clone()).await;
            assert_eq!(answer.status(), 400, "{what}: {}", answer.story());
            answer.code("MANIFEST_INVALID").says(words);
            desk.repo.manifest(&reference).await.is(404);
        }
    }
}

#[tokio::test]
async fn the_type_of_a_manifest_comes_from_the_header_or_from_the_document() {
    let desk = Desk::new().await;
    let base = pushable(&desk.repo).await;
    let typeless = without(&base, "mediaType").to_string();

    let path = desk.repo.path("manifests/inside");
    desk.client.put(&path).body(base.to_string()).await.is(201);
    assert_eq!(desk.repo.manifest("inside").await.header("content-type"), media::OCI_MANIFEST);

    let sent = format!("{}; charset=utf-8", media::OCI_MANIFEST);
    let put = |tag: &str, content_type: &str| {
        let path = desk.repo.path(&format!("manifests/{tag}"));
        desk.client.put(&path).header("content-type", content_type).body(typeless.clone())
    };
    put("outside", &sent).await.is(201);
    assert_eq!(desk.repo.manifest("outside").await.header("content-type"), media::OCI_MANIFEST);

    // The same bytes under another type would be another thing to another reader (CVE-2021-41190).
    put("again", media::DOCKER_MANIFEST).await.is(201);
    for reference in ["outside", "again", &sha256(&typeless)] {
        let answer = desk.repo.manifest(reference).await.is(200);
        assert_eq!(answer.header("content-type"), media::OCI_MANIFEST, "{reference}");
    }
}
