//! From scopes asked for to a token that grants what of them is allowed.
//!
//! Granting less than asked is not an error: the registry refuses later, with the reason. An entry
//! with nothing granted is kept in the token, so that the registry can tell "asked and refused"
//! from "never asked".

use std::time::Duration;

use futures_util::future::try_join_all;
use roadstead_types::{Actions, CredentialScope, RepositoryName, Secret, Timestamp};

use super::wire::WireClaims;
use super::{Basis, Claims, Grant, Tokens, jws};
use crate::access::scope::{Scope, repository_of};
use crate::access::{Identity, Standing, standing};
use crate::{Hub, StoreError};

/// A fresh registry token.
#[derive(Clone, Debug)]
pub struct Issued {
    pub token: Secret,
    pub issued_at: Timestamp,
    pub expires_in: Duration,
    /// What was granted, in the grammar of scopes.
    pub granted: String,
}

/// Bytes of names one token may carry, so that it fits into a header and is taken back here. Later
/// scopes are left out; clients name what they need first.
pub(super) const MAX_GRANT_BYTES: usize = 5 << 10;
/// What an entry takes beside its name, at most.
pub(super) const GRANT_OVERHEAD: usize = 160;

impl Hub {
    /// Makes a token for the scopes, as far as `who` and its credential may go.
    pub async fn issue_token(
        &self,
        who: Option<&Identity>,
        scopes: &[Scope],
    ) -> Result<Issued, StoreError> {
        let asked = affordable(scopes);
        // At once, so that the look-ups share one query.
        let grants =
            try_join_all(asked.iter().map(|(name, actions)| self.grant(who, name, *actions)))
                .await?;
        let now = self.now();
        let claims = Claims {
            account: who.map(|identity| identity.account),
            subject: who.map_or_else(String::new, |identity| identity.name.to_string()),
            scope: who.map_or(CredentialScope::PublicRead, |identity| identity.scope),
            access_token: who.and_then(|identity| identity.credential.access_token()),
            issued_at: now,
            expires_at: now.plus(self.settings.token_ttl),
            grants,
        };
        let catalog = scopes.contains(&Scope::Catalog) || scopes.contains(&Scope::Search);
        self.tokens.issue(&claims, catalog)
    }

    async fn grant(
        &self,
        who: Option<&Identity>,
        name: &str,
        requested: Actions,
    ) -> Result<Grant, StoreError> {
        let path = repository_of(name);
        let (allowed, basis) = match &path {
            Some(path) => self.allowed(who, path).await?,
            None => (Actions::NONE, Basis::Nothing),
        };
        let granted = allowed.intersection(requested);
        // A refusal must not tell whether anything has that name.
        let basis = if granted.is_empty() { Basis::Nothing } else { basis };
        Ok(Grant { name: name.to_owned(), path, requested, granted, basis })
    }

    /// What `who` may do under a name, and what that was decided on.
    async fn allowed(
        &self,
        who: Option<&Identity>,
        path: &RepositoryName,
    ) -> Result<(Actions, Basis), StoreError> {
        let found = self.lookups.repository(path).await?;
        Ok(match found {
            Some(facts) => {
                let basis = Basis::Repository { id: facts.id, generation: facts.generation };
                let actions = match who {
                    Some(identity) => self.standing_of(identity, path, Some(&facts)).await?,
                    None => standing(None, &Standing::from(&facts), None),
                };
                (actions, basis)
            }
            None => {
                let Some(identity) = who else { return Ok((Actions::NONE, Basis::Nothing)) };
                match self.could_own(identity, path).await? {
                    Some(unmade) => {
                        let actions = self.standing_of(identity, path, None).await?;
                        (actions, Basis::Namespace(unmade.namespace))
                    }
                    None => (Actions::NONE, Basis::Nothing),
                }
            }
        })
    }
}

/// The repository scopes that fit into one token.
fn affordable(scopes: &[Scope]) -> Vec<(&str, Actions)> {
    let mut left = MAX_GRANT_BYTES;
    let mut asked = Vec::new();
    for scope in scopes {
        let Scope::Repository { name, actions } = scope else { continue };
        let Some(rest) = left.checked_sub(name.len() + GRANT_OVERHEAD) else { break };
        left = rest;
        asked.push((name.as_str(), *actions));
    }
    asked
}

impl Tokens {
    pub(super) fn issue(&self, claims: &Claims, catalog: bool) -> Result<Issued, StoreError> {
        let jti = uuid::Uuid::new_v4().simple().to_string();
        let wire = WireClaims::new(&self.service, claims, catalog, jti);
        let token = jws::sign(self.keys().signing(), &wire).map_err(StoreError::internal)?;
        Ok(Issued {
            token: Secret::new(token),
            issued_at: claims.issued_at,
            expires_in: self.ttl,
            granted: granted_scopes(claims, catalog),
        })
    }
}

fn granted_scopes(claims: &Claims, catalog: bool) -> String {
    let mut scopes: Vec<String> = claims
        .grants
        .iter()
        .filter(|grant| !grant.granted.is_empty())
        .map(|grant| format!("repository:{}:{}", grant.name, grant.granted))
        .collect();
    if catalog {
        scopes.push("registry:catalog:*".to_owned());
    }
    scopes.join(" ")
}
