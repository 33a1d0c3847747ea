//! `roadstead admin`: works beside a running server, and ends with codes that scripts can use.

use roadstead_testkit::Hub;
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in `{text}`"))
}

#[tokio::test]
async fn accounts_are_made_listed_and_changed_while_the_server_runs() {
    let hub = Hub::start().await;
    let alice = hub.admin_user("alice").await;
    hub.unverified_user("bob").await;

    let list = hub.admin("user list --format json").run().await.succeeds();
    let list = json(&list.stdout);
    let names: Vec<&str> =
        list.as_array().unwrap().iter().map(|u| u["username"].as_str().unwrap()).collect();
    assert_eq!(names, ["alice", "bob"]);
    assert_eq!(
        (&list[0]["admin"], &list[1]["verified"]),
        (&Value::Bool(true), &Value::Bool(false))
    );

    hub.admin("user verify bob").run().await.exits(0).says("bob was verified");
    hub.admin("user disable alice").run().await.exits(0);
    alice.basic().get("/v2/").await.is(401);
    hub.admin("user enable alice").run().await.exits(0);
    alice.basic().get("/v2/").await.is(200);
    hub.admin("user reset-password alice --password-stdin")
        .input("another password\n")
        .run()
        .await
        .exits(0);
    alice.basic().get("/v2/").await.is(401);
    hub.anonymous().with_basic("alice", "another password").get("/v2/").await.is(200);
}

#[tokio::test]
async fn what_is_refused_ends_with_1_and_what_is_not_understood_with_2() {
    let hub = Hub::start().await;
    hub.user("alice").await;
    let create = |name: &str| {
        hub.admin(&format!("user create {name} --email x@example.test --password-stdin"))
    };

    create("alice").input("correct horse").run().await.exits(1).says("alice");
    create("Not_Lower").input("correct horse").run().await.exits(1).says("error: ");
    create("bob").input("short").run().await.exits(1).says("password");
    create("bob").input("two\nlines\n").run().await.exits(1).says("one line");
    hub.admin("user create bob --email x@example.test")
        .run()
        .await
        .exits(2)
        .says("--password-stdin");
    hub.admin("user verify nobody").run().await.exits(1).says("there is no user `nobody`");
    hub.admin("user praise alice").run().await.exits(2);
    hub.admin("token create alice --label x --scope repo:everything")
        .run()
        .await
        .exits(2)
        .says("repo:admin");
    hub.admin("official create UPPER").run().await.exits(1).says("UPPER");
    hub.admin("official create alice/app").run().await.exits(1).says("library");
}

#[tokio::test]
async fn tokens_are_shown_once_and_end_when_they_are_revoked() {
    let hub = Hub::start().await;
    hub.user("alice").await;

    let made =
        hub.admin("token create alice --label ci --scope repo:read --expires 90d").run().await;
    let token = made.succeeds().stdout.trim().to_owned();
    assert!(token.starts_with("rsd_pat_"), "{token}");
    let ci = hub.anonymous().with_basic("alice", &token);
    ci.get("/v2/").await.is(200);

    let list =
        hub.admin("token list alice --format json").run().await.succeeds().never_says(&token);
    let list = json(&list.stdout);
    assert_eq!((&list[0]["label"], &list[0]["scope"]), (&"ci".into(), &"repo:read".into()));
    let id = list[0]["id"].as_str().unwrap();
    hub.admin("token revoke alice nonsense").run().await.exits(1).says("no token id");
    hub.admin(&format!("token revoke alice {id}")).run().await.exits(0).says("`ci` was revoked");
    hub.admin(&format!("token revoke alice {id}"))
        .run()
        .await
        .exits(1)
        .says("no such access token");

    ci.get("/v2/").await.is(401);
}

#[tokio::test]
async fn an_official_repository_is_made_once() {
    let hub = Hub::start().await;

    hub.admin("official create ubuntu").run().await.exits(0).says("library/ubuntu was created");
    hub.admin("official create library/ubuntu").run().await.exits(1).says("exists already");
}
