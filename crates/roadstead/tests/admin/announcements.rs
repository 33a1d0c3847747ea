//! What administrators tell everybody.

use roadstead_testkit::{Hub, eventually};
use serde_json::{Value, json};

#[tokio::test]
async fn everybody_is_told_what_is_announced_for_now() {
    let hub = Hub::start().await;
    let keeper = hub.admin_user("keeper").await.signed_in().await;
    let announce = async |form: Value| keeper.post("/api/v1/admin/announcements").json(&form).await;
    let told = async || {
        let told = hub.anonymous().get("/api/v1/announcements").await.is(200).json();
        let rows = told["results"].as_array().unwrap().clone();
        rows.iter().map(|row| row["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };

    let now = announce(json!({"text": "Down on Sunday", "level": "warning"})).await.is(201).json();
    announce(json!({"text": "Soon", "starts_at": "2999-01-01T00:00:00Z"})).await.is(201);
    assert_eq!(told().await, ["Down on Sunday"]);
    assert_eq!(keeper.get("/api/v1/admin/announcements").await.json()["count"], 2);

    announce(json!({"text": ""})).await.is(400).says("1 to 500 characters");
    announce(json!({"text": "x", "level": "loud"})).await.is(400).says("info, warning, critical");
    announce(json!({"text": "x", "ends_at": "soon"})).await.is(400).says("2030-01-31T12:00:00Z");
    announce(json!({"text": "x", "ends_at": "2001-01-01T00:00:00Z"})).await.is(400).says("future");
    let path = "/api/v1/admin/settings";
    keeper.patch(path).json(&json!({"announcements": "off"})).await.is(200);
    assert_eq!(told().await, Vec::<String>::new());
    keeper.patch(path).json(&json!({"announcements": null})).await.is(200);
    let one = format!("/api/v1/admin/announcements/{}", now["id"].as_str().unwrap());
    keeper.delete(&one).await.is(204);
    keeper.delete(&one).await.is(404);
    assert_eq!(told().await, Vec::<String>::new());
}

#[tokio::test]
async fn announcements_are_made_by_command() {
    let hub = Hub::start().await;

    let made = hub.admin("announcement create --level critical --format json").args(["Down now"]);
    let made: Value = serde_json::from_str(&made.run().await.succeeds().stdout).unwrap();
    let id = made["id"].as_str().unwrap();

    hub.admin("announcement list").run().await.succeeds().says("Down now");
    // The server looks each second at what was decided elsewhere.
    let told = async || {
        let told = hub.anonymous().get("/api/v1/announcements").await.is(200).json();
        (told["results"][0]["level"] == "critical").then_some(())
    };
    eventually("the server tells it", 4, told).await;
    hub.admin("announcement create x --ends soon").run().await.exits(1).says("2030-01-31");
    hub.admin(&format!("announcement remove {id}")).run().await.succeeds();
    hub.admin(&format!("announcement remove {id}")).run().await.exits(1).says("no such");
}
