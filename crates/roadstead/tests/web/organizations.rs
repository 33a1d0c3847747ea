//! Organizations in a browser, without scripts.

use roadstead_testkit::{Answer, Hub, User, image};
use serde_json::json;

use crate::browser::{Browser, value_of};

/// Alice's organization `acme`, and Bob, who is in it and in its team `crew`.
struct Acme {
    hub: Hub,
    alice: User,
    owner: Browser,
    member: Browser,
}

async fn acme() -> Acme {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    let (owner, member) =
        (Browser::sign_in(&hub, &alice).await, Browser::sign_in(&hub, &bob).await);
    let made = owner.send("/organizations/new", &[("name", "acme"), ("full_name", "Acme & Co")]);
    assert_eq!(made.await.is(303).header("location"), "/acme");
    owner
        .send("/acme/people/new-team", &[("name", "crew"), ("description", "Ships")])
        .await
        .is(303);
    owner.send("/acme/people/teams/crew", &[("what", "add"), ("who", "bob")]).await.is(303);
    accept(&member).await;
    Acme { hub, alice, owner, member }
}

/// Accepts the only invitation there is.
async fn accept(browser: &Browser) {
    let page = browser.get("/organizations").await.is(200).says("Invitations to you").text();
    let uuid = value_of(&page, "invitation");
    let fields = [("invitation", uuid.as_str()), ("answer", "accept")];
    let done = browser.send("/organizations/invitations", &fields).await.is(303);
    assert_eq!(done.header("location"), "/acme");
}

/// The name of the only cell of the matrix that can be changed.
fn cell(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"level.").expect("a cell");
    format!("level.{}", rest.split('"').next().expect("a name"))
}

fn lacks(answer: &Answer, word: &str) {
    assert!(!answer.text().contains(word), "{word} is in {}", answer.story());
}

#[tokio::test]
async fn people_are_invited_join_get_roles_and_go() {
    let Acme { hub, owner, member, .. } = acme().await;

    let page = owner.get("/acme/people").await.is(200);
    page.says("2 people in 2 teams").says("bob@example.test").says("No open invitations");
    owner.get("/acme/people?q=bo").await.says("bob");
    let unknown = owner.send("/acme/people/invite", &[("who", "nobody-here")]).await.is(422);
    unknown.says("There is no user “nobody-here”").says("value=\"nobody-here\"");
    owner.send("/acme/people/invite", &[("who", "eve@example.test")]).await.is(303);
    let page = owner.get("/acme/people").await.says("eve@example.test").text();
    let invitation =
        [("invitation", value_of(&page, "invitation")), ("what", "withdraw".to_owned())];
    let fields = invitation.each_ref().map(|(name, value)| (*name, value.as_str()));
    owner.send("/acme/people/invitations", &fields).await.is(303);
    lacks(&owner.get("/acme/people").await, "eve@example.test");

    let last = owner.get("/acme/people/members/alice").await.is(200);
    last.says("is the last owner").says("disabled");
    let gone = owner.send("/acme/people/leave", &[("sure", "yes")]).await.is(422);
    gone.says("last owner of");
    owner.send("/acme/people/members/bob", &[("what", "role"), ("role", "editor")]).await.is(303);
    owner.get("/acme/people").await.says("Editor");
    member.get("/acme").await.is(200).says("/new?ns=acme");
    member.send("/acme/people/leave", &[]).await.is(422).says("Nothing was changed yet");
    member.send("/acme/people/leave", &[("sure", "yes")]).await.is(303);
    member.get("/acme/people").await.is(403);
    lacks(&hub.anonymous().get("/acme").await.is(200), "/acme/people");
}

#[tokio::test]
async fn teams_get_rights_in_the_matrix_and_members_see_their_own() {
    let Acme { hub: _hub, alice, owner, member } = acme().await;
    alice.repo("acme/tides").push(&image().build(), &["1"]).await;
    alice.set_private("acme/tides", true).await;
    owner.send("/acme/people/new-team", &[("name", "office")]).await.is(303);

    member.get("/acme/tides").await.is(404);
    let page = owner.get("/acme/people").await.is(200).text();
    let name = cell(&page);
    owner.send("/acme/people/permissions", &[(&name, "none:read")]).await.is(303);
    member.get("/acme/tides").await.is(200);
    let seen = member.get("/acme/people").await.is(200).says("Read on 1");
    lacks(&seen, "office");
    lacks(&seen, "name=\"level.");
    lacks(&seen, "@example.test");
    member.get("/acme/people/teams/crew").await.is(200).says("Ships");
    member.get("/acme/people/teams/office").await.is(404);
    member.get("/acme/plan").await.is(403);
    member.send("/acme/people/permissions", &[(&name, "read:admin")]).await.is(403);

    let part = owner.send_part("/acme/people/permissions", &[(&name, "read:write")]).await;
    let part = part.is(200).says("write:none");
    lacks(&part, "<html");
    owner.send("/acme/people/permissions", &[(&name, "write:none")]).await.is(303);
    member.get("/acme/tides").await.is(404);

    let taken = owner.send("/acme/people/teams/office", &[("name", "crew")]).await.is(422);
    taken.says("There is a team `crew` already");
    owner.send("/acme/people/teams/crew/delete", &[]).await.is(422);
    owner.get("/acme/people/teams/crew/delete").await.is(200).says("stays a member");
    owner.send("/acme/people/teams/crew/delete", &[("sure", "yes")]).await.is(303);
    owner.get("/acme/people/teams/crew").await.is(404);
}

#[tokio::test]
async fn a_token_is_shown_once_and_ends_when_it_is_revoked() {
    let Acme { hub, alice, owner, member, .. } = acme().await;
    alice.repo("acme/tides").push(&image().build(), &["1"]).await;
    alice.set_private("acme/tides", true).await;

    let foreign = [("label", "ci"), ("places", "other/*"), ("access", "pull"), ("days", "30")];
    owner.send("/acme/tokens", &foreign).await.is(422).says("reaches repositories of");
    let fields = [("label", "<b>ci"), ("places", "acme/*"), ("access", "pull"), ("days", "30")];
    let made = owner.send("/acme/tokens", &fields).await.is(201).says("docker login");
    assert_eq!(made.header("cache-control"), "no-store");
    lacks(&made, "<b>ci");
    let text = made.text();
    let (_, rest) = text.split_once("<code class=\"secret\">").expect("the secret");
    let secret = rest.split('<').next().expect("a secret");
    let api = hub.anonymous().with_basic("acme", secret);
    api.get("/v2/repositories/acme/tides").await.is(200);

    let list = owner.get("/acme/tokens").await.is(200);
    lacks(&list, secret);
    let id = value_of(&list.text(), "token");
    owner.send("/acme/tokens", &[("token", &id), ("what", "off")]).await.is(303);
    owner.get("/acme/tokens").await.says("Switched off");
    owner
        .get(&format!("/acme/tokens/revoke?token={id}"))
        .await
        .is(200)
        .says("Revoke &#60;b&#62;ci?");
    owner.send("/acme/tokens/revoke", &[("token", &id), ("sure", "yes")]).await.is(303);
    owner.get("/acme/tokens").await.says("No access tokens yet");
    api.get("/v2/repositories/acme/tides").await.is(401);
    member.get("/acme/tokens").await.is(403);
}

#[tokio::test]
async fn an_organization_is_described_renamed_and_deleted() {
    let Acme { hub, owner, alice, .. } = acme().await;

    let bad = [("full_name", "Acme"), ("profile_url", "javascript:alert(1)")];
    let refused = owner.send("/acme/settings", &bad).await.is(422).says("https://");
    lacks(&refused, "href=\"javascript:");
    let good = [("full_name", "Acme"), ("profile_url", "https://acme.example"), ("private", "on")];
    owner.send("/acme/settings", &good).await.is(303);
    hub.anonymous().get("/acme").await.is(200).says("https://acme.example");
    owner.get("/acme/activity").await.is(200).says("Acme");
    owner.get("/acme/plan").await.is(200).says("Private repositories");
    alice.repo("acme/tides").push(&image().build(), &["1"]).await;
    hub.anonymous().get("/acme/tides").await.is(404);
    owner.get("/acme/settings").await.says("There is still 1 repository");

    owner.send("/acme/settings/rename", &[("name", "Acme2")]).await.is(422).says("acme2");
    let renamed = owner.send("/acme/settings/rename", &[("name", "acme2")]).await.is(303);
    assert_eq!(renamed.header("location"), "/acme2/settings");
    let moved = owner.get("/acme/people").await.is(303);
    assert_eq!(moved.header("location"), "/acme2/people");
    owner.send("/acme2/settings/delete", &[("name", "acme")]).await.is(422).says("Type acme2");
    owner.send("/acme2/settings/delete", &[("name", "acme2")]).await.is(422).says("still has 1");
    owner.send("/organizations/new", &[("name", "acme")]).await.is(422).says("is taken");
    let check = owner.get_part("/organizations/new?name=ok-name").await;
    lacks(&check.says("ok-name is free"), "<html");
}

#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing() {
    let Acme { owner, hub, .. } = acme().await;

    for (path, fields) in [
        ("/organizations/new", vec![("name", "made")]),
        ("/acme/people/invite", vec![("who", "eve@example.test")]),
        ("/acme/people/members/bob", vec![("what", "remove")]),
        ("/acme/people/new-team", vec![("name", "made")]),
        ("/acme/people/teams/crew", vec![("what", "remove"), ("who", "bob")]),
        ("/acme/people/teams/crew/delete", vec![("sure", "yes")]),
        ("/acme/people/leave", vec![("sure", "yes")]),
        ("/acme/tokens", vec![("label", "ci"), ("places", "acme/*")]),
        ("/acme/settings", vec![("full_name", "changed")]),
        ("/acme/settings/rename", vec![("name", "changed")]),
        ("/acme/settings/delete", vec![("name", "acme")]),
    ] {
        owner.send_unmarked(path, &fields).await.is(403).says("open the page again");
    }
    let people = owner.get("/acme/people").await.is(200).says("bob").says("crew");
    lacks(&people, "made");
    hub.anonymous().get("/organizations").await.is(401);
}

/// A person's repository may be called like a page of organizations; in an organization the page comes first.
#[tokio::test]
async fn repositories_with_the_names_of_pages_are_reached() {
    let Acme { hub, owner, alice, .. } = acme().await;
    alice.repo("alice/people").push(&image().build(), &["1"]).await;
    alice.repo("acme/people").push(&image().build(), &["1"]).await;
    let body = json!({"description": "A list of people"});
    alice.signed_in().await.patch("/v2/repositories/acme/people").json(&body).await.is(200);

    hub.anonymous().get("/alice/people").await.is(200).says("docker pull");
    hub.anonymous().get("/acme").await.is(200).says("/acme/people/overview");
    hub.anonymous().get("/acme/people/overview").await.is(200).says("A list of people");
    hub.anonymous().get("/acme/people/tags").await.is(200).says("docker pull");
    owner.get("/acme/people").await.is(200).says("Members");
    hub.anonymous().get("/alice/plan").await.is(404);
}
