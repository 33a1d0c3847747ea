//! Work that was given up, looked after by API.

use std::time::Duration;

use roadstead_db::jobs::{self, NewJob};
use roadstead_db::{Db, DbError};
use roadstead_hub::Clock;
use roadstead_testkit::Hub;
use roadstead_types::{Id, JobId};
use serde_json::json;

/// Two jobs of a kind that nobody works on: one is given up, one waits.
async fn leave_jobs(hub: &Hub) {
    let now = Clock::system().now();
    let job = |id: i64| NewJob {
        id: JobId::from_raw(id),
        kind: "errand",
        unique_key: None,
        payload: "{}".into(),
        run_at: now,
        max_attempts: 3,
        created_at: now,
    };
    let db = Db::open(&hub.database_url()).await.unwrap();
    db.write(async |tx| {
        jobs::insert(tx, &job(1)).await?;
        let until = now.plus(Duration::from_secs(60));
        jobs::claim(tx, "errand", "somebody", now, until, 1).await?;
        jobs::bury(tx, JobId::from_raw(1), "somebody", now, "nobody was at home").await?;
        jobs::insert(tx, &job(2)).await
    })
    .await
    .unwrap_or_else(|error: DbError| panic!("{error}"));
    db.close().await;
}

#[tokio::test]
async fn jobs_are_seen_retried_and_cancelled() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    leave_jobs(&hub).await;
    let path = "/api/v1/admin/jobs";

    let listed = keeper.get(path).await.is(200).json();
    assert_eq!(listed["count"], 1);
    let job = &listed["results"][0];
    assert_eq!((&job["kind"], &job["state"]), (&json!("errand"), &json!("given_up")));
    assert_eq!((&job["attempts"], &job["last_error"]), (&json!(1), &json!("nobody was at home")));
    let waiting = keeper.get("/api/v1/admin/jobs?state=waiting").await.is(200).json();
    assert_eq!((&waiting["count"], &waiting["results"][0]["id"]), (&json!(1), &json!("2")));
    keeper.get("/api/v1/admin/jobs?state=tired").await.is(400).says("given_up, waiting");

    keeper.post("/api/v1/admin/jobs/1/retry").await.is(204);
    keeper.post("/api/v1/admin/jobs/1/retry").await.is(404).says("given up");
    assert_eq!(keeper.get("/api/v1/admin/jobs/1").await.is(200).json()["state"], "waiting");
    keeper.delete("/api/v1/admin/jobs/1").await.is(204);
    hub.admin("job delete 2").run().await.succeeds();
    keeper.get("/api/v1/admin/jobs/2").await.is(404);
    keeper.delete("/api/v1/admin/jobs/2").await.is(404);
    keeper.get("/api/v1/admin/jobs/x").await.is(404);
}
