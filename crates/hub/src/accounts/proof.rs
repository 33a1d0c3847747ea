//! Proving once more who one is: a browser that was left open must not be enough for what is dangerous.

use std::net::IpAddr;
use std::time::Duration;

use roadstead_db::sessions;
use roadstead_types::Secret;

use super::settings_error::AccountError;
use crate::Hub;
use crate::access::Identity;

/// How long a proof counts.
pub const PROOF_COUNTS: Duration = Duration::from_secs(600);

impl Hub {
    /// Whether the session that asks has proved the password, and the code where there is a second factor,
    /// within the last minutes. A request that brings the password itself has.
    pub async fn has_proved(&self, who: &Identity) -> Result<bool, AccountError> {
        who.needs_sign_in()?;
        let Some(id) = who.credential.session() else { return Ok(true) };
        let session = self.db.read(async |tx| sessions::find(tx, id).await).await?;
        Ok(session.is_some_and(|session| self.now() < session.proved_at.plus(PROOF_COUNTS)))
    }

    /// Proves the password once more, and a code where there is a second factor.
    pub async fn prove_again(
        &self,
        who: &Identity,
        password: &Secret,
        code: &str,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        self.prove_all(who, password, code, from).await?;
        let Some(id) = who.credential.session() else { return Ok(()) };
        let now = self.now();
        self.db.write(async |tx| sessions::prove(tx, id, now).await).await?;
        Ok(())
    }

    /// Everything that opens the account: the password, and a code where there is a second factor.
    pub(super) async fn prove_all(
        &self,
        who: &Identity,
        password: &Secret,
        code: &str,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        match self.find_second_factor(who).await?.since {
            Some(_) => self.prove_both(who, password, code, from).await,
            None => self.prove_password(who, password, from).await,
        }
    }
}
