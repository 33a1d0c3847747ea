//! The reference of our own routes, for programs and for people.

use roadstead_api::openapi::is_own;
use roadstead_testkit::Hub;

#[tokio::test]
async fn every_route_of_ours_is_told_of_in_a_document_and_on_a_page() {
    let hub = Hub::start().await;
    let document = hub.anonymous().get("/api/openapi.json").await.is(200).json();
    let page = hub.anonymous().get("/api/docs").await.is(200).text().to_owned();

    let routes = roadstead::routes::all();
    let ours: Vec<_> = routes.entries().iter().filter(|entry| is_own(entry)).collect();

    assert!(ours.len() > 20, "the search for routes has gone blind");
    for entry in ours {
        let method = entry.method.as_str().to_ascii_lowercase();
        let told = &document["paths"][entry.pattern][&method];
        let summary = told["summary"].as_str().unwrap_or_default();
        assert!(!summary.is_empty(), "say what {method} {} does", entry.pattern);
        assert!(page.contains(entry.pattern), "{} is not on the page", entry.pattern);
        let is_open = told["security"][0].as_object().is_some_and(|open| open.is_empty());
        let answer = hub.anonymous().ask(entry.method.clone(), entry.pattern).await;
        assert!(is_open || answer.status() >= 400, "{}", answer.story());
    }
}
