//! The end of an account: nothing opens it, nobody gets its name, and nothing is left without an owner.

use roadstead_testkit::{Client, Hub, image};
use serde_json::json;

const PATH: &str = "/api/v1/account";

#[tokio::test]
async fn an_account_ends_with_all_that_opened_it_and_its_name_is_nobodys() {
    let hub = Hub::with().args(["--sign-up", "open"]).start().await;
    hub.admin_user("keeper").await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    let made = api.post("/v2/access-tokens").json(&json!({"token_label": "ci"})).await.is(201);
    let token = made.json()["token"].as_str().unwrap().to_owned();
    let by_token = hub.anonymous().with_basic("alice", &token);
    let docker = alice.basic().get("/token?offline_token=true").await.is(200).json();
    let right = json!({"password": alice.password});
    by_token.delete(PATH).json(&right).await.is(403).says("sign in with the password");
    api.delete(PATH)
        .json(&json!({"password": "wrong"}))
        .await
        .is(403)
        .says("the password is wrong");
    api.delete(PATH).json(&json!({})).await.is(400).says("password");

    api.delete(PATH).json(&right).await.is(204);

    api.get("/v2/user/").await.is(401);
    alice.basic().get("/v2/").await.is(401);
    by_token.get("/v2/").await.is(401);
    let refresh = docker["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    hub.anonymous().post("/token").form(&fields).await.is(401);
    hub.anonymous().get("/v2/users/alice").await.is(404);
    let again =
        json!({"username": "alice", "email": "b@example.test", "password": "correct horse"});
    hub.anonymous().post("/v2/users/").json(&again).await.is(400).says("taken");
    for command in
        ["user enable alice", "token create alice --label x --scope repo:read", "user verify alice"]
    {
        hub.admin(command).run().await.exits(1).says("there is no user `alice`");
    }
    let users = hub.admin("user list").run().await.succeeds().stdout;
    assert!(!users.contains("alice"), "{users}");
    // The address is free for another account.
    let other =
        json!({"username": "lewis", "email": "alice@example.test", "password": "correct horse"});
    hub.anonymous().post("/v2/users/").json(&other).await.is(201);
    hub.admin("user verify lewis").run().await.succeeds();
    let log = hub.admin("audit --format csv").run().await.succeeds().stdout;
    assert!(log.contains("account.delete"), "{log}");
}

#[tokio::test]
async fn nothing_is_left_that_nobody_can_look_after() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    let api = alice.signed_in().await;
    let right = json!({"password": alice.password});
    let refused = async |api: &Client| api.delete(PATH).json(&right).await.is(409);
    api.post("/v2/orgs").json(&json!({"orgname": "acme"})).await.is(201);
    alice.repo("alice/app").push(&image().file("a", "a").build(), &["1"]).await;

    refused(&api).await.says("you are the last owner of `acme`");
    let owners = "/v2/orgs/acme/groups/owners/members";
    let told = api.post(owners).json(&json!({"member": "bob"})).await.is(202).json();
    let id = told["invite"]["id"].as_str().unwrap();
    bob.basic().post(&format!("/api/v1/invitations/{id}/accept")).await.is(200);
    refused(&api).await.says("the account still has 1 repositories");
    api.delete("/v2/repositories/alice/app/").await;
    api.delete(PATH).json(&right).await.is(204);

    let members = bob.basic().get("/v2/orgs/acme/members").await.is(200);
    assert!(!members.text().contains("alice"), "{}", members.text());
    let keeper = hub.admin_user("keeper").await;
    let right = json!({"password": keeper.password});
    keeper.signed_in().await.delete(PATH).json(&right).await.is(409).says("administrators");
}

#[tokio::test]
async fn beside_a_second_factor_a_code_is_asked_for() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let factor = alice.turn_on_second_factor().await;
    let password = json!({"password": alice.password});
    factor.api.delete(PATH).json(&password).await.is(403).says("the code is wrong");
    let wrong = json!({"password": alice.password, "code": factor.used});
    factor.api.delete(PATH).json(&wrong).await.is(403);

    let right = json!({"password": alice.password, "code": factor.code()});
    factor.api.delete(PATH).json(&right).await.is(204);

    factor.api.get("/v2/user/").await.is(401);
}
