//! `Accept`: what is stored is what is sent. Clients from before indexes get the one image they can
//! use.

use roadstead_testkit::{Index, Manifest, image, index, media};
use serde_json::{Value, json};

use crate::desk::Desk;

/// Docker images of two platforms under a list of the given type.
fn platforms(list_type: &str) -> Index {
    let one = |architecture: &str| {
        image().docker().architecture(architecture).file("arch", architecture).build()
    };
    let mut built = index([one("arm64"), one("amd64")]);
    let mut list: Value = serde_json::from_slice(&built.manifest.bytes).unwrap();
    list["mediaType"] = json!(list_type);
    built.manifest = Manifest::of(&list);
    built
}

#[tokio::test]
async fn what_is_stored_is_sent_to_whoever_takes_it() {
    let desk = Desk::new().await;
    let list = platforms(media::OCI_INDEX);
    desk.repo.push_index(&list, &["1"]).await;
    let path = desk.repo.path("manifests/1");
    let quality = format!("{};q=0.1, text/html", media::OCI_INDEX);

    for accept in [None, Some("*/*"), Some("text/html, */*;q=0.1"), Some(&*quality), Some("")] {
        let ask = desk.client.get(&path);
        let ask = match accept {
            Some(accept) => ask.header("accept", accept),
            None => ask,
        };
        let answer = ask.await.is(200);
        assert_eq!(answer.header("content-type"), media::OCI_INDEX, "{accept:?}");
        assert_eq!(answer.bytes(), &list.manifest.bytes);
    }
    let head = desk.client.head(&path).await.is(200);
    assert_eq!(head.header("content-type"), media::OCI_INDEX, "as curl asks");
    let lines = [media::DOCKER_MANIFEST, "application/json", media::OCI_INDEX];
    let ask = lines.iter().fold(desk.client.get(&path), |ask, line| ask.header("accept", *line));
    assert_eq!(ask.await.is(200).header("docker-content-digest"), list.manifest.digest);
}

#[tokio::test]
async fn a_client_from_before_indexes_gets_the_image_for_its_machine() {
    let desk = Desk::new().await;
    for list_type in [media::OCI_INDEX, media::DOCKER_LIST] {
        let list = platforms(list_type);
        desk.repo.push_index(&list, &["1"]).await;
        let amd64 = &list.children[1].manifest;
        let path = desk.repo.path("manifests/1");
        let legacy = || desk.client.get(&path).header("accept", media::DOCKER_MANIFEST);

        let answer = legacy().await.is(200);

        assert_eq!(answer.header("content-type"), media::DOCKER_MANIFEST);
        assert_eq!(answer.header("docker-content-digest"), amd64.digest);
        assert_eq!(answer.bytes(), &amd64.bytes);
        assert_eq!(answer.header("vary").to_lowercase(), "accept");
        let head = desk.client.head(&path).header("accept", media::DOCKER_MANIFEST).await.is(200);
        assert_eq!(head.header("docker-content-digest"), amd64.digest);
        assert_eq!(head.header("content-length"), amd64.bytes.len().to_string());
        legacy().header("if-none-match", format!("\"{}\"", amd64.digest)).await.is(304);
        legacy().header("if-none-match", format!("\"{}\"", list.manifest.digest)).await.is(200);
        // A cache in between must not give the list to the one and the image to the other.
        let modern = desk.repo.manifest("1").await.is(200);
        assert_eq!(modern.header("content-type"), list_type);
        assert_eq!(modern.header("vary").to_lowercase(), "accept");
    }
}

#[tokio::test]
async fn nothing_is_ever_converted() {
    let desk = Desk::new().await;
    let docker = image().docker().build();
    let arm = index([image().docker().architecture("arm64").build()]);
    let list = platforms(media::OCI_INDEX);
    desk.repo.push(&docker, &["docker"]).await;
    desk.repo.push_index(&arm, &["arm"]).await;
    desk.repo.push_index(&list, &["list"]).await;

    for (reference, accept) in [
        ("docker", media::OCI_MANIFEST),
        ("docker", media::DOCKER_SCHEMA1),
        ("arm", media::DOCKER_MANIFEST),
        ("list", media::OCI_MANIFEST),
        // A digest names bytes, so a child is no answer.
        (&list.manifest.digest, media::DOCKER_MANIFEST),
    ] {
        let path = desk.repo.path(&format!("manifests/{reference}"));
        let answer = desk.client.get(&path).header("accept", accept).await.is(404);
        answer.code("MANIFEST_UNKNOWN").says("does not accept");
        desk.client.head(&path).header("accept", accept).await.is(404);
    }
}
