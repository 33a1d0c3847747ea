//! Making accounts over HTTP.

use roadstead_testkit::{Answer, Client, Hub};
use serde_json::{Value, json};

async fn sign_up(client: &Client, path: &str, name: &str) -> Answer {
    let email = format!("{name}@example.test");
    let body = json!({"username": name, "email": email, "password": "correct horse"});
    client.post(path).json(&body).await
}

#[tokio::test]
async fn sign_up_waits_for_the_first_administrator_and_then_makes_accounts() {
    let hub = Hub::start().await;
    let nobody = hub.anonymous();
    sign_up(&nobody, "/v2/users/", "bob").await.is(403).says("not set up yet");
    hub.admin_user("alice").await;

    let made = sign_up(&nobody, "/v2/users", "bob").await.is(201).json();
    let legacy = sign_up(&nobody, "/v1/users/", "carl").await.is(201);

    assert_eq!(made["username"], "bob");
    assert_eq!(made["id"].as_str().unwrap().len(), 32);
    assert_eq!(legacy.json(), "User Created");
    for name in ["bob", "carl"] {
        let basic = nobody.clone().with_basic(name, "correct horse");
        assert_eq!(basic.get("/v1/users/").await.is(200).json(), "OK");
    }
    nobody.get("/v1/users/").await.is(401);
    // Unknown members are not rights.
    let body = json!({"username": "eve", "email": "e@x.io", "password": "correct horse",
        "is_admin": true, "is_verified": true});
    nobody.post("/v2/users/").json(&body).await.is(201);
    let users = hub.admin("user list").run().await.succeeds();
    let eve = users.stdout.lines().find(|line| line.contains("eve")).unwrap().to_owned();
    assert!(!eve.contains("admin") || eve.contains("no"), "{eve}");
}

#[tokio::test]
async fn mistakes_are_told_field_by_field() {
    let hub = Hub::start().await;
    hub.admin_user("alice").await;
    let nobody = hub.anonymous();
    let body = json!({"username": "My Name", "email": "nobody", "password": "short"});

    let refused = nobody.post("/v2/users/").json(&body).await.is(400).json();

    for field in ["username", "email", "password"] {
        assert!(refused[field][0].is_string(), "{refused}");
    }
    assert!(refused["username"][0].as_str().unwrap().contains("`my-name` would do"));
    for name in ["alice", "library", "v2", "settings"] {
        let refused = sign_up(&nobody, "/v2/users/", name).await.is(400).json();
        assert!(refused["username"][0].is_string(), "{name}: {refused}");
    }
    // Somebody's address is nobody's business.
    let body =
        json!({"username": "dora", "email": "alice@example.test", "password": "correct horse"});
    nobody.post("/v2/users/").json(&body).await.is(201);
}

#[tokio::test]
async fn an_address_makes_only_so_many_accounts_an_hour() {
    let hub = Hub::with().args(["--trusted-proxy", "127.0.0.1", "--sign-up", "open"]).start().await;
    hub.admin_user("alice").await;
    let from = async |address: &str, name: &str| {
        let email = format!("{name}@example.test");
        let body = json!({"username": name, "email": email, "password": "correct horse"});
        let path = if name.ends_with('1') { "/v1/users/" } else { "/v2/users/" };
        hub.anonymous().post(path).header("x-forwarded-for", address).json(&body).await
    };
    // Mistakes in the form do not count.
    for _ in 0..5 {
        from("192.0.2.7", "v2").await.is(400);
    }
    for number in 0..20 {
        from("192.0.2.7", &format!("user-{number}")).await.is(201);
    }

    for name in ["late", "late-1"] {
        let refused = from("192.0.2.7", name).await.is(429);
        let seconds: u64 = refused.header("retry-after").parse().unwrap();
        assert!((3000..=3600).contains(&seconds), "{seconds}");
        refused.says("too many sign-ups from this address; try again in");
    }
    from("192.0.2.8", "late").await.is(201);
}

#[tokio::test]
async fn a_closed_hub_takes_nobody_and_an_invitation_takes_one() {
    let closed = Hub::with().args(["--sign-up", "closed"]).start().await;
    closed.admin_user("alice").await;
    sign_up(&closed.anonymous(), "/v2/users/", "bob").await.is(403).says("closed");

    let hub = Hub::with().args(["--sign-up", "invite"]).start().await;
    hub.admin_user("alice").await;
    let nobody = hub.anonymous();
    let refused: Value = sign_up(&nobody, "/v2/users/", "bob").await.is(400).json();
    assert!(refused["invite"][0].as_str().unwrap().contains("invitation"));
    let code = hub.admin("invite create").run().await.succeeds().stdout.trim().to_owned();
    let form = |name: &str| {
        let email = format!("{name}@example.test");
        json!({"username": name, "email": email, "password": "correct horse", "invite": code})
    };
    nobody.post("/v2/users/").json(&form("bob")).await.is(201);
    nobody.post("/v2/users/").json(&form("carl")).await.is(400);
}

#[tokio::test]
async fn everybody_sees_who_is_there_and_oneself_a_little_more() {
    let hub = Hub::start().await;
    let alice = hub.admin_user("alice").await;
    let nobody = hub.anonymous();

    let seen = nobody.get("/v2/users/alice/").await.is(200).json();
    assert_eq!((&seen["username"], &seen["type"]), (&"alice".into(), &"User".into()));
    assert!(seen["email"].is_null() && seen["is_admin"].is_null(), "{seen}");
    nobody.head("/v2/users/alice").await.is(200);
    for missing in ["bob", "library", "UPPER", "a"] {
        nobody.get(&format!("/v2/users/{missing}")).await.is(404).says("object not found");
    }

    let own = alice.signed_in().await.get("/v2/user/").await.is(200).json();
    assert_eq!(own["email"], "alice@example.test");
    assert_eq!((&own["username"], &own["is_admin"]), (&"alice".into(), &true.into()));
    nobody.get("/v2/user/").await.is(401);
}
