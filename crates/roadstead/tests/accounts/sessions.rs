//! Sessions: every sign-in by password is listed, and ends when its owner ends it.

use roadstead_testkit::{Client, Hub, User};
use serde_json::{Value, json};

const PATH: &str = "/api/v1/account/sessions";

/// Signs in as a program of this name would.
async fn log_in(hub: &Hub, user: &User, secret: &str, agent: &str) -> (Client, Option<String>) {
    let body = json!({"username": user.name, "password": secret});
    let login = hub.anonymous().post("/v2/users/login?refresh_token=true").json(&body);
    let answer = login.header("user-agent", agent).await.is(200).json();
    let refresh = answer["refresh_token"].as_str().map(str::to_owned);
    (hub.token(answer["token"].as_str().unwrap()), refresh)
}

async fn list(api: &Client) -> Vec<Value> {
    let listed = api.get(PATH).await.is(200).json();
    let rows = listed["results"].as_array().unwrap().clone();
    assert_eq!(listed["count"], rows.len());
    rows
}

/// The id of the session that this program began.
fn of(rows: &[Value], client: &str) -> String {
    let row = rows.iter().find(|row| row["client"] == client);
    let row = row.unwrap_or_else(|| panic!("no session of {client} in {rows:#?}"));
    row["id"].as_str().unwrap().to_owned()
}

async fn renew(hub: &Hub, refresh: &str) -> u16 {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    hub.anonymous().post("/token").form(&fields).await.status()
}

#[tokio::test]
async fn whoever_ends_a_session_ends_all_it_left_with_the_client() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    let (laptop, laptop_refresh) = log_in(&hub, &alice, &alice.password, "laptop").await;
    let (thief, thief_refresh) = log_in(&hub, &alice, &alice.password, "thief").await;
    let docker = alice.basic().get("/token?offline_token=true&client_id=docker").await.is(200);
    let docker = docker.json()["refresh_token"].as_str().unwrap().to_owned();
    let (by_docker, none) = log_in(&hub, &alice, &docker, "not listed").await;
    assert_eq!(none, None, "a refresh token makes no other");
    let (bobs, _) = log_in(&hub, &bob, &bob.password, "bobs").await;

    let rows = list(&laptop).await;

    assert_eq!(rows.len(), 3, "{rows:#?}");
    for row in &rows {
        assert_eq!(row["is_current"], row["client"] == "laptop", "{row}");
        assert_eq!(row["address"], "127.0.0.1");
    }
    let thief_session = format!("{PATH}/{}", of(&rows, "thief"));
    bobs.delete(&thief_session).await.is(404);
    laptop.delete(&thief_session).await.is(204);
    laptop.delete(&thief_session).await.is(404).says("no such session");
    thief.get("/v2/user/").await.is(401);
    assert_eq!(renew(&hub, thief_refresh.as_deref().unwrap()).await, 401);
    laptop.get("/v2/user/").await.is(200);
    assert_eq!(renew(&hub, laptop_refresh.as_deref().unwrap()).await, 200);

    by_docker.get("/v2/user/").await.is(200);
    laptop.delete(&format!("{PATH}/{}", of(&rows, "docker"))).await.is(204);
    assert_eq!(renew(&hub, &docker).await, 401);
    by_docker.get("/v2/user/").await.is(401);
    let log = hub.admin("audit --format csv").run().await.succeeds().stdout;
    assert_eq!(log.matches("account.session.revoke").count(), 2, "{log}");
}

#[tokio::test]
async fn one_can_be_signed_out_everywhere_else_and_here() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let (here, refresh) = log_in(&hub, &alice, &alice.password, "here").await;
    let (there, _) = log_in(&hub, &alice, &alice.password, "there").await;
    let secret = json!({"identifier": "alice", "secret": alice.password});
    let short = hub.anonymous().post("/v2/auth/token").json(&secret).await.is(200).json();
    let short = hub.token(short["access_token"].as_str().unwrap());
    short.get("/v2/user/").await.is(200);

    let ended = here.delete(PATH).await.is(200).json();

    assert_eq!(ended["ended"], 2);
    there.get("/v2/user/").await.is(401);
    short.get("/v2/user/").await.is(401);
    assert_eq!(list(&here).await.len(), 1);
    assert_eq!(here.post("/v2/logout/").await.is(200).text(), "");
    here.get("/v2/user/").await.is(401);
    assert_eq!(renew(&hub, refresh.as_deref().unwrap()).await, 401);
    hub.anonymous().post("/v2/logout/").await.is(200);
}

#[tokio::test]
async fn what_is_left_on_a_machine_does_not_reach_the_sessions() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let (api, refresh) = log_in(&hub, &alice, &alice.password, "laptop").await;
    let body = json!({"token_label": "ci"});
    let made = api.post("/v2/access-tokens").json(&body).await.is(201).json();
    let (by_token, renewed) = log_in(&hub, &alice, made["token"].as_str().unwrap(), "ci").await;
    assert_eq!(renew(&hub, renewed.as_deref().unwrap()).await, 200);
    let (by_refresh, _) = log_in(&hub, &alice, refresh.as_deref().unwrap(), "cli").await;

    for machine in [&by_token, &by_refresh] {
        machine.get("/v2/user/").await.is(200);
        machine.get(PATH).await.is(403);
        machine.delete(PATH).await.is(403);
        machine.post("/v2/access-tokens").json(&body).await.is(403);
    }
    // A session of an access token there is none; it ends with the token.
    assert_eq!(list(&api).await.len(), 1);
    let path = format!("/v2/access-tokens/{}", made["uuid"].as_str().unwrap());
    api.delete(&path).await.is(204);
    by_token.get("/v2/user/").await.is(401);
    assert_eq!(renew(&hub, renewed.as_deref().unwrap()).await, 401);
}

#[tokio::test]
async fn a_new_password_and_a_lock_end_them_all() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let (api, refresh) = log_in(&hub, &alice, &alice.password, "laptop").await;
    let change = json!({"password": alice.password, "new_password": "a brand new one"});
    api.put("/api/v1/account/password").json(&change).await.is(204);

    api.get("/v2/user/").await.is(401);
    assert_eq!(renew(&hub, refresh.as_deref().unwrap()).await, 401);
    let (api, refresh) = log_in(&hub, &alice, "a brand new one", "laptop").await;
    assert_eq!(list(&api).await.len(), 1);
    hub.admin("user disable alice").run().await.succeeds();
    api.get("/v2/user/").await.is(401);
    hub.admin("user enable alice").run().await.succeeds();
    api.get("/v2/user/").await.is(401);
    assert_eq!(renew(&hub, refresh.as_deref().unwrap()).await, 401);
}
