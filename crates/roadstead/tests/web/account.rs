//! Signing up, and everything that somebody does with their own account.

use roadstead_testkit::{Hub, User, code_of_key, image};
use serde_json::Value;

use crate::browser::{Browser, value_of};

async fn alice(hub: &Hub) -> (User, Browser) {
    let alice = hub.user("alice").await;
    let browser = Browser::sign_in(hub, &alice).await;
    (alice, browser)
}

async fn shown(user: &User, path: &str) -> Value {
    user.signed_in().await.get(path).await.is(200).json()
}

#[tokio::test]
async fn who_signs_up_is_signed_in_and_told_of_the_letter() {
    let hub = Hub::with().args(["--sign-up", "open"]).start().await;
    hub.admin_user("chief").await;
    let nobody = hub.anonymous();
    nobody.get("/signup?next=/chief").await.is(200).says("value=\"/chief\"");
    for (name, says) in [
        ("marlow", "marlow is free"),
        ("chief", "taken"),
        ("settings", "reserved"),
        ("Mar%20low", "would do"),
    ] {
        nobody.get(&format!("/signup/rules?username={name}")).await.is(200).says(says);
    }
    let sign_up = async |name: &str, email: &str, next: &str| {
        let fields =
            [("username", name), ("email", email), ("password", "a long one"), ("next", next)];
        nobody.post("/signup").form(&fields).await
    };

    let refused = sign_up("<b>", "nobody@", "").await.is(422);
    let refused = refused.says("username-error").says("email-error").says("&#60;b&#62;");
    assert!(!refused.text().contains("a long one") && !refused.text().contains("<b>"));
    sign_up("chief", "m@example.test", "").await.is(422).says("taken");
    let made = sign_up("marlow", "m@example.test", "//evil.example").await.is(303);

    assert_eq!(made.header("location"), "/settings/email");
    let browser = Browser::with(&hub, &made).await;
    browser
        .get("/settings/email")
        .await
        .is(200)
        .says("Verify your email to push")
        .says("m@example");
    browser.send("/settings/email/verification", &[]).await.is(303);
    browser.get("/settings/tokens").await.is(200).says("Verify your address first");
    assert_eq!(browser.get("/signup").await.is(303).header("location"), "/");
}

#[tokio::test]
async fn sign_up_by_invitation_takes_a_code_and_a_closed_one_says_whom_to_ask() {
    let hub = Hub::with().args(["--sign-up", "invite"]).start().await;
    hub.admin_user("chief").await;
    let code = hub.admin("invite create").run().await.succeeds();
    let code = code.stdout.trim().to_owned();
    let nobody = hub.anonymous();
    nobody.get(&format!("/signup?invite={code}")).await.is(200).says(&code);
    let sign_up = async |invite: &str| {
        let fields = [
            ("username", "bob"),
            ("email", "b@example.test"),
            ("password", "a long one"),
            ("invite", invite),
        ];
        nobody.post("/signup").form(&fields).await
    };

    sign_up("").await.is(422).says("needs an invitation");
    sign_up("rsd_otc_guess").await.is(422).says("invite-error");
    sign_up(&code).await.is(303);

    let closed = Hub::with().args(["--sign-up", "closed"]).start().await;
    closed.admin_user("chief").await;
    let page = closed.anonymous().get("/signup").await.is(200).says("Ask its administrator");
    assert!(!page.text().contains("name=\"password\""));
    closed.anonymous().post("/signup").form(&[("username", "bob")]).await.is(403).says("closed");
}

#[tokio::test]
async fn no_form_of_an_account_works_from_elsewhere() {
    let hub = Hub::start().await;
    let (_, browser) = alice(&hub).await;
    let absent = "11111111-1111-4111-8111-111111111111";
    let (token, session) =
        (format!("/settings/tokens/{absent}"), format!("/settings/sessions/{absent}/end"));
    let revoke = format!("{token}/revoke");

    for path in [
        "/settings/profile",
        "/settings/email",
        "/settings/email/verification",
        "/settings/password",
        "/settings/two-factor",
        "/settings/two-factor/confirm",
        "/settings/two-factor/change",
        "/settings/tokens",
        &token,
        &revoke,
        "/settings/sessions/others",
        &session,
        "/settings/account",
    ] {
        browser.send_unmarked(path, &[("mark", "0a1b")]).await.is(403).says("earlier sign-in");
    }
    browser.send(&token, &[]).await.is(404);
    browser.send(&session, &[]).await.is(404);
}

#[tokio::test]
async fn a_profile_is_text_and_a_language_is_kept_with_the_account() {
    let hub = Hub::start().await;
    let (alice, browser) = alice(&hub).await;
    let hostile = "\"><script>alert(1)</script>";
    let fields = [
        ("full_name", hostile),
        ("profile_url", "https://a.example"),
        ("default_private", "on"),
        ("language", "zh-CN"),
    ];

    let saved = browser.send("/settings/profile", &fields).await.is(303);

    assert!(saved.header("set-cookie").contains("language=zh-CN"));
    let page = browser.get("/settings/profile").await.is(200).text();
    assert!(!page.contains("<script>alert") && page.contains("https://a.example"), "{page}");
    let account = shown(&alice, "/api/v1/account").await;
    assert_eq!(
        (&account["full_name"], &account["default_private"]),
        (&hostile.into(), &true.into())
    );
    let bad = [("profile_url", "javascript:alert(1)"), ("company", "Kept as typed")];
    let refused = browser.send("/settings/profile", &bad).await.is(422);
    refused.says("profile_url-error").says("Kept as typed");
    // The next browser speaks it from the start.
    let fields = [("username", "alice"), ("password", alice.password.as_str())];
    let elsewhere = hub.anonymous().post("/signin").form(&fields).await.is(303);
    assert!(elsewhere.header("set-cookie").contains("language=zh-CN"));
    browser.send("/language", &[("language", "en"), ("next", "/docs")]).await.is(303);
    let elsewhere = hub.anonymous().post("/signin").form(&fields).await.is(303);
    assert!(elsewhere.header("set-cookie").contains("language=en"));
}

#[tokio::test]
async fn another_password_ends_every_other_sign_in() {
    let hub = Hub::start().await;
    let (alice, mut here) = alice(&hub).await;
    let there = Browser::sign_in(&hub, &alice).await;
    let change = async |current: &str, new: &str| {
        here.send("/settings/password", &[("current", current), ("password", new)]).await
    };

    change("", "quite another one").await.is(422).says("Type your password");
    change("wrong", "quite another one").await.is(422).says("current-error");
    change(&alice.password, "short").await.is(422).says("8 to 256");
    let changed = change(&alice.password, "quite another one").await.is(303);

    there.get("/settings/password").await.is(401);
    here.keep(&changed).await;
    here.get("/settings/password").await.is(200);
    let fields = [("username", "alice"), ("password", "quite another one")];
    hub.anonymous().post("/signin").form(&fields).await.is(303);
}

#[tokio::test]
async fn an_access_token_is_made_shown_once_limited_switched_off_and_revoked() {
    let hub = Hub::start().await;
    let (alice, browser) = alice(&hub).await;
    alice.repo("alice/web").push(&image().build(), &["1"]).await;
    alice.repo("alice/api").push(&image().build(), &["1"]).await;
    for name in ["alice/web", "alice/api"] {
        alice.set_private(name, name == "alice/web").await;
    }
    let create = async |label: &str, repositories: &str| {
        let fields = [
            ("label", label),
            ("scope", "repo:write"),
            ("expires", "90"),
            ("repositories", repositories),
        ];
        browser.send("/settings/tokens", &fields).await
    };
    create("", "").await.is(422).says("label-error");
    create("ci", "not a name").await.is(422).says("repositories-error").says("not a name");

    let page = create("ci <b>", "alice/web\n").await.is(200);

    assert_eq!(page.header("cache-control"), "no-store");
    let page = page.says("kubectl create secret").says("docker login").says("podman login").text();
    assert!(!page.contains("ci <b>"));
    let (_, rest) = page.split_once("rsd_pat_").unwrap();
    let secret = format!("rsd_pat_{}", rest.split('<').next().unwrap());
    assert!(!browser.get("/settings/tokens").await.text().contains(&secret), "shown once");
    let machine = hub.anonymous().with_basic("alice", &secret);
    machine.get("/alice/web").await.is(200);
    let listed = shown(&alice, "/v2/access-tokens").await;
    let id = listed["results"][0]["uuid"].as_str().unwrap();
    let path = format!("/settings/tokens/{id}");
    browser.get(&path).await.is(200).says("alice/web").says("Read and write");
    browser.send(&path, &[("what", "rename"), ("label", "")]).await.is(422);
    browser.send(&path, &[("what", "rename"), ("label", "runner")]).await.is(303);
    browser.send(&path, &[("what", "disable")]).await.is(303);
    machine.get("/alice/web").await.is(401);
    browser.send(&path, &[("what", "enable")]).await.is(303);
    machine.get("/alice/web").await.is(200);
    let revoked = browser.send(&format!("{path}/revoke"), &[]).await.is(303);
    assert_eq!(revoked.header("location"), "/settings/tokens");
    machine.get("/alice/web").await.is(401);
    let page = browser.get("/settings/tokens").await.is(200);
    page.says("No access tokens yet");
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let hub = Hub::start().await;
    let (alice, browser) = alice(&hub).await;
    let lost = Browser::sign_in(&hub, &alice).await;
    let page = browser.get("/settings/sessions").await.is(200).says("This one").text();
    let (_, rest) = page.split_once("action=\"/settings/sessions/").unwrap();
    assert!(rest.starts_with("others"), "{rest}");
    let (_, rest) = rest.split_once("action=\"/settings/sessions/").unwrap();
    let id = rest.split('/').next().unwrap();

    browser.send(&format!("/settings/sessions/{id}/end"), &[]).await.is(303);

    lost.get("/settings/sessions").await.is(401);
    let again = Browser::sign_in(&hub, &alice).await;
    browser.send("/settings/sessions/others", &[]).await.is(303);
    again.get("/settings/sessions").await.is(401);
    browser.get("/settings/sessions").await.is(200).says("1 session");
}

#[tokio::test]
async fn a_second_factor_is_scanned_confirmed_and_taken_off() {
    let hub = Hub::start().await;
    let (alice, mut browser) = alice(&hub).await;
    let path = "/settings/two-factor";
    browser.get(path).await.is(200).says("Set up two-factor sign-in");
    let begin = async |password: &str| browser.send(path, &[("current", password)]).await;
    begin("wrong").await.is(422).says("current-error");
    let page = begin(&alice.password).await.is(200).says("<svg class=\"qr\"").text();
    let (secret, uri) = (value_of(&page, "secret"), value_of(&page, "uri"));
    let confirm = async |code: &str| {
        let fields = [("code", code), ("secret", secret.as_str()), ("uri", uri.as_str())];
        browser.send(&format!("{path}/confirm"), &fields).await
    };
    // The picture stays for another try.
    confirm("000000").await.is(422).says("code-error").says("<svg class=\"qr\"");

    let on = confirm(&code_of_key(&secret)).await.is(200);

    let on = on.says("Keep these recovery codes");
    let (_, rest) = on
        .text()
        .split_once("<li class=\"secret\">")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let code = rest.split('<').next().unwrap().to_owned();
    browser.get(path).await.is(401);
    browser.keep(&on).await;
    browser.get(path).await.is(200).says("10 recovery codes are left");
    let change = async |what: &str, code: &str| {
        let fields = [("what", what), ("current", alice.password.as_str()), ("code", code)];
        browser.send(&format!("{path}/change"), &fields).await
    };
    change("off", "000000").await.is(422).says("code-error");
    let renewed = change("codes", &code).await.is(200).text();
    assert!(!renewed.contains(&code));
    let (_, rest) = renewed.split_once("<li class=\"secret\">").unwrap();
    change("off", rest.split('<').next().unwrap()).await.is(303);
    browser.get(path).await.is(200).says("Set up two-factor sign-in");
}

#[tokio::test]
async fn usage_is_drawn_and_the_end_of_an_account_is_meant() {
    let hub = Hub::with().args(["--private-repositories", "1"]).start().await;
    let (alice, browser) = alice(&hub).await;
    alice.repo("alice/web").push(&image().build(), &["1"]).await;
    alice.set_private("alice/web", true).await;
    browser.get("/settings/plan").await.is(200).says("on full").says("1 of 1 in use");
    let end = async |name: &str, password: &str| {
        browser.send("/settings/account", &[("name", name), ("current", password)]).await
    };

    end("alise", &alice.password).await.is(422).says("Type the name");
    end("alice", "wrong").await.is(422).says("current-error");
    end("alice", &alice.password).await.is(422).says("still has 1 repositories");
    alice.signed_in().await.delete("/v2/repositories/alice/web").await;
    let ended = end("alice", &alice.password).await.is(303);

    assert!(ended.header("set-cookie").contains("Max-Age=0"));
    browser.get("/settings/account").await.is(401);
}
