//! The password of whoever asks: proved, changed, forgotten.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use roadstead_db::accounts::{self, AccountRecord};
use roadstead_db::codes::Purpose;
use roadstead_db::{DbError, Tx, addresses, links, sessions, throttle};
use roadstead_types::{AccountId, Secret};

use super::addresses::LinkTarget;
use super::identity::is_usable;
use super::letters::LetterOrder;
use super::rules::{self, Field};
use super::secrets;
use super::settings_error::AccountError;
use super::throttle::Counters;
use crate::Hub;
use crate::access::{Credential, Identity};
use crate::audit::{Action, Actor, Event};

/// How long a link for a new password works; the letter says so.
pub(super) const RESET_LINK: Duration = Duration::from_secs(3600);

impl Hub {
    /// Makes sure that whoever is signed in knows the password too: a sign-in left open somewhere must
    /// not be enough to take an account over. Wrong ones count as failed sign-ins.
    pub(super) async fn prove_password(
        &self,
        who: &Identity,
        password: &Secret,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        if who.credential.access_token().is_some() {
            return Err(AccountError::NeedsPassword);
        }
        let account = self.db.read(async |tx| accounts::find_by_id(tx, who.account).await).await?;
        self.check_password(account, &Counters::known(who.account, from), password).await?;
        Ok(())
    }

    /// Gives the account another password. Everybody who is signed in is signed out, this caller too; what
    /// comes back may open a session anew.
    pub async fn change_password(
        &self,
        who: &Identity,
        password: &Secret,
        new: &Secret,
        from: IpAddr,
    ) -> Result<Arc<Identity>, AccountError> {
        rules::check_password(new).map_err(|text| AccountError::field(Field::Password, text))?;
        self.prove_password(who, password, from).await?;
        let hash = self.accounts.passwords.hash(new).await?;
        let identity = self
            .db
            .write(async |tx| {
                self.replace_password(tx, who.account, &hash).await?;
                let event = Event::of(Action::AccountPassword, &who.name);
                self.record(tx, who, event.in_namespace(who.account)).await?;
                let identity = self.read_identity(tx, who.account, Credential::Password).await?;
                identity.ok_or(AccountError::NeedsPassword)
            })
            .await?;
        Ok(Arc::new(Identity { address: Some(from), ..identity }))
    }

    /// Has a link sent to whoever has this verified address. The answer and the work are the same when
    /// nobody has: what there is to find out is found out by the job.
    pub async fn ask_password_reset(&self, email: &str, from: IpAddr) -> Result<(), AccountError> {
        rules::check_email(email).map_err(|text| AccountError::field(Field::Email, text))?;
        self.db
            .write(async |tx| {
                if let Some(retry_after) = self.count_letter(tx, email, Some(from)).await? {
                    return Err(AccountError::TooManyLetters { retry_after });
                }
                Ok(self.enqueue(tx, &LetterOrder::reset_password(email)).await?)
            })
            .await
    }

    /// Whose password a link would change; for showing its page.
    pub async fn find_reset_link(&self, code: &Secret) -> Result<LinkTarget, AccountError> {
        self.find_link(code, Purpose::ResetPassword).await
    }

    /// Sets a new password with a link.
    pub async fn complete_password_reset(
        &self,
        code: &Secret,
        new: &Secret,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        // Before the costly hash, which anybody could ask for otherwise.
        self.find_reset_link(code).await?;
        rules::check_password(new).map_err(|text| AccountError::field(Field::Password, text))?;
        let password = self.accounts.passwords.hash(new).await?;
        let (hash, now) = (secrets::hash(code.expose()), self.now());
        self.db
            .write(async |tx| {
                let link = links::take(tx, &hash, Purpose::ResetPassword, now).await?;
                let link = link.ok_or(AccountError::BadLink)?;
                let account = accounts::find_by_id(tx, link.account_id).await?;
                let is_theirs = |account: &AccountRecord| {
                    account.email.as_deref() == Some(&link.email)
                        && account.email_verified_at.is_some()
                };
                let account = account.filter(is_usable).filter(is_theirs);
                let account = account.ok_or(AccountError::BadLink)?;
                self.replace_password(tx, account.id, &password).await?;
                let event = Event::of(Action::AccountPassword, &account.name);
                let event = event.in_namespace(account.id);
                Ok(self.record(tx, Actor::reader_of_mail(&account, from), event).await?)
            })
            .await
    }

    /// The new hash, and the end of everything that was begun with the old password: sign-ins, links,
    /// a change of address that somebody else may have asked for.
    pub(super) async fn replace_password(
        &self,
        tx: &mut Tx<'_>,
        account: AccountId,
        hash: &str,
    ) -> Result<(), DbError> {
        accounts::set_password(tx, account, hash, self.now()).await?;
        sessions::delete_others(tx, account, None).await?;
        addresses::set_pending(tx, account, None).await?;
        links::delete_of(tx, account, Purpose::ResetPassword).await?;
        links::delete_of(tx, account, Purpose::SignIn).await?;
        throttle::clear(tx, &Counters::account_key(account)).await?;
        self.enqueue(tx, &LetterOrder::password_changed(account)).await
    }
}
