//! How many bytes a namespace may hold, and that the counts are right.

use roadstead_db::{Db, DbError, holdings, repos};
use roadstead_testkit::{Answer, Client, Hub, Repo, image, noise, sha256};
use serde_json::{Value, json};

const KIB: usize = 1 << 10;
const LIMIT: usize = 1 << 20;

/// A hub whose namespaces hold a MiB.
async fn hub() -> Hub {
    Hub::with().args(["--namespace-storage", "1 MiB"]).start().await
}

/// Used and reserved bytes of a namespace.
async fn usage(api: &Client, namespace: &str) -> (u64, u64) {
    let told = api.get(&format!("/api/v1/namespaces/{namespace}/usage")).await.is(200).json();
    let bytes = |member: &str| told["storage_bytes"][member].as_u64().unwrap();
    (bytes("used"), bytes("reserved"))
}

/// A piece without a length, as docker sends layers.
async fn stream(repo: &Repo, bytes: &[u8]) -> Answer {
    let mut upload = repo.begin_upload().await;
    let sent = upload.stream(bytes.chunks(64 * KIB).map(<[u8]>::to_vec)).await;
    match sent.status() {
        202 => upload.finish(&sha256(bytes)).await,
        _ => sent,
    }
}

fn refused(answer: Answer, stored: usize) -> Value {
    let answer = answer.is(403).code("DENIED").says("the plan `default` allows 1.0 MiB");
    let detail = answer.json()["errors"][0]["detail"].clone();
    assert_eq!((&detail["limit"], &detail["stored"]), (&json!(LIMIT), &json!(stored)));
    detail
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_leaves_nothing() {
    let hub = hub().await;
    let alice = hub.user("alice").await;
    let (repo, api) = (alice.repo("alice/app"), alice.signed_in().await);
    let (first, large) = (noise(1, 600 * KIB), noise(2, 600 * KIB));
    repo.push_blob(first.clone()).await;
    assert_eq!(usage(&api, "alice").await, (600 << 10, 0));

    let whole = repo.post_blob(&sha256(&large), large.clone()).await;
    let detail = refused(whole, first.len());
    assert_eq!((&detail["needed"], &detail["reserved"]), (&json!(large.len()), &json!(0)));
    let mut upload = repo.begin_upload().await;
    refused(upload.patch(large.clone()).await, first.len());
    refused(upload.finish_with(&sha256(&large), large.clone()).await, first.len());
    refused(stream(&repo, &large).await, first.len());
    assert_eq!(usage(&api, "alice").await, (600 << 10, 0), "nothing stays reserved");

    // What is left is given out to the last byte, also without a length.
    stream(&repo, &noise(3, LIMIT - first.len())).await.is(201);
    assert_eq!(usage(&api, "alice").await, (LIMIT as u64, 0));
    refused(repo.open_upload().await, LIMIT);
    let image = image().build();
    for blob in &image.blobs {
        refused(repo.post_blob(&blob.digest, blob.bytes.clone()).await, LIMIT);
    }
    repo.blob(&sha256(&first)).await.is(200);
    repo.delete_blob(&sha256(&first)).await.is(202);
    stream(&repo, &large).await.is(201);
    hub.admin("usage recount").run().await.succeeds().says("every count is right");
}

#[tokio::test]
async fn an_upload_holds_what_it_announced_until_it_ends() {
    let hub = hub().await;
    let alice = hub.user("alice").await;
    let (repo, api) = (alice.repo("alice/app"), alice.signed_in().await);
    let (half, rest) = (noise(1, 500 * KIB), noise(2, 600 * KIB));

    let mut upload = repo.begin_upload().await;
    upload.chunk(half.clone()).await.is(202);
    assert_eq!(usage(&api, "alice").await, (0, 500 << 10));
    let detail = refused(repo.post_blob(&sha256(&rest), rest.clone()).await, 0);
    assert_eq!(detail["reserved"], json!(half.len()));
    upload.cancel().await.is(204);
    repo.push_blob(rest.clone()).await;
    let mut wrong = repo.begin_upload().await;
    wrong.chunk(noise(3, 300 * KIB)).await.is(202);
    wrong.finish(&sha256("something else")).await.is(400);

    assert_eq!(usage(&api, "alice").await, (600 << 10, 0));
    let unlimited = json!({"storage_bytes": null});
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    keeper.put("/api/v1/admin/plans/large").json(&unlimited).await.is(200);
    hub.admin("plan set small --namespace-storage 1KiB").run().await.succeeds();
    hub.admin("user set-plan alice large").run().await.succeeds();
    repo.push_blob(noise(4, 2 * LIMIT)).await;
    hub.admin("user set-plan alice small").run().await.succeeds();
    repo.blob(&sha256(&rest)).await.is(200);
    let manifest = image().build().manifest;
    alice.repo("alice/other").open_upload().await.is(403).says("`small` allows 1.0 KiB");
    assert_ne!(repo.put_manifest("1", &manifest).await.status(), 201);
}

#[tokio::test]
async fn manifests_and_the_trash_count_and_shared_blobs_count_once() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let api = alice.signed_in().await;
    let image = image().layer(noise(1, 300 * KIB)).build();
    let blobs: usize = image.blobs.iter().map(|blob| blob.bytes.len()).sum();
    let manifest = image.manifest.bytes.len();
    for name in ["alice/one", "alice/two"] {
        let repo = alice.repo(name);
        repo.push(&image, &["1"]).await;
        repo.push(&image, &["1", "2"]).await;
    }
    assert_eq!(usage(&api, "alice").await, ((blobs + 2 * manifest) as u64, 0));

    alice.repo("alice/one").delete_manifest(&image.manifest.digest).await.is(202);
    assert_eq!(usage(&api, "alice").await, ((blobs + manifest) as u64, 0));
    for name in ["one", "two"] {
        api.delete(&format!("/v2/repositories/alice/{name}/")).await.is(202);
    }
    assert_eq!(usage(&api, "alice").await, ((blobs + manifest) as u64, 0), "it can come back");
    let trash = api.get("/api/v1/trash/alice").await.is(200).json();
    for trashed in trash["results"].as_array().unwrap() {
        let id = trashed["id"].as_str().unwrap();
        api.delete(&format!("/api/v1/trash/alice/{id}")).await.is(204);
    }

    assert_eq!(usage(&api, "alice").await, (0, 0));
}

#[tokio::test]
async fn a_mount_is_charged_to_who_gets_the_blob() {
    let hub = hub().await;
    let (alice, bob) = (hub.user("alice").await, hub.user("bob").await);
    let api = bob.signed_in().await;
    let (theirs, own) = (alice.repo("alice/app"), bob.repo("bob/app"));
    let shared = theirs.push_blob(noise(1, 300 * KIB)).await;
    let digest = own.push_blob(noise(2, 500 * KIB)).await;
    let mount = async |to: &str, digest: &str, from: &str| {
        let scopes = [format!("repository:{to}:pull,push"), format!("repository:{from}:pull")];
        let client = bob.bearer(&scopes.each_ref().map(String::as_str)).await;
        client.repo(to).mount(digest, from).await
    };

    mount("bob/app", &shared, "alice/app").await.is(201);
    mount("bob/other", &shared, "alice/app").await.is(201);
    assert_eq!(usage(&api, "bob").await, (800 << 10, 0));
    let big = theirs.push_blob(noise(3, 400 * KIB)).await;

    // A mount that does not fit is an upload, which does not fit either.
    let upload =
        own.upload_at(&mount("bob/app", &big, "alice/app").await.is(202).header("location"));
    upload.finish_with(&big, noise(3, 400 * KIB)).await.is(403).code("DENIED");
    // What the namespace has already costs nothing, to those who may see that it does.
    own.push_blob(noise(4, LIMIT - (800 << 10) - 100)).await;
    mount("bob/third", &digest, "bob/app").await.is(201);
    mount("bob/fourth", &shared, "alice/app").await.is(201);
    hub.admin("usage recount").run().await.succeeds().says("every count is right");
}

#[tokio::test]
async fn a_recount_finds_and_corrects_what_is_wrong() {
    let hub = Hub::start().await;
    let alice = hub.user("alice").await;
    let repo = alice.repo("alice/app");
    let digest = repo.push_blob(noise(1, 1000)).await;
    let db = Db::open(&hub.database_url()).await.unwrap();
    let taken: Result<(), DbError> = db
        .write(async |tx| {
            let app = repos::find_by_path(tx, &"alice/app".parse().unwrap()).await?.unwrap();
            let _not_settled = holdings::unlink(tx, app.id, &digest.parse().unwrap()).await?;
            Ok(())
        })
        .await;
    taken.unwrap();

    let found = hub.admin("usage recount --format json").run().await.exits(1);
    let report: Value = serde_json::from_str(&found.stdout).unwrap();
    assert_eq!(report["differences"].as_array().unwrap().len(), 1, "{report}");
    let wrong = &report["differences"][0];
    let told = (&wrong["namespace"], &wrong["stored_in_books"], &wrong["stored"]);
    assert_eq!(told, (&json!("alice"), &json!(1000), &json!(0)));

    hub.admin("usage recount --repair").run().await.succeeds().says("alice").says("corrected");
    hub.admin("usage recount").run().await.succeeds().says("every count is right");
    assert_eq!(usage(&alice.signed_in().await, "alice").await, (0, 0));
}
