//! The first start: one link makes the first administrator.

use roadstead_testkit::Hub;

fn link(hub: &Hub) -> Option<String> {
    let log = hub.log();
    let line = log.lines().rev().find(|line| line.contains("/setup?code="))?;
    Some(line[line.find("http")?..].trim().to_owned())
}

#[tokio::test]
async fn the_link_makes_one_administrator_and_is_not_printed_again() {
    let mut hub = Hub::start().await;
    let link = link(&hub).expect("the first start prints a link");
    let code = link.split("code=").nth(1).unwrap();
    assert!(link.starts_with(&format!("{}/setup?code=", hub.url())), "{link}");
    let form = |name: &'static str| {
        hub.anonymous().post("/setup").form(&[
            ("code", code),
            ("name", name),
            ("username", name),
            ("email", "root@example.test"),
            ("password", "correct horse battery"),
        ])
    };

    hub.anonymous().get(link.strip_prefix(&hub.url()).unwrap()).await.is(200);
    let made = form("harbour").await;
    let again = form("second").await;

    assert!(matches!(made.status(), 200 | 201 | 303), "{}", made.story());
    assert!(again.status() >= 400, "{}", again.story());
    hub.anonymous().with_basic("harbour", "correct horse battery").get("/v2/").await.is(200);
    hub.admin("user list").run().await.succeeds().says("harbour").never_says("second");
    let links = hub.log().matches("/setup?code=").count();
    assert!(hub.stop().await);
    hub.restart().await;
    assert_eq!(hub.log().matches("/setup?code=").count(), links, "nothing is left to set up");
}

#[tokio::test]
async fn a_guessed_code_opens_nothing() {
    let hub = Hub::start().await;

    let guessed =
        hub.anonymous().get("/setup?code=rsd_otc_000000000000000000000000000000000000").await;

    assert!(guessed.status() >= 400, "{}", guessed.story());
}
