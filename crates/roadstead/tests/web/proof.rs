//! What is dangerous asks for the password once more.

use roadstead_db::{Db, DbError, accounts, sessions};
use roadstead_hub::Clock;
use roadstead_testkit::Hub;

use crate::browser::Browser;

/// Makes all that somebody has proved long past: no test can wait for ten minutes.
async fn let_proofs_run_out(hub: &Hub, name: &str) {
    let db = Db::open(&hub.database_url()).await.unwrap();
    let now = Clock::system().now();
    let past = now.minus(std::time::Duration::from_secs(601));
    db.write(async |tx| {
        let account = accounts::find_by_name(tx, &name.parse().unwrap()).await?.unwrap();
        let (sessions, _) = sessions::list(tx, account.id, now, 0, 100).await?;
        for session in sessions {
            sessions::prove(tx, session.id, past).await?;
        }
        Ok::<_, DbError>(())
    })
    .await
    .unwrap();
    db.close().await;
}

#[tokio::test]
async fn a_browser_that_was_left_open_gives_no_access_away() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let browser = Browser::sign_in(&hub, &alice).await;
    let create = [("label", "ci"), ("scope", "repo:read"), ("expires", "30")];
    let tokens = async || {
        alice.signed_in().await.get("/v2/access-tokens").await.is(200).json()["count"].clone()
    };
    browser.get("/settings/tokens").await.is(200).says("name=\"label\"");

    let_proofs_run_out(&hub, "alice").await;

    let again = "/signin/again?next=%2Fsettings%2Ftokens";
    browser.get("/settings/tokens").await.is(200).says(again);
    let led = browser.send("/settings/tokens", &create).await.is(303);
    assert_eq!(led.header("location"), again);
    assert_eq!(tokens().await, 0);
    browser.get(again).await.is(200).says("Confirm that it is you").says("/settings/tokens");
    let next = ("next", "/settings/tokens");
    browser.send("/signin/again", &[("current", "wrong"), next]).await.is(422).says("wrong");
    browser.send("/signin/again", &[next]).await.is(422).says("Type your password");
    let right = ("current", alice.password.as_str());
    browser.send_unmarked("/signin/again", &[right, next]).await.is(403);
    let there = browser.send("/signin/again", &[right, ("next", "//evil.example")]).await.is(303);
    assert_eq!(there.header("location"), "/");

    let_proofs_run_out(&hub, "alice").await;
    let there = browser.send("/signin/again", &[right, next]).await.is(303);
    assert_eq!(there.header("location"), "/settings/tokens");
    browser.send("/settings/tokens", &create).await.is(200).says("rsd_pat_");
    assert_eq!(tokens().await, 1);
}

#[tokio::test]
async fn where_there_is_a_second_factor_both_are_asked_for() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let factor = alice.turn_on_second_factor().await;
    let fields = [("username", "alice"), ("password", alice.password.as_str())];
    let asked = hub.anonymous().post("/signin").form(&fields).await.is(200).text();
    let pending = crate::browser::value_of(&asked, "pending");
    let fields = [("pending", pending.as_str()), ("code", factor.recovery_codes[0].as_str())];
    let answer = hub.anonymous().post("/signin/code").form(&fields).await.is(303);
    let browser = Browser::with(&hub, &answer).await;
    let_proofs_run_out(&hub, "alice").await;

    browser.get("/signin/again").await.is(200).says("name=\"code\"");
    let right = ("current", alice.password.as_str());
    browser.send("/signin/again", &[right]).await.is(422).says("The code is wrong");
    browser
        .send("/signin/again", &[right, ("code", factor.recovery_codes[1].as_str())])
        .await
        .is(303);
    browser.get("/settings/tokens").await.is(200).says("name=\"label\"");
}

#[tokio::test]
async fn who_is_not_signed_in_does_that_first_and_then_gets_there() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let nobody = hub.anonymous();

    let page = nobody.get("/settings/tokens").await.is(401).says("value=\"/settings/tokens\"");
    assert_eq!(page.header("cache-control"), "no-store");
    nobody
        .post("/settings/tokens")
        .form(&[("label", "x")])
        .await
        .is(401)
        .says("action=\"/signin\"");
    let body = serde_json::json!({"token_label": "ci"});
    let api = alice.signed_in().await;
    let token = api.post("/v2/access-tokens").json(&body).await.is(201).json();
    let machine = nobody.with_basic("alice", token["token"].as_str().unwrap());
    for path in ["/signin/again", "/settings/tokens", "/settings/two-factor", "/settings/email"] {
        machine.get(path).await.is(403);
    }
}
