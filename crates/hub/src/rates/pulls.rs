//! Pull rate limits, as Docker Hub has them: so many pulls in a window that begins with the first.
//!
//! Off unless a limit is set, and then no pull pays for them. A node that counts a pull knows two seconds later
//! what the others have counted, so a limit may be passed by what all nodes serve in that time. A node
//! that only looks may be half a minute behind.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use roadstead_db::accounts;
use roadstead_db::pull_windows::{self, PullWindow};
use roadstead_db::{DbError, Tx};
use roadstead_types::AccountId;

use super::Requester;
use super::windows::Window;
use crate::{Caller, Hub, StoreError};

/// Windows of one transaction, so that pushes never wait long for it.
const BATCH: usize = 256;

/// Where a requester stands whose pulls are limited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullAllowance {
    who: Requester,
    window: Window,
    /// Pulls that a window has.
    pub limit: u64,
    /// How long a window lasts.
    pub length: Duration,
}

impl PullAllowance {
    /// Pulls that are left in the present window.
    pub fn remaining(&self) -> u64 {
        self.limit.saturating_sub(self.window.pulls())
    }

    /// Whose pulls are counted: an address, or the UUID of an account.
    pub fn source(&self) -> &str {
        &self.window.source
    }
}

/// Every pull of the window was made.
#[derive(Debug, PartialEq, Eq)]
pub struct PullLimitReached {
    /// Until the next window.
    pub wait: Duration,
    pub allowance: PullAllowance,
}

/// Begins as Docker Hub's does, because people and programs look for those words.
impl std::fmt::Display for PullLimitReached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let most = self.allowance.limit;
        let (window, wait) = (Spoken(self.allowance.length), Spoken(self.wait));
        match self.allowance.who {
            Requester::Account(_) => write!(
                f,
                "You have reached your pull rate limit ({most} in {window}). Wait {wait}, or ask \
                 the administrator of this hub for a plan that allows more"
            ),
            Requester::Address(_) => write!(
                f,
                "You have reached your unauthenticated pull rate limit ({most} in {window}). Sign \
                 in with `docker login` for a limit of your own, or wait {wait}"
            ),
        }
    }
}

impl std::error::Error for PullLimitReached {}

/// A duration as people say it, to the minute where it is long.
struct Spoken(Duration);

impl std::fmt::Display for Spoken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let secs = self.0.as_millis().div_ceil(1000);
        let minutes = secs.div_ceil(60);
        match (minutes / 60, minutes % 60) {
            (0, _) if secs < 100 => write!(f, "{secs} s"),
            (0, minutes) => write!(f, "{minutes} min"),
            (hours, 0) => write!(f, "{hours} h"),
            (hours, minutes) => write!(f, "{hours} h {minutes} min"),
        }
    }
}

impl Hub {
    /// Whether any pull is limited. When none is, nothing is looked up or counted for it.
    pub fn limits_pulls(&self) -> bool {
        self.settings.pulls.anonymous.is_some() || self.settings.pulls.account.is_some()
    }

    /// Where the caller stands with its pulls; `None` when it has no limit. Memory answers, except for
    /// whoever was not here for half a minute.
    pub async fn pull_allowance(
        &self,
        caller: &Caller,
        address: IpAddr,
    ) -> Result<Option<PullAllowance>, StoreError> {
        if !self.limits_pulls() {
            return Ok(None);
        }
        let who = Requester::of(caller.account(), address);
        let length = self.settings.pulls.window;
        let window = match self.pull_windows.get(who, self.now(), length) {
            Some(window) => window,
            None => self.read_pull_window(who).await?,
        };
        Ok(window.limit.map(|limit| PullAllowance { who, window, limit, length }))
    }

    /// Counts one pull, if there is one left, and tells what is left then.
    pub fn take_pull(&self, allowance: PullAllowance) -> Result<PullAllowance, PullLimitReached> {
        let now = self.now();
        let PullAllowance { who, window, length, .. } = &allowance;
        match self.pull_windows.take(*who, window, now, *length) {
            Ok(window) => Ok(PullAllowance { window, ..allowance }),
            Err(window) => {
                metrics::counter!("roadstead_pulls_refused_total").increment(1);
                let wait = window.ends_at.since(now);
                Err(PullLimitReached { wait, allowance: PullAllowance { window, ..allowance } })
            }
        }
    }

    async fn read_pull_window(&self, who: Requester) -> Result<Window, StoreError> {
        let now = self.now();
        let (row, (limit, source)) = self
            .db
            .read(async |tx| {
                let row = pull_windows::find(tx, &who.to_string(), now).await?;
                let terms = match who {
                    Requester::Account(account) => self.terms_of_account(tx, account).await?,
                    Requester::Address(IpAddr::V4(address)) => {
                        (self.settings.pulls.anonymous, address.to_string())
                    }
                    Requester::Address(IpAddr::V6(network)) => {
                        (self.settings.pulls.anonymous, format!("{network}/64"))
                    }
                };
                Ok::<_, StoreError>((row, terms))
            })
            .await?;
        let window = Window {
            limit,
            source: Arc::from(source),
            known: row.as_ref().map_or(0, |row| row.pulls),
            fresh: 0,
            starts_at: row.as_ref().map_or(now, |row| row.starts_at),
            ends_at: row.map_or(now.plus(self.settings.pulls.window), |row| row.ends_at),
            read_at: now,
        };
        self.pull_windows.learn(who, &window);
        Ok(window)
    }

    /// An account's limit, and how answers call it. Administrators have none.
    async fn terms_of_account(
        &self,
        tx: &mut Tx<'_>,
        id: AccountId,
    ) -> Result<(Option<u64>, String), DbError> {
        let account = accounts::find_by_id(tx, id).await?;
        let plan = self.plan_of(tx, id).await?;
        let is_admin = account.as_ref().is_some_and(|account| account.is_admin);
        let limit = if is_admin { None } else { plan.pulls };
        Ok((limit, account.map_or_else(|| id.to_string(), |account| account.uuid)))
    }

    /// Tells the other nodes what was pulled here, and learns what was pulled there.
    pub(crate) async fn flush_pull_windows(&self) -> Result<(), StoreError> {
        let mut unwritten = self.pull_windows.unwritten(self.now());
        while !unwritten.is_empty() {
            let batch: Vec<_> = unwritten.drain(..unwritten.len().min(BATCH)).collect();
            let rows: Vec<_> = batch.iter().map(|(who, window)| row(*who, window)).collect();
            match self.db.write(async |tx| pull_windows::add(tx, &rows).await).await {
                Ok(sums) => self.learn_sums(&batch, &sums),
                Err(error) => {
                    self.pull_windows.put_back(batch.into_iter().chain(unwritten));
                    return Err(error.into());
                }
            }
        }
        Ok(())
    }

    fn learn_sums(&self, batch: &[(Requester, Window)], sums: &[PullWindow]) {
        for (who, _) in batch {
            let key = who.to_string();
            if let Some(sum) = sums.iter().find(|sum| sum.key == key) {
                self.pull_windows.written(*who, sum);
            }
        }
    }
}

fn row(who: Requester, window: &Window) -> PullWindow {
    PullWindow {
        key: who.to_string(),
        pulls: window.fresh,
        starts_at: window.starts_at,
        ends_at: window.ends_at,
    }
}
