//! How often somebody may do something: pulls in a window of hours, requests to the API in a minute.

mod per_minute;
mod pulls;
mod requests;
mod windows;

#[cfg(test)]
mod tests;

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use roadstead_types::AccountId;

pub(crate) use per_minute::PerMinute;
pub use pulls::{PullAllowance, PullLimitReached};
pub use requests::RequestStanding;
pub(crate) use requests::Requests;
pub(crate) use windows::Windows;

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Requester {
    Account(AccountId),
    /// What counts as one address; see [`Requester::at`].
    Address(IpAddr),
}

impl Requester {
    /// The account, or who shares the address where nobody signed in.
    pub fn of(account: Option<AccountId>, address: IpAddr) -> Self {
        account.map_or_else(|| Self::at(address), Self::Account)
    }

    /// An IPv6 network hands out a whole /64 to one customer, so that is what counts as one address.
    pub fn at(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
            }
        })
    }
}

/// The key under which it is counted in the database.
impl fmt::Display for Requester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account) => write!(f, "account:{account}"),
            Self::Address(IpAddr::V4(address)) => write!(f, "address:{address}"),
            Self::Address(IpAddr::V6(network)) => write!(f, "address:{network}/64"),
        }
    }
}
