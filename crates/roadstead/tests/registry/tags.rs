//! Tags: several in one push, and moves that only happen from where the client thinks they stand.

use roadstead_testkit::{Ask, Image, Repo, image, media};

use crate::desk::Desk;

async fn pushed(repo: &Repo, label: &str) -> Image {
    let image = image().file("label", label).build();
    repo.push(&image, &[]).await;
    image
}

fn put(desk: &Desk, reference: &str, query: &str, image: &Image) -> Ask {
    let path = desk.repo.path(&format!("manifests/{reference}{query}"));
    let ask = desk.client.put(&path).header("content-type", media::OCI_MANIFEST);
    ask.body(image.manifest.bytes.clone())
}

async fn digest_of(repo: &Repo, tag: &str) -> String {
    repo.head_manifest(tag).await.is(200).header("docker-content-digest")
}

/// distribution-spec main, end-7b.
#[tokio::test]
async fn one_push_by_digest_moves_many_tags_or_none() {
    let desk = Desk::new().await;
    let (old, new) = (pushed(&desk.repo, "old").await, pushed(&desk.repo, "new").await);
    desk.repo.put_manifest("3", &old.manifest).await.is(201);
    let query = |tags: &mut dyn Iterator<Item = String>| {
        let tags: Vec<_> = tags.map(|tag| format!("tag={tag}")).collect();
        format!("?{}", tags.join("&"))
    };
    let digest = &new.manifest.digest;
    let ten = query(&mut (0..10).map(|n| n.to_string()));

    let answer = put(&desk, digest, &ten, &new).await.is(201);
    assert_eq!(answer.header("oci-tag"), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
    for tag in 0..10 {
        assert_eq!(digest_of(&desk.repo, &tag.to_string()).await, *digest);
    }
    assert_eq!(desk.repo.tags().await.len(), 10);

    let hundred_and_one = query(&mut (0..101).map(|n| format!("many-{n}")));
    put(&desk, digest, &hundred_and_one, &new).await.is(414).says("100");
    let one_bad = query(&mut ["fine".to_owned(), "-bad".to_owned()].into_iter());
    put(&desk, digest, &one_bad, &new).await.is(400).code("TAG_INVALID").says("-bad");
    let long = query(&mut ["x".repeat(129)].into_iter());
    put(&desk, digest, &long, &new).await.is(400).code("TAG_INVALID");
    put(&desk, "by-tag", "?tag=other", &new).await.is(400).code("TAG_INVALID");
    put(&desk, &old.manifest.digest, "?tag=fine", &new).await.is(400).code("DIGEST_INVALID");
    assert_eq!(desk.repo.tags().await.len(), 10, "a refused push moves nothing");

    let twice = put(&desk, digest, "?tag=twice&tag=twice&ns=docker.io", &new).await.is(201);
    assert_eq!(twice.header("oci-tag"), "twice");
}

#[tokio::test]
async fn a_tag_moves_only_from_where_the_client_expects_it() {
    let desk = Desk::new().await;
    let (a, b) = (pushed(&desk.repo, "a").await, pushed(&desk.repo, "b").await);
    let (etag_a, etag_b) =
        (format!("\"{}\"", a.manifest.digest), format!("\"{}\"", b.manifest.digest));
    let put =
        |image: &Image, name: &str, value: &str| put(&desk, "ci", "", image).header(name, value);

    put(&a, "if-match", &etag_a).await.is(412);
    desk.repo.manifest("ci").await.is(404);
    put(&a, "if-none-match", "*").await.is(201);
    put(&b, "if-none-match", "*").await.is(412);
    put(&b, "if-match", &etag_b).await.is(412);
    put(&b, "if-match", "nonsense").await.is(412);
    put(&b, "if-none-match", &etag_b).await.is(412);
    assert_eq!(digest_of(&desk.repo, "ci").await, a.manifest.digest);

    put(&b, "if-match", &etag_a).await.is(201);
    assert_eq!(digest_of(&desk.repo, "ci").await, b.manifest.digest);
    let delete = |etag: &str| desk.repo.delete_manifest("ci").header("if-match", etag);
    delete(&etag_a).await.is(412);
    assert_eq!(digest_of(&desk.repo, "ci").await, b.manifest.digest);
    delete(&etag_b).await.is(202);
    desk.repo.manifest("ci").await.is(404);
}

/// Of several who all saw the same state, exactly one may move the tag.
#[tokio::test]
async fn compare_and_set_lets_one_of_many_through() {
    let desk = Desk::new().await;
    let first = pushed(&desk.repo, "first").await;
    desk.repo.put_manifest("ci", &first.manifest).await.is(201);
    let etag = format!("\"{}\"", first.manifest.digest);
    let mut images = Vec::new();
    for number in 0..8 {
        images.push(pushed(&desk.repo, &number.to_string()).await);
    }

    let pushes = images.iter().map(|image| {
        let ask = put(&desk, "ci", "", image).header("if-match", &etag);
        tokio::spawn(async move { ask.await.status() })
    });
    let mut statuses = Vec::new();
    for push in pushes.collect::<Vec<_>>() {
        statuses.push(push.await.unwrap());
    }

    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 201 | 412)), "{statuses:?}");
    let winner = statuses.iter().position(|status| *status == 201).unwrap();
    assert_eq!(digest_of(&desk.repo, "ci").await, images[winner].manifest.digest);
}

#[tokio::test]
async fn tags_differ_by_case_and_may_look_like_anything_a_tag_may_be() {
    let desk = Desk::new().await;
    let (upper, lower) = (pushed(&desk.repo, "V1").await, pushed(&desk.repo, "v1").await);
    desk.repo.put_manifest("V1", &upper.manifest).await.is(201);
    desk.repo.put_manifest("v1", &lower.manifest).await.is(201);
    assert_eq!(digest_of(&desk.repo, "V1").await, upper.manifest.digest);
    assert_eq!(digest_of(&desk.repo, "v1").await, lower.manifest.digest);

    let longest = "x".repeat(128);
    let like_a_digest = lower.manifest.digest.replace(':', "-");
    for tag in ["_", "0", "a.b-c_d", "tags", "list", "manifests", &longest, &like_a_digest] {
        desk.repo.put_manifest(tag, &lower.manifest).await.is(201);
        assert_eq!(digest_of(&desk.repo, tag).await, lower.manifest.digest);
    }
    for tag in ["x".repeat(129).as_str(), ".x", "-x", "a+b", "a%20b", "%C3%A4", "a%25"] {
        desk.repo.put_manifest(tag, &lower.manifest).await.is(400).code("TAG_INVALID");
        desk.repo.manifest(tag).await.is(400).code("TAG_INVALID");
    }
}
