//! Members: who sees whom, roles, leaving.

use serde_json::json;

use crate::desk::{Acme, each};

#[tokio::test]
async fn members_are_listed_to_members_and_addresses_to_owners() {
    let acme = Acme::found().await;
    let (_, bob) = acme.member("bob", "editor").await;
    let stranger = acme.hub.user("mallory").await.signed_in().await;
    acme.invite("carl@example.test", json!({})).await;

    let all = acme.owner.get("/v2/orgs/acme/members/?page_size=1000").await.is(200).json();
    assert_eq!(each(&all, "username"), ["ann", "bob"]);
    assert_eq!(each(&all, "role"), ["Owner", "Editor"]);
    assert_eq!(each(&all, "email"), ["ann@example.test", "bob@example.test"]);
    let with_invites = acme.owner.get("/v2/orgs/acme/members/?invites=true").await.json();
    assert_eq!(each(&with_invites, "role"), ["Owner", "Editor", "Invitee"]);
    let second = acme.owner.get("/v2/orgs/acme/members?type=all&page=3&page_size=1").await.json();
    assert_eq!(each(&second, "email"), ["carl@example.test"]);
    let editors = acme.owner.get("/v2/orgs/acme/members/?role=editor&search=OB").await.json();
    assert_eq!(each(&editors, "username"), ["bob"]);
    acme.owner.get("/v2/orgs/acme/members/?role=king").await.is(400).says("owner, editor, member");

    let seen = bob.get("/v2/orgs/acme/members/?invites=true").await.is(200).json();
    assert_eq!(each(&seen, "username"), ["ann", "bob"], "invitations are for owners");
    assert_eq!(each(&seen, "email"), ["", ""]);
    assert_eq!(seen["results"][0]["groups"], json!([]), "teams of others are for owners");
    stranger.get("/v2/orgs/acme/members/").await.is(403).says("only members of `acme`");
    acme.hub.anonymous().get("/v2/orgs/acme/members/").await.is(401);
    stranger.get("/v2/orgs/nobody-here/members/").await.is(404);
}

#[tokio::test]
async fn the_export_is_a_table_for_owners() {
    let acme = Acme::found().await;
    let (_, bob) = acme.member("bob", "member").await;
    bob.get("/v2/orgs/acme/members/export").await.is(403);

    let table = acme.owner.get("/v2/orgs/acme/members/export/").await.is(200);

    assert!(table.header("content-disposition").starts_with("attachment;filename=\"acme-members-"));
    let text = table.text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "Name,Username,Email,Type,Permission,Teams,Date Joined");
    assert!(lines[1].starts_with(",ann,ann@example.test,User,Owner,owners,20"), "{}", lines[1]);
    assert!(lines[2].starts_with(",bob,bob@example.test,User,Member,,20"), "{}", lines[2]);
}

#[tokio::test]
async fn one_owner_stays_whatever_is_tried() {
    let acme = Acme::found().await;
    acme.team("crew").await;
    let says = "`ann` is the last owner of `acme`; make somebody else an owner first";
    let tries = [
        acme.owner.delete("/v2/orgs/acme/members/ann"),
        acme.owner.put("/v2/orgs/acme/members/ann").json(&json!({"role": "editor"})),
        acme.owner.delete("/v2/orgs/acme/groups/owners/members/ann/"),
        acme.owner.post("/api/v1/orgs/acme/leave"),
    ];
    for attempt in tries {
        attempt.await.is(400).says(says);
    }
    let says = "can be neither renamed nor deleted";
    acme.owner.delete("/v2/orgs/acme/groups/owners/").await.is(400).says(says);
    let rename = json!({"name": "kings"});
    acme.owner.put("/v2/orgs/acme/groups/owners").json(&rename).await.is(400).says(says);
    let describe = json!({"name": "owners", "description": "Who decides"});
    acme.owner.patch("/v2/orgs/acme/groups/owners").json(&describe).await.is(200);
    let take = json!({"name": "owners"});
    acme.owner.patch("/v2/orgs/acme/groups/crew").json(&take).await.is(409);

    // An owner who is locked out is none to rely on.
    let (_, bob) = acme.member("bob", "owner").await;
    acme.hub.admin("user disable bob").run().await.succeeds();
    acme.owner.post("/api/v1/orgs/acme/leave").await.is(400);
    acme.hub.admin("user enable bob").run().await.succeeds();
    drop(bob);
    acme.owner.post("/api/v1/orgs/acme/leave").await.is(204);
    acme.owner.get("/v2/orgs/acme/members").await.is(403);
}

#[tokio::test]
async fn a_role_is_changed_and_ends_with_the_membership() {
    let acme = Acme::found().await;
    let (bob, client) = acme.member("bob", "member").await;
    let crew = acme.team("crew").await;
    acme.add("crew", "bob").await;
    acme.repository("app", true).await;
    acme.grant("acme/app", crew, "write").await;
    let make = json!({"namespace": "acme", "name": "made"});
    client.post("/v2/repositories/").json(&make).await.is(403);
    let set =
        |role: &str| acme.owner.put("/v2/orgs/acme/members/bob/").json(&json!({"role": role}));

    assert_eq!(set("editor").await.is(200).json()["role"], "Editor");
    client.post("/v2/repositories/").json(&make).await.is(201);
    assert_eq!(set("owner").await.is(200).json()["groups"], json!(["crew", "owners"]));
    client.post("/v2/orgs/acme/groups").json(&json!({"name": "by-bob"})).await.is(201);
    assert_eq!(set("member").await.is(200).json()["role"], "Member");
    client.post("/v2/orgs/acme/groups").json(&json!({"name": "again"})).await.is(403);
    set("Emperor").await.is(400);
    client.get("/v2/repositories/acme/app").await.is(200);

    acme.owner.delete("/v2/orgs/acme/members/bob").await.is(204);

    acme.owner.delete("/v2/orgs/acme/members/bob").await.is(404).says("no member of `acme`");
    acme.owner.put("/v2/orgs/acme/members/nobody").json(&json!({"role": "owner"})).await.is(404);
    client.get("/v2/repositories/acme/app").await.is(404);
    bob.repo("acme/app").open_upload().await.is(403);
    let crew = acme.owner.get("/v2/orgs/acme/groups/crew/members").await.is(200).json();
    assert_eq!(crew["count"], 0);
}
