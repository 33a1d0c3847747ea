//! How many letters people may have sent: to one address, lest the hub be used to flood somebody, and
//! from one client.

use std::net::IpAddr;
use std::time::Duration;

use roadstead_db::{DbError, Tx, throttle};

use super::rules::email_key;
use super::throttle::{address_key, hidden_key};
use crate::Hub;

const WINDOW: Duration = Duration::from_secs(3600);
const TO_ONE_ADDRESS: i64 = 5;
const FROM_ONE_CLIENT: i64 = 20;

impl Hub {
    /// Counts a letter, unless it is one too many: then, how long to wait. Whether the address has an
    /// account makes no difference.
    pub(super) async fn count_letter(
        &self,
        tx: &mut Tx<'_>,
        to: &str,
        from: Option<IpAddr>,
    ) -> Result<Option<Duration>, DbError> {
        let mut limits = vec![(hidden_key("letters-to", &email_key(to)), TO_ONE_ADDRESS)];
        if let Some(client) = from {
            limits.push((format!("letters-from:{}", address_key(client)), FROM_ONE_CLIENT));
        }
        let now = self.now();
        for (key, limit) in &limits {
            let window = throttle::failures(tx, key, now).await?;
            if let Some((_, end)) = window.filter(|(count, _)| count >= limit) {
                return Ok(Some(end.since(now)));
            }
        }
        for (key, _) in &limits {
            throttle::record_failure(tx, key, now, WINDOW).await?;
        }
        Ok(None)
    }
}
