//! Profiles: what people tell of themselves, and who changes it.

use roadstead_testkit::Hub;
use serde_json::json;

#[tokio::test]
async fn people_change_their_own_profile_and_everybody_sees_it() {
    let hub = Hub::start().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    let api = alice.signed_in().await;
    let profile = json!({
        "full_name": " Alice Liddell ", "location": "Oxford", "company": "Wonderland",
        "profile_url": "https://alice.example",
    });
    api.patch("/v2/users/alice/").json(&profile).await.is(200);
    api.patch("/api/v1/account").json(&json!({"default_private": true})).await.is(200);
    api.patch("/v2/user/").json(&json!({"company": null, "location": "", "id": 7})).await.is(200);

    let seen = hub.anonymous().get("/v2/users/alice").await.is(200).json();

    assert_eq!(
        (&seen["full_name"], &seen["company"]),
        (&json!("Alice Liddell"), &json!("Wonderland"))
    );
    assert_eq!(
        (&seen["location"], &seen["profile_url"]),
        (&json!(""), &json!("https://alice.example"))
    );
    assert!(seen.get("email").is_none() && seen.get("default_private").is_none(), "{seen}");
    let own = api.get("/api/v1/account").await.is(200).json();
    assert_eq!(
        (&own["default_private"], &own["email"]),
        (&json!(true), &json!("alice@example.test"))
    );
    let bobs = bob.signed_in().await;
    bobs.patch("/v2/users/alice").json(&profile).await.is(403);
    let refuse = async |body| api.patch("/v2/user").json(&body).await.is(400);
    refuse(json!({"profile_url": "javascript:alert(1)"})).await.says("https://");
    refuse(json!({"full_name": "a".repeat(256)})).await.says("at most 255");
    refuse(json!({"company": "two\nlines"})).await.says("one line");
    let log = hub.admin("audit --format csv").run().await.succeeds().stdout;
    assert_eq!(log.matches("account.update").count(), 3, "{log}");
}
