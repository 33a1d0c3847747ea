//! Invitations to an organization go out as letters, and are answered on the page behind their link.

use roadstead_testkit::{Client, Hub, User};
use serde_json::json;

use crate::post_office::{PostOffice, path_of};

/// Alice's organization, and those whom she invites to it.
async fn acme(hub: &Hub, invitees: &[&str]) -> User {
    hub.admin_user("chief").await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    api.post("/v2/orgs/").json(&json!({"orgname": "acme"})).await.is(201);
    let body = json!({"org": "acme", "invitees": invitees});
    api.post("/v2/invites/bulk").json(&body).await.is(202);
    alice
}

async fn members(alice: &User) -> String {
    alice.signed_in().await.get("/v2/orgs/acme/members").await.is(200).text().to_owned()
}

#[tokio::test]
async fn whoever_got_the_letter_joins_with_an_account_of_theirs_once() {
    let (office, hub) = PostOffice::open().await;
    let alice = acme(&hub, &["carol@example.test"]).await;
    let carol = hub.user("caroline").await;
    let mail = office.letter("carol@example.test", "alice invites you to acme").await;
    let path = path_of(&hub, &mail).to_owned();
    let (page, code) = path.split_once("?code=").unwrap();
    // What mail scanners do.
    hub.anonymous().get(&path).await.is(200).says("Join acme");
    hub.anonymous().get(&format!("{page}?code=rsd_otc_other")).await.is(404);
    let reply = async |who: &Client, code: &str| {
        who.post(page).form(&[("code", code), ("answer", "accept")]).await
    };

    reply(&hub.anonymous(), code).await.is(401).says("Sign in with the account");
    reply(&carol.basic(), "rsd_otc_other").await.is(404);
    assert!(!members(&alice).await.contains("caroline"));
    carol.basic().get(&path).await.is(200).says("Join as caroline");
    reply(&carol.basic(), code).await.is(200).says("caroline is now a member of acme");

    assert!(members(&alice).await.contains("caroline"));
    reply(&carol.basic(), code).await.is(404).says("does not work");
}

#[tokio::test]
async fn an_invitation_by_name_is_for_that_account_alone_and_can_be_declined() {
    let (office, hub) = PostOffice::open().await;
    let bob = hub.user("bob").await;
    let mallory = hub.user("mallory").await;
    let alice = acme(&hub, &["bob"]).await;
    let mail = office.letter("bob@example.test", "acme").await;
    let path = path_of(&hub, &mail).to_owned();
    let (page, code) = path.split_once("?code=").unwrap();
    let reply = async |who: &User, answer: &str| {
        who.basic().post(page).form(&[("code", code), ("answer", answer)]).await
    };

    reply(&mallory, "accept").await.is(404);
    reply(&bob, "decline").await.is(200).says("Declined");

    assert!(!members(&alice).await.contains("bob"));
    reply(&bob, "accept").await.is(404);
}
