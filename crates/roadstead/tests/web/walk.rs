use std::collections::{BTreeSet, VecDeque};

use roadstead_testkit::{Client, Hub, image};

use crate::found;

/// Pages of one walk, so that a circle of links ends.
const MOST: usize = 400;

/// Every address a page links to on this hub.
fn links(html: &str) -> BTreeSet<String> {
    let asks = html.split("action=\"").skip(1).filter(|part| {
        // What a form posts to shows nothing by itself.
        !part.split('>').next().unwrap_or_default().contains("method=\"post\"")
    });
    let parts = html.split("href=\"").skip(1).chain(asks);
    let links = parts.filter_map(|part| part.split('"').next());
    let own = links.filter(|link| link.starts_with('/') && !link.starts_with("/static/"));
    own.map(|link| link.split('#').next().unwrap_or(link).replace("&amp;", "&")).collect()
}

async fn walk(who: &Client) -> BTreeSet<String> {
    let (mut seen, mut waiting) = (BTreeSet::new(), VecDeque::from(["/".to_owned()]));
    while let Some(path) = waiting.pop_front() {
        if seen.len() >= MOST || !seen.insert(path.clone()) {
            continue;
        }
        let page = who.get(&path).await;
        assert_eq!(page.status(), 200, "{path} is linked and answers {}", page.status());
        if page.header("content-type").starts_with("text/html") {
            waiting.extend(links(&page.text()));
        }
    }
    seen
}

#[tokio::test]
async fn no_link_is_dead_for_a_visitor_or_an_owner() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let keeper = hub.admin_user("keeper").await;
    for (name, tags) in [("alice/tides", vec!["1.0", "latest"]), ("alice/winds", vec!["1"])] {
        alice.repo(name).push(&image().file("n", name).build(), &tags).await;
    }
    for name in ["alder", "ferry", "kelp", "tidedb"] {
        hub.admin(&format!("official create {name}")).run().await.exits(0);
        keeper.repo(&format!("library/{name}")).push(&image().build(), &["1"]).await;
    }
    alice.set_private("alice/winds", true).await;

    found(&hub.anonymous(), "tidedb", "/_/tidedb").await;

    let visitor = walk(&hub.anonymous()).await;
    let owner = walk(&alice.basic()).await;

    for page in ["/alice/tides/tags/1.0", "/_/alder/tags", "/docs", "/search?official=1"] {
        assert!(visitor.contains(page), "{page} is not reached");
    }
    assert!(!visitor.iter().any(|page| page.contains("winds")));
    assert!(owner.contains("/alice/winds/tags/1"));
}
