use roadstead_testkit::{Client, Hub, image};
use serde_json::{Value, json};

async fn names(client: &Client, path: &str) -> Vec<String> {
    let answer = client.get(path).await.is(200).json();
    let results = answer["results"].as_array().unwrap();
    results.iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_namespace_is_listed_in_pages_for_those_who_may_see() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let (api, nobody) = (alice.signed_in().await, hub.anonymous());
    for (name, private) in [("one", false), ("two", false), ("three", true)] {
        let form = json!({"name": name, "namespace": "alice", "is_private": private});
        api.post("/v2/repositories/").json(&form).await.is(201);
    }
    alice.repo("alice/two").push(&image().build(), &["1"]).await;
    alice.repo("alice/one").push(&image().build(), &["1"]).await;

    let list = "/v2/namespaces/alice/repositories";
    assert_eq!(names(&api, list).await, ["one", "three", "two"]);
    assert_eq!(names(&nobody, "/v2/repositories/alice/").await, ["one", "two"]);
    assert_eq!(
        names(&api, &format!("{list}?ordering=-last_updated")).await,
        ["one", "two", "three"]
    );
    assert_eq!(names(&api, &format!("{list}?name=T&ordering=-name")).await, ["two", "three"]);
    let second = api.get(&format!("{list}?page=2&page_size=2")).await.is(200).json();
    assert_eq!((&second["count"], &second["results"][0]["name"]), (&json!(3), &json!("two")));
    assert_eq!(second["previous"], format!("{}{list}?page=1&page_size=2", hub.url()));
    assert_eq!(nobody.get(list).await.is(200).json()["count"], 2);

    api.get(&format!("{list}?page=3&page_size=2")).await.is(404);
    api.head(list).await.is(200);
    let refused = api.get(&format!("{list}?ordering=size")).await.is(400).json();
    assert!(refused["fields"]["ordering"][0].as_str().unwrap().contains("last_updated"));
    nobody.get("/v2/repositories/nobody-here/").await.is(404);
    hub.user("bob").await;
    let empty = nobody.get("/v2/repositories/bob/").await.is(200).json();
    assert_eq!(empty, json!({"count": 0, "next": null, "previous": null, "results": []}));
    let bare = nobody.get("/v2/users/alice/repositories/").await.is(200).json();
    assert_eq!(bare[1], json!({"namespace": "alice", "name": "two"}));
}

#[tokio::test]
async fn the_detail_object_tells_what_is_so() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    let image = image().build();
    alice.repo("alice/app").push(&image, &["1"]).await;
    let (alice, bob) = (alice.signed_in().await, bob.signed_in().await);
    let path = "/v2/repositories/alice/app/";
    bob.post(&format!("{path}stars/")).json(&json!({})).await.is(201);

    let theirs = bob.get(path).await.is(200).json();
    let size: usize = image.blobs.iter().map(|blob| blob.bytes.len()).sum();
    assert_eq!((&theirs["storage_size"], &theirs["star_count"]), (&json!(size), &json!(1)));
    assert_eq!((&theirs["has_starred"], &theirs["affiliation"]), (&json!(true), &Value::Null));
    assert_eq!(theirs["permissions"], json!({"read": true, "write": false, "admin": false}));
    let own = alice.get(path).await.is(200).json();
    assert_eq!((&own["has_starred"], &own["affiliation"]), (&json!(false), &json!("owner")));
    assert_eq!(own["immutable_tags_settings"], json!({"enabled": false, "rules": []}));
    assert!(own["last_updated"].as_str().unwrap().ends_with('Z'));
}
