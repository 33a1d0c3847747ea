//! Tokens of an organization: they belong to no person, so they stay when somebody leaves. Whoever
//! signs in with one acts as the organization, on the repositories the token names and nowhere else.

use roadstead_db::members::{self, Membership};
use roadstead_db::tokens::{self, AccessTokenRecord};
use roadstead_db::{Tx, accounts};
use roadstead_types::{AccountName, CredentialScope, Secret, Timestamp};

use super::access_tokens::{
    self, AccessToken, AccessTokenError, MadeBy, check_label, event, needs_password, told,
};
use super::secrets::{self, SecretKind};
use crate::Hub;
use crate::access::{Identity, Limits};
use crate::audit::Action;

/// Tokens one organization may hold.
const MAX_TOKENS: u64 = 100;
const MAX_DESCRIPTION: usize = 1000;

/// A token as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationToken {
    pub token: AccessToken,
    pub description: String,
    /// The owner who made it, by the present name.
    pub created_by: Option<AccountName>,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct NewOrganizationToken {
    pub label: String,
    pub description: String,
    pub limits: Limits,
    pub expires_at: Option<Timestamp>,
}

/// What changes; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct OrganizationTokenChange {
    pub label: Option<String>,
    pub description: Option<String>,
    pub limits: Option<Limits>,
    pub is_active: Option<bool>,
}

#[derive(Debug, thiserror::Error)]
pub enum OrganizationTokenError {
    #[error("no such organization or token")]
    NotFound,
    #[error("only owners of `{0}` manage its access tokens")]
    NotOwner(String),
    #[error("an organization may have {MAX_TOKENS} access tokens; delete some first")]
    TooMany,
    #[error("a description has at most {MAX_DESCRIPTION} characters")]
    Description,
    #[error(
        "a token of `{0}` reaches repositories of `{0}` only; write `{0}/app`, `{0}/*` or a part of a name such as `{0}/web-*`"
    )]
    Foreign(String),
    #[error(transparent)]
    Token(#[from] AccessTokenError),
}

impl From<roadstead_db::DbError> for OrganizationTokenError {
    fn from(error: roadstead_db::DbError) -> Self {
        Self::Token(error.into())
    }
}

impl Hub {
    /// Makes a token; its secret is shown this once.
    pub async fn create_organization_token(
        &self,
        who: &Identity,
        organization: &str,
        new: NewOrganizationToken,
        by: MadeBy,
    ) -> Result<(OrganizationToken, Secret), OrganizationTokenError> {
        let label = check_label(&new.label)?;
        check_description(&new.description)?;
        let now = self.now();
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(AccessTokenError::Expiry.into());
        }
        let secret = secrets::make(SecretKind::OrganizationToken);
        let (repositories, actions) = new.limits.stored();
        let made = self
            .db
            .write(async |tx| {
                let (id, name) = owned(tx, who, organization).await?;
                check_places(organization, &new.limits)?;
                if tokens::list(tx, id, 0, 1).await?.total >= MAX_TOKENS {
                    return Err(OrganizationTokenError::TooMany);
                }
                let row = tokens::NewAccessToken {
                    id: self.new_id(),
                    uuid: uuid::Uuid::new_v4().simple().to_string(),
                    account_id: id,
                    secret_hash: secrets::hash(secret.expose()),
                    label,
                    // The repositories say what it may do; this caps nothing.
                    scope: CredentialScope::Admin,
                    created_at: now,
                    creator_address: by.written_address(),
                    creator_agent: by.written_agent(),
                    expires_at: new.expires_at,
                    repositories,
                    actions,
                    description: new.description,
                    created_by: Some(who.account),
                };
                tokens::insert(tx, &row).await?;
                let made = tokens::find_by_id(tx, row.id).await?;
                let made = made.ok_or(OrganizationTokenError::NotFound)?;
                let event = event(Action::OrgTokenCreate, &name, &made).after(told(&made));
                self.record(tx, who, event).await?;
                show(tx, made).await
            })
            .await?;
        Ok((made, secret))
    }

    /// A page of an organization's tokens, newest first, and how many there are.
    pub async fn list_organization_tokens(
        &self,
        who: &Identity,
        organization: &str,
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<OrganizationToken>, u64), OrganizationTokenError> {
        self.db
            .read(async |tx| {
                let (id, _) = owned(tx, who, organization).await?;
                let page = tokens::list(tx, id, offset, limit).await?;
                let mut rows = Vec::new();
                for token in page.tokens {
                    rows.push(show(tx, token).await?);
                }
                Ok((rows, page.total))
            })
            .await
    }

    pub async fn find_organization_token(
        &self,
        who: &Identity,
        organization: &str,
        uuid: uuid::Uuid,
    ) -> Result<OrganizationToken, OrganizationTokenError> {
        self.db
            .read(async |tx| {
                let (_, token) = find(tx, who, organization, uuid).await?;
                show(tx, token).await
            })
            .await
    }

    pub async fn change_organization_token(
        &self,
        who: &Identity,
        organization: &str,
        uuid: uuid::Uuid,
        change: OrganizationTokenChange,
    ) -> Result<OrganizationToken, OrganizationTokenError> {
        let label = change.label.as_deref().map(check_label).transpose()?;
        if let Some(text) = &change.description {
            check_description(text)?;
        }
        if let Some(limits) = &change.limits {
            check_places(organization, limits)?;
        }
        self.db
            .write(async |tx| {
                let (name, token) = find(tx, who, organization, uuid).await?;
                if let Some(label) = &label {
                    tokens::set_label(tx, token.id, label).await?;
                }
                if let Some(is_active) = change.is_active {
                    tokens::set_active(tx, token.id, is_active).await?;
                }
                if change.limits.is_some() || change.description.is_some() {
                    let repositories = match &change.limits {
                        Some(limits) => limits.stored().0,
                        None => token.repositories.clone(),
                    };
                    let description = change.description.as_ref().unwrap_or(&token.description);
                    tokens::set_limits(tx, token.id, repositories, description).await?;
                }
                let (_, changed) = find(tx, who, organization, uuid).await?;
                let event = event(Action::OrgTokenUpdate, &name, &changed);
                self.record(tx, who, event.before(told(&token)).after(told(&changed))).await?;
                show(tx, changed).await
            })
            .await
    }

    /// Revokes a token, and with it every sign-in that came from it.
    pub async fn delete_organization_token(
        &self,
        who: &Identity,
        organization: &str,
        uuid: uuid::Uuid,
    ) -> Result<(), OrganizationTokenError> {
        self.db
            .write(async |tx| {
                let (name, token) = find(tx, who, organization, uuid).await?;
                tokens::delete(tx, token.id).await?;
                let event = event(Action::OrgTokenDelete, &name, &token).before(told(&token));
                self.record(tx, who, event).await?;
                Ok(())
            })
            .await
    }
}

/// The organization, if `who` owns it and proved it with more than a token.
async fn owned(
    tx: &mut Tx<'_>,
    who: &Identity,
    organization: &str,
) -> Result<(roadstead_types::AccountId, AccountName), OrganizationTokenError> {
    let name: AccountName = organization.parse().map_err(|_| OrganizationTokenError::NotFound)?;
    let found = members::find_membership(tx, &name, who.account).await?;
    let (id, membership) = found.ok_or(OrganizationTokenError::NotFound)?;
    if membership != Some(Membership::Owner) {
        return Err(OrganizationTokenError::NotOwner(name.to_string()));
    }
    needs_password(who)?;
    if !who.is_verified {
        return Err(AccessTokenError::Unverified.into());
    }
    Ok((id, name))
}

async fn find(
    tx: &mut Tx<'_>,
    who: &Identity,
    organization: &str,
    uuid: uuid::Uuid,
) -> Result<(AccountName, AccessTokenRecord), OrganizationTokenError> {
    let (id, name) = owned(tx, who, organization).await?;
    let token = tokens::find_by_uuid(tx, id, &uuid.simple().to_string()).await?;
    Ok((name, token.ok_or(OrganizationTokenError::NotFound)?))
}

async fn show(
    tx: &mut Tx<'_>,
    record: AccessTokenRecord,
) -> Result<OrganizationToken, OrganizationTokenError> {
    let maker = match record.created_by {
        Some(maker) => accounts::find_by_id(tx, maker).await?,
        None => None,
    };
    Ok(OrganizationToken {
        description: record.description.clone(),
        created_by: maker.map(|maker| maker.name),
        token: access_tokens::read(record).map_err(AccessTokenError::from)?,
    })
}

fn check_description(text: &str) -> Result<(), OrganizationTokenError> {
    match text.chars().count() <= MAX_DESCRIPTION {
        true => Ok(()),
        false => Err(OrganizationTokenError::Description),
    }
}

/// A token without named repositories would reach all, also those made later; the owner says so
/// with `organization/*`.
fn check_places(organization: &str, limits: &Limits) -> Result<(), OrganizationTokenError> {
    let places = limits.repositories().unwrap_or_default();
    let is_own = |place: &&str| {
        place.split_once('/').is_some_and(|(namespace, _)| namespace == organization)
    };
    match !places.is_empty() && places.iter().all(is_own) {
        true => Ok(()),
        false => Err(OrganizationTokenError::Foreign(organization.chars().take(64).collect())),
    }
}
