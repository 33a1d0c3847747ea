//! Sends the letters that operations have ordered.

use std::time::Duration;

use roadstead_hub::accounts::{LetterOrder, News, Post};
use roadstead_hub::{Hub, StoreError};
use roadstead_jobs::{Attempt, Failure, Work};
use roadstead_mail::letters::{self, NewToken};
use roadstead_mail::{DeliveryError, Envelope, Letter, Mailer};
use roadstead_types::Secret;

/// Writes and sends letters. Links begin with `base`, which the operator told; what a request says about
/// the host never gets into a letter.
pub struct LetterWork {
    hub: Hub,
    mailer: Mailer,
    base: String,
}

impl LetterWork {
    /// `base` is scheme and host, without a slash at its end.
    pub const fn new(hub: Hub, mailer: Mailer, base: String) -> Self {
        Self { hub, mailer, base }
    }

    fn link(&self, path: &str, code: &Secret) -> String {
        format!("{}{path}?code={}", self.base, code.expose())
    }

    fn letter(&self, post: &Post) -> Letter {
        let (host, name) = (self.mailer.host(), post.name.as_str());
        match &post.news {
            News::VerifyAddress { code } => {
                letters::verify_address(host, name, &self.link("/account/verify", code))
            }
            News::ConfirmNewAddress { code } => {
                letters::confirm_new_address(host, name, &self.link("/account/verify", code))
            }
            News::AddressChangeAsked { new } => letters::address_change_asked(host, name, new),
            News::AddressChanged { new } => letters::address_changed(host, name, new),
            News::ResetPassword { code } => {
                letters::reset_password(host, name, &self.link("/account/reset-password", code))
            }
            News::PasswordChanged => letters::password_changed(host, name),
            News::TokenCreated { label, scope, made_at } => {
                let made_at = made_at.to_string();
                letters::token_created(host, name, &NewToken { label, scope, made_at: &made_at })
            }
            News::Test => letters::test(host, name),
            News::SecondFactor { is_on: true } => letters::second_factor_on(host, name),
            News::SecondFactor { is_on: false } => letters::second_factor_off(host, name),
            News::Invitation { organization, uuid, code } => {
                let link = self.link(&format!("/account/invitation/{uuid}"), code);
                letters::organization_invitation(host, name, organization.as_str(), &link)
            }
        }
    }
}

impl Work for LetterWork {
    type Job = LetterOrder;

    const SLOTS: usize = 4;
    /// Enough for a server that first looks its client up; RFC 5321, 4.5.3.2 asks for more, but here a
    /// try that fails is made again.
    const LIMIT: Duration = Duration::from_secs(120);

    async fn run(&self, order: LetterOrder, attempt: Attempt) -> Result<(), Failure> {
        let Some(post) =
            self.hub.prepare_letter(order).await.map_err(|error| from_store(&error))?
        else {
            return Ok(());
        };
        let envelope = Envelope { to: &post.to, id: attempt.job, written_at: attempt.created_at };
        let sent = self.mailer.deliver(envelope, &self.letter(&post)).await;
        let outcome = match &sent {
            Ok(()) => "sent",
            Err(DeliveryError::NotNow(_)) => "not now",
            Err(DeliveryError::Refused(_)) => "refused",
        };
        metrics::counter!("roadstead_letters_total", "outcome" => outcome).increment(1);
        sent.map_err(|error| match error {
            DeliveryError::NotNow(why) => Failure::Retry(why),
            DeliveryError::Refused(why) => Failure::GiveUp(why),
        })
    }
}

/// Whatever is wrong with the database may be mended while the job waits.
fn from_store(error: &StoreError) -> Failure {
    Failure::Retry(error.to_string())
}
