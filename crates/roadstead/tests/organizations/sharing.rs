//! Who else may use one repository: teams with rights, collaborators, and what clients get to do.

use roadstead_testkit::{Hub, Tool, User, docker_archive, image};
use serde_json::json;

use crate::desk::{Acme, each};

#[tokio::test]
async fn a_team_can_do_what_it_was_granted_and_no_more() {
    let acme = Acme::found().await;
    let (bob, client) = acme.member("bob", "member").await;
    let crew = acme.team("crew").await;
    acme.add("crew", "bob").await;
    acme.repository("app", true).await;
    let built = image().file("a", "a").build();
    acme.ann.repo("acme/app").push(&built, &["1"]).await;
    let repo = bob.repo("acme/app");
    client.get("/v2/repositories/acme/app").await.is(404);
    repo.manifest("1").await.is(401);

    acme.grant("acme/app", crew, "read").await;
    repo.manifest("1").await.is(200);
    repo.put_manifest("2", &built.manifest).await.is(403);
    acme.grant("acme/app", crew, "write").await;
    repo.put_manifest("2", &built.manifest).await.is(201);
    client.patch("/v2/repositories/acme/app").json(&json!({"description": "mine"})).await.is(403);
    client.get("/v2/repositories/acme/app/groups").await.is(403);
    acme.grant("acme/app", crew, "admin").await;
    client.patch("/v2/repositories/acme/app").json(&json!({"description": "mine"})).await.is(200);
    let grants = client.get("/v2/repositories/acme/app/groups/").await.is(200).json();
    assert_eq!(
        (each(&grants, "group_name"), each(&grants, "permission")),
        (vec!["crew".into()], vec!["admin".into()])
    );
    client.get("/v2/repositories/acme/app/collaborators").await.is(403);

    let one = format!("/v2/repositories/acme/app/groups/{crew}/");
    let change = json!({"permission": "read", "group_id": 0, "group_name": ""});
    assert_eq!(acme.owner.patch(&one).json(&change).await.is(200).json()["group_id"], crew);
    assert!(crew < 1 << 53, "numbers of JavaScript are exact so far");
    client.get(&one).await.is(403);
    acme.owner.delete(&one).await.is(204);
    for gone in
        [acme.owner.get(&one), acme.owner.delete(&one), acme.owner.patch(&one).json(&change)]
    {
        gone.await.is(404);
    }
    client.get("/v2/repositories/acme/app").await.is(404);
}

#[tokio::test]
async fn a_right_that_is_taken_back_voids_the_tokens_it_led_to() {
    let acme = Acme::found().await;
    let (bob, _) = acme.member("bob", "member").await;
    let crew = acme.team("crew").await;
    acme.add("crew", "bob").await;
    acme.repository("app", true).await;
    acme.grant("acme/app", crew, "write").await;
    let token = bob.bearer(&["repository:acme/app:pull,push"]).await;
    token.repo("acme/app").open_upload().await.is(202);

    acme.grant("acme/app", crew, "read").await;

    token.repo("acme/app").open_upload().await.is(401);
    bob.repo("acme/app").tags_page("").await.is(200);
}

#[tokio::test]
async fn teams_get_rights_in_their_own_organization_only() {
    let acme = Acme::found().await;
    let crew = acme.team("crew").await;
    acme.owner.post("/v2/orgs").json(&json!({"orgname": "umbrella"})).await.is(201);
    let form = json!({"namespace": "umbrella", "name": "app"});
    acme.owner.post("/v2/repositories").json(&form).await.is(201);
    let form = json!({"namespace": "ann", "name": "app"});
    acme.owner.post("/v2/repositories").json(&form).await.is(201);
    let grant = json!({"group_id": crew, "permission": "admin"});

    for (repository, says) in
        [("umbrella/app", "none of the organization"), ("ann/app", "belongs to a user")]
    {
        let path = format!("/v2/repositories/{repository}/groups");
        acme.owner.post(&path).json(&grant).await.is(400).says(says);
    }
    acme.repository("app", false).await;
    let path = "/v2/repositories/acme/app/groups";
    let king = json!({"group_id": crew, "permission": "king"});
    acme.owner.post(path).json(&king).await.is(400).says("read, write, admin");
    acme.owner.post(path).json(&json!({"permission": "read"})).await.is(400);
}

#[tokio::test]
async fn an_administrator_hands_an_official_repository_to_a_team() {
    let acme = Acme::found().await;
    let keeper = acme.hub.admin_user("keeper").await.signed_in().await;
    let (bob, client) = acme.member("bob", "member").await;
    let crew = acme.team("crew").await;
    acme.add("crew", "bob").await;
    acme.hub.admin("official create tool").run().await.succeeds();
    let path = "/v2/repositories/library/tool/groups";
    let grant = json!({"group_id": crew, "permission": "admin"});
    acme.owner.post(path).json(&grant).await.is(403);

    keeper.post(path).json(&grant).await.is(200);

    bob.repo("tool").push(&image().file("a", "a").build(), &["1"]).await;
    client.post(path).json(&grant).await.is(403).says("administrators");
    client
        .post("/v2/repositories/library/tool/collaborators")
        .json(&json!({"user": "ann"}))
        .await
        .is(403);
}

#[tokio::test]
async fn a_collaborator_pushes_and_pulls_and_lets_nobody_else_in() {
    let hub = Hub::start().await;
    let (ann, bob) = (hub.user("ann").await, hub.user("bob").await);
    hub.user("carl").await;
    let built = image().file("a", "a").build();
    ann.repo("ann/app").push(&built, &["1"]).await;
    ann.set_private("ann/app", true).await;
    let (owner, client) = (ann.signed_in().await, bob.signed_in().await);
    let path = "/v2/repositories/ann/app/collaborators/";
    client.get("/v2/repositories/ann/app").await.is(404);
    client.post(path).json(&json!({"user": "bob"})).await.is(404);

    assert_eq!(
        owner.post(path).json(&json!({"user": "bob"})).await.is(201).json(),
        json!({"user": "bob"})
    );
    owner.post(path).json(&json!({"user": "bob"})).await.is(201);

    bob.repo("ann/app").put_manifest("2", &built.manifest).await.is(201);
    client.get("/v2/repositories/ann/app").await.is(200);
    for refused in [
        client.post(path).json(&json!({"user": "carl"})),
        client.get(path),
        client.delete(&format!("{path}bob")),
        client.delete("/v2/repositories/ann/app"),
        client.post("/v2/repositories/ann/app/privacy").json(&json!({"is_private": false})),
        client.patch("/v2/repositories/ann/app").json(&json!({"description": "mine"})),
    ] {
        refused.await.is(403);
    }
    let listed = owner.get(path).await.is(200).json();
    assert_eq!(each(&listed, "user"), ["bob"]);
    for (who, status) in [("ann", 400), ("no-one", 404), ("", 404)] {
        owner.post(path).json(&json!({"user": who})).await.is(status);
    }
    let token = bob.bearer(&["repository:ann/app:pull,push"]).await;
    owner.delete(&format!("{path}bob/")).await.is(204);
    owner.delete(&format!("{path}bob/")).await.is(404);
    token.repo("ann/app").manifest("1").await.is(401);
    client.get("/v2/repositories/ann/app").await.is(404);
}

#[tokio::test]
async fn a_collaborator_leaves_and_organizations_have_none() {
    let acme = Acme::found().await;
    let bob = acme.hub.user("bob").await.signed_in().await;
    acme.repository("app", false).await;
    let form = json!({"namespace": "ann", "name": "app", "is_private": true});
    acme.owner.post("/v2/repositories").json(&form).await.is(201);
    let path = "/v2/repositories/ann/app/collaborators";
    acme.owner.post(path).json(&json!({"user": "bob"})).await.is(201);
    let leave = "/api/v1/repositories/ann/app/leave";

    bob.post(leave).await.is(204);

    assert_eq!(acme.owner.get(path).await.is(200).json()["count"], 0);
    let hidden = bob.post(leave).await.is(404).text();
    assert_eq!(hidden, bob.post("/api/v1/repositories/ann/none/leave").await.is(404).text());
    let path = "/v2/repositories/acme/app/collaborators";
    let refused = acme.owner.post(path).json(&json!({"user": "bob"})).await;
    refused.is(400).says("give a team a right on it instead");
}

#[tokio::test]
async fn an_unverified_member_reads_at_most() {
    let acme = Acme::found().await;
    let carol = acme.hub.unverified_user("carol").await;
    let client = carol.signed_in().await;
    acme.join(&client, &carol, json!({"role": "owner"})).await;
    acme.repository("app", true).await;

    carol.repo("acme/app").tags_page("").await.is(200);
    client.get("/v2/orgs/acme/members").await.is(200);
    let form = json!({"name": "mine"});
    client.post("/v2/orgs/acme/groups").json(&form).await.is(403).says("verify your e-mail");
    carol.repo("acme/app").open_upload().await.is(403).says("verify the e-mail");
    acme.hub.admin("user verify carol").run().await.succeeds();
    client.post("/v2/orgs/acme/groups").json(&form).await.is(201);
    carol.repo("acme/app").open_upload().await.is(202);
}

#[tokio::test]
async fn skopeo_pushes_for_a_writer_and_not_for_a_reader() {
    let acme = Acme::found().await;
    let (writer, _) = acme.member("writer", "member").await;
    let (reader, _) = acme.member("reader", "member").await;
    let (writers, readers) = (acme.team("writers").await, acme.team("readers").await);
    acme.add("writers", "writer").await;
    acme.add("readers", "reader").await;
    acme.repository("app", true).await;
    acme.grant("acme/app", writers, "write").await;
    acme.grant("acme/app", readers, "read").await;
    let file = acme.hub.scratch().join("image.tar");
    std::fs::write(&file, docker_archive(&image().docker().file("a", "a").build(), &["app:1"]))
        .unwrap();
    let from = format!("docker-archive:{}", file.display());
    let there = format!("docker://{}/acme/app:1", acme.hub.address());
    let copy = |who: &User, side: &str, from: &str, to: &str| {
        Tool::installed("skopeo")
            .line("--insecure-policy copy --src-tls-verify=false --dest-tls-verify=false")
            .args([format!("--{side}-creds"), format!("{}:{}", who.name, who.password)])
            .args([from, to])
            .run()
    };

    copy(&reader, "dest", &from, &there).await.fails().says("denied");
    copy(&writer, "dest", &from, &there).await.succeeds();

    let back = format!("dir:{}", acme.hub.scratch().join("back").display());
    copy(&reader, "src", &there, &back).await.succeeds();
    let stranger = acme.hub.user("stranger").await;
    let back = format!("dir:{}", acme.hub.scratch().join("none").display());
    copy(&stranger, "src", &there, &back).await.fails();
}
