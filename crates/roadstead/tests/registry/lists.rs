//! Lists in pages: tags, and the catalog of what the caller may pull.

use roadstead_testkit::{Client, User, image, media};

use crate::desk::{Desk, everything, next_page, texts};

/// Follows `Link` from `path` to the end; returns the pages.
async fn pages(client: &Client, path: &str, field: &str) -> Vec<Vec<String>> {
    let (mut pages, mut next) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        let answer = client.get(&path).await.is(200);
        assert_eq!(answer.header("content-type"), "application/json");
        pages.push(texts(&answer, field));
        next = next_page(&answer);
    }
    pages
}

async fn tag(desk: &Desk, tags: &[String]) {
    let image = image().build();
    desk.repo.push(&image, &[]).await;
    for some in tags.chunks(100) {
        let query: Vec<_> = some.iter().map(|tag| format!("tag={tag}")).collect();
        let digest = &image.manifest.digest;
        let path = desk.repo.path(&format!("manifests/{digest}?{}", query.join("&")));
        let ask = desk.client.put(&path).header("content-type", media::OCI_MANIFEST);
        ask.body(image.manifest.bytes.clone()).await.is(201);
    }
}

#[tokio::test]
async fn tags_are_listed_in_byte_order_page_by_page() {
    let desk = Desk::new().await;
    // Prefixes of one another, and letters a locale would mix.
    let mut tags: Vec<_> =
        ["0.1.2", "0.1.20", "0.1.3", "A", "V1", "Z", "_a", "a", "a-b", "a.b", "v1"]
            .map(str::to_owned)
            .into();
    tag(&desk, &tags).await;
    tags.sort();

    assert_eq!(desk.repo.tags().await, tags);
    for n in [1, 2, 3, 5, 10, 11, 12] {
        let path = desk.repo.path(&format!("tags/list?n={n}"));
        let found = pages(&desk.client, &path, "tags").await;
        assert_eq!(found.concat(), tags, "n={n}");
        assert_eq!(found.len(), tags.len().div_ceil(n), "no empty page at the end, n={n}");
    }
    for (last, rest) in [
        ("0.1.2", &tags[1..]),
        ("0.1.25", &tags[2..]),
        ("0", &tags[..]),
        ("B", &tags[4..]),
        ("v1", &[]),
        ("zzz", &[]),
        ("%7F%00", &[]),
        ("a%00", &tags[8..]),
        ("%FF%FE", &[]),
        ("a%2Fb", &tags[10..]),
    ] {
        let answer = desk.repo.tags_page(&format!("last={last}")).await.is(200);
        assert_eq!(texts(&answer, "tags"), rest, "last={last}");
        assert_eq!(answer.maybe_header("link"), None);
    }
    assert_eq!(desk.repo.tags_page("n=2&last=A").await.json()["name"], "alice/app");
}

#[tokio::test]
async fn a_page_has_at_most_a_thousand_tags_and_says_where_the_next_begins() {
    let desk = Desk::new().await;
    let tags: Vec<_> = (0..1001).map(|n| format!("{n:05}")).collect();
    tag(&desk, &tags).await;

    for query in ["", "n=1001", "n=2147483648", "n=99999999999999999999999"] {
        let found =
            pages(&desk.client, &desk.repo.path(&format!("tags/list?{query}")), "tags").await;
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [1000, 1], "{query}");
        assert_eq!(found.concat(), tags);
    }
    let none = desk.repo.tags_page("n=0").await.is(200);
    assert!(texts(&none, "tags").is_empty());
    assert_eq!(none.maybe_header("link"), None);
    for n in ["-1", "NaN", "1e3", "", "+1", "0x10", "%20", "1.5"] {
        let answer = desk.repo.tags_page(&format!("n={n}")).await.is(400);
        answer.code("PAGINATION_NUMBER_INVALID");
    }
}

#[tokio::test]
async fn a_repository_that_is_not_there_has_no_list() {
    let desk = Desk::new().await;
    desk.repo.tags_page("").await.is(404).code("NAME_UNKNOWN");
    desk.repo.push_blob("x").await;
    assert_eq!(desk.repo.tags_page("").await.is(200).json()["tags"], serde_json::json!([]));
}

async fn catalog(client: &Client, query: &str) -> Vec<String> {
    let found = pages(client, &format!("/v2/_catalog?{query}"), "repositories").await;
    found.concat()
}

async fn repositories(desk: &Desk) -> (User, User) {
    let (bob, admin) = (desk.hub.user("bob").await, desk.hub.admin_user("keeper").await);
    for (user, name) in [
        (&desk.alice, "alice/app"),
        (&desk.alice, "alice/hidden"),
        (&desk.alice, "alice/app-2"),
        (&bob, "bob/app"),
        (&admin, "library/tool"),
    ] {
        everything(user, name).await.push_blob("x").await;
    }
    desk.alice.set_private("alice/hidden", true).await;
    (bob, admin)
}

#[tokio::test]
async fn the_catalog_holds_what_the_caller_may_pull_and_betrays_nothing_else() {
    let desk = Desk::new().await;
    let (bob, admin) = repositories(&desk).await;
    let public = ["alice/app", "alice/app-2", "bob/app", "library/tool"];
    let mut hers = public.to_vec();
    hers.insert(2, "alice/hidden");

    let alice = desk.alice.bearer(&["registry:catalog:*"]).await;
    for (who, expected) in [
        (&alice, &hers[..]),
        (&desk.alice.basic(), &hers),
        (&bob.basic(), &public),
        (&bob.bearer(&["registry:catalog:*"]).await, &public),
        (&admin.basic(), &public),
    ] {
        assert_eq!(catalog(who, "").await, expected);
        for n in 1..=5 {
            let found = pages(who, &format!("/v2/_catalog?n={n}"), "repositories").await;
            assert_eq!(found.concat(), expected, "n={n}");
            assert!(found.iter().all(|page| !page.is_empty()), "n={n}");
        }
    }
    // The hidden one counts for nothing, wherever a page ends.
    let bob = bob.basic();
    for n in 1..=5 {
        let mut next = Some(format!("/v2/_catalog?n={n}"));
        while let Some(path) = next {
            let answer = bob.get(&path).await.is(200);
            assert!(!answer.story().contains("hidden"), "{}", answer.story());
            next = next_page(&answer);
        }
    }
    assert_eq!(catalog(&bob, "last=alice/hidden").await, public[2..]);
    assert_eq!(catalog(&bob, "last=alice/hiddem").await, public[2..]);
    // A marker is a place in byte order, not a name.
    for (last, rest) in [
        ("", &public[..]),
        ("ZZZ", &public),
        ("alice/app%00", &public[1..]),
        ("alice/app-", &public[1..]),
        ("b", &public[2..]),
        ("library/", &public[3..]),
        ("%F0%9F%90%B3", &[]),
        ("%FF", &[]),
        (&"a".repeat(10_000), &public),
        (&"%F0%9F%90%B3".repeat(300), &[]),
    ] {
        assert_eq!(catalog(&bob, &format!("last={last}")).await, rest, "last={last}");
    }
}

#[tokio::test]
async fn the_catalog_takes_any_number_and_asks_strangers_to_sign_in() {
    let desk = Desk::new().await;
    let (bob, _) = repositories(&desk).await;
    let bob = bob.basic();

    let refused = desk.hub.anonymous().get("/v2/_catalog").await.is(401).code("UNAUTHORIZED");
    assert!(refused.header("www-authenticate").contains("scope=\"registry:catalog:*\""));
    assert!(catalog(&bob, "n=0").await.is_empty());
    assert_eq!(catalog(&bob, "n=1000000000").await.len(), 4);
    assert_eq!(catalog(&bob, "n=2147483648").await.len(), 4);
    for n in ["-1", "NaN", "1e9", ""] {
        let answer = bob.get(&format!("/v2/_catalog?n={n}")).await.is(400);
        answer.code("PAGINATION_NUMBER_INVALID");
    }
}
