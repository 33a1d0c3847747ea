use roadstead_testkit::Hub;

#[tokio::test]
async fn pages_come_in_the_language_that_the_browser_reads_or_that_was_chosen() {
    let hub = Hub::start().await;
    let nobody = hub.anonymous();
    let ask = |language: &str| nobody.get("/docs").header("accept-language", language);

    nobody.get("/docs").await.is(200).says("lang=\"en\"").says("How to use this hub");
    let page = ask("zh-CN,zh;q=0.9,en;q=0.8").await.is(200).says("<html lang=\"zh-CN\"");
    assert!(page.says("如何使用本站").header("vary").contains("accept-language"));
    ask("fr").await.is(200).says("How to use this hub");

    let page = nobody.get("/search?q=a%26b&sort=stars").await.is(200);
    page.says("name=\"next\" value=\"/search?q=a%26b&#38;sort=stars\"").says("简体中文");
    let choose = |language: &str, next: &str| {
        nobody.post("/language").form(&[("language", language), ("next", next)])
    };
    let chosen = choose("zh-CN", "/search?q=a%26b&sort=stars").await.is(303);
    assert_eq!(chosen.header("location"), "/search?q=a%26b&sort=stars");
    let line = chosen.header("set-cookie");
    assert!(line.contains("Max-Age=31536000") && line.contains("Path=/"), "{line}");
    let cookie = line.split(';').next().unwrap();
    ask("en").header("cookie", cookie).await.is(200).says("如何使用本站").says(">English</button>");
    nobody.get("/nobody/nothing").header("cookie", cookie).await.is(404).says("错误 404");

    let unknown = choose("xx", "//evil.example").await.is(303);
    assert_eq!(unknown.header("location"), "/");
    assert!(unknown.maybe_header("set-cookie").is_none());
    choose("zh-CN", "/").header("sec-fetch-site", "cross-site").await.is(403);
}

#[tokio::test]
async fn who_must_wait_is_told_how_long() {
    let hub = Hub::start().await;
    let nobody = hub.anonymous();
    let guess = async |number: u32| {
        let password = format!("guess {number}");
        nobody.post("/signin").form(&[("username", "alice"), ("password", &password)]).await
    };

    for number in 0..10 {
        guess(number).await.is(422);
    }
    let refused = guess(10).await.is(429).says("Try again in 15 minutes").says("value=\"alice\"");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 800);
}
