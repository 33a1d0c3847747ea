//! `/metrics`: who may see it, and that it counts.

use std::os::unix::fs::PermissionsExt;

use roadstead_testkit::{Client, Hub, eventually, image, sha256};

/// The value of a metric; labels as they are written.
fn value(text: &str, metric: &str) -> f64 {
    let line = text.lines().find(|line| line.starts_with(metric));
    let line = line.unwrap_or_else(|| panic!("no `{metric}` in\n{text}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn without_a_setting_there_are_no_metrics() {
    let hub = Hub::start().await;

    hub.anonymous().get("/metrics").await.is(404);
}

#[tokio::test]
async fn a_listener_of_its_own_serves_metrics_and_nothing_else() {
    let hub = Hub::with().args(["--metrics-listen", "127.0.0.1:0"]).start().await;
    let log = hub.log();
    let address = log.split("metrics on ").nth(1).unwrap().split("/metrics").next().unwrap();
    let metrics = Client::new(address.to_owned());
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().file("a", "b").build(), &["1"]).await;

    let text = metrics.get("/metrics").await.is(200).text();

    let puts = "roadstead_http_requests_total{method=\"PUT\"";
    assert!(value(&text, puts) >= 1.0);
    assert!(value(&text, "roadstead_http_received_bytes_total") > 500.0);
    assert!(value(&text, "roadstead_http_sent_bytes_total") > 500.0);
    assert!(value(&text, "process_resident_memory_bytes") > 1e6);
    assert!(value(&text, "process_open_fds") > 3.0);
    assert!(text.contains("roadstead_http_request_seconds_bucket{"), "{text}");
    assert!(!text.contains("alice"), "names would make a label for each:\n{text}");
    metrics.get("/v2/").await.is(404);
    hub.anonymous().get("/metrics").await.is(404);
}

#[tokio::test]
async fn uploads_and_tokens_are_counted_by_what_became_of_them() {
    let options = ["--metrics-listen", "127.0.0.1:0", "--upload-ttl", "2s"];
    let hub = Hub::with().args(options).start().await;
    let log = hub.log();
    let address = log.split("metrics on ").nth(1).unwrap().split("/metrics").next().unwrap();
    let metrics = Client::new(address.to_owned());
    let alice = hub.user("alice").await;
    let repo = alice.bearer(&["repository:alice/app:pull,push"]).await.repo("alice/app");

    let mut upload = repo.begin_upload().await;
    upload.chunk("12345").await.is(202);
    upload.finish_with(&sha256("1234567"), "67").await.is(201);
    repo.begin_upload().await.cancel().await.is(204);
    repo.begin_upload().await.finish_with(&sha256("other"), "abc").await.is(400);
    repo.begin_upload().await;
    hub.anonymous().with_basic("alice", "wrong").get("/token").await.is(401);
    hub.anonymous().post("/token").form(&[("grant_type", "magic")]).await.is(400);

    let text = eventually("the last upload expires", 20, async || {
        let text = metrics.get("/metrics").await.is(200).text();
        text.contains("roadstead_uploads_total{event=\"expired\"} 1").then_some(text)
    })
    .await;
    for (event, count) in
        [("started", 4.0), ("committed", 1.0), ("cancelled", 1.0), ("refused", 1.0)]
    {
        let metric = format!("roadstead_uploads_total{{event=\"{event}\"}}");
        assert_eq!(value(&text, &metric), count, "{event}");
    }
    assert_eq!(value(&text, "roadstead_upload_bytes_total"), 10.0);
    for (outcome, count) in [("issued", 1.0), ("wrong_credentials", 1.0), ("bad_request", 1.0)] {
        let metric = format!("roadstead_tokens_total{{outcome=\"{outcome}\"}}");
        assert_eq!(value(&text, &metric), count, "{outcome}");
    }
}

#[tokio::test]
async fn a_token_opens_metrics_on_the_main_listener() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("token");
    std::fs::write(&file, "let-me-see\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let hub = Hub::with().args(["--metrics-token-file", file.to_str().unwrap()]).start().await;

    hub.anonymous().get("/metrics").await.is(404);
    hub.token("let-me-se").get("/metrics").await.is(404);
    let text = hub.token("let-me-see").get("/metrics").await.is(200);

    assert_eq!(text.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert!(value(&text.text(), "roadstead_http_requests_in_flight") >= 1.0);
}
