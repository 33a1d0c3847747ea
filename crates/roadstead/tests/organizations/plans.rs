//! Plans of organizations: members, and the bytes of what they are given.

use roadstead_testkit::{image, noise};
use serde_json::json;

use crate::desk::{Acme, accept};

#[tokio::test]
async fn the_plan_bounds_members_and_open_invitations_together() {
    let acme = Acme::found().await;
    acme.hub.admin("plan set trio --members 3").run().await.succeeds();
    acme.hub.admin("user set-plan acme trio").run().await.succeeds();
    acme.member("bob", "member").await;
    let (carol, dave) = (acme.hub.user("carol").await, acme.hub.user("dave").await);
    let invitation = acme.invite(&carol.name, json!({"role": "member"})).await;

    let form = json!({"org": "acme", "invitees": [dave.name], "role": "member"});
    let refused = acme.owner.post("/v2/invites/bulk").json(&form).await.is(403);
    refused.says("the plan of `acme` has room for 3 members, open invitations included");
    acme.invite(&carol.name, json!({"role": "editor"})).await;

    // A place that somebody leaves can be taken, and a smaller plan takes nobody out.
    acme.owner.delete("/v2/orgs/acme/members/bob/").await.is(204);
    let other = acme.invite(&dave.name, json!({"role": "member"})).await;
    acme.hub.admin("plan set trio --members 1").run().await.succeeds();
    let carol = carol.signed_in().await;
    carol
        .post(&format!("/api/v1/invitations/{invitation}/accept"))
        .await
        .is(403)
        .says("room for 1");
    acme.hub.admin("plan set trio").run().await.succeeds();
    accept(&dave.signed_in().await, &other).await;
}

#[tokio::test]
async fn a_transfer_takes_its_bytes_along_if_they_fit() {
    let acme = Acme::found().await;
    let shared = image().layer(noise(1, 100_000)).build();
    for name in ["ann/app", "ann/other"] {
        acme.ann.repo(name).push(&shared, &["1"]).await;
    }
    let manifest = shared.manifest.bytes.len() as u64;
    let blobs: u64 = shared.blobs.iter().map(|blob| blob.bytes.len() as u64).sum();
    let used = async |namespace: &str| {
        let path = format!("/api/v1/namespaces/{namespace}/usage");
        acme.owner.get(&path).await.is(200).json()["storage_bytes"]["used"].as_u64().unwrap()
    };
    assert_eq!((used("ann").await, used("acme").await), (blobs + 2 * manifest, 0));
    let transfer = async |name: &str| {
        let path = format!("/api/v1/repositories/ann/{name}/transfer");
        acme.owner.post(&path).json(&json!({"namespace": "acme"})).await
    };

    acme.hub.admin("plan set tiny --namespace-storage 64KiB").run().await.succeeds();
    acme.hub.admin("user set-plan acme tiny").run().await.succeeds();
    transfer("app").await.is(403).says("the plan `tiny` allows 64.0 KiB");
    assert_eq!((used("ann").await, used("acme").await), (blobs + 2 * manifest, 0));
    acme.hub.admin("user set-plan acme default").run().await.succeeds();
    transfer("app").await.is(200);

    assert_eq!((used("ann").await, used("acme").await), (blobs + manifest, blobs + manifest));
    transfer("other").await.is(200);
    assert_eq!((used("ann").await, used("acme").await), (0, blobs + 2 * manifest));
    acme.hub.admin("usage recount").run().await.succeeds().says("every count is right");
}
