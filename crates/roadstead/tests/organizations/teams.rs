//! Teams: who sees which, and who is in them.

use serde_json::json;

use crate::desk::{Acme, each};

#[tokio::test]
async fn members_see_their_own_teams_and_owners_all() {
    let acme = Acme::found().await;
    let (_, bob) = acme.member("bob", "member").await;
    let stranger = acme.hub.user("mallory").await.signed_in().await;
    acme.team("crew").await;
    acme.team("dev").await;
    acme.add("crew", "bob").await;
    let list = "/v2/orgs/acme/groups/";

    assert_eq!(each(&acme.owner.get(list).await.is(200).json(), "name"), ["crew", "dev", "owners"]);
    assert_eq!(each(&bob.get(list).await.is(200).json(), "name"), ["crew"]);
    let of_bob = acme.owner.get("/v2/orgs/acme/groups?username=bob").await.json();
    assert_eq!(each(&of_bob, "name"), ["crew"]);
    let of_nobody = acme.owner.get("/v2/orgs/acme/groups?username=no-one").await.json();
    assert_eq!(of_nobody["count"], 0);
    let found = acme.owner.get("/v2/orgs/acme/groups?search=De").await.json();
    assert_eq!(each(&found, "name"), ["dev"]);
    bob.get("/v2/orgs/acme/groups/crew/").await.is(200);
    let hidden = bob.get("/v2/orgs/acme/groups/dev/").await.is(404).text();
    let missing = bob.get("/v2/orgs/acme/groups/nop/").await.is(404).text();
    assert_eq!(hidden.replace("dev", "nop"), missing);
    bob.get("/v2/orgs/acme/groups/dev/members/").await.is(404);
    let crew = bob.get("/v2/orgs/acme/groups/crew/members/").await.is(200).json();
    assert_eq!(
        (each(&crew, "username"), each(&crew, "email")),
        (vec!["bob".into()], vec!["".into()])
    );
    stranger.get(list).await.is(403);
    stranger.get("/v2/orgs/acme/groups/crew/members/").await.is(403);
}

#[tokio::test]
async fn hub_tool_gets_a_bare_list_of_a_teams_members() {
    let acme = Acme::found().await;
    let path = "/v2/orgs/acme/groups/owners/members";

    let bare = acme.owner.get(path).header("user-agent", "hub-tool/v0.4.6").await.is(200).json();
    let page = acme.owner.get(path).header("user-agent", "curl/8").await.is(200).json();

    assert_eq!(bare[0]["username"], "ann");
    assert_eq!(page["results"][0], bare[0]);
}

#[tokio::test]
async fn a_team_is_made_changed_and_deleted() {
    let acme = Acme::found().await;
    let form = json!({"name": "crew", "description": "On deck", "id": 0, "member_count": 0});
    let made = acme.owner.post("/v2/orgs/acme/groups").json(&form).await.is(201).json();
    assert_eq!((made["name"].as_str(), made["member_count"].as_i64()), (Some("crew"), Some(0)));
    acme.owner.post("/v2/orgs/acme/groups").json(&form).await.is(409).says("a team `crew` already");
    let bad = json!({"name": "On Deck"});
    let refused = acme.owner.post("/v2/orgs/acme/groups").json(&bad).await.is(400).json();
    assert!(refused["name"][0].as_str().unwrap().contains("`on-deck` would do"), "{refused}");
    let long = json!({"name": "x", "description": "x".repeat(256)});
    acme.owner.post("/v2/orgs/acme/groups").json(&long).await.is(400);

    let change = json!({"name": "sailors"});
    let changed = acme.owner.put("/v2/orgs/acme/groups/crew/").json(&change).await.is(200).json();

    assert_eq!(
        (changed["id"].clone(), changed["description"].as_str()),
        (made["id"].clone(), Some("On deck"))
    );
    acme.owner.get("/v2/orgs/acme/groups/crew").await.is(404).says("no team `crew`");
    acme.owner.delete("/v2/orgs/acme/groups/sailors").await.is(204);
    acme.owner.delete("/v2/orgs/acme/groups/sailors").await.is(404);
}

#[tokio::test]
async fn whoever_is_no_member_is_invited_and_in_the_team_once_they_agree() {
    let acme = Acme::found().await;
    acme.team("crew").await;
    let bob = acme.hub.user("bob").await.signed_in().await;
    let add = |who: &str| {
        acme.owner.post("/v2/orgs/acme/groups/crew/members").json(&json!({"member": who}))
    };
    add("nobody-here").await.is(404).says("no user `nobody-here`");
    add("").await.is(400);

    let invited = add("bob").await.is(202).says("was invited").json();

    let members = "/v2/orgs/acme/groups/crew/members";
    assert_eq!(acme.owner.get(members).await.json()["count"], 0, "not without having agreed");
    bob.get("/v2/orgs/acme/groups").await.is(403);
    crate::desk::accept(&bob, invited["invite"]["id"].as_str().unwrap()).await;
    assert_eq!(each(&acme.owner.get(members).await.json(), "username"), ["bob"]);
    add("bob@example.test").await.is(200);
    add("BOB@example.TEST").await.is(200);
    acme.owner.delete("/v2/orgs/acme/groups/crew/members/bob/").await.is(204);
    acme.owner.delete("/v2/orgs/acme/groups/crew/members/bob/").await.is(404);
    bob.get("/v2/orgs/acme/members").await.is(200);
}
