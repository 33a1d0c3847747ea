//! Names that nobody takes: not by sign-up, not for an organization, not by renaming. An administrator may
//! still make an account of such a name, for whom it was reserved.

use roadstead_db::reserved;
use roadstead_db::{DbError, Tx};
use roadstead_types::{AccountName, NameError};
use serde_json::json;

use super::AdministrationError;
use super::error::line;
use crate::Hub;
use crate::accounts::SystemKey;
use crate::audit::{Action, Event};

pub use roadstead_db::reserved::ReservedRecord as ReservedName;

const REASON_CHARS: usize = 200;
/// Each new name is held against all of them.
const MOST: u64 = 10_000;
/// Letters in front of a `*`, so that no slip reserves nearly everything.
const LEAST_BEGINNING: usize = 3;

/// What stands in the way of somebody who wants to take a name, if anything does.
pub(crate) async fn find_bar(
    tx: &mut Tx<'_>,
    name: &AccountName,
) -> Result<Option<NameError>, DbError> {
    let is_reserved = reserved::holds(tx, name).await?;
    Ok(is_reserved.then(|| NameError::Reserved { given: name.to_string() }))
}

impl Hub {
    /// Reserves a name, or with `*` at its end all names that begin so. Who has one already keeps it.
    pub async fn reserve_name(
        &self,
        key: &SystemKey,
        name: &str,
        reason: &str,
    ) -> Result<ReservedName, AdministrationError> {
        check(name)?;
        let reason = line("reason", reason, REASON_CHARS)?;
        let new = ReservedName { name: name.to_owned(), reason, created_at: self.now() };
        self.db
            .write(async |tx| {
                if reserved::list(tx, 0, 1).await?.1 >= MOST {
                    return Err(AdministrationError::TooMany(MOST));
                }
                if !reserved::insert(tx, &new).await? {
                    return Err(AdministrationError::ReservedAlready(new.name.clone()));
                }
                let after = json!({ "reserved": true, "reason": new.reason });
                let event = Event::of(Action::NameReserve, &new.name).after(after);
                Ok(self.record(tx, key, event).await?)
            })
            .await?;
        Ok(new)
    }

    /// Lets people take a name again.
    pub async fn release_name(
        &self,
        key: &SystemKey,
        name: &str,
    ) -> Result<(), AdministrationError> {
        self.db
            .write(async |tx| {
                if !reserved::delete(tx, name).await? {
                    let shown = name.chars().take(AccountName::MAX).collect();
                    return Err(AdministrationError::NotReserved(shown));
                }
                let after = json!({ "reserved": false });
                let event = Event::of(Action::NameReserve, name).after(after);
                Ok(self.record(tx, key, event).await?)
            })
            .await
    }

    /// A page of the names by themselves, and how many there are in all. Those that the program itself
    /// needs are not among them.
    pub async fn list_reserved_names(
        &self,
        _key: &SystemKey,
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<ReservedName>, u64), AdministrationError> {
        self.db.read(async |tx| Ok(reserved::list(tx, offset, limit).await?)).await
    }
}

fn check(name: &str) -> Result<(), AdministrationError> {
    let beginning = name.strip_suffix('*');
    // With a letter behind it, a beginning that ends in a separator is judged like a name.
    let whole = beginning.map_or_else(|| name.to_owned(), |beginning| format!("{beginning}a"));
    whole
        .parse::<AccountName>()
        .map_err(|error| AdministrationError::field("name", error.to_string()))?;
    match beginning {
        Some(beginning) if beginning.len() < LEAST_BEGINNING => {
            let rule = format!("write at least {LEAST_BEGINNING} characters in front of the `*`");
            Err(AdministrationError::field("name", rule))
        }
        _ => Ok(()),
    }
}
