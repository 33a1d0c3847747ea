//! Search over HTTP: what is found, by whom, and how soon.

use roadstead_testkit::{Client, Hub, User, eventually};
use serde_json::{Value, json};

async fn make(owner: &Client, namespace: &str, name: &str, description: &str, is_private: bool) {
    let form = json!({"namespace": namespace, "name": name, "description": description,
        "is_private": is_private});
    owner.post("/v2/repositories/").json(&form).await.is(201);
}

/// What `docker search` shows to a caller.
async fn names(caller: &Client, term: &str) -> Vec<String> {
    let found = caller.get(&format!("/v1/search?q={term}&n=25")).await.is(200).json();
    let results = found["results"].as_array().unwrap().clone();
    assert_eq!(found["num_results"], results.len(), "{found}");
    results.iter().map(|result| result["name"].as_str().unwrap().to_owned()).collect()
}

/// A hub of alice's with `alice/web-server` and the private `alice/web-secret`, both searchable.
async fn searchable() -> (Hub, User) {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let owner = alice.signed_in().await;
    make(&owner, "alice", "web-server", "serves pages", false).await;
    make(&owner, "alice", "web-secret", "", true).await;
    let both = async || (names(&alice.basic(), "web").await.len() == 2).then_some(());
    eventually("both can be found", 2, both).await;
    (hub, alice)
}

#[tokio::test]
async fn private_repositories_are_found_by_those_who_may_read_them_alone() {
    let (hub, alice) = searchable().await;
    let bob = hub.user("bob").await;
    let token = alice.bearer(&["registry:catalog:search"]).await;

    for caller in [hub.anonymous(), bob.basic(), bob.signed_in().await] {
        assert_eq!(names(&caller, "web").await, ["alice/web-server"]);
        assert_eq!(names(&caller, "secret").await, [""; 0]);
    }
    for caller in [alice.basic(), alice.signed_in().await, token] {
        assert_eq!(names(&caller, "secret").await, ["alice/web-secret"]);
    }
    hub.anonymous().with_basic("alice", "wrong").get("/v1/search?q=web").await.is(401);
}

#[tokio::test]
async fn each_client_gets_the_answer_it_knows() {
    let (hub, _) = searchable().await;
    let nobody = hub.anonymous();

    let ping = nobody.get("/v1/_ping").await.is(200);
    assert_eq!(
        (ping.text().as_str(), ping.header("x-docker-registry-standalone").as_str()),
        ("true", "true")
    );
    let docker = nobody.get("/v1/search?q=alice%2Fweb-server").await.is(200).json();
    assert_eq!(
        docker,
        json!({"query": "alice/web-server", "num_results": 1, "num_pages": 1, "page": 1, "page_size": 25,
            "results": [{"name": "alice/web-server", "description": "serves pages", "star_count": 0,
                "is_official": false, "is_automated": false, "is_trusted": false}]})
    );
    let listed =
        nobody.get("/v2/search/repositories/?query=pages&page_size=1").await.is(200).json();
    assert_eq!((&listed["count"], &listed["next"]), (&json!(1), &Value::Null));
    assert_eq!(listed["results"][0]["repo_name"], "alice/web-server");
    for path in ["/api/search/v3/catalog/search", "/api/search/v4"] {
        let found = nobody.get(&format!("{path}?query=web-sever&size=5")).await.is(200).json();
        assert_eq!((&found["total"], &found["results"][0]["pull_count"]), (&json!(1), &json!("0")));
        let none = nobody.get(&format!("{path}?query=web&badges=official")).await.is(200).json();
        assert_eq!(none, json!({"total": 0, "results": []}));
    }
}

#[tokio::test]
async fn our_own_search_has_every_filter_and_refuses_what_means_nothing() {
    let (hub, alice) = searchable().await;
    let count = async |client: &Client, query: &str| {
        let found = client.get(&format!("/api/v1/search?{query}")).await.is(200).json();
        found["count"].as_u64().unwrap()
    };
    let (nobody, alice) = (hub.anonymous(), alice.signed_in().await);

    let all = count(&nobody, "").await;
    assert!(all > 0);
    assert_eq!(count(&nobody, "owner=alice").await, all);
    assert_eq!(count(&nobody, "owner=nobody-there").await, 0);
    assert_eq!(count(&nobody, "official=true").await, 0);
    assert_eq!(count(&nobody, "private=true").await, 0);
    assert!(count(&alice, "private=true").await > 0);
    assert_eq!(count(&nobody, "updated_since=2199-01-01T00:00:00Z").await, 0);
    let found = nobody.get("/api/v1/search?q=web-server&sort=updated").await.is(200).json();
    assert_eq!(found["results"][0]["name"], "web-server");
    for wrong in ["sort=size", "official=perhaps", "updated_since=yesterday"] {
        nobody.get(&format!("/api/v1/search?{wrong}")).await.is(400);
    }
}

#[tokio::test]
async fn a_question_out_of_bounds_is_told_the_bound() {
    let hub = Hub::start().await;
    let nobody = hub.anonymous();

    let long = "x".repeat(301);
    nobody.get(&format!("/v1/search?q={long}")).await.is(400).says("at most 300 bytes");
    nobody.get("/v1/search?q=a+b+c+d+e+f+g+h+i+j+k").await.is(400).says("at most 10 words");
    nobody.get("/v1/search?q=a&page=999999999999").await.is(400).says("narrow it down");
    nobody.get("/api/search/v4?from=99999").await.is(400).says("first 10000 results");
    nobody.get("/v1/search?q=a&n=100000&page=x").await.is(200).says("\"page_size\":100");
    nobody.get("/v1/search").await.is(200);
}

#[tokio::test]
async fn an_index_that_is_lost_or_damaged_is_built_anew() {
    let (mut hub, alice) = searchable().await;
    hub.stop().await;
    let folder = hub.data_dir().join("search");
    for entry in std::fs::read_dir(&folder).unwrap() {
        std::fs::write(entry.unwrap().path().join("meta.json"), "{").unwrap();
    }

    hub.restart().await;

    assert_eq!(names(&alice.at(&hub.url()).basic(), "web").await.len(), 2);
    hub.admin("search rebuild").run().await.succeeds();
    let numbers = || std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
    let before: Vec<_> = numbers().collect();
    let rebuilt =
        async || (numbers().collect::<Vec<_>>() != before && numbers().count() == 1).then_some(());
    eventually("a new index takes the place of the old", 20, rebuilt).await;
    assert_eq!(names(&alice.at(&hub.url()).basic(), "web").await.len(), 2);
}
