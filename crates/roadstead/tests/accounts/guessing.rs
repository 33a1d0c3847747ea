//! Guessing passwords: one counter for all doors.

use roadstead_testkit::{Answer, Client, Hub};
use serde_json::json;

async fn login(client: &Client, name: &str, password: &str) -> Answer {
    let body = json!({"username": name, "password": password});
    client.post("/v2/users/login").json(&body).await
}

#[tokio::test]
async fn failures_at_any_door_count_together_and_access_tokens_still_work() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    let body = json!({"token_label": "ci", "scopes": ["repo:read"]});
    let made = api.post("/v2/access-tokens").json(&body).await.is(201).json();
    let secret = made["token"].as_str().unwrap().to_owned();
    let nobody = hub.anonymous();
    for guess in 0..10 {
        let password = format!("guess number {guess}");
        let basic = nobody.clone().with_basic("alice", &password);
        match guess % 3 {
            0 => basic.get("/token").await.is(401),
            1 => basic.get("/v2/").await.is(401),
            _ => login(&nobody, "alice", &password).await.is(401),
        };
    }

    let at_token = alice.basic().get("/token").await.is(429).code("TOOMANYREQUESTS");
    let at_registry = alice.basic().get("/v2/").await.is(429).code("TOOMANYREQUESTS");
    let at_api = login(&nobody, "alice", &alice.password).await.is(429);

    for answer in [at_token, at_registry, at_api] {
        let secs: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=900).contains(&secs), "{secs}");
    }
    nobody.clone().with_basic("alice", &secret).get("/v2/").await.is(200);
    // Who signed in before goes on working.
    api.get("/v2/access-tokens").await.is(200);
    // And others are not concerned.
    hub.user("bob").await.basic().get("/v2/").await.is(200);
}

#[tokio::test]
async fn a_login_tells_nothing_about_which_names_exist() {
    let hub = Hub::start().await;
    hub.user("alice").await;
    let nobody = hub.anonymous();

    let known = login(&nobody, "alice", "wrong password").await.is(401);
    let unknown = login(&nobody, "mallory", "wrong password").await.is(401);

    assert_eq!(known.text(), unknown.text());
    assert_eq!(known.json()["detail"], "Incorrect authentication credentials");
}
