//! An address is verified and changed by links in letters.

use roadstead_db::codes::Purpose;
use roadstead_testkit::{Client, Hub, Mail, User, image};
use serde_json::json;

use crate::post_office::{PostOffice, path_of};

async fn sign_up(hub: &Hub, name: &str, email: &str) -> Client {
    let body = json!({"username": name, "email": email, "password": "correct horse"});
    hub.anonymous().post("/v2/users/").json(&body).await.is(201);
    signed_in(hub, name, "correct horse").await
}

async fn signed_in(hub: &Hub, user: &str, password: &str) -> Client {
    let body = json!({"username": user, "password": password});
    let answer = hub.anonymous().post("/v2/users/login").json(&body).await.is(200).json();
    hub.anonymous().with_authorization(format!("JWT {}", answer["token"].as_str().unwrap()))
}

async fn change(user: &User, email: &str) -> roadstead_testkit::Answer {
    let body = json!({"email": email, "password": user.password});
    user.signed_in().await.put("/api/v1/account/email").json(&body).await
}

fn code_of(mail: &Mail) -> &str {
    mail.link().split("?code=").nth(1).unwrap()
}

#[tokio::test]
async fn a_new_account_may_push_once_the_link_in_its_letter_was_followed_by_a_person() {
    let (office, hub) = PostOffice::open().await;
    hub.admin_user("chief").await;
    let api = sign_up(&hub, "bob", "Bob@example.test").await;
    let bob = hub.anonymous().with_password("bob", "correct horse");
    let mail = office.mail_to("Bob@example.test").await;
    let path = path_of(&hub, &mail);
    assert!(path.starts_with("/account/verify?code=rsd_otc_"), "{path}");

    // What mail scanners do.
    for _ in 0..2 {
        let page = hub.anonymous().get(path).await.is(200).says("Bob@example.test");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
    hub.anonymous().head(path).await.is(200);
    assert_eq!(api.get("/api/v1/account/email").await.is(200).json()["is_verified"], false);
    bob.repo("bob/app").open_upload().await.is(403);

    let form = [("code", code_of(&mail))];
    hub.anonymous().post("/account/verify").form(&form).await.is(200).says("bob");

    let shown = api.get("/api/v1/account/email/").await.is(200).json();
    let expected = json!({"email": "Bob@example.test", "is_verified": true, "pending_email": null});
    assert_eq!(shown, expected);
    bob.repo("bob/app").push(&image().file("hello", "world").build(), &["1"]).await;
    // Used: in no form does it work again.
    hub.anonymous().post("/account/verify").form(&form).await.is(404).says("does not work");
    hub.anonymous().get(path).await.is(404);
    let body = json!({"code": code_of(&mail)});
    hub.anonymous().post("/api/v1/account/email/confirm").json(&body).await.is(404);
    api.post("/api/v1/account/email/verification").await.is(409).says("verified");
}

#[tokio::test]
async fn the_link_is_sent_again_but_not_for_ever() {
    let (office, hub) = PostOffice::open().await;
    hub.admin_user("chief").await;
    let api = sign_up(&hub, "bob", "bob@example.test").await;
    for _ in 0..4 {
        api.post("/api/v1/account/email/verification").await.is(202);
    }

    let refused = api.post("/api/v1/account/email/verification").await.is(429).says("minutes");

    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=3600).contains(&wait), "{wait}");
    let mails = office.mails_to("bob@example.test", 5).await;
    // Another account with the same address gets no letter either.
    sign_up(&hub, "eve", "BOB@example.test").await;
    // Whichever letter is read first will do.
    let body = json!({"code": code_of(&mails[2])});
    hub.anonymous().post("/api/v1/account/email/confirm").json(&body).await.is(200);
    assert!(office.mails().iter().all(|mail| mail.to != ["BOB@example.test"]));
}

#[tokio::test]
async fn an_address_is_changed_by_password_and_link_and_both_addresses_are_told() {
    let (office, hub) = PostOffice::open().await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    let path = "/api/v1/account/email";
    let wrong = json!({"email": "new@example.test", "password": "guessed wrong"});
    api.put(path).json(&wrong).await.is(403).says("password is wrong");
    let token = json!({"token_label": "ci", "scopes": ["repo:admin"]});
    let token = api.post("/v2/access-tokens").json(&token).await.is(201).json();
    let by_token = hub.anonymous().with_basic("alice", token["token"].as_str().unwrap());
    let right = json!({"email": "new@example.test", "password": alice.password});
    by_token.put(path).json(&right).await.is(403).says("sign in with the password");
    by_token.get(path).await.is(403);

    api.put(path).json(&right).await.is(202).says("until then the old one stays");

    let link = office.mail_to("new@example.test").await;
    let told = office.letter("alice@example.test", "is about to change").await;
    assert!(told.text.contains("new@example.test"), "{}", told.text);
    let shown = api.get(path).await.is(200).json();
    assert_eq!(shown["email"], "alice@example.test");
    assert_eq!(shown["pending_email"], "new@example.test");
    signed_in(&hub, "alice@example.test", &alice.password).await;
    hub.anonymous().post("/account/verify").form(&[("code", code_of(&link))]).await.is(200);

    office.letter("alice@example.test", "was changed").await;
    signed_in(&hub, "NEW@example.test", &alice.password).await;
    let old = json!({"username": "alice@example.test", "password": alice.password});
    hub.anonymous().post("/v2/users/login").json(&old).await.is(401);
    change(&alice, "new@example.test").await.is(409).says("already");
    let log = alice.signed_in().await.get("/v2/auditlogs/alice").await.is(200).text();
    assert!(log.contains("account.email") && log.contains("account.verify"), "{log}");
}

#[tokio::test]
async fn only_the_last_address_asked_for_can_be_confirmed_and_never_anothers() {
    let (office, hub) = PostOffice::open().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    change(&bob, "first@example.test").await.is(202);
    change(&bob, "second@example.test").await.is(202);
    let (first, second) =
        (office.mail_to("first@example.test").await, office.mail_to("second@example.test").await);
    let confirm = async |client: &Client, mail: &Mail| {
        let body = json!({"code": code_of(mail)});
        client.post("/api/v1/account/email/confirm").json(&body).await
    };
    confirm(&hub.anonymous(), &first).await.is(404).says("overtaken");
    // Whoever is signed in, the link is bob's.
    let confirmed = confirm(&alice.signed_in().await, &second).await.is(200).json();
    assert_eq!(confirmed, json!({"username": "bob", "email": "second@example.test"}));
    let hers = alice.signed_in().await.get("/api/v1/account/email").await.is(200).json();
    assert_eq!(hers["email"], "alice@example.test");

    // Nobody is told whether an address is taken, except who reads its mail.
    change(&bob, "ALICE@example.test").await.is(202);
    let claim = office.mail_to("ALICE@example.test").await;
    confirm(&hub.anonymous(), &claim).await.is(409).says("another account");
    hub.anonymous().post("/account/verify").form(&[("code", code_of(&claim))]).await.is(409);
    signed_in(&hub, "alice@example.test", &alice.password).await;
    for not_one in
        ["аlice@example.test", "alice@exаmple.test", "x@y.io\r\nBcc: z@y.io", "x@y.io, z@y.io"]
    {
        change(&bob, not_one).await.is(400).says("write the e-mail address");
    }
}

#[tokio::test]
async fn a_link_works_for_its_time_and_its_purpose_alone() {
    let (office, hub) = PostOffice::open().await;
    let bob = hub.unverified_user("bob").await;
    let confirm = async |code: &str| {
        let body = json!({"code": code});
        hub.anonymous().post("/api/v1/account/email/confirm").json(&body).await
    };
    let for_password = office.given_link(&hub, "bob", Purpose::ResetPassword, 3600).await;
    let expired = office.given_link(&hub, "bob", Purpose::VerifyAddress, -1).await;
    let good = office.given_link(&hub, "bob", Purpose::VerifyAddress, 3600).await;

    confirm(&for_password).await.is(404);
    confirm(&expired).await.is(404).says("expired");
    confirm("").await.is(404);
    confirm(&"x".repeat(10_000)).await.is(404);
    confirm(&good).await.is(200);

    assert_eq!(
        bob.signed_in().await.get("/api/v1/account/email").await.is(200).json()["is_verified"],
        true
    );
}
