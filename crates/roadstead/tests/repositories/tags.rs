use roadstead_testkit::{Hub, image, index, media};
use serde_json::{Value, json};

const TAGS: &str = "/v2/repositories/alice/app/tags";

fn names(page: &Value) -> Vec<&str> {
    page["results"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn tags_are_listed_the_newest_first_with_what_they_hold() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let repo = alice.repo("alice/app");
    let plain = image().layer("some bytes").architecture("riscv64").build();
    let both = index([image().build(), image().architecture("arm64").build()]);
    repo.push(&plain, &["a", "c"]).await;
    let digest = repo.push_index(&both, &["b"]).await;
    let nobody = hub.anonymous();

    let page =
        nobody.get(&format!("{TAGS}/?page_size=1000&ordering=last_updated")).await.is(200).json();
    assert_eq!(names(&page), ["b", "c", "a"]);
    let ordered = async |query: &str| nobody.get(&format!("{TAGS}?{query}")).await.is(200).json();
    assert_eq!(names(&ordered("ordering=-name").await), ["a", "b", "c"]);
    assert_eq!(names(&ordered("ordering=name&page_size=2").await), ["c", "b"]);
    assert_eq!(names(&ordered("architecture=arm64").await), ["b"]);
    assert_eq!(names(&ordered("name=A").await), ["a"]);
    nobody.get(&format!("{TAGS}?ordering=size")).await.is(400);
    nobody.get(&format!("{TAGS}?page=2")).await.is(404);

    let tag = &page["results"][0];
    assert_eq!((&tag["digest"], &tag["media_type"]), (&json!(digest), &json!(media::OCI_INDEX)));
    assert_eq!((&tag["last_updater_username"], &tag["v2"]), (&json!("alice"), &json!(true)));
    assert_eq!((&tag["tag_status"], &tag["content_type"]), (&json!("active"), &json!("image")));
    let child = &both.children[1];
    let size: usize = child.blobs.iter().map(|blob| blob.bytes.len()).sum();
    let arm = &tag["images"][1];
    assert_eq!((&arm["os"], &arm["architecture"]), (&json!("linux"), &json!("arm64")));
    assert_eq!((&arm["digest"], &arm["size"]), (&json!(child.manifest.digest), &json!(size)));
    let single = &page["results"][1];
    assert_eq!(single["images"][0]["architecture"], "riscv64", "read from the config");
    assert_eq!(single["full_size"], single["images"][0]["size"]);
    let id = single["id"].as_u64().unwrap();
    assert!(id < 1 << 53 && id != page["results"][2]["id"].as_u64().unwrap());

    repo.push(&image().file("x", "y").build(), &["c"]).await;
    let path = "/v2/namespaces/alice/repositories/app/tags/c";
    let moved = nobody.get(path).await.is(200).json();
    assert_eq!(moved["id"], id, "a tag that moves stays the same tag");
    assert_ne!(moved["digest"], single["digest"]);
    nobody.head(&format!("{path}/")).await.is(200);
    nobody.get(&format!("{TAGS}/none")).await.is(404).says("tag 'none' not found");
    let images = nobody.get(&format!("{TAGS}/b/images")).await.is(200).json();
    assert_eq!(images.as_array().unwrap().len(), 2);
    let layer = &images[0]["layers"][0];
    assert_eq!(layer["digest"], both.children[0].layers()[0].digest);
    assert_eq!(layer["instruction"], "testkit");
}

#[tokio::test]
async fn a_tag_is_deleted_by_its_owner_and_its_history_brings_it_back() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await.signed_in().await);
    let repo = alice.repo("alice/app");
    let first = repo.push(&image().build(), &["1"]).await;
    let second = repo.push(&image().file("a", "b").build(), &["1"]).await;
    let api = alice.signed_in().await;
    bob.delete(&format!("{TAGS}/1")).await.is(403);

    api.delete(&format!("{TAGS}/1/")).await.is(204);

    api.get(&format!("{TAGS}/1")).await.is(404);
    api.delete(&format!("{TAGS}/1")).await.is(404);
    let history = "/api/v1/repositories/alice/app/tags/1/history";
    let moves = bob.get(history).await.is(200).json();
    let told = |step: &Value| (step["from"].clone(), step["to"].clone());
    let steps: Vec<_> = moves["results"].as_array().unwrap().iter().map(told).collect();
    let (one, two) = (json!(first), json!(second));
    assert_eq!(
        steps,
        [(two.clone(), Value::Null), (one.clone(), two.clone()), (Value::Null, one.clone()),]
    );
    assert_eq!(moves["results"][0]["moved_by"], "alice");
    let page = bob.get(&format!("{history}?page=2&page_size=2")).await.is(200).json();
    assert_eq!((&page["count"], &page["results"][0]["to"]), (&json!(3), &one));

    let restore = "/api/v1/repositories/alice/app/tags/1/restore";
    let to = |digest: &str| json!({ "digest": digest });
    bob.post(restore).json(&to(&first)).await.is(403);
    api.post(restore).json(&to(&first)).await.is(200);
    repo.manifest("1").await.is(200);
    assert_eq!(repo.manifest("1").await.header("docker-content-digest"), first);
    let other = "/api/v1/repositories/alice/app/tags/other/restore";
    api.post(other).json(&to(&first)).await.is(404).says("never stood at");
    repo.delete_manifest(&second).await.is(202);
    api.post(restore).json(&to(&second)).await.is(409).says("was deleted");
    api.post(restore).json(&to("sha256:short")).await.is(400);
}
