//! Credentials that end: at once where they are shown, after minutes where a token stands for them.

use std::time::Duration;

use roadstead_testkit::{Client, Hub, User, image};

use crate::stage::access_token;

async fn with_app() -> (Hub, User) {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    alice.repo("alice/app").push(&image().build(), &["1"]).await;
    alice.set_private("alice/app", true).await;
    (hub, alice)
}

/// Every door at which a credential can be shown.
async fn is_refused(credential: &Client) {
    for path in ["/v2/", "/token", "/v2/alice/app/manifests/1", "/v2/_catalog", "/v2/access-tokens"]
    {
        credential.get(path).await.is(401);
    }
    credential.post("/token").form(&[("scope", "repository:alice/app:pull")]).await.is(401);
    credential.repo("alice/app").open_upload().await.is(401);
}

#[tokio::test]
async fn a_disabled_account_is_shut_out_and_keeps_what_it_has() {
    let (hub, alice) = with_app().await;
    alice.repo("alice/open").push(&image().build(), &["1"]).await;
    let pat = access_token(&hub, "alice", "repo:admin").await;
    let pat = hub.anonymous().with_basic("alice", &pat);
    let session = alice.signed_in().await;
    let offline = alice.basic().get("/token?offline_token=true").await.is(200).json();
    let refresh = offline["refresh_token"].as_str().unwrap();
    let renew = async || {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        hub.anonymous().post("/token").form(&fields).await.status()
    };
    assert_eq!(renew().await, 200);

    hub.admin("user disable alice").run().await.succeeds();

    is_refused(&alice.basic()).await;
    is_refused(&pat).await;
    session.get("/v2/access-tokens").await.is(401);
    session.delete("/v2/repositories/alice/open/").await.is(401);
    assert_eq!(renew().await, 401);
    hub.anonymous().repo("alice/open").manifest("1").await.is(200);

    hub.admin("user enable alice").run().await.succeeds();
    alice.basic().repo("alice/app").manifest("1").await.is(200);
    pat.repo("alice/app").manifest("1").await.is(200);
}

#[tokio::test]
async fn an_access_token_ends_when_it_is_revoked_or_runs_out() {
    let (hub, alice) = with_app().await;
    let secret = access_token(&hub, "alice", "repo:write").await;
    let revoked = hub.anonymous().with_basic("alice", &secret);
    revoked.repo("alice/app").manifest("1").await.is(200);
    let line = "token create alice --label brief --scope repo:read --expires 2s";
    let brief = hub.admin(line).run().await.succeeds().stdout.trim().to_owned();
    let brief = hub.anonymous().with_basic("alice", &brief);
    brief.repo("alice/app").manifest("1").await.is(200);

    let listed = hub.admin("token list alice --format json").run().await.succeeds().stdout;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let rows = listed.as_array().unwrap();
    let row = rows.iter().find(|row| row["scope"] == "repo:write").unwrap();
    let id = row["id"].as_str().unwrap();
    hub.admin(&format!("token revoke alice {id}")).run().await.succeeds();

    is_refused(&revoked).await;
    tokio::time::sleep(Duration::from_millis(2100)).await;
    is_refused(&brief).await;
    alice.basic().repo("alice/app").manifest("1").await.is(200);
}

#[tokio::test]
async fn an_access_token_is_good_for_its_own_account_alone() {
    let (hub, _) = with_app().await;
    hub.user("bob").await;
    let secret = access_token(&hub, "alice", "repo:admin").await;
    let changed =
        format!("{}{}", &secret[..secret.len() - 1], if secret.ends_with('0') { '1' } else { '0' });

    for (user, secret) in [
        ("bob", secret.as_str()),
        ("Alice", &secret),
        ("alice ", &secret),
        ("", &secret),
        ("alice", &changed),
        ("alice", &secret[..secret.len() - 1]),
        ("alice", ""),
        ("library", &secret),
    ] {
        is_refused(&hub.anonymous().with_basic(user, secret)).await;
    }
    hub.anonymous().with_basic("alice", &secret).repo("alice/app").manifest("1").await.is(200);
}

/// Somebody who shows a wrong credential is told so, also where nobody needs one.
#[tokio::test]
async fn a_wrong_credential_is_never_taken_for_nobody() {
    let (hub, alice) = with_app().await;
    alice.repo("alice/open").push(&image().build(), &["1"]).await;
    let path = "/v2/alice/open/manifests/1";
    hub.anonymous().get(path).await.is(200);

    for header in ["Basic !!!", "Basic", "Bearer", "Bearer a b c", "Digest x=y", "", "\u{e4}"] {
        let answer = hub.anonymous().with_authorization(header).get(path).await;
        assert!(matches!(answer.status(), 400 | 401), "{header:?}: {}", answer.story());
    }
    let wrong = hub.anonymous().with_basic("alice", "wrong");
    wrong.get(path).await.is(401);
    wrong.get("/token?scope=repository:alice/open:pull").await.is(401);
    // The conformance program sends a lone colon when it has no credentials.
    hub.anonymous().with_basic("", "").get(path).await.is(200);
}
