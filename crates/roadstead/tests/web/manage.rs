//! What owners do with their repositories, in a browser that runs no script.

use roadstead_testkit::{Hub, image};

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
