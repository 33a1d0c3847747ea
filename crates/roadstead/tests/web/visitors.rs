use roadstead_testkit::{Hub, User, image, index};
use serde_json::json;

use crate::found;

/// A hub with a person, an image for two platforms under two tags, and what belongs to a repository.
async fn furnished() -> (Hub, User) {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let images = ["amd64", "arm64"].map(|it| image().file("hello", it).architecture(it).build());
    alice.repo("alice/tides").push_index(&index(images), &["1.0", "latest"]).await;
    let api = alice.signed_in().await;
    let body =
        json!({"description": "Tide telemetry", "full_description": "# Tides\n\nRun **it**.\n"});
    api.patch("/v2/repositories/alice/tides").json(&body).await.is(200);
    found(&hub.anonymous(), "telemetry", "/alice/tides").await;
    (hub, alice)
}

#[tokio::test]
async fn a_visitor_finds_an_image_and_reads_how_to_pull_it() {
    let (hub, alice) = furnished().await;
    let nobody = hub.anonymous();
    // A pull is counted with the next flush and shows then.
    nobody.repo("alice/tides").manifest("1.0").await.is(200);

    let name = format!("{}/<wbr>alice/<wbr>tides", hub.address());
    nobody.get("/").await.is(200).says("Recently updated").says("href=\"/alice/tides\"");
    let found = nobody.get("/search?q=telemetry").await.is(200).says("Tide telemetry");
    assert!(found.text().contains("<strong class=\"num\">1</strong> repository"));
    nobody.get("/search?q=nothing-like-it&official=1").await.is(200).says("1 filter is on");
    nobody.get("/alice").await.is(200).says("1 repository").says("Tide telemetry");

    let page = nobody.get("/alice/tides").await.is(200).says("<strong>it</strong>");
    page.says(&format!("docker pull {name}</code>")).says("id=\"readme-tides\"");
    let tags = nobody.get("/alice/tides/tags").await.is(200).says("2 tags");
    tags.says("linux/arm64").says("by <a href=\"/alice\">alice</a>");
    nobody.get("/alice/tides/tags?q=1.").await.is(200).says("Showing 1 of 1");
    let tag = nobody.get("/alice/tides/tags/1.0?platform=linux/arm64").await.is(200);
    tag.says("aria-current=\"true\">linux/arm64").says("1 layer").says("Where this tag stood");
    nobody.get("/alice/tides/tags/9.9").await.is(404).says("Nothing is moored here");
    nobody.get("/alice/tides/insights").await.is(200).says("Pulls per day");
    let feed =
        nobody.get("/alice/tides/tags.atom").await.is(200).says("<title>alice/tides:1.0</title>");
    assert!(feed.header("content-type").starts_with("application/atom+xml"));
    let badge = nobody.get("/badge/alice/tides/version.svg").await.is(200).says("version: 1.0");
    assert_eq!(badge.header("content-type"), "image/svg+xml");
    nobody.get("/badge/alice/tides/build.svg").await.is(404);

    let own =
        alice.basic().get("/alice/tides").await.is(200).says("Signed in as <strong>alice</strong>");
    assert_eq!(own.header("cache-control"), "private, no-cache");
}

#[tokio::test]
async fn what_is_private_looks_missing_on_every_page() {
    let (hub, alice) = furnished().await;
    let (nobody, own) = (hub.anonymous(), alice.basic());
    alice.set_private("alice/tides", true).await;

    for rest in ["", "/tags", "/tags/1.0", "/insights", "/tags.atom"] {
        let hidden = nobody.get(&format!("/alice/tides{rest}")).await.is(404);
        let missing = nobody.get(&format!("/alice/other{rest}")).await.is(404);
        assert_eq!(hidden.face(&[]), missing.face(&[]), "{rest}");
        own.get(&format!("/alice/tides{rest}")).await.is(200);
    }
    for path in ["/", "/search?q=tide", "/alice"] {
        let page = nobody.get(path).await.is(200);
        assert!(!page.text().contains("alice/tides"), "{path}");
    }
    own.get("/search?q=tide").await.is(200).says("Private");
}

#[tokio::test]
async fn addresses_of_old_lead_to_those_of_today() {
    let (hub, alice) = furnished().await;
    let nobody = hub.anonymous();
    let keeper = hub.admin_user("keeper").await;
    hub.admin("official create base").run().await.exits(0);
    keeper.repo("library/base").push(&image().build(), &["1"]).await;
    let api = alice.signed_in().await;
    let form = json!({"name": "currents"});
    api.post("/api/v1/repositories/alice/tides/rename").json(&form).await.is(200);

    let leads = [
        ("/r/alice/currents/", 308, "/alice/currents"),
        ("/r/alice/currents/tags/", 308, "/alice/currents/tags"),
        ("/u/alice/", 308, "/alice"),
        ("/plans/", 308, "/docs"),
        ("/alice/tides", 303, "/alice/currents"),
        ("/alice/tides/tags?q=1", 303, "/alice/currents/tags?q=1"),
        ("/alice/tides/tags/1.0", 303, "/alice/currents/tags/1.0"),
        ("/library/base", 303, "/_/base"),
    ];
    for (from, status, to) in leads {
        let answer = nobody.get(from).await.is(status);
        assert_eq!(answer.header("location"), to, "{from}");
    }
    nobody
        .get("/_/base")
        .await
        .is(200)
        .says("Official")
        .says(&format!("{}/<wbr>base", hub.address()));
}

#[tokio::test]
async fn a_script_gets_the_region_that_changes_and_nothing_else() {
    let (hub, _alice) = furnished().await;
    let nobody = hub.anonymous();

    for (path, region) in
        [("/search?q=tide", "results"), ("/alice/tides/tags", "tag-list"), ("/alice", "repo-rows")]
    {
        let part = nobody.get(path).header("hx-request", "true").await.is(200);
        assert!(part.text().contains(&format!("id=\"{region}\"")), "{path}");
        assert!(!part.text().contains("<html"), "{path}");
        assert!(part.header("vary").contains("hx-request"));
    }
}

#[tokio::test]
async fn a_question_that_makes_no_sense_still_gets_a_page() {
    let (hub, _alice) = furnished().await;
    let nobody = hub.anonymous();

    for path in [
        "/search?page=0&sort=x&official=yes",
        "/search?page=99999999999999999999",
        "/alice?page=-1",
        "/alice/tides/tags?page=1000000000",
    ] {
        nobody.get(path).await.is(200);
    }
    nobody.get(&format!("/search?q={}", "a".repeat(3000))).await.is(400).says("Results");
    for path in ["/Alice", "/alice/UPPER", "/no-such-person", "/_/none", "/_"] {
        nobody.get(path).await.is(404).says("Nothing is moored here");
    }
    let official = nobody.get("/library").await.is(303).header("location");
    nobody.get(&official).await.is(200).says("Results");
}
