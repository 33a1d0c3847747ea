//! A forgotten password: a link to the verified address, and nothing for anybody else to learn.

use roadstead_db::codes::Purpose;
use roadstead_testkit::{Answer, Client, Hub, Mail};
use serde_json::json;

use crate::post_office::{PostOffice, path_of};

async fn ask(client: &Client, email: &str) -> Answer {
    client.post("/api/v1/account/password/forgotten").json(&json!({"email": email})).await
}

async fn reset(hub: &Hub, code: &str, password: &str) -> Answer {
    let body = json!({"code": code, "new_password": password});
    hub.anonymous().post("/api/v1/account/password/reset").json(&body).await
}

async fn log_in(hub: &Hub, user: &str, password: &str) -> Answer {
    let body = json!({"username": user, "password": password});
    hub.anonymous().post("/v2/users/login").json(&body).await
}

fn code_of(mail: &Mail) -> &str {
    mail.link().split("?code=").nth(1).unwrap()
}

#[tokio::test]
async fn a_link_gives_a_new_password_once_and_ends_what_was_signed_in_with_the_old_one() {
    let (office, hub) = PostOffice::open().await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    let login = alice.basic().get("/token?offline_token=true").await.is(200).json();
    let refresh = login["refresh_token"].as_str().unwrap();
    let renew = async || {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        hub.anonymous().post("/token").form(&fields).await.status()
    };
    assert_eq!(renew().await, 200);
    for _ in 0..2 {
        ask(&hub.anonymous(), "Alice@example.test").await.is(202);
    }
    let mails = office.mails_to("alice@example.test", 2).await;
    let path = path_of(&hub, &mails[0]);

    hub.anonymous().get(path).await.is(200).says("alice");
    let form = |password: &str| {
        let fields = [("code", code_of(&mails[0])), ("password", password)];
        hub.anonymous().post("/account/reset-password").form(&fields)
    };
    form("short").await.is(422).says("8 to 256");
    form("a brand new one").await.is(200).says("Your password is changed");

    log_in(&hub, "alice", &alice.password).await.is(401);
    log_in(&hub, "alice", "a brand new one").await.is(200);
    assert!(renew().await >= 400);
    api.get("/api/v1/account/email").await.is(401);
    office.letter("alice@example.test", "password on").await;
    // The one that was used, and the other one that was sent.
    for mail in &mails {
        reset(&hub, code_of(mail), "yet another one").await.is(404).says("ask for a new one");
        hub.anonymous().get(path_of(&hub, mail)).await.is(404);
    }
}

#[tokio::test]
async fn nobody_learns_which_addresses_have_an_account() {
    let (office, hub) = PostOffice::open().await;
    hub.user("alice").await;
    hub.unverified_user("bob").await;
    hub.user("carl").await;
    hub.admin("user disable carl").run().await.succeeds();
    let mut faces = Vec::new();
    for name in ["alice", "bob", "carl", "nobody"] {
        let answer = ask(&hub.anonymous(), &format!("{name}@example.test")).await.is(202);
        faces.push(answer.face(&[name]));
    }

    faces.dedup();
    assert_eq!(faces.len(), 1, "{faces:#?}");
    office.letter("alice@example.test", "Choose a new password").await;
    // In order, so the others would have been sent by now.
    ask(&hub.anonymous(), "alice@example.test").await.is(202);
    roadstead_testkit::eventually("the second letter", 30, async || {
        let letters = office.mails();
        let resets = letters.iter().filter(|m| m.header("Subject").starts_with("Choose"));
        (resets.count() == 2).then_some(())
    })
    .await;
    let others = office
        .mails()
        .iter()
        .filter(|m| m.header("Subject").starts_with("Choose"))
        .filter(|mail| mail.to != ["alice@example.test"])
        .count();
    assert_eq!(others, 0);
}

#[tokio::test]
async fn letters_are_limited_for_each_address_and_each_client() {
    let hub = Hub::start().await;
    for _ in 0..5 {
        ask(&hub.anonymous(), "nobody@example.test").await.is(202);
    }
    ask(&hub.anonymous(), "NOBODY@example.test").await.is(429).says("minutes");
    for number in 0..15 {
        ask(&hub.anonymous(), &format!("n{number}@example.test")).await.is(202);
    }

    let refused = ask(&hub.anonymous(), "somebody-else@example.test").await.is(429);

    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    let form = [("email", "somebody-else@example.test")];
    hub.anonymous().post("/account/forgot-password").form(&form).await.is(429);
}

#[tokio::test]
async fn a_link_leads_to_the_hub_whatever_the_request_says_about_its_host() {
    let (office, hub) = PostOffice::open().await;
    hub.user("alice").await;
    let body = json!({"email": "alice@example.test"});
    let forged = hub.anonymous().post("/api/v1/account/password/forgotten").json(&body);
    let forged = forged.header("host", "evil.example").header("x-forwarded-host", "evil.example");
    forged.header("forwarded", "host=evil.example").await.is(202);

    let mail = office.mail_to("alice@example.test").await;

    path_of(&hub, &mail);
    assert!(!mail.text.contains("evil") && !mail.html.contains("evil"));
}

#[tokio::test]
async fn a_link_is_for_its_time_its_purpose_and_its_address() {
    let (office, hub) = PostOffice::open().await;
    let alice = hub.user("alice").await;
    let expired = office.given_link(&hub, "alice", Purpose::ResetPassword, -1).await;
    let other = office.given_link(&hub, "alice", Purpose::VerifyAddress, 3600).await;
    let good = office.given_link(&hub, "alice", Purpose::ResetPassword, 3600).await;
    let before_change = office.given_link(&hub, "alice", Purpose::ResetPassword, 3000).await;

    reset(&hub, &expired, "a brand new one").await.is(404);
    reset(&hub, &other, "a brand new one").await.is(404);
    reset(&hub, &good, "tiny").await.is(400).says("8 to 256");
    log_in(&hub, "alice", &alice.password).await.is(200);
    let body = json!({"email": "moved@example.test", "password": alice.password});
    alice.signed_in().await.put("/api/v1/account/email").json(&body).await.is(202);
    let mail = office.mail_to("moved@example.test").await;
    hub.anonymous().post("/account/verify").form(&[("code", code_of(&mail))]).await.is(200);

    // Sent to the address that was left.
    for code in [&good, &before_change] {
        reset(&hub, code, "a brand new one").await.is(404);
    }
    let moved = office.given_link(&hub, "alice", Purpose::ResetPassword, 3500).await;
    reset(&hub, &moved, "a brand new one").await.is(204);
    log_in(&hub, "moved@example.test", "a brand new one").await.is(200);
}

#[tokio::test]
async fn a_password_is_changed_with_the_old_one_and_everybody_is_signed_out() {
    let (office, hub) = PostOffice::open().await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    let change = async |password: &str, new: &str| {
        let body = json!({"password": password, "new_password": new});
        api.put("/api/v1/account/password").json(&body).await
    };
    change(&alice.password, "tiny").await.is(400).says("8 to 256");
    change("guessed wrong", "a brand new one").await.is(403);
    api.put("/api/v1/account/password").json(&json!({"new": "x"})).await.is(400);

    change(&alice.password, "a brand new one").await.is(204);

    office.letter("alice@example.test", "password on").await;
    api.get("/api/v1/account/email").await.is(401);
    log_in(&hub, "alice", "a brand new one").await.is(200);
    log_in(&hub, "alice", &alice.password).await.is(401);
}

#[tokio::test]
async fn guessing_the_password_of_an_open_sign_in_is_limited() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    for number in 0..10 {
        let body = json!({"email": "x@example.test", "password": format!("guess {number}")});
        api.put("/api/v1/account/email").json(&body).await.is(403);
    }

    let body = json!({"email": "x@example.test", "password": alice.password});
    api.put("/api/v1/account/email").json(&body).await.is(429).says("too many failed sign-ins");
}
