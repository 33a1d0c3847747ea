//! What the suites share.

use roadstead_testkit::{Client, Hub, MailServer, User};
use serde_json::{Value, json};

/// A hub that sends through `server`.
pub async fn hub(server: &MailServer) -> Hub {
    server.used_by(Hub::with()).start().await
}

/// Has a letter written to this person: a notice of a new access token.
pub async fn cause_letter(user: &User) {
    let client = user.signed_in().await;
    make_token(&client, "for the build machine").await;
}

pub async fn make_token(client: &Client, label: &str) {
    let body = json!({"token_label": label, "scopes": ["repo:read"]});
    client.post("/v2/access-tokens").json(&body).await.is(201);
}

/// `roadstead admin job list`.
pub async fn jobs(hub: &Hub, options: &str) -> Vec<Value> {
    let listed = hub.admin(&format!("job list --format json {options}")).run().await.succeeds();
    serde_json::from_str(&listed.stdout).unwrap()
}
