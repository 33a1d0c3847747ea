//! Invitations: one-time codes that make an account while sign-up is by invitation.

use std::time::Duration;

use roadstead_db::codes;
use roadstead_types::Secret;

use super::admin::SystemKey;
use super::secrets::{self, SecretKind};
use crate::{Hub, StoreError};

pub(super) const PURPOSE: codes::Purpose = codes::Purpose::Invite;

impl Hub {
    /// A code that one person can sign up with.
    pub async fn create_invite(
        &self,
        _operator: &SystemKey,
        valid_for: Duration,
    ) -> Result<Secret, StoreError> {
        self.create_code(PURPOSE, valid_for).await
    }

    pub(super) async fn create_code(
        &self,
        purpose: codes::Purpose,
        valid_for: Duration,
    ) -> Result<Secret, StoreError> {
        let code = secrets::make(SecretKind::OneTimeCode);
        let hash = secrets::hash(code.expose());
        let now = self.now();
        let end = now.plus(valid_for);
        self.db
            .write(async |tx| codes::insert(tx, &hash, purpose, now, end).await)
            .await
            .map_err(StoreError::from)?;
        Ok(code)
    }
}
