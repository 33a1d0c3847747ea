//! `docker search HOST/term`, with and without login.

use roadstead_testkit::{Hub, eventually};
use serde_json::json;

use crate::desk::Docker;

const LONG: &str = "a description of more than forty-five characters, which docker cuts off";

#[tokio::test]
async fn docker_finds_what_the_person_may_read() {
    let hub = Hub::start().await;
    hub.admin("official create tidepool").run().await.succeeds();
    let alice = hub.user("alice").await;
    let owner = alice.signed_in().await;
    for (name, description, is_private) in
        [("tidepool-tool", LONG, false), ("tidepool-secret", "hidden", true)]
    {
        let form = json!({"namespace": "alice", "name": name, "description": description,
            "is_private": is_private});
        owner.post("/v2/repositories/").json(&form).await.is(201);
    }
    let found = async || {
        let found = alice.basic().get("/v1/search?q=tidepool").await.is(200).json();
        (found["num_results"] == 3).then_some(())
    };
    eventually("all can be found", 4, found).await;
    let (stranger, member) = (Docker::new(), Docker::of(&hub, &alice).await);
    let term = format!("{}/tidepool", hub.address());
    let names = "--format {{.Name}}";

    let public = stranger.run(&format!("search {term}")).await.succeeds();
    let row = |name: &str| {
        let mut lines = public.stdout.lines();
        lines.find(|line| line.starts_with(name)).unwrap_or_default().to_owned()
    };
    assert!(row("tidepool ").contains("[OK]"), "{}", public.stdout);
    assert!(row("alice/tidepool-tool").contains('…'), "{}", public.stdout);
    assert!(!public.stdout.contains("secret"), "{}", public.stdout);
    stranger.run(&format!("search --no-trunc {term}")).await.succeeds().says(LONG);
    let official = format!("search --filter is-official=true {names} {term}");
    assert_eq!(stranger.run(&official).await.succeeds().stdout.trim(), "tidepool");
    let starred = format!("search --filter stars=1 {names} {term}");
    assert_eq!(stranger.run(&starred).await.succeeds().stdout.trim(), "");
    let one = format!("search --limit 1 {names} {term}");
    assert_eq!(stranger.run(&one).await.succeeds().stdout.lines().count(), 1);
    let own = member.run(&format!("search {names} {term}")).await.succeeds();
    assert!(own.stdout.contains("alice/tidepool-secret"), "{}", own.stdout);
}
