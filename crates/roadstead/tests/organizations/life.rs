//! Making, showing, renaming and deleting organizations.

use roadstead_testkit::{Hub, image};
use serde_json::json;

use crate::desk::{Acme, each};

#[tokio::test]
async fn whoever_makes_an_organization_is_its_only_owner() {
    let acme = Acme::found().await;
    let form = json!({"orgname": "umbrella", "company": "Umbrella Ltd", "billing": "ignored"});
    let made = acme.owner.post("/v2/orgs").json(&form).await.is(201).json();
    assert_eq!(
        (made["orgname"].as_str(), made["user_role"].as_str()),
        (Some("umbrella"), Some("Owner"))
    );

    let owners = acme.owner.get("/v2/orgs/umbrella/groups/owners/members/").await.is(200).json();
    let mine = acme.owner.get("/v2/user/orgs/?page_size=1").await.is(200).json();
    let namespaces = acme.owner.get("/v2/repositories/namespaces/").await.is(200).json();
    let shown = acme.hub.anonymous().get("/v2/orgs/umbrella/").await.is(200).json();

    assert_eq!(each(&owners, "username"), ["ann"]);
    assert_eq!(
        (mine["count"].as_i64(), mine["results"][0]["orgname"].as_str()),
        (Some(2), Some("acme"))
    );
    assert_eq!(mine["results"][0]["user_groups"], json!(["owners"]));
    assert_eq!(namespaces, json!({"namespaces": ["ann", "acme", "umbrella"]}));
    assert_eq!(
        (shown["company"].as_str(), shown["org_groups_count"].as_i64()),
        (Some("Umbrella Ltd"), Some(1))
    );
    assert_eq!(shown["plan_name"], json!(null));
    acme.hub.anonymous().get("/v2/orgs/ann/").await.is(404);
}

#[tokio::test]
async fn a_name_that_is_taken_reserved_or_malformed_is_refused_with_the_rule() {
    let acme = Acme::found().await;
    acme.hub.user("bob").await;
    let unverified = acme.hub.unverified_user("carol").await.signed_in().await;
    for (name, status, says) in [
        ("bob", 409, "`bob` is taken"),
        ("acme", 409, "`acme` is taken"),
        ("admin", 400, "reserved"),
        ("My Team", 400, "`my-team` would do"),
        ("", 400, "2 to 30"),
    ] {
        let refused = acme.owner.post("/v2/orgs/").json(&json!({"orgname": name})).await;
        let refused = refused.is(status).says(says).json();
        assert!(refused["orgname"][0].is_string(), "{refused}");
    }
    unverified.post("/v2/orgs/").json(&json!({"orgname": "mine"})).await.is(403).says("verify");
    acme.hub.anonymous().post("/v2/orgs/").json(&json!({"orgname": "mine"})).await.is(401);
    let long = json!({"orgname": "mine", "company": "x".repeat(256)});
    acme.owner.post("/v2/orgs/").json(&long).await.is(400).says("at most 255 characters");
    let script = json!({"profile_url": "javascript:alert(1)"});
    acme.owner.patch("/api/v1/orgs/acme").json(&script).await.is(400).says("https://");
}

#[tokio::test]
async fn after_a_rename_the_old_name_pulls_never_pushes_and_stays_reserved() {
    let acme = Acme::found().await;
    let built = image().file("a", "a").build();
    acme.ann.repo("acme/app").push(&built, &["1"]).await;
    let old_token = acme.ann.bearer(&["repository:acme/fresh:pull,push"]).await;
    let rename = |from: &str, to: &str| {
        acme.owner.post(&format!("/api/v1/orgs/{from}/rename")).json(&json!({"orgname": to}))
    };

    rename("acme", "umbrella").await.is(200);
    rename("umbrella", "initech").await.is(200);

    for name in ["acme/app", "umbrella/app", "initech/app"] {
        acme.ann.repo(name).manifest("1").await.is(200);
        acme.hub.anonymous().repo(name).manifest("1").await.is(200);
    }
    for old in ["acme/app", "umbrella/app"] {
        let refused = acme.ann.repo(old).put_manifest("2", &built.manifest).await.is(403);
        assert!(
            refused.error_message().contains("now called `initech/app`"),
            "{}",
            refused.story()
        );
    }
    acme.ann.repo("initech/app").put_manifest("2", &built.manifest).await.is(201);
    let stale = old_token.repo("acme/fresh").open_upload().await;
    assert!(matches!(stale.status(), 401 | 404), "{}", stale.story());
    let mallory = acme.hub.user("mallory").await.signed_in().await;
    for taken in ["acme", "umbrella"] {
        mallory.post("/v2/orgs/").json(&json!({"orgname": taken})).await.is(409);
    }
    acme.owner.get("/v2/orgs/acme/members").await.is(404);
    rename("initech", "acme").await.is(200);
    acme.ann.repo("acme/app").put_manifest("3", &built.manifest).await.is(201);
}

#[tokio::test]
async fn an_organization_with_repositories_is_not_deleted_and_its_name_never_comes_back() {
    let acme = Acme::found().await;
    let (_, bob) = acme.member("bob", "member").await;
    acme.repository("app", false).await;
    acme.owner.delete("/api/v1/orgs/acme").await.is(409).says("1 repositories");
    acme.owner.delete("/v2/repositories/acme/app/").await.is(202);
    bob.delete("/api/v1/orgs/acme").await.is(403);

    acme.owner.delete("/api/v1/orgs/acme").await.is(204);

    acme.owner.get("/v2/orgs/acme/").await.is(404);
    acme.owner.get("/v2/orgs/acme/members/").await.is(404);
    assert_eq!(bob.get("/v2/user/orgs/").await.is(200).json()["count"], 0);
    let form = json!({"namespace": "acme", "name": "app"});
    acme.owner.post("/v2/repositories/").json(&form).await.is(403);
    for client in [&acme.owner, &bob] {
        client.post("/v2/orgs/").json(&json!({"orgname": "acme"})).await.is(409);
    }
}

#[tokio::test]
async fn the_profile_changes_for_owners_only_and_settings_nobody_enforces_stay_off() {
    let acme = Acme::found().await;
    let (_, bob) = acme.member("bob", "editor").await;
    let change = json!({"full_name": "Acme", "profile_url": "https://acme.example"});
    bob.patch("/api/v1/orgs/acme").json(&change).await.is(403).says("only owners of `acme`");

    acme.owner.patch("/api/v1/orgs/acme/").json(&change).await.is(200);

    let shown = acme.owner.get("/api/v1/orgs/acme").await.is(200).json();
    assert_eq!((shown["full_name"].as_str(), shown["company"].as_str()), (Some("Acme"), Some("")));
    let settings = acme.owner.get("/v2/orgs/acme/settings/").await.is(200).json();
    assert_eq!(settings["restricted_images"]["enabled"], false);
    let on = json!({"restricted_images": {"enabled": true, "allow_official_images": true,
        "allow_verified_publishers": false}});
    acme.owner.put("/v2/orgs/acme/settings").json(&on).await.is(400).says("cannot enforce it");
    acme.owner.put("/v2/orgs/acme/settings").json(&settings).await.is(200);
}

#[tokio::test]
async fn a_token_of_small_reach_looks_on_and_manages_nothing() {
    let acme = Acme::found().await;
    for (scope, sees) in [("repo:public_read", 403), ("repo:read", 200), ("repo:write", 200)] {
        let token = secret(&acme.hub, scope).await;
        let client = acme.hub.anonymous().with_basic("ann", &token);
        client.get("/v2/orgs/acme/members").await.is(sees);
        let refused = client.post("/v2/orgs/acme/groups").json(&json!({"name": "dev"})).await;
        refused.is(403).says("repo:admin");
        client.post("/v2/orgs").json(&json!({"orgname": "mine"})).await.is(403);
    }
    let token = secret(&acme.hub, "repo:admin").await;
    let client = acme.hub.anonymous().with_basic("ann", &token);
    client.post("/v2/orgs/acme/groups").json(&json!({"name": "dev"})).await.is(201);
}

async fn secret(hub: &Hub, scope: &str) -> String {
    let made = hub.admin(&format!("token create ann --label test --scope {scope}"));
    made.run().await.succeeds().stdout.trim().to_owned()
}

#[tokio::test]
async fn what_is_in_the_trash_of_a_renamed_organization_comes_back_and_keeps_its_old_name() {
    let acme = Acme::found().await;
    acme.ann.repo("acme/app").push(&image().build(), &["1"]).await;
    acme.owner.delete("/v2/repositories/acme/app/").await.is(202);
    let form = json!({"orgname": "umbrella"});
    acme.owner.post("/api/v1/orgs/acme/rename").json(&form).await.is(200);

    let trash = acme.owner.get("/api/v1/trash/umbrella").await.is(200).json();
    let id = trash["results"][0]["id"].as_str().unwrap();
    let restore = format!("/api/v1/trash/umbrella/{id}/restore");
    let back = acme.owner.post(&restore).json(&json!({})).await.is(200).json();

    assert_eq!((&back["namespace"], &back["name"]), (&json!("umbrella"), &json!("app")));
    for name in ["umbrella/app", "acme/app"] {
        acme.hub.anonymous().repo(name).manifest("1").await.is(200);
    }
    acme.ann.repo("umbrella/app").push(&image().build(), &["2"]).await;
    acme.ann.repo("acme/app").open_upload().await.is(403).says("now called `umbrella/app`");
}

#[tokio::test]
async fn a_transfer_to_an_organization_obeys_its_owners_and_its_plan() {
    let hub = Hub::with().args(["--private-repositories", "1"]).start().await;
    let (ann, bob) = (hub.user("ann").await, hub.user("bob").await);
    let (owner, stranger) = (ann.signed_in().await, bob.signed_in().await);
    owner.post("/v2/orgs").json(&json!({"orgname": "acme"})).await.is(201);
    let digest = ann.repo("ann/app").push(&image().build(), &["1"]).await;
    bob.repo("bob/app").push(&image().build(), &["1"]).await;
    let transfer = async |api: &roadstead_testkit::Client, from: &str, to: &str| {
        let (namespace, name) = to.split_once('/').unwrap();
        let form = json!({"namespace": namespace, "name": name});
        api.post(&format!("/api/v1/repositories/{from}/transfer")).json(&form).await
    };
    let to_acme = transfer(&stranger, "bob/app", "acme/stolen").await.is(403);
    assert!(to_acme.text().contains("may not make repositories in `acme`"));
    ann.set_private("ann/app", true).await;
    let form = json!({"namespace": "acme", "name": "secret", "is_private": true});
    owner.post("/v2/repositories/").json(&form).await.is(201);

    transfer(&owner, "ann/app", "acme/app").await.is(403).says("1 of 1 private repositories");
    owner.delete("/v2/repositories/acme/secret/").await.is(202);
    transfer(&owner, "ann/app", "acme/app").await.is(200);

    // The slot of the old namespace is free, that of the new one is taken.
    let used = async |namespace: &str| {
        let usage = owner.get(&format!("/api/v1/namespaces/{namespace}/usage")).await.is(200);
        usage.json()["private_repositories"]["used"].as_u64().unwrap()
    };
    assert_eq!((used("ann").await, used("acme").await), (0, 1));
    for name in ["acme/app", "ann/app"] {
        let pulled = ann.repo(name).manifest("1").await.is(200);
        assert_eq!(pulled.header("docker-content-digest"), digest);
        hub.anonymous().repo(name).manifest("1").await.is(401);
    }
    // Around in a circle, and over a name that leads elsewhere.
    transfer(&owner, "acme/app", "ann/app").await.is(200);
    transfer(&owner, "ann/app", "acme/app").await.is(200);
    transfer(&owner, "acme/app", "ann/other").await.is(200);
    ann.repo("ann/other").push(&image().file("n", "n").build(), &["2"]).await;
    ann.repo("acme/app").open_upload().await.is(403).says("now called `ann/other`");
    ann.repo("ann/second").push(&image().build(), &["1"]).await;
    transfer(&owner, "ann/second", "acme/app").await.is(409);
}
