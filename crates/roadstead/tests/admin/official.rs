//! Official images, handed to the teams that maintain them.

use roadstead_testkit::{Hub, image};
use serde_json::{Value, json};

#[tokio::test]
async fn an_official_repository_is_made_handed_over_and_taken_back() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let ann = hub.user("ann").await;
    let owner = ann.signed_in().await;
    owner.post("/v2/orgs/").json(&json!({"orgname": "acme"})).await.is(201);
    let built = image().file("a", "a").build();
    let (path, made) = ("/api/v1/admin/official", json!({"name": "tool"}));
    let maintainer = "/api/v1/admin/official/tool/maintainers/acme/owners";

    keeper.post(path).json(&made).await.is(201);
    keeper.post(path).json(&made).await.is(409).says("exists already");
    keeper.post(path).json(&json!({"name": "A B"})).await.is(400);
    ann.repo("tool").open_upload().await.is(403);
    keeper.put(maintainer).await.is(200);

    ann.repo("tool").push(&built, &["1"]).await;
    hub.anonymous().repo("tool").manifest("1").await.is(200);
    let listed = keeper.get(path).await.is(200).json();
    let team = json!({"organization": "acme", "team": "owners", "permission": "admin"});
    assert_eq!(listed["results"][0]["maintainers"], json!([team]));
    let token = ann.bearer(&["repository:library/tool:pull,push"]).await;
    token.repo("tool").open_upload().await.is(202);
    keeper.delete(maintainer).await.is(204);
    token.repo("tool").open_upload().await.is(401);
    keeper.delete(maintainer).await.is(404).says("does not maintain");
    let nobody = "/api/v1/admin/official/tool/maintainers/acme/nobody";
    keeper.put(nobody).await.is(404).says("no team `nobody`");
    let missing = "/api/v1/admin/official/none/maintainers/acme/owners";
    keeper.put(missing).await.is(404).says("no official repository");

    hub.admin("official hand tool acme/owners").run().await.succeeds();
    let told = hub.admin("official list --format json").run().await.succeeds().stdout;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told, json!([{"repository": "library/tool", "maintainers": ["acme/owners"]}]));
    ann.repo("tool").push(&built, &["2"]).await;
    hub.admin("official take-back tool acme/owners").run().await.succeeds();
    hub.admin("official take-back tool acme").run().await.exits(1).says("ORGANIZATION/TEAM");
    let log = keeper.get("/api/v1/admin/audit?action=hub.official.maintainer").await.json();
    assert_eq!(log["count"], 4);
}
