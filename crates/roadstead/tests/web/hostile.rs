use roadstead_testkit::{Hub, image};
use serde_json::json;

/// What people write and machines send, in every place a page shows.
const CORPUS: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "'--><svg/onload=alert(1)>",
    "{{7*7}}<blink>",
    "</title><script>alert(1)</script>",
];

#[tokio::test]
async fn no_text_becomes_a_part_of_a_page() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    let hostile =
        image().file("f", "f").field("author", json!("<script>alert(1)</script>")).build();
    alice.repo("alice/web").push(&hostile, &["1"]).await;

    for text in CORPUS {
        let readme = format!("# {text}\n\n[x]({text})\n\n{text}\n");
        let body = json!({"description": text, "full_description": readme});
        api.patch("/v2/repositories/alice/web").json(&body).await.is(200);
        let coded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let paths = [
            "/".to_owned(),
            "/alice/web".to_owned(),
            format!("/alice?q={coded}"),
            format!("/alice/web/tags?q={coded}&sort={coded}"),
            format!("/alice/web/tags/1?platform={coded}"),
            format!("/alice/web/tags/1/history?page={coded}"),
            format!("/alice/web/compare?from={coded}&to=1&platform={coded}"),
            format!("/search?q={coded}&owner={coded}&sort={coded}&arch={coded}"),
            format!("/{coded}/{coded}"),
        ];
        for path in paths {
            let html = hub.anonymous().get(&path).await.text();
            for word in
                ["<script>alert", "<img src=x", "<svg/onload", "<blink>", "href=\"javascript:"]
            {
                assert!(!html.contains(word), "{word} from {text} at {path}");
            }
        }
    }
}

/// No page may be framed, run what it was not shipped with, or be taken for another type.
#[tokio::test]
async fn every_page_is_sent_with_the_policy() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/web").push(&image().build(), &["1"]).await;

    let paths = [
        "/",
        "/explore",
        "/search",
        "/docs",
        "/api/docs",
        "/alice",
        "/alice/web",
        "/alice/web/tags",
        "/alice/web/tags/1",
        "/alice/web/tags/1/history",
        "/alice/web/tags/1/delete",
        "/alice/web/compare?from=1&to=1",
        "/alice/web/insights",
        "/nobody",
        "/account/forgot-password",
        "/setup",
    ];
    for path in paths {
        let page = hub.anonymous().get(path).await;
        let policy = page.header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(rule), "{path} lacks {rule}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
    }
}
