//! Forgetting what is over: counters of failed sign-ins and of pulls, one-time codes, sessions, logins
//! nobody uses.

use std::time::Duration;

use roadstead_db::tokens::refresh;
use roadstead_db::{codes, invitations, pull_windows, sessions, throttle};

use crate::{Hub, StoreError};

/// A `docker login` that was not used for so long is forgotten; the next use asks for the password.
const UNUSED_LOGIN: Duration = Duration::from_secs(400 * 24 * 3600);

/// An invitation that ran out is shown to owners for so long, to be sent again.
const EXPIRED_INVITATION: Duration = Duration::from_secs(30 * 24 * 3600);

impl Hub {
    /// Removes what has expired. Returns how many rows went.
    pub async fn purge_accounts(&self) -> Result<u64, StoreError> {
        let now = self.now();
        let unused_since = now.minus(UNUSED_LOGIN);
        let ran_out_before = now.minus(EXPIRED_INVITATION);
        self.db
            .write(async |tx| {
                let mut gone = throttle::purge(tx, now).await?;
                gone += pull_windows::purge(tx, now).await?;
                gone += codes::purge(tx, now).await?;
                gone += invitations::purge(tx, ran_out_before).await?;
                gone += sessions::purge(tx, now).await?;
                gone += refresh::delete_unused_since(tx, unused_since).await?;
                Ok(gone)
            })
            .await
    }
}
