//! `/token`: who asks, for what, and what the token is good for.

use roadstead_testkit::{Answer, Client, Hub, User, image};
use serde_json::Value;

const PULL: &str = "repository:alice/app:pull";

fn token(answer: Answer) -> String {
    let body = answer.is(200).json();
    assert_eq!(body["token"], body["access_token"]);
    assert!(body["expires_in"].as_u64().unwrap() >= 60);
    body["token"].as_str().unwrap().to_owned()
}

/// A hub where Alice has pushed `alice/app:1`.
async fn with_app() -> (Hub, User) {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().file("hello", "world").build(), &["1"]).await;
    (hub, alice)
}

async fn password_grant(client: &Client, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("grant_type", "password"), ("service", "roadstead")];
    fields.extend(more);
    client.post("/token").form(&fields).await
}

async fn refresh_grant(client: &Client, token: &str) -> Answer {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", PULL)];
    client.post("/token").form(&fields).await
}

#[tokio::test]
async fn anybody_gets_a_token_and_with_it_what_is_public() {
    let (hub, _) = with_app().await;
    let nobody = hub.anonymous();
    let path = format!("/token?service=roadstead&scope={PULL},push");

    // The conformance program sends a lone colon when it has no credentials.
    for asker in [nobody.clone(), nobody.clone().with_basic("", "")] {
        let token = token(asker.get(&path).await);
        let caller = hub.token(&token);
        caller.get("/v2/").await.is(200);
        caller.get("/v2/alice/app/manifests/1").await.is(200);
        caller.post("/v2/alice/app/blobs/uploads/").await.is(403).code("DENIED");
    }
}

#[tokio::test]
async fn scopes_come_repeated_and_joined_by_get_and_by_post() {
    let (hub, alice) = with_app().await;
    let other = alice.repo("alice/other");
    other.push(&image().file("b", "b").build(), &["1"]).await;
    let both = "repository:alice/app:pull repository:alice/other:pull,push";
    let get = "/token?scope=repository:alice/app:pull&scope=repository:alice/other:push,pull";
    let joined = "/token?scope=repository:alice/app:pull%20repository:alice/other:push,pull";
    let fields = [("username", "alice"), ("password", alice.password.as_str()), ("scope", both)];
    let posted = password_grant(&hub.anonymous(), &fields).await;
    let granted: Value = posted.json();
    assert_eq!(granted["scope"], both);

    let answers = [alice.basic().get(get).await, alice.basic().get(joined).await, posted];

    for answer in answers {
        let caller = hub.token(&token(answer));
        caller.get("/v2/alice/app/manifests/1").await.is(200);
        caller.get("/v2/alice/other/manifests/1").await.is(200);
        caller.post("/v2/alice/other/blobs/uploads/").await.is(202);
        // Never asked for: another token would help.
        let refused = caller.post("/v2/alice/app/blobs/uploads/").await.is(401);
        assert!(refused.header("www-authenticate").contains("insufficient_scope"));
    }
}

#[tokio::test]
async fn a_name_with_host_and_port_in_front_means_the_same_repository() {
    let (hub, alice) = with_app().await;
    let scope = format!("repository:{}/alice/app:pull", hub.address());

    let caller = alice.bearer(&[&scope]).await;

    caller.get("/v2/alice/app/manifests/1").await.is(200);
}

#[tokio::test]
async fn a_refresh_token_is_given_on_request_alone_and_ends_with_the_password() {
    let (hub, alice) = with_app().await;
    let plain = alice.basic().get("/token?service=roadstead").await.is(200);
    assert_eq!(plain.json()["refresh_token"], Value::Null);
    let anonymous = hub.anonymous().get("/token?offline_token=true").await.is(200);
    assert_eq!(anonymous.json()["refresh_token"], Value::Null);
    let login = alice.basic().get("/token?offline_token=true&client_id=docker").await.is(200);
    let refresh = login.json()["refresh_token"].as_str().unwrap().to_owned();
    let nobody = hub.anonymous();

    let renewed = token(refresh_grant(&nobody, &refresh).await);
    hub.token(&renewed).get("/v2/alice/app/manifests/1").await.is(200);
    hub.admin("user reset-password alice --password-stdin")
        .input("another password")
        .run()
        .await
        .succeeds();

    let refused = refresh_grant(&nobody, &refresh).await.is(401);
    assert_eq!(refused.json()["details"], "incorrect username or password");
}

#[tokio::test]
async fn wrong_credentials_are_told_the_same_way_at_every_door() {
    let (hub, alice) = with_app().await;
    let nobody = hub.anonymous();
    let wrong = nobody.clone().with_basic("alice", "not the password");
    let unknown = nobody.clone().with_basic("mallory", "not the password");
    let disabled = hub.user("dora").await;
    hub.admin("user disable dora").run().await.succeeds();
    let fields = [("username", "alice"), ("password", "not the password")];

    let answers = [
        wrong.get("/token").await,
        unknown.get("/token").await,
        disabled.basic().get("/token").await,
        nobody.clone().with_authorization("Basic !!!").get("/token").await,
        password_grant(&nobody, &fields).await,
        refresh_grant(&nobody, "rsd_ref_made_up").await,
    ];

    let bodies: Vec<String> = answers.into_iter().map(|answer| answer.is(401).text()).collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:#?}");
    assert!(bodies[0].contains(r#""details":"incorrect username or password""#));
    assert!(bodies[0].contains(r#""code":"UNAUTHORIZED""#));
    assert!(!hub.log().contains("not the password"));
    alice.basic().get("/v2/").await.is(200);
    wrong.get("/v2/").await.is(401);
}

#[tokio::test]
async fn hostile_requests_get_an_answer_and_nothing_more() {
    let (hub, _) = with_app().await;
    let nobody = hub.anonymous();
    let many = "scope=repository:a/b:pull&".repeat(101);

    nobody.get(&format!("/token?{many}")).await.is(400).says("at most 100 scopes");
    nobody.post("/token").form(&[("grant_type", "magic")]).await.is(400).says("grant_type");
    nobody.post("/token").body("x".repeat(70 << 10)).await.is(400).says("too large");
    nobody.get("/token?scope=%00%ff&scope=:::&scope=repository::pull&service=").await.is(200);
    let cached = nobody.get("/token").await.header("cache-control");
    assert_eq!(cached, "no-store");
    nobody.clone().with_bearer(&".".repeat(8 << 10)).get("/v2/").await.is(401);
    nobody.clone().with_bearer(&"a".repeat(9000)).get("/v2/").await.is(401);
}

#[tokio::test]
async fn a_token_does_not_reach_the_next_repository_of_that_name() {
    let (hub, alice) = with_app().await;
    let old = alice.bearer(&["repository:alice/app:pull,push,delete"]).await;
    old.get("/v2/alice/app/manifests/1").await.is(200);
    let api = alice.signed_in().await;
    api.delete("/v2/repositories/alice/app/").await.is(202);
    alice.repo("alice/app").push(&image().file("new", "secret").build(), &["1"]).await;
    alice.set_private("alice/app", true).await;

    old.get("/v2/alice/app/manifests/1").await.is(401);
    old.post("/v2/alice/app/blobs/uploads/").await.is(401);
    hub.anonymous().get("/v2/alice/app/manifests/1").await.is(401);
}

#[tokio::test]
async fn hiding_a_repository_voids_tokens_made_before() {
    let (hub, alice) = with_app().await;
    let bob = hub.user("bob").await.bearer(&[PULL]).await;
    bob.get("/v2/alice/app/manifests/1").await.is(200);

    alice.set_private("alice/app", true).await;

    bob.get("/v2/alice/app/manifests/1").await.is(401);
    let again = hub.user("carl").await.bearer(&[PULL]).await;
    again.get("/v2/alice/app/manifests/1").await.is(401);
}

#[tokio::test]
async fn an_unverified_account_may_only_read() {
    let (hub, _) = with_app().await;
    let dora = hub.unverified_user("dora").await;

    let caller = dora.bearer(&[PULL, "repository:dora/app:pull,push"]).await;

    caller.get("/v2/alice/app/manifests/1").await.is(200);
    caller.post("/v2/dora/app/blobs/uploads/").await.is(403).says("verify the e-mail address");
}

#[tokio::test]
async fn what_docker_login_kept_signs_in_to_the_api_and_proves_less_than_the_password() {
    let hub = Hub::start().await;
    let (alice, nobody) = (hub.user("alice").await, hub.anonymous());
    let login = alice.basic().get("/token?offline_token=true").await.is(200).json();
    let kept = login["refresh_token"].as_str().unwrap();
    let sign_in = async |name: &str, secret: &str| {
        let body = serde_json::json!({"identifier": name, "secret": secret});
        nobody.post("/v2/auth/token").json(&body).await
    };

    let api = sign_in("alice", kept).await.is(200).json();
    let api = hub.token(api["access_token"].as_str().unwrap());

    let app = serde_json::json!({"name": "app"});
    api.post("/v2/namespaces/alice/repositories").json(&app).await.is(201);
    api.get("/v2/access-tokens").await.is(403).says("sign in with the password");
    sign_in("bob", kept).await.is(401);
    // A credential helper keeps no name beside such a token.
    sign_in("<token>", kept).await.is(200);
    sign_in("<token>", &alice.password).await.is(401);
    hub.admin("user reset-password alice --password-stdin")
        .input("another password\n")
        .run()
        .await
        .exits(0);
    api.post("/v2/namespaces/alice/repositories").json(&app).await.is(401);
    sign_in("alice", kept).await.is(401);
}
