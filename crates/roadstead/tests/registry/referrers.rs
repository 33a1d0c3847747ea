//! Referrers: what points at a manifest (distribution-spec, "Listing Referrers").

use roadstead_testkit::{Answer, Image, Manifest, image, index, media, sha256};
use serde_json::{Value, json};

use crate::desk::{Desk, next_page};

fn digests(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    assert_eq!(answer.header("content-type"), media::OCI_INDEX);
    assert_eq!((&json["schemaVersion"], &json["mediaType"]), (&json!(2), &json!(media::OCI_INDEX)));
    let entries = json["manifests"].as_array().expect("a list").iter();
    entries.map(|entry| entry["digest"].as_str().unwrap().to_owned()).collect()
}

fn signature(subject: &Manifest, text: &str) -> Image {
    image().artifact("application/x.sig").subject(subject).annotation("by", text).build()
}

#[tokio::test]
async fn referrers_are_listed_with_all_that_describes_them() {
    let desk = Desk::new().await;
    let subject = image().build();
    desk.repo.push(&subject, &["1"]).await;
    let sig = signature(&subject.manifest, "me");
    let plain = image().subject(&subject.manifest).file("plain", "image").build();
    let mut listing: Value = serde_json::from_slice(&index([]).manifest.bytes).unwrap();
    listing["subject"] = subject.manifest.descriptor();
    listing["annotations"] = json!({"x": "y"});
    let listing = Manifest::of(&listing);

    for blob in sig.blobs.iter().chain(&plain.blobs) {
        desk.repo.push_blob(blob.bytes.clone()).await;
    }
    for (reference, manifest) in
        [(&*sig.manifest.digest, &sig.manifest), ("plain", &plain.manifest), ("idx", &listing)]
    {
        let pushed = desk.repo.put_manifest(reference, manifest).await.is(201);
        assert_eq!(pushed.header("oci-subject"), subject.manifest.digest);
        desk.repo.put_manifest(reference, manifest).await.is(201);
    }

    let answer = desk.repo.referrers(&subject.manifest.digest, "").await.is(200);
    assert_eq!(answer.maybe_header("oci-filters-applied"), None);
    let entries = answer.json()["manifests"].clone();
    let expected =
        |manifest: &Manifest, artifact_type: Option<&str>, annotations: Option<Value>| {
            let mut entry = manifest.descriptor();
            if let Some(artifact_type) = artifact_type {
                entry["artifactType"] = json!(artifact_type);
            }
            if let Some(annotations) = annotations {
                entry["annotations"] = annotations;
            }
            entry
        };
    assert_eq!(
        entries,
        json!([
            expected(&sig.manifest, Some("application/x.sig"), Some(json!({"by": "me"}))),
            expected(&plain.manifest, Some(media::OCI_CONFIG), None),
            expected(&listing, None, Some(json!({"x": "y"}))),
        ])
    );
    for (filter, expected) in [
        ("application/x.sig", vec![&sig.manifest.digest]),
        ("application%2Fx.sig", vec![&sig.manifest.digest]),
        (media::OCI_CONFIG, vec![&plain.manifest.digest]),
        ("application/x.none", vec![]),
    ] {
        let query = format!("artifactType={filter}");
        let answer = desk.repo.referrers(&subject.manifest.digest, &query).await.is(200);
        assert_eq!(answer.header("oci-filters-applied"), "artifactType");
        assert_eq!(digests(&answer).iter().collect::<Vec<_>>(), expected, "{filter}");
    }
}

#[tokio::test]
async fn a_list_is_there_before_its_subject_and_before_the_repository() {
    let desk = Desk::new().await;
    let subject = image().build();
    let answer = desk.repo.referrers(&subject.manifest.digest, "").await.is(200);
    assert!(digests(&answer).is_empty());
    for bad in ["sha256:short", "latest", "sha256:..x", &subject.manifest.digest.to_uppercase()] {
        desk.repo.referrers(bad, "").await.is(400).code("DIGEST_INVALID");
    }

    let sig = signature(&subject.manifest, "early");
    desk.repo.push(&sig, &[]).await;
    let list = || desk.repo.referrers(&subject.manifest.digest, "");
    assert_eq!(digests(&list().await.is(200)), *std::slice::from_ref(&sig.manifest.digest));
    desk.repo.manifest(&subject.manifest.digest).await.is(404);

    // A list is of one repository: nobody else's is changed by it.
    let other = desk.other("alice/other").await;
    other.push(&subject, &["1"]).await;
    assert!(digests(&other.referrers(&subject.manifest.digest, "").await.is(200)).is_empty());
}

#[tokio::test]
async fn a_long_list_comes_in_pages_that_keep_the_filter() {
    let desk = Desk::new().await;
    let subject = image().build();
    let pad = "x".repeat(300 << 10);
    let mut signatures = Vec::new();
    for number in 0..8 {
        let kind = if number == 3 { "application/x.other" } else { "application/x.sig" };
        let builder = image().artifact(kind).subject(&subject.manifest);
        let built = builder.annotation("n", &number.to_string()).annotation("pad", &pad).build();
        signatures.push(desk.repo.push(&built, &[]).await);
    }

    assert_eq!(desk.repo.referrer_digests(&subject.manifest.digest).await, signatures);
    let path = desk.repo.path(&format!("referrers/{}", subject.manifest.digest));
    let mut next = Some(format!("{path}?artifactType=application/x.sig"));
    let (mut found, mut pages) = (Vec::new(), 0);
    while let Some(page) = next {
        let answer = desk.client.get(&page).await.is(200);
        assert_eq!(answer.header("oci-filters-applied"), "artifactType");
        assert!(answer.bytes().len() < 2 << 20, "a page of {} bytes", answer.bytes().len());
        found.extend(digests(&answer));
        next = next_page(&answer);
        pages += 1;
    }
    signatures.remove(3);
    assert_eq!(found, signatures);
    assert!(pages > 1, "all in one page");
    desk.client.get(&format!("{path}?after=x")).await.is(400);
}

/// Clients of registries without this list keep an index under a tag made of the digest.
#[tokio::test]
async fn a_fallback_tag_and_the_list_live_side_by_side() {
    let desk = Desk::new().await;
    let subject = image().build();
    desk.repo.push(&subject, &["1"]).await;
    let sig = signature(&subject.manifest, "me");
    desk.repo.push(&sig, &[]).await;
    let mut entry = sig.manifest.descriptor();
    entry["artifactType"] = json!("application/x.sig");
    let fallback = Manifest::of(
        &json!({"schemaVersion": 2, "mediaType": media::OCI_INDEX, "manifests": [entry]}),
    );
    let tag = subject.manifest.digest.replace(':', "-");

    desk.repo.put_manifest(&tag, &fallback).await.is(201);

    assert_eq!(desk.repo.manifest(&tag).await.is(200).bytes(), &fallback.bytes);
    assert_eq!(desk.repo.tags().await, ["1", &tag]);
    let list = desk.repo.referrer_digests(&subject.manifest.digest).await;
    assert_eq!(list, *std::slice::from_ref(&sig.manifest.digest), "once, though it is named twice");
    desk.repo.delete_manifest(&tag).await.is(202);
    assert_eq!(desk.repo.referrer_digests(&subject.manifest.digest).await, list);
}

#[tokio::test]
async fn a_deleted_referrer_is_gone_at_once_and_a_deleted_subject_keeps_its_list() {
    let desk = Desk::new().await;
    let subject = image().build();
    desk.repo.push(&subject, &["1"]).await;
    let first = desk.repo.push(&signature(&subject.manifest, "first"), &["sig"]).await;
    let second = desk.repo.push(&signature(&subject.manifest, "second"), &[]).await;
    let list = async || desk.repo.referrer_digests(&subject.manifest.digest).await;

    desk.repo.delete_manifest("sig").await.is(202);
    assert_eq!(list().await, [first.clone(), second.clone()], "a tag is only a name");
    desk.repo.delete_manifest(&first).await.is(202);
    assert_eq!(list().await, *std::slice::from_ref(&second));
    desk.repo.delete_manifest(&subject.manifest.digest).await.is(202);
    assert_eq!(list().await, *std::slice::from_ref(&second));
    desk.repo.manifest(&second).await.is(200);
    desk.repo.delete_manifest(&second).await.is(202);
    assert!(list().await.is_empty());
    assert!(desk.repo.referrer_digests(&sha256("never")).await.is_empty());
}
