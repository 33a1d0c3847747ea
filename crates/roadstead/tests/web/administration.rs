//! Administration in the browser, as it goes without script.

use roadstead_testkit::{Hub, eventually, image};

use crate::browser::Browser;

const PAGES: [&str; 14] = [
    "/admin/health",
    "/admin/users",
    "/admin/users/new",
    "/admin/users/alice",
    "/admin/users/alice/delete",
    "/admin/orgs",
    "/admin/plans",
    "/admin/official",
    "/admin/storage",
    "/admin/jobs",
    "/admin/mail",
    "/admin/announcements",
    "/admin/settings",
    "/admin/audit",
];

#[tokio::test]
async fn administration_is_there_for_administrators_and_missing_for_others() {
    let hub = Hub::start().await;
    let (keeper, alice) = (hub.admin_user("keeper").await, hub.user("alice").await);
    let keeper = Browser::sign_in(&hub, &keeper).await;
    let other = Browser::sign_in(&hub, &alice).await;
    let missing = other.get("/alice/nothing").await.is(404);

    for page in PAGES {
        keeper.get(page).await.is(200).says("Audit log");
        let seen = other.get(page).await.is(404);
        assert_eq!(seen.text(), missing.text(), "{page}");
        hub.anonymous().get(page).await.is(404);
    }
    assert_eq!(keeper.get("/admin").await.is(303).header("location"), "/admin/health");
    other.send("/admin/users/alice/promote", &[]).await.is(404);
    keeper.get("/admin/audit?action=access.denied").await.is(200).says("alice");
    let unmarked = keeper.send_unmarked("/admin/users/alice/promote", &[]).await.is(403);
    unmarked.says("open the page again");
}

#[tokio::test]
async fn people_are_made_found_changed_and_deleted() {
    let hub = Hub::start().await;
    let keeper = Browser::sign_in(&hub, &hub.admin_user("keeper").await).await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().build(), &["1"]).await;

    let bad = [("name", "Bob!"), ("email", "b@example.test"), ("password", "short")];
    let refused = keeper.send("/admin/users", &bad).await.is(422);
    refused.says("value=\"Bob!\"").says("8 to 256").says("aria-invalid");
    let bob = [("name", "bob"), ("email", "b@example.test"), ("password", "correct horse staple")];
    let made = keeper.send("/admin/users", &bob).await.is(303);
    assert_eq!(made.header("location"), "/admin/users/bob");
    keeper.get("/admin/users?q=B@EXAMPLE").await.is(200).says("/admin/users/bob");

    keeper.get("/admin/users/bob/disable").await.is(200).says("lets it in no more");
    keeper.send("/admin/users/bob/disable", &[]).await.is(303);
    hub.anonymous().with_basic("bob", "correct horse staple").get("/v2/").await.is(401);
    keeper.get("/admin/users?only=disabled").await.is(200).says("/admin/users/bob");
    keeper.send("/admin/users/bob/enable", &[]).await.is(303);
    keeper.send("/admin/users/bob/promote", &[]).await.is(303);
    keeper.get("/admin/users?only=administrators").await.is(200).says("/admin/users/bob");
    keeper.send("/admin/users/bob/dismiss", &[]).await.is(303);
    let last = keeper.send("/admin/users/keeper/dismiss", &[]).await.is(422);
    last.says("last administrator");

    keeper.send("/admin/users/alice/delete", &[("word", "alic")]).await.is(422).says("alice");
    let kept = keeper.send("/admin/users/alice/delete", &[("word", "alice")]).await.is(422);
    kept.says("still has 1 repositories");
    keeper.send("/admin/users/bob/rename", &[("value", "robert")]).await.is(303);
    let gone = keeper.send("/admin/users/robert/delete", &[("word", "robert")]).await.is(303);
    assert_eq!(gone.header("location"), "/admin/users");
    keeper.get("/admin/users/robert").await.is(404);
    keeper.send("/admin/users/alice/praise", &[]).await.is(404);
}

#[tokio::test]
async fn plans_are_made_given_and_deleted() {
    let hub = Hub::start().await;
    let keeper = Browser::sign_in(&hub, &hub.admin_user("keeper").await).await;
    hub.user("alice").await;

    let bad = [("name", "crew"), ("bytes", "a lot")];
    keeper.send("/admin/plans", &bad).await.is(422).says("200 GB").says("value=\"a lot\"");
    let crew = [("name", "crew"), ("private", "5"), ("bytes", "1.5 TB"), ("members", "")];
    keeper.send("/admin/plans", &crew).await.is(303);
    keeper.send("/admin/plans", &crew).await.is(422).says("already");
    keeper.get("/admin/plans/crew").await.is(200).says("value=\"1500 GB\"");
    keeper.send("/admin/users/alice/plan", &[("value", "crew")]).await.is(303);
    keeper.get("/admin/plans").await.is(200).says("1.5 TB").says("plan=crew");
    keeper.get("/admin/users?plan=crew").await.is(200).says("/admin/users/alice");
    keeper.send("/admin/plans/crew/delete", &[]).await.is(422).says("accounts have it");
    keeper.send("/admin/users/alice/plan", &[("value", "default")]).await.is(303);
    keeper.send("/admin/plans/crew/delete", &[]).await.is(303);
    keeper.get("/admin/plans/crew").await.is(404);
}

#[tokio::test]
async fn an_announcement_stands_above_every_page_until_it_is_put_away() {
    let hub = Hub::start().await;
    let keeper = Browser::sign_in(&hub, &hub.admin_user("keeper").await).await;
    let nobody = hub.anonymous();

    keeper.send("/admin/announcements", &[("text", ""), ("level", "info")]).await.is(422);
    let told = [("text", "Down at <noon>"), ("level", "warning"), ("hours", "24")];
    keeper.send("/admin/announcements", &told).await.is(303);
    let page = nobody.get("/explore").await.is(200).says("Down at &#60;noon&#62;");
    let text = page.text();
    let (_, rest) = text.split_once("action=\"/announcements/").expect("a way to put it away");
    let id = rest.split('/').next().unwrap();
    let put_away = format!("/announcements/{id}/dismiss");
    let done = nobody.post(&put_away).form(&[("next", "/explore")]).await.is(303);
    assert_eq!(done.header("location"), "/explore");
    let cookie = done.header("set-cookie").split(';').next().unwrap().to_owned();
    let quiet = nobody.get("/explore").header("cookie", cookie).await.is(200);
    assert!(!quiet.text().contains("Down at"), "{}", quiet.story());
    let led = nobody.post(&put_away).form(&[("next", "//evil.example")]).await.is(303);
    assert_eq!(led.header("location"), "/");

    keeper.send(&format!("/admin/announcements/{id}/remove"), &[]).await.is(303);
    assert!(!nobody.get("/explore").await.is(200).text().contains("Down at"));
}

#[tokio::test]
async fn the_hub_is_governed_from_its_pages() {
    let hub = Hub::start().await;
    let keeper = Browser::sign_in(&hub, &hub.admin_user("keeper").await).await;
    let alice = hub.user("alice").await;
    let pushed = image().build();
    alice.repo("alice/app").push(&pushed, &["1"]).await;
    let digest = pushed.manifest.digest.clone();

    let bad = [("digest", "sha256:xyz"), ("reason", "malware")];
    keeper.send("/admin/takedowns", &bad).await.is(422).says("value=\"sha256:xyz\"");
    let down = [("digest", digest.as_str()), ("reason", "malware")];
    keeper.send("/admin/takedowns", &down).await.is(303);
    let manifest = format!("/v2/alice/app/manifests/{digest}");
    alice.basic().get(&manifest).await.is(403).says("malware");
    keeper.send("/admin/takedowns/lift", &[("digest", digest.as_str())]).await.is(303);
    alice.basic().get(&manifest).await.is(200);

    keeper.send("/admin/reserved", &[("name", "brand*"), ("reason", "theirs")]).await.is(303);
    keeper.get("/admin/reserved").await.is(200).says("brand*");
    keeper.send("/admin/reserved/release", &[("name", "brand*")]).await.is(303);
    keeper.send("/admin/official", &[("name", "Base")]).await.is(422);
    keeper.send("/admin/official", &[("name", "base")]).await.is(303);
    let nobody = [("image", "base"), ("organization", "acme"), ("team", "crew")];
    keeper.send("/admin/official/hand", &nobody).await.is(422).says("no team `crew`");
    keeper.get("/admin/official?q=bas").await.is(200).says("/_/base");
    keeper.send("/admin/settings", &[("sign_up", "closed")]).await.is(303);
    let closed = hub.anonymous().get("/api/v1/admin/settings").await;
    assert_eq!(closed.status(), 401);
    keeper.send("/admin/settings", &[("sign_up", "perhaps")]).await.is(422).says("one of");
    let file = keeper.get("/admin/audit.csv?action=hub.settings").await.is(200);
    assert!(file.header("content-type").starts_with("text/csv"));
    assert_eq!(file.text().lines().count(), 2, "{}", file.text());
    keeper.get("/admin/storage").await.is(200).says("alice");
}

#[tokio::test]
async fn a_test_letter_shows_what_became_of_it() {
    let hub = Hub::start().await;
    let keeper = Browser::sign_in(&hub, &hub.admin_user("keeper").await).await;

    keeper.get("/admin/mail").await.is(200).says("No mail server is set");
    let ordered = keeper.send("/admin/mail", &[]).await.is(303);
    let outcome = ordered.header("location").to_owned();
    let written = async || {
        let page = keeper.get(&outcome).await.is(200);
        page.text().contains("written to a file").then_some(())
    };
    eventually("the letter is written", 10, written).await;
    assert!(hub.log().contains("A test letter from"), "{}", hub.log());
}
