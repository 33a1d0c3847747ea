//! Signing in by e-mail address: only by one that was vouched for, and it leads to one account.

use roadstead_testkit::Hub;

async fn sign_in(hub: &Hub, user: &str, password: &str) -> u16 {
    hub.anonymous().with_basic(user, password).get("/v2/").await.status()
}

#[tokio::test]
async fn an_address_signs_in_once_it_is_verified_and_belongs_to_one_account() {
    let hub = Hub::start().await;
    let alice = hub.unverified_user("alice").await;
    let create = hub.admin("user create twin --email ALICE@example.test --password-stdin");
    create.input("correct horse twin".to_owned()).run().await.succeeds();
    assert_eq!(sign_in(&hub, "alice@example.test", &alice.password).await, 401);

    hub.admin("user verify alice").run().await.succeeds();

    assert_eq!(sign_in(&hub, "Alice@Example.test", &alice.password).await, 200);
    assert_eq!(sign_in(&hub, "alice@example.test", "correct horse twin").await, 401);
    let refused = hub.admin("user verify twin").run().await.exits(1);
    refused.says("`ALICE@example.test` is the verified address of another account");
    // Once more changes nothing, and who was refused signs in by name.
    hub.admin("user verify alice").run().await.succeeds();
    assert_eq!(sign_in(&hub, "twin", "correct horse twin").await, 200);
}
