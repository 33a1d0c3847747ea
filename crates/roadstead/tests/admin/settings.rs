//! Settings that are changed while the hub runs.

use roadstead_testkit::{Answer, Client, Hub, User, eventually};
use serde_json::{Value, json};

async fn hub() -> (Hub, Client) {
    let hub = Hub::with().args(["--sign-up", "closed"]).start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    (hub, keeper)
}

async fn sign_up(hub: &Hub, name: &str) -> Answer {
    let email = format!("{name}@example.test");
    let form = json!({"username": name, "email": email, "password": "correct horse staple"});
    hub.anonymous().post("/v2/users/").json(&form).await
}

#[tokio::test]
async fn sign_up_is_opened_and_closed_while_the_hub_runs() {
    let (hub, keeper) = hub().await;
    sign_up(&hub, "alice").await.is(403).says("closed");
    let path = "/api/v1/admin/settings";

    let told = keeper.patch(path).json(&json!({"sign_up": "open"})).await.is(200).json();
    let expected = json!({
        "value": "open", "default": "closed", "is_decided": true,
        "values": ["open", "invite", "closed"],
    });
    assert_eq!(told["sign_up"], expected);
    sign_up(&hub, "alice").await.is(201);
    keeper.patch(path).json(&json!({"sign_up": "invite"})).await.is(200);
    sign_up(&hub, "bob").await.is(400).says("invitation");
    keeper.patch(path).json(&json!({"sign_up": null})).await.is(200);
    sign_up(&hub, "bob").await.is(403).says("closed");

    let bad = json!({"sign_up": "open", "announcements": "loud"});
    keeper.patch(path).json(&bad).await.is(400).says("announcements is one of: on, off");
    keeper.patch(path).json(&json!({"colour": "red"})).await.is(400).says("there are: sign_up");
    keeper.patch(path).json(&json!({"sign_up": 1})).await.is(400);
    assert_eq!(keeper.get(path).await.json()["sign_up"]["value"], "closed");
    let log = keeper.get("/api/v1/admin/audit?action=hub.settings").await.json();
    assert_eq!(log["count"], 3);
    assert_eq!(log["results"][2]["before"], json!({"sign_up": "closed"}));
    assert_eq!(log["results"][2]["after"], json!({"sign_up": "open"}));
}

#[tokio::test]
async fn a_setting_of_the_command_line_reaches_the_running_hub() {
    let (hub, _) = hub().await;

    let set = hub.admin("settings set sign-up open").run().await.succeeds().stdout;

    assert!(set.lines().any(|line| line.starts_with("sign-up")), "{set}");
    eventually("sign-up is open", 3, async || {
        (sign_up(&hub, "alice").await.status() == 201).then_some(())
    })
    .await;
    hub.admin("settings set sign-up default").run().await.succeeds();
    let got = hub.admin("settings get --format json").run().await.succeeds().stdout;
    let got: Value = serde_json::from_str(&got).unwrap();
    assert_eq!((&got[0]["setting"], &got[0]["is_decided"]), (&json!("sign_up"), &json!(false)));
    hub.admin("settings set sign-up maybe").run().await.exits(1).says("open, invite, closed");
}

#[tokio::test]
async fn new_namespaces_begin_with_the_visibility_that_was_decided() {
    let (hub, keeper) = hub().await;
    let before = hub.user("alice").await;
    let private = json!({"default_visibility": "private"});
    keeper.patch("/api/v1/admin/settings").json(&private).await.is(200);
    let after = hub.user("bob").await;
    let owner = after.signed_in().await;
    owner.post("/v2/orgs/").json(&json!({"orgname": "acme"})).await.is(201);

    let is_private = async |user: &User, name: &str| {
        user.repo(name).push(&roadstead_testkit::image().build(), &["1"]).await;
        let told = user.signed_in().await.get(&format!("/v2/repositories/{name}")).await;
        told.is(200).json()["is_private"].clone()
    };

    assert_eq!(is_private(&before, "alice/app").await, false);
    assert_eq!(is_private(&after, "bob/app").await, true);
    assert_eq!(is_private(&after, "acme/app").await, true);
}
