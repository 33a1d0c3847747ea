//! The rate limit of the API.

use roadstead_testkit::{Answer, Client, Hub};

async fn ask(client: &Client, from: &str) -> Answer {
    client.get("/v2/user/orgs").header("x-forwarded-for", from).await
}

#[tokio::test]
async fn requests_of_a_minute_are_counted_for_each_account_and_address() {
    let options = ["--trusted-proxy", "127.0.0.1", "--api-limit", "20"];
    let hub = Hub::with().args(options).start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    let (alice, bob) = (alice.signed_in().await, bob.signed_in().await);
    let nobody = hub.anonymous();

    let first = ask(&alice, "192.0.2.1").await.is(200);
    assert_eq!(first.header("x-ratelimit-limit"), "20");
    let left: u64 = first.header("x-ratelimit-remaining").parse().unwrap();
    assert_eq!(left, 19);
    let reset: u64 = first.header("x-ratelimit-reset").parse().unwrap();
    assert_eq!(reset % 60, 0);
    // Two minutes may meet here, and then the count begins anew once.
    let mut answers = Vec::new();
    for _ in 0..45 {
        answers.push(ask(&alice, "192.0.2.1").await);
    }
    let refused = answers.into_iter().find(|answer| answer.status() != 200);
    let refused = refused.expect("more than two minutes' worth").is(429);
    assert_eq!(refused.header("x-ratelimit-remaining"), "0");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(refused.header("x-retry-after"), refused.header("x-ratelimit-reset"));
    let told = refused.json();
    assert!(told["detail"].as_str().unwrap().starts_with("Rate limit exceeded: 20 requests"));

    ask(&bob, "192.0.2.1").await.is(200);
    ask(&alice, "192.0.2.2").await.is(200);
    ask(&nobody, "192.0.2.1").await.is(401);
    ask(&hub.token("no.token.atall"), "192.0.2.1").await.is(401);
    let registry = nobody.get("/v2/").await.is(401);
    assert_eq!(registry.maybe_header("x-ratelimit-limit"), None, "pulls have limits of their own");
}
