//! The first administrator, made with a one-time link that the first start prints.

use std::time::Duration;

use roadstead_db::{accounts, codes, hub_settings};
use roadstead_types::Secret;
use serde_json::json;

use super::passwords::PasswordError;
use super::rules::{self, FieldErrors};
use super::sign_up::{self, SignUpError, Standing};
use super::{Account, secrets};
use crate::administration::HubSetting;
use crate::audit::{Action, Actor, Event};
use crate::{Hub, StoreError};

const VALID_FOR: Duration = Duration::from_secs(24 * 3600);

/// The form of the setup page.
#[derive(Clone, Debug)]
pub struct SetUp {
    pub code: Secret,
    pub name: String,
    pub email: String,
    pub password: Secret,
    /// Who may make an account: a word of [`HubSetting::SignUp`]; without one it is as configured.
    pub sign_up: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error("this setup link was used or has expired; restart the hub to get another")]
    BadCode,
    #[error("this hub is set up already")]
    Done,
    #[error("{0}")]
    Fields(FieldErrors),
    #[error("too many requests at once; try again in a moment")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<roadstead_db::DbError> for SetUpError {
    fn from(error: roadstead_db::DbError) -> Self {
        Self::Store(error.into())
    }
}

impl From<PasswordError> for SetUpError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Busy,
            PasswordError::Store(error) => Self::Store(error),
        }
    }
}

impl From<SignUpError> for SetUpError {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Fields(errors) => Self::Fields(errors),
            SignUpError::Busy | SignUpError::Throttled { .. } => Self::Busy,
            SignUpError::Store(error) => Self::Store(error),
            SignUpError::NotSetUp | SignUpError::Closed => Self::Done,
        }
    }
}

impl Hub {
    /// A fresh setup code while there is no administrator. Codes of earlier starts and of other
    /// nodes keep working until they expire or one of them is used.
    pub async fn setup_code(&self) -> Result<Option<Secret>, StoreError> {
        if self.is_set_up().await? {
            return Ok(None);
        }
        self.create_code(codes::Purpose::Setup, VALID_FOR).await.map(Some)
    }

    /// Whether there is an administrator.
    pub async fn is_set_up(&self) -> Result<bool, StoreError> {
        self.db
            .read(async |tx| accounts::exists_administrator(tx).await.map_err(StoreError::from))
            .await
    }

    /// Whether the code would be taken; for showing the form.
    pub async fn check_setup_code(&self, code: &Secret) -> Result<(), SetUpError> {
        let (hash, now) = (secrets::hash(code.expose()), self.now());
        self.db
            .read(async |tx| {
                if accounts::exists_administrator(tx).await? {
                    return Err(SetUpError::Done);
                }
                match codes::exists(tx, &hash, codes::Purpose::Setup, now).await? {
                    true => Ok(()),
                    false => Err(SetUpError::BadCode),
                }
            })
            .await
    }

    /// Makes the first administrator. The operator vouches for the address, so it counts as
    /// verified.
    pub async fn complete_setup(&self, form: SetUp) -> Result<Account, SetUpError> {
        // Before the costly hash, which anybody could ask for otherwise.
        self.check_setup_code(&form.code).await?;
        let person =
            rules::check(&form.name, &form.email, &form.password).map_err(SetUpError::Fields)?;
        let sign_up = form.sign_up.as_deref().and_then(|word| HubSetting::SignUp.known(word));
        let standing = Standing { is_admin: true, is_verified: true };
        let account = self.new_account(person, &form.password, standing).await?;
        let (hash, now) = (secrets::hash(form.code.expose()), self.now());
        let made = self
            .db
            .write(async |tx| {
                if accounts::exists_administrator(tx).await? {
                    return Err(SetUpError::Done);
                }
                if !codes::take(tx, &hash, codes::Purpose::Setup, now).await? {
                    return Err(SetUpError::BadCode);
                }
                let made = sign_up::insert(tx, account).await?;
                let event = Event::of(Action::AccountCreate, &made.name).in_namespace(made.id);
                let event = event.after(json!({ "is_admin": true }));
                self.record(tx, Actor::newcomer(&made, None), event).await?;
                if let Some(word) = sign_up {
                    hub_settings::advance(tx).await?;
                    hub_settings::set(tx, HubSetting::SignUp.word(), Some(word)).await?;
                    let event = Event::of(Action::HubSettings, "hub");
                    let event = event.after(json!({ HubSetting::SignUp.word(): word }));
                    self.record(tx, Actor::newcomer(&made, None), event).await?;
                }
                Ok::<_, SetUpError>(made)
            })
            .await?;
        self.follow_own_decision().await;
        Ok(made)
    }
}
