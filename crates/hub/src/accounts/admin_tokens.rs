//! Access tokens as the operator sees them, whoever they belong to.

use roadstead_db::tokens;
use uuid::Uuid;

use super::access_tokens::{self, AccessToken, AccessTokenError, AccessTokenPage};
use super::admin::{AdminError, SystemKey, find_user};
use crate::Hub;
use crate::audit::Action;

impl Hub {
    /// A page of somebody's tokens, newest first.
    pub async fn list_tokens_of(
        &self,
        _operator: &SystemKey,
        name: &str,
        offset: u64,
        limit: u32,
    ) -> Result<AccessTokenPage, AdminError> {
        let page = self
            .db
            .read(async |tx| {
                let account = find_user(tx, name).await?;
                Ok::<_, AdminError>(tokens::list(tx, account.id, offset, limit).await?)
            })
            .await?;
        let tokens = page.tokens.into_iter().map(access_tokens::read).collect::<Result<_, _>>()?;
        Ok(AccessTokenPage { tokens, total: page.total, active: page.active })
    }

    /// Revokes somebody's token, with the logins that were made from it. Returns what it was.
    pub async fn revoke_token_of(
        &self,
        operator: &SystemKey,
        name: &str,
        uuid: Uuid,
    ) -> Result<AccessToken, AdminError> {
        let revoked = self
            .db
            .write(async |tx| {
                let account = find_user(tx, name).await?;
                let uuid = uuid.simple().to_string();
                let token = tokens::find_by_uuid(tx, account.id, &uuid).await?;
                let token = token.ok_or(AdminError::Token(AccessTokenError::NotFound))?;
                tokens::delete(tx, token.id).await?;
                let event = access_tokens::event(Action::TokenDelete, &account.name, &token);
                self.record(tx, operator, event.before(access_tokens::told(&token))).await?;
                Ok::<_, AdminError>(token)
            })
            .await?;
        Ok(access_tokens::read(revoked)?)
    }
}
