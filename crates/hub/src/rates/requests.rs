//! Requests to the API: so many a minute. Each node counts for itself and in memory alone, because this
//! stops floods, and a flood must not reach the database.

use std::net::IpAddr;
use std::time::Duration;

use roadstead_types::{AccountId, Timestamp};

use super::Requester;
use super::per_minute::PerMinute;
use crate::Hub;

/// Requests of each account at each address. An address of its own for each, so that whoever holds an old
/// token of somebody's does not use up what the owner has.
pub(crate) type Requests = PerMinute<(Option<AccountId>, Requester)>;

/// Where a requester stands in the present minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestStanding {
    pub limit: u64,
    pub remaining: u64,
    /// Whether this request is one too many.
    pub is_refused: bool,
    /// When the next minute begins, and how long that is.
    pub resets_at: Timestamp,
    pub wait: Duration,
}

impl Hub {
    /// Counts a request to the API; `None` when such are not limited.
    pub fn count_request(
        &self,
        account: Option<AccountId>,
        address: IpAddr,
    ) -> Option<RequestStanding> {
        let limit = self.settings.limits.api_requests?;
        let now = self.now();
        let minute = now.unix_secs().div_euclid(60);
        // Beyond what memory holds, nobody is refused for what others do.
        let count = self.requests.count((account, Requester::at(address)), minute).unwrap_or(1);
        let resets_at = Timestamp::from_unix_us((minute + 1) * 60_000_000);
        Some(RequestStanding {
            limit,
            remaining: limit.saturating_sub(count),
            is_refused: count > limit,
            resets_at,
            wait: resets_at.since(now),
        })
    }
}
