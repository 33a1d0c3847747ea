//! What the hub does by itself while it runs: forgetting what is over, bringing old rows up to date.

use std::time::Duration;

use roadstead_http::Shutdown;
use roadstead_hub::Hub;

/// How often expired things are looked for, or more often where uploads expire sooner. Expiry itself
/// is exact; this only frees their room.
const EVERY: Duration = Duration::from_secs(60);
/// Rounds between two walks over all staged bytes, for what crashes left behind.
const WALK_ROUNDS: u64 = 60;

/// Purges for ever. A round that fails is tried again with the next.
pub async fn purge(hub: Hub) {
    let every = EVERY.min(hub.settings().upload_ttl).max(Duration::from_secs(1));
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for round in 0_u64.. {
        ticks.tick().await;
        purge_uploads(&hub).await;
        purge_accounts(&hub).await;
        purge_trash(&hub).await;
        purge_jobs(&hub).await;
        purge_audit_log(&hub).await;
        order_old_tags(&hub).await;
        if round % WALK_ROUNDS == 0 {
            purge_stray_uploads(&hub).await;
        }
    }
}

/// Works in batches until none is left.
async fn purge_uploads(hub: &Hub) {
    loop {
        match hub.purge_uploads().await {
            Ok(0) => return,
            Ok(count) => tracing::info!(count, "expired uploads were removed"),
            Err(error) => return tracing::warn!(%error, "expired uploads could not be removed"),
        }
    }
}

/// Works in batches until none is left.
async fn purge_audit_log(hub: &Hub) {
    loop {
        match hub.purge_audit_log().await {
            Ok(0) => return,
            Ok(count) => tracing::info!(count, "old entries of the audit log were removed"),
            Err(error) => return tracing::warn!(%error, "the audit log could not be shortened"),
        }
    }
}

/// Works in batches until none is left. Nodes of the release before may still write such tags.
async fn order_old_tags(hub: &Hub) {
    loop {
        match hub.order_old_tags().await {
            Ok(0) => return,
            Ok(count) => tracing::info!(count, "older tags can be listed by version now"),
            Err(error) => return tracing::warn!(%error, "older tags are not ordered by version"),
        }
    }
}

async fn purge_stray_uploads(hub: &Hub) {
    match hub.purge_stray_uploads().await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "pieces of uploads without a session were removed"),
        Err(error) => tracing::warn!(%error, "pieces of dead uploads could not be removed"),
    }
}

async fn purge_trash(hub: &Hub) {
    match hub.purge_trash().await {
        Ok(0) => {}
        Ok(count) => {
            tracing::info!(count, "repositories whose time in the trash was over are gone")
        }
        Err(error) => tracing::warn!(%error, "the trash could not be emptied"),
    }
}

/// How often counted pulls are written down.
const COUNTS: Duration = Duration::from_secs(2);

/// Writes counted pulls down until the shutdown begins; what is counted then is left to whoever ends it.
pub async fn count(hub: Hub, shutdown: Shutdown) {
    let mut ticks = tokio::time::interval(COUNTS);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => write_counts(&hub).await,
            () = shutdown.begun() => return,
        }
    }
}

/// Writes down what was counted since.
pub async fn write_counts(hub: &Hub) {
    if let Err(error) = hub.flush_counts().await {
        tracing::warn!(%error, "counted pulls could not be written down");
    }
}

/// How often this node looks for what was decided on others.
const DECISIONS: Duration = Duration::from_secs(1);

/// Keeps up with take-downs and settings for ever. A round that fails is tried again with the next.
pub async fn follow_decisions(hub: Hub) {
    let mut ticks = tokio::time::interval(DECISIONS);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = hub.follow_decisions().await {
            tracing::warn!(%error, "take-downs and settings could not be read");
        }
    }
}

async fn purge_accounts(hub: &Hub) {
    if let Err(error) = hub.purge_accounts().await {
        tracing::warn!(%error, "expired sign-in records could not be removed");
    }
}

async fn purge_jobs(hub: &Hub) {
    if let Err(error) = hub.purge_jobs().await {
        tracing::warn!(%error, "old jobs could not be removed");
    }
}
