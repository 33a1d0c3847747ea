//! Eight people push, move and delete while the program is killed again and again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use roadstead_blobs::crash::CrashPoint;
use roadstead_testkit::{Client, Hub, eventually, image};

use crate::pusher::{Dice, Pusher};
use crate::stage::{Stage, problems};

const PUSHERS: u64 = 8;
const KILLS: u64 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_kills_under_load_lose_nothing_that_was_acknowledged() {
    let mut hub = Hub::start().await;
    let (client, names) = repositories(&hub).await;
    let over = Arc::new(AtomicBool::new(false));
    let pushing = names.iter().zip(1..).map(|(name, seed)| {
        let pusher = Pusher::new(&client, name, seed);
        tokio::spawn(pusher.push_until(Arc::clone(&over)))
    });
    let pushing: Vec<_> = pushing.collect();

    let mut dice = Dice::new(4711);
    for _ in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(100 + dice.roll(500))).await;
        hub.restart().await;
    }
    over.store(true, Ordering::Relaxed);

    for task in pushing {
        let pusher = task.await.expect("no pusher met a contradiction");
        println!("{}", pusher.tally());
        assert!(pusher.acknowledged > 10, "too few to prove anything: {}", pusher.tally());
        pusher.finds_everything().await;
    }
    for problem in problems(&hub, "--grace 0s").await {
        assert_eq!(problem["problem"], "orphan", "{problem}");
    }
    every_count_is_right(&hub).await;
}

/// Bytes that namespaces hold and have reserved, compared with a count of everything.
async fn every_count_is_right(hub: &Hub) {
    hub.admin("usage recount").run().await.succeeds().says("every count is right");
}

#[tokio::test]
async fn what_a_dead_upload_had_reserved_is_given_back_when_it_expires() {
    let mut hub = Hub::start().await;
    hub.set_env("ROADSTEAD_UPLOAD_TTL", "4s");
    let keeper = hub.admin_user("keeper").await;
    let mut stage = Stage::with(hub).await;
    stage.arm(CrashPoint::UploadAppended, 1).await;
    let mut upload = stage.repo.begin_upload().await;
    let piece = stage.bytes(stage.piece());
    let ask = stage.client.patch(upload.location()).body(piece.clone());
    assert!(ask.send().await.is_err());
    stage.died(CrashPoint::UploadAppended).await;

    every_count_is_right(&stage.hub).await;
    let api = keeper.signed_in().await;
    let reserved = async || {
        let usage = api.get("/api/v1/namespaces/alice/usage").await.is(200).json();
        usage["storage_bytes"]["reserved"].as_u64().unwrap()
    };
    assert_eq!(reserved().await, piece.len() as u64);
    eventually("the reservation is gone", 20, async || (reserved().await == 0).then_some(())).await;
    upload.status().await.is(404);
    every_count_is_right(&stage.hub).await;
}

/// A repository for each pusher, and one token for all.
async fn repositories(hub: &Hub) -> (Client, Vec<String>) {
    let alice = hub.user("alice").await;
    let names: Vec<String> = (0..PUSHERS).map(|n| format!("alice/p{n}")).collect();
    for name in &names {
        alice.repo(name).push(&image().build(), &[]).await;
    }
    let scopes: Vec<_> =
        names.iter().map(|name| format!("repository:{name}:pull,push,delete")).collect();
    let scopes: Vec<_> = scopes.iter().map(String::as_str).collect();
    let token = alice.registry_token(&scopes).await;
    (Client::fresh_connections(hub.url()).with_bearer(&token), names)
}
