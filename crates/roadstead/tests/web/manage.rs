//! What owners do with their repositories, in a browser that runs no script.

use roadstead_testkit::{Hub, image};

use crate::browser::{Browser, value_of};

#[tokio::test]
async fn what_happened_to_a_repository_is_told_to_those_who_look_after_it() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    alice.repo("alice/web").push(&image().build(), &["1.0"]).await;
    alice.set_private("alice/web", true).await;
    let page = "/alice/web/activity";

    let seen = alice.basic().get(page).await.is(200).says("Visibility changed");
    assert!(seen.text().contains("Tag pushed"));
    let filtered = alice.basic().get(&format!("{page}?action=repo.tag.push")).await.is(200);
    let rows = filtered.text().matches("<th scope=\"row\">").count();
    assert_eq!(rows, 1, "{}", filtered.text());
    alice.basic().get(&format!("{page}?actor=bob")).await.is(200).says("No change matches");
    let region = alice.basic().get(page).header("hx-request", "true").await.is(200);
    assert!(!region.text().contains("<html"));

    bob.basic().get(page).await.is(404);
    hub.anonymous().get(page).await.is(404);
    alice.set_private("alice/web", false).await;
    bob.basic().get(page).await.is(403);
    bob.basic().get("/alice/web").await.is(200);
    assert!(!bob.basic().get("/alice/web").await.text().contains("/alice/web/activity"));
}

#[tokio::test]
async fn a_repository_is_made_described_and_found_on_the_dashboard() {
    let hub = Hub::with().args(["--private-repositories", "1"]).start().await;
    let alice = hub.user("alice").await;
    let browser = Browser::sign_in(&hub, &alice).await;
    assert_eq!(browser.get("/").await.is(303).header("location"), "/repositories");
    browser.get("/repositories").await.is(200).says("You have no repositories yet");
    browser.get("/new?ns=alice").await.is(200).says("Uses the last free slot in alice");

    let new = [("namespace", "alice"), ("visibility", "public")];
    let make = async |name: &str, description: &str| {
        let typed = [("name", name), ("description", description)];
        browser.send("/new", &[new.as_slice(), &typed].concat()).await
    };
    let refused = make("Tide Gauge", "kept <b>").await.is(422).says("would do");
    assert!(refused.text().contains("kept &#60;b&#62;"), "what was typed is still there");
    let done = make("tides", "Tides of <b>small</b> harbours").await.is(303);
    assert_eq!(done.header("location"), "/alice/tides");
    browser.get("/alice/tides").await.is(200).says("docker push");
    make("tides", "").await.is(422).says("exists already");
    let rules = browser.get("/new/rules?namespace=alice&name=tides").await.is(200).text();
    assert_eq!((rules.matches("pass").count(), rules.matches("fail").count()), (2, 1), "{rules}");

    let text = "# Gauges\r\n\r\n<script>alert(1)</script>";
    let fields = [("description", "Gauges"), ("readme", text), ("topics", "tides, sea")];
    let preview = [fields.as_slice(), &[("what", "preview")]].concat();
    let shown = browser.send("/alice/tides/edit", &preview).await.is(200).text();
    assert!(shown.contains("readme-gauges") && !shown.contains("<script>alert"));
    let save = [fields.as_slice(), &[("what", "save")]].concat();
    browser.send("/alice/tides/edit", &save).await.is(303);
    browser.get("/alice/tides").await.is(200).says("readme-gauges").says("href=\"/search?q=sea\"");
    let four = ["security", "networking", "web-servers", "message-queues"];
    let four: Vec<_> = four.iter().map(|slug| ("categories", *slug)).collect();
    browser.send("/alice/tides/edit", &[save.as_slice(), &four].concat()).await.is(422);

    let found = browser.get("/repositories?q=tid&sort=name").await.is(200);
    found.says("href=\"/alice/tides\"");
    browser.get("/repositories?visibility=private").await.is(200).says("No repository matches");
    browser.send("/alice/tides/star", &[("what", "star")]).await.is(303);
    browser.get("/stars").await.is(200).says("href=\"/alice/tides\"");
}

#[tokio::test]
async fn who_may_use_a_repository_is_changed_by_its_owner_alone() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    hub.unverified_user("una").await;
    alice.repo("alice/web").push(&image().build(), &["1.0"]).await;
    let (owner, other) = (Browser::sign_in(&hub, &alice).await, Browser::sign_in(&hub, &bob).await);
    let people = "/alice/web/permissions/collaborators";
    let add = |name: &'static str| [("what", "add"), ("user", name)];

    other.get("/alice/web/permissions").await.is(403);
    other.send(people, &add("bob")).await.is(403);
    owner.send_unmarked(people, &add("bob")).await.is(403).says("open the page again");
    owner.send(people, &add("nobody-here")).await.is(422).says("no user");
    owner.send(people, &add("bob")).await.is(303);
    owner.send(people, &add("una")).await.is(303);
    let page = owner.get("/alice/web/permissions").await.is(200);
    page.says("Remove bob").says("Read only until the email is verified");
    other.get("/repositories").await.is(200).says("href=\"/alice/web\"");
    other.get("/alice/web/permissions").await.is(403);
    owner.send(people, &[("what", "remove"), ("user", "bob")]).await.is(303);
    let left = other.get("/repositories").await.is(200).text();
    assert!(!left.contains("href=\"/alice/web\""));

    let body = serde_json::json!({"orgname": "acme", "company": ""});
    alice.basic().post("/v2/orgs").json(&body).await.is(201);
    let team = serde_json::json!({"name": "crew"});
    let made = alice.basic().post("/v2/orgs/acme/groups").json(&team).await.is(201).json();
    let id = made["id"].to_string();
    alice.repo("acme/app").push(&image().build(), &["1"]).await;
    let teams = "/acme/app/permissions/teams";
    owner.get("/acme/app/permissions").await.is(200).says("Add team");
    let set = |role: &'static str| [("what", "set"), ("team", id.as_str()), ("role", role)];
    owner.send(teams, &set("captain")).await.is(422);
    owner.send(teams, &set("write")).await.is(303);
    let page = owner.get("/acme/app/permissions").await.is(200);
    page.says("Role for team crew").says("value=\"write\" selected");
}

#[tokio::test]
async fn settings_ask_before_what_is_dangerous_and_say_what_happened() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/web").push(&image().build(), &["1.0", "v2"]).await;
    let owner = Browser::sign_in(&hub, &alice).await;
    let nobody = hub.anonymous();
    let at = |form: &str| format!("/alice/web/settings/{form}");

    owner.get("/alice/web/settings?ask=delete").await.is(200).says("Delete alice/web?");
    let private = |confirm: &'static str| [("to", "private"), ("confirm", confirm)];
    owner.send(&at("visibility"), &private("alice/wet")).await.is(422).says("Type alice/web");
    owner.send(&at("visibility"), &private("alice/web")).await.is(303);
    nobody.get("/alice/web").await.is(404);
    owner.send(&at("visibility"), &[("to", "public"), ("confirm", "alice/web")]).await.is(303);

    let rules =
        |text: &'static str, what| [("immutable", "patterns"), ("rules", text), ("what", what)];
    let checked = owner.send(&at("immutable"), &rules("v.*", "check")).await.is(200);
    checked.says("1 tag of today matches");
    owner.send(&at("immutable"), &rules("(", "save")).await.is(422).says("no pattern");
    owner.send(&at("immutable"), &rules("v.*", "save")).await.is(303);
    owner.get("/alice/web/settings").await.is(200).says("value=\"patterns\" checked");

    let moved = owner.send(&at("rename"), &[("name", "site")]).await.is(303);
    assert_eq!(moved.header("location"), "/alice/site/settings");
    nobody.repo("alice/web").manifest("1.0").await.is(200);
    owner.get("/alice/site/settings").await.is(200).says("value=\"alice/web\"");
    let release = [("name", "alice/web")];
    owner.send("/alice/site/settings/former-names", &release).await.is(303);
    nobody.get("/alice/web").await.is(404);
    owner.send("/alice/site/settings/archive", &[("to", "archived")]).await.is(303);
    owner.get("/alice/site/settings").await.is(200).says("Bring back");

    let delete = [("confirm", "alice/site")];
    let gone = owner.send("/alice/site/settings/delete", &delete).await.is(303);
    assert_eq!(gone.header("location"), "/repositories/trash?ns=alice");
    nobody.get("/alice/site").await.is(404);
    let trash = owner.get("/repositories/trash").await.is(200).says("alice/site");
    let id = value_of(&trash.text(), "id");
    let restore = |name: &'static str| {
        [("what", "restore"), ("ns", "alice"), ("id", id.as_str()), ("name", name)]
    };
    owner.send("/repositories/trash", &restore("Not a name")).await.is(422);
    owner.send("/repositories/trash", &restore("site")).await.is(303);
    nobody.get("/alice/site").await.is(200);
}

#[tokio::test]
async fn pages_of_ones_own_ask_to_sign_in_and_come_back() {
    let hub = Hub::start().await;
    for page in ["/repositories", "/stars", "/new", "/repositories/trash"] {
        let asked = hub.anonymous().get(page).await.is(401);
        asked.says(&format!("name=\"next\" value=\"{page}\""));
    }
}

#[tokio::test]
async fn who_has_not_verified_an_address_is_told_so_before_making_anything() {
    let hub = Hub::start().await;
    let una = hub.unverified_user("una").await;
    let browser = Browser::sign_in(&hub, &una).await;

    browser.get("/repositories").await.is(200).says("Verify your email address first");
    browser.get("/new").await.is(200).says("href=\"/settings/email\"");
    let fields = [("namespace", "una"), ("name", "app"), ("visibility", "public")];
    browser.send("/new", &fields).await.is(422).says("You may not make repositories in");
    hub.anonymous().get("/una/app").await.is(404);
}
