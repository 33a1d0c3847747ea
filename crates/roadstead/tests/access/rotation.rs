//! Another key signs: what the old one signed stays good while the hub still has it.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use roadstead_testkit::{Backend, Hub, Tool, image};

async fn key(home: &Path, name: &str) -> PathBuf {
    let file = home.join(name);
    let openssl = Tool::new("openssl").line("genpkey -algorithm EC");
    let openssl = openssl.line("-pkeyopt ec_paramgen_curve:P-256 -out").args([&file]);
    openssl.run().await.succeeds();
    file
}

/// A hub on the data in `home` that signs with the first of `keys`.
async fn hub(home: &Path, keys: &[&Path]) -> Hub {
    let options = keys.iter().flat_map(|key| ["--token-key", key.to_str().unwrap()]);
    let hub = Hub::with().backend(Backend::Embedded).data_dir(home.join("data"));
    hub.args(options).start().await
}

/// The `kid` of a token's head (RFC 7515, 4.1.4).
fn key_id(token: &str) -> String {
    let head = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let head: serde_json::Value = serde_json::from_slice(&head).unwrap();
    head["kid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_new_key_signs_and_the_old_ones_tokens_are_good_until_it_is_taken_away() {
    let home = tempfile::tempdir().unwrap();
    let (old, new) = (key(home.path(), "old.pem").await, key(home.path(), "new.pem").await);
    let scope = "repository:alice/app:pull";
    let path = "/v2/alice/app/manifests/1";

    let first = hub(home.path(), &[&old]).await;
    let alice = first.user("alice").await;
    alice.repo("alice/app").push(&image().build(), &["1"]).await;
    alice.set_private("alice/app", true).await;
    let before = alice.registry_token(&[scope]).await;
    drop(first);

    let both = hub(home.path(), &[&new, &old]).await;
    let after = alice.at(&both.url()).registry_token(&[scope]).await;
    assert_ne!(key_id(&after), key_id(&before));
    both.token(&before).get(path).await.is(200);
    both.token(&after).get(path).await.is(200);
    drop(both);

    let rotated = hub(home.path(), &[&new]).await;
    rotated.token(&before).get(path).await.is(401);
    rotated.token(&after).get(path).await.is(200);
    // Who held the old one gets another with the same credentials.
    let next = alice.at(&rotated.url()).registry_token(&[scope]).await;
    assert_eq!(key_id(&next), key_id(&after));
    rotated.token(&next).get(path).await.is(200);
}
