//! What accounts show of themselves.

use roadstead_db::accounts::{self, AccountKind};
use roadstead_types::AccountName;

use super::Account;
use crate::access::Identity;
use crate::{Hub, StoreError};

impl Hub {
    /// The user or organization with this name. One that was renamed answers to the old name, too:
    /// it is not free.
    pub async fn find_account(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        let found =
            self.db.read(async |tx| Ok::<_, StoreError>(accounts::find_by_name(tx, name).await?));
        let is_shown = |kind| matches!(kind, AccountKind::User | AccountKind::Organization);
        Ok(found.await?.filter(|account| is_shown(account.kind)).map(Account::from))
    }

    /// The account behind a credential.
    pub async fn own_account(&self, who: &Identity) -> Result<Option<Account>, StoreError> {
        let found = self
            .db
            .read(async |tx| Ok::<_, StoreError>(accounts::find_by_id(tx, who.account).await?));
        Ok(found.await?.map(Account::from))
    }
}
