//! How large a made-up hub is, and which account numbers are what.

use std::ops::Range;

use anyhow::{Result, ensure};

/// The account of official images.
pub const LIBRARY: u64 = 1;
/// The organization that owns a tenth of all repositories.
pub const GREATEST: u64 = 2;
const FEWEST_ACCOUNTS: u64 = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    pub accounts: u64,
    pub repositories: u64,
    pub tags: u64,
}

impl Sizes {
    pub fn check(&self) -> Result<()> {
        ensure!(self.accounts >= FEWEST_ACCOUNTS, "at least {FEWEST_ACCOUNTS} accounts are needed");
        ensure!(self.repositories >= self.accounts, "there are fewer repositories than accounts");
        ensure!(self.tags >= self.repositories, "each repository has a tag at least");
        Ok(())
    }

    /// One account in ten.
    pub const fn organizations(&self) -> Range<u64> {
        GREATEST..GREATEST + self.accounts / 10
    }

    pub const fn users(&self) -> Range<u64> {
        self.organizations().end..self.accounts + 1
    }

    /// Any user; neighbouring numbers give different ones.
    pub const fn user(&self, number: u64) -> u64 {
        let users = self.users();
        users.start + number % (users.end - users.start)
    }
}
