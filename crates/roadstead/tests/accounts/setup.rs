//! The setup page: from an empty machine to the first push.

use roadstead_testkit::{Hub, image};

/// The code of the link that the start printed.
fn code(hub: &Hub) -> String {
    let log = hub.log();
    let (_, rest) = log.split_once("/setup?code=").expect("the start prints a setup link");
    rest.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn the_printed_link_makes_the_first_administrator_who_can_push() {
    let hub = Hub::start().await;
    let nobody = hub.anonymous();
    let code = code(&hub);
    nobody.get("/").await.is(200).says("no administrator yet");

    let page = nobody.get(&format!("/setup?code={code}")).await.is(200).says("Set up this hub");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; "));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let fields = |name, password| {
        [
            ("code", code.clone()),
            ("name", name),
            ("email", "a@example.test".into()),
            ("password", password),
        ]
    };
    let submit = async |name: &str, password: &str| {
        let fields = fields(name.to_owned(), password.to_owned());
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        nobody.post("/setup").form(&fields).await
    };
    let refused = submit("Alice!", "short").await.is(422);
    let refused = refused.says("`alice` would do").says("8 to 256").says("a@example.test");
    assert!(!refused.text().contains("value=\"short\""));
    submit("alice", "correct horse").await.is(200).says(&format!("docker login {}", hub.address()));

    let alice = hub.anonymous().with_password("alice", "correct horse");
    alice.repo("alice/app").push(&image().file("hello", "world").build(), &["1"]).await;
    alice.repo("library/base").push(&image().file("hello", "world").build(), &["1"]).await;
    submit("mallory", "correct horse").await.is(404).says("This hub is set up");
    nobody.get("/").await.is(200).says("docker push");
    assert!(!hub.log().contains("correct horse"));
}

#[tokio::test]
async fn without_the_code_the_page_does_nothing() {
    let hub = Hub::start().await;
    let nobody = hub.anonymous();

    for path in ["/setup", "/setup?code=", "/setup?code=rsd_otc_guess", "/setup?code=%00"] {
        nobody.get(path).await.is(404).says("does not work");
    }
    let fields =
        [("code", "guess"), ("name", "eve"), ("email", "e@x.io"), ("password", "correct horse")];
    nobody.post("/setup").form(&fields).await.is(404);
}
