//! What the hub does by itself while it runs: forgetting what is over.

use std::time::Duration;

use roadstead_hub::Hub;

/// How often expired things are looked for. Expiry itself is exact; this only frees their room.
const EVERY: Duration = Duration::from_secs(60);

/// Purges for ever. A round that fails is tried again with the next.
pub async fn purge(hub: Hub) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        purge_uploads(&hub).await;
        purge_accounts(&hub).await;
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

async fn purge_accounts(hub: &Hub) {
    if let Err(error) = hub.purge_accounts().await {
        tracing::warn!(%error, "expired sign-in records could not be removed");
    }
}
