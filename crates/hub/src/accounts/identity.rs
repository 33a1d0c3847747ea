//! From an account's row to the identity that decisions are made on.

use roadstead_db::accounts::{self, AccountKind, AccountRecord};
use roadstead_db::{Tx, tokens};
use roadstead_types::{AccountId, CredentialScope};

use crate::access::tokens::Claims;
use crate::access::{Credential, Identity};
use crate::{Hub, StoreError};

/// Whether anybody can act as this account at all.
pub fn is_usable(account: &AccountRecord) -> bool {
    account.kind == AccountKind::User && account.disabled_at.is_none()
}

/// The identity of a usable account.
pub fn identity_of(
    account: &AccountRecord,
    credential: Credential,
    scope: CredentialScope,
) -> Identity {
    Identity {
        account: account.id,
        name: account.name.clone(),
        is_admin: account.is_admin,
        is_verified: account.email_verified_at.is_some(),
        scope,
        credential,
        credentials_epoch: account.credentials_epoch,
        address: None,
    }
}

impl Hub {
    /// The identity behind a credential handed out earlier, if it still counts: the account is
    /// usable, its epoch has not moved on, and the access token behind it is there and active.
    pub(crate) async fn find_identity(
        &self,
        id: AccountId,
        credential: Credential,
        epoch: i64,
    ) -> Result<Option<Identity>, StoreError> {
        self.db
            .read(async |tx| {
                let identity = self.read_identity(tx, id, credential).await?;
                Ok(identity.filter(|identity| identity.credentials_epoch == epoch))
            })
            .await
    }

    pub(super) async fn read_identity(
        &self,
        tx: &mut Tx<'_>,
        id: AccountId,
        credential: Credential,
    ) -> Result<Option<Identity>, StoreError> {
        let account = accounts::find_by_id(tx, id).await?.filter(is_usable);
        let Some(account) = account else { return Ok(None) };
        let Some(token) = credential.access_token() else {
            return Ok(Some(identity_of(&account, credential, CredentialScope::Admin)));
        };
        let token = tokens::find_by_id(tx, token).await?.filter(|token| {
            token.account_id == id
                && token.is_active
                && token.expires_at.is_none_or(|end| self.now() < end)
        });
        Ok(token.map(|token| identity_of(&account, credential, token.scope)))
    }

    /// The account behind a registry token as it is now, reaching no further than the token's
    /// credential did.
    pub(crate) async fn identity_of_claims(
        &self,
        claims: &Claims,
    ) -> Result<Option<Identity>, StoreError> {
        let Some(account) = claims.account else { return Ok(None) };
        let credential = claims.access_token.map_or(Credential::Password, Credential::AccessToken);
        let identity =
            self.db.read(async |tx| self.read_identity(tx, account, credential).await).await?;
        Ok(identity
            .map(|identity| Identity { scope: identity.scope.min(claims.scope), ..identity }))
    }
}
