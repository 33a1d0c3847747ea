use roadstead_testkit::{Answer, Client, Hub, User, image, index};
use serde_json::json;

use crate::sessions;

/// What a field of a form on the page holds.
fn field(page: &Answer, name: &str) -> String {
    let text = page.text();
    let (_, rest) = text.split_once(&format!("name=\"{name}\" value=\"")).expect("the field");
    rest.split('"').next().unwrap().to_owned()
}

/// A repository with a tag that moved: `1.0` is where it was, `latest` and `2.0` are where it is.
async fn furnished() -> (Hub, User, Client) {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let repo = alice.repo("alice/tides");
    let first = image().file("base", "base").file("app", "one").build();
    let second = image().file("base", "base").file("app", "two").build();
    repo.push(&first, &["1.0", "latest"]).await;
    repo.push(&second, &["2.0", "latest"]).await;
    let own = alice.basic();
    (hub, alice, own)
}

#[tokio::test]
async fn a_tag_is_deleted_after_a_page_said_what_stays() {
    let (hub, alice, own) = furnished().await;
    let path = "/alice/tides/tags/latest/delete";

    own.get("/alice/tides/tags").await.is(200).says(&format!("href=\"{path}\""));
    let asked = own.get(path).await.is(200).says("Delete tag latest?").says(">2.0<");
    assert!(!asked.text().contains(">1.0<"), "it stands elsewhere");
    hub.anonymous().get(path).await.is(401);
    hub.user("bob").await.basic().get(path).await.is(403);

    let digest = field(&asked, "digest");
    own.post(path).form(&[]).await.is(422).says("moved since this page was opened");
    let other = field(&own.get("/alice/tides/tags/1.0/delete").await.is(200), "digest");
    own.post(path).form(&[("digest", &*other)]).await.is(422);
    let done = own.post(path).form(&[("digest", &*digest)]).await.is(303);
    assert_eq!(done.header("location"), "/alice/tides/tags");
    assert!(done.header("set-cookie").contains("Tag+latest+was+deleted."));
    assert_eq!(alice.repo("alice/tides").tags().await, ["1.0", "2.0"]);
    own.post(path).form(&[("digest", &*digest)]).await.is(404);
}

#[tokio::test]
async fn a_form_without_the_mark_of_the_session_deletes_nothing() {
    let (hub, alice, _) = furnished().await;
    let nobody = hub.anonymous();
    let done = sessions::sign_in(&nobody, "alice", &alice.password, "/").await.is(303);
    let cookie = sessions::cookie(&done);
    let path = "/alice/tides/tags/1.0/delete";
    let page = sessions::with(nobody.get(path), &cookie).await.is(200);
    let (digest, mark) = (field(&page, "digest"), sessions::mark(&page.text()));
    let send = async |mark: &str| {
        let form = [("digest", &*digest), ("mark", mark)];
        sessions::with(nobody.post(path).form(&form), &cookie).await
    };

    send("").await.is(403).says("open the page again");
    let restore = "/alice/tides/tags/latest/restore";
    let form = [("digest", &*digest), ("mark", "")];
    sessions::with(nobody.post(restore).form(&form), &cookie).await.is(403);
    send(&mark).await.is(303);
}

#[tokio::test]
async fn an_immutable_tag_is_not_deleted_and_the_rule_is_named() {
    let (_hub, alice, own) = furnished().await;
    let api = alice.signed_in().await;
    let rules = json!({"immutable_tags": true, "immutable_tags_rules": ["[0-9].*"]});
    api.patch("/v2/namespaces/alice/repositories/tides/immutabletags").json(&rules).await.is(200);
    let path = "/alice/tides/tags/1.0/delete";
    let digest = field(&own.get(path).await.is(200), "digest");

    let refused = own.post(path).form(&[("digest", &*digest)]).await.is(422);
    refused.says("Tag 1.0 is immutable and cannot be deleted.").says("rules for immutable tags");
    assert_eq!(alice.repo("alice/tides").tags().await, ["1.0", "2.0", "latest"]);
}

#[tokio::test]
async fn a_tag_is_put_back_where_its_history_says_it_stood() {
    let (hub, alice, own) = furnished().await;
    let path = "/alice/tides/tags/latest/history";

    let nobody = hub.anonymous().get(path).await.is(200).says("2 moves").says("What changed");
    assert!(!nobody.text().contains("/restore"), "nobody else may");
    let page = own.get(path).await.is(200).says("href=\"/alice\"");
    let first = field(&page, "digest");
    let form = [("digest", &*first)];
    hub.anonymous().post("/alice/tides/tags/latest/restore").form(&form).await.is(401);
    hub.user("bob")
        .await
        .basic()
        .post("/alice/tides/tags/latest/restore")
        .form(&form)
        .await
        .is(403);

    let done = own.post("/alice/tides/tags/latest/restore").form(&form).await.is(303);
    assert_eq!(done.header("location"), path);
    let stands = alice.repo("alice/tides").manifest("latest").await.is(200);
    assert_eq!(stands.header("docker-content-digest"), first);
    own.get(path).await.is(200).says("3 moves");
    let never = format!("sha256:{}", "0".repeat(64));
    let form = [("digest", &*never)];
    own.post("/alice/tides/tags/latest/restore").form(&form).await.is(422).says("never stood at");
    own.get("/alice/tides/tags/never/history").await.is(404);
}

#[tokio::test]
async fn two_images_are_laid_side_by_side() {
    let (hub, alice, _) = furnished().await;
    let nobody = hub.anonymous();

    nobody.get("/alice/tides/compare").await.is(200).says("Name two tags or digests");
    let page = nobody.get("/alice/tides/compare?from=1.0&to=2.0").await.is(200);
    page.says("1 layer in common").says("Layers that only <span class=\"mono\">1.0</span> has");
    nobody.get("/alice/tides/compare?from=2.0&to=latest").await.is(200).says("the same layers");
    let gone = nobody.get("/alice/tides/compare?from=2.0&to=9.9").await.is(200);
    gone.says("There is no “9.9” here");
    let digest = alice.repo("alice/tides").manifest("1.0").await.header("docker-content-digest");
    let by_digest = format!("/alice/tides/compare?from={digest}&to=2.0");
    nobody.get(&by_digest).await.is(200).says("1 layer in common");

    let images = ["amd64", "arm64"].map(|it| image().file("hello", it).architecture(it).build());
    alice.repo("alice/tides").push_index(&index(images), &["multi"]).await;
    let page = nobody.get("/alice/tides/compare?from=1.0&to=multi").await.is(200);
    page.says("linux/amd64").says("no layer in common");
    let page = nobody.get("/alice/tides/compare?from=multi&to=multi&platform=linux/arm64").await;
    page.is(200).says("aria-current=\"true\">linux/arm64");
}

#[tokio::test]
async fn an_image_shows_its_platforms_and_what_refers_to_it() {
    let (hub, alice, _) = furnished().await;
    let images = ["amd64", "arm64"].map(|it| image().file("hello", it).architecture(it).build());
    let index = index(images);
    let repo = alice.repo("alice/tides");
    repo.push_index(&index, &["3.0"]).await;
    for kind in ["application/spdx+json", "application/vnd.cncf.notary.signature", "text/<b>"] {
        let artifact = image().layer(kind).artifact(kind).subject(&index.manifest).build();
        repo.push(&artifact, &[]).await;
    }

    let page = hub.anonymous().get("/alice/tides/tags/3.0").await.is(200);
    let page = page.says("Images of this index").says("2 images").says("Bill of materials");
    let page = page.says("Signature").says("ctr images pull").says("skopeo copy");
    assert!(!page.text().contains("text/<b>"));
    hub.anonymous().get("/alice/tides/tags").await.is(200).says("also <a class=\"mono\"");
    hub.anonymous().get("/alice/tides/insights").await.is(200).says("Storage by tag");
}

#[tokio::test]
async fn versions_are_listed_as_versions() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let tags = ["1.9.0", "1.10.0", "1.10.0-rc1", "latest"];
    alice.repo("alice/tides").push(&image().build(), &tags).await;

    let page = hub.anonymous().get("/alice/tides/tags?sort=version").await.is(200).text();
    let at = |tag: &str| {
        page.find(&format!("scope=\"row\"><a class=\"mono\" href=\"/alice/tides/tags/{tag}\""))
    };
    let places = ["1.10.0", "1.10.0-rc1", "1.9.0", "latest"].map(at);
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
}
