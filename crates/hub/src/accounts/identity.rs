//! From an account's row to the identity that decisions are made on.

use roadstead_db::Tx;
use roadstead_db::accounts::{self, AccountKind, AccountRecord};
use roadstead_db::tokens::{self, AccessTokenRecord};
use roadstead_types::{AccountId, CredentialScope, Timestamp};

use crate::access::tokens::Claims;
use crate::access::{Credential, Identity, Limits};
use crate::{Hub, StoreError};

/// Whether a person can act as this account at all.
pub fn is_usable(account: &AccountRecord) -> bool {
    account.kind == AccountKind::User && is_open(account)
}

fn is_open(account: &AccountRecord) -> bool {
    account.disabled_at.is_none() && account.deleted_at.is_none()
}

/// Whether a token of this account counts. Organizations have tokens and nothing else.
pub fn may_hold_tokens(account: &AccountRecord) -> bool {
    is_usable(account) || account.kind == AccountKind::Organization && is_open(account)
}

/// The identity behind an access token, if it still counts.
pub fn identity_of_token(
    account: &AccountRecord,
    credential: Credential,
    token: &AccessTokenRecord,
    now: Timestamp,
) -> Option<Identity> {
    let is_current = token.is_active && token.expires_at.is_none_or(|end| now < end);
    let counts = is_current && token.account_id == account.id && may_hold_tokens(account);
    counts.then(|| Identity {
        limits: Limits::read(token.repositories.as_deref(), token.actions.as_deref()),
        ..identity_of(account, credential, token.scope)
    })
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
        // There is no address to verify of an organization.
        is_verified: account.kind == AccountKind::Organization
            || account.email_verified_at.is_some(),
        scope,
        limits: Limits::default(),
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
        let account = accounts::find_by_id(tx, id).await?;
        let Some(account) = account else { return Ok(None) };
        let Some(token) = credential.access_token() else {
            let identity = identity_of(&account, credential, CredentialScope::Admin);
            return Ok(is_usable(&account).then_some(identity));
        };
        let token = tokens::find_by_id(tx, token).await?;
        Ok(token.and_then(|token| identity_of_token(&account, credential, &token, self.now())))
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
