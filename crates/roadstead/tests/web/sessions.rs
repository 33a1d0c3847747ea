use roadstead_testkit::{Ask, Client, Hub, User, image};

/// Signs in with the form; the answer.
pub async fn sign_in(
    nobody: &Client,
    user: &str,
    password: &str,
    next: &str,
) -> roadstead_testkit::Answer {
    nobody.post("/signin").form(&[("username", user), ("password", password), ("next", next)]).await
}

/// What a browser would send back.
pub fn cookie(answer: &roadstead_testkit::Answer) -> String {
    let line = answer.header("set-cookie");
    for rule in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(line.contains(rule), "{line}");
    }
    line.split(';').next().unwrap().to_owned()
}

pub fn with(ask: Ask, cookie: &str) -> Ask {
    ask.header("cookie", cookie)
}

/// The mark that the forms of a page carry.
pub fn mark(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"mark\" value=\"").expect("a form of a signed-in page");
    rest.split('"').next().unwrap().to_owned()
}

async fn hub_with_alice() -> (Hub, User) {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/web").push(&image().build(), &["1"]).await;
    alice.set_private("alice/web", true).await;
    (hub, alice)
}

#[tokio::test]
async fn who_signs_in_sees_what_is_private_until_signing_out() {
    let (hub, alice) = hub_with_alice().await;
    let nobody = hub.anonymous();

    let page = nobody.get("/signin?next=/alice/web").await.is(200).says("value=\"/alice/web\"");
    assert_eq!(page.header("cache-control"), "no-store");
    let wrong = sign_in(&nobody, "alice", "not it at all", "/alice/web").await.is(422);
    assert!(wrong.says("do not match").maybe_header("set-cookie").is_none());
    let api = alice.signed_in().await;
    let count = async || {
        let sessions = api.get("/api/v1/account/sessions").await.is(200).json();
        sessions["count"].as_u64().unwrap()
    };
    let before = count().await;
    let done = sign_in(&nobody, "alice", &alice.password, "/alice/web").await.is(303);
    assert_eq!(done.header("location"), "/alice/web");
    let cookie = cookie(&done);

    let seen = with(nobody.get("/alice/web"), &cookie).await.is(200).says("Signed in as");
    nobody.get("/alice/web").await.is(404);
    // The API does not know the cookie: nothing that another site can send is authenticated by it.
    with(nobody.get("/v2/repositories/alice/web"), &cookie).await.is(404);
    assert_eq!(count().await, before + 1, "the browser's session is listed");

    let fields = [("mark", mark(&seen.text()))];
    let fields: Vec<_> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let out = with(nobody.post("/signout").form(&fields), &cookie).await.is(303);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    with(nobody.get("/alice/web"), &cookie).await.is(404);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_an_access_token_opens_no_session() {
    let (hub, alice) = hub_with_alice().await;
    let nobody = hub.anonymous();
    let api = alice.signed_in().await;
    let body = serde_json::json!({"token_label": "ci", "scopes": ["repo:read"]});
    let token = api.post("/v2/access-tokens").json(&body).await.is(201).json();
    let token = token["token"].as_str().unwrap();
    let refused = sign_in(&nobody, "alice", token, "/").await.is(422).says("for machines");
    assert!(refused.maybe_header("set-cookie").is_none());

    let factor = alice.turn_on_second_factor().await;
    let asked = sign_in(&nobody, "alice", &alice.password, "/alice/web").await.is(200);
    let asked = asked.says("Enter your code");
    assert!(asked.maybe_header("set-cookie").is_none());
    let (_, rest) = asked
        .text()
        .split_once("name=\"pending\" value=\"")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let pending = rest.split('"').next().unwrap();
    let send = async |code: &str| {
        let fields = [("pending", pending), ("code", code), ("next", "/alice/web")];
        nobody.post("/signin/code").form(&fields).await
    };
    send("000000").await.is(422).says("does not match");
    let code = factor.code();
    let done = send(&code).await.is(303);
    with(nobody.get("/alice/web"), &cookie(&done)).await.is(200);
}

#[tokio::test]
async fn other_sites_can_neither_sign_in_nor_send_forms() {
    let (hub, alice) = hub_with_alice().await;
    let nobody = hub.anonymous();
    alice.set_private("alice/web", false).await;
    let cookie =
        cookie(&sign_in(&nobody, "alice", &alice.password, "//evil.example").await.is(303));
    let page = with(nobody.get("/alice/web"), &cookie).await.is(200).text();
    let own = mark(&page);
    let star = |mark: &str| {
        with(nobody.post("/alice/web/star").form(&[("what", "star"), ("mark", mark)]), &cookie)
    };

    star("").await.is(403).says("open the page again");
    star(&"0".repeat(32)).await.is(403);
    star(&own).header("sec-fetch-site", "cross-site").await.is(403).says("Another site");
    star(&own).header("origin", "https://evil.example").await.is(403);
    star(&own).header("origin", "null").await.is(403);
    let fields = [("username", "alice"), ("password", alice.password.as_str())];
    nobody.post("/signin").form(&fields).header("sec-fetch-site", "cross-site").await.is(403);
    let stars =
        async || nobody.get("/v2/repositories/alice/web").await.json()["star_count"].clone();
    assert_eq!(stars().await, 0);

    star(&own).header("origin", hub.url()).await.is(303);
    assert_eq!(stars().await, 1);
    with(nobody.get("/alice/web"), &cookie).await.is(200).says("Starred");
    let there = nobody.post("/alice/web/star").form(&[("what", "star")]).await.is(303);
    assert_eq!(there.header("location"), "/signin?next=%2Falice%2Fweb");
}
