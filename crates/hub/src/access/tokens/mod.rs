//! Registry tokens and API tokens: signed, short-lived, never wider than what asked for them.
//!
//! ```text
//! /token  --issue.rs-->  JWT  --verify.rs-->  Claims   (audience: the service)
//! sign-in --session.rs-> JWT  --session.rs->  Identity (audience: the service's API)
//! ```
//!
//! The two kinds are signed by the same keys and told apart by their audience, so that a token made
//! for images never manages an account. `docs/design/0001-foundation.md` has the table of claims.

mod issue;
mod jws;
mod keys;
mod session;
mod verify;
mod wire;

#[cfg(test)]
mod forgeries;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use moka::sync::Cache;
use roadstead_types::{
    AccessTokenId, AccountId, Actions, CredentialScope, RepositoryId, RepositoryName, Timestamp,
};

use crate::Settings;

pub use issue::Issued;
pub use jws::MAX_TOKEN_BYTES;
pub use keys::{Key, KeyError, Keys};
pub use session::ApiLogin;

/// What a verified registry token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The account that asked; none for an anonymous token.
    pub account: Option<AccountId>,
    /// The account's name when the token was made; for the log only.
    pub subject: String,
    /// How far the credential behind the token reached.
    pub scope: CredentialScope,
    pub access_token: Option<AccessTokenId>,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    pub grants: Vec<Grant>,
}

/// One scope that was asked for, and what of it is granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// As the client wrote it.
    pub name: String,
    /// The repository that the name means; none if it can be none of ours.
    pub path: Option<RepositoryName>,
    pub requested: Actions,
    pub granted: Actions,
    pub basis: Basis,
}

/// What a grant was decided on. It holds only as long as the name still means the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    Repository {
        id: RepositoryId,
        generation: i64,
    },
    /// Nothing had that name yet, but the caller may make it in this namespace.
    Namespace(AccountId),
    Nothing,
}

/// Why a token is refused. Clients get one text for all; the log tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token is longer than {MAX_TOKEN_BYTES} bytes")]
    TooLong,
    #[error("the token is malformed")]
    Malformed,
    #[error("the token names a key that is not in use here")]
    UnknownKey,
    #[error("the token's signature is wrong")]
    BadSignature,
    #[error("the token was made for or by another service")]
    OtherService,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYetValid,
    #[error("the token could not be signed")]
    Signing,
}

/// The state behind tokens: keys and what was verified lately.
pub struct Tokens {
    keys: RwLock<Keys>,
    service: String,
    ttl: Duration,
    /// Claims by the SHA-256 of the token. A signature check costs as much as the whole rest of a
    /// manifest request; that a token says what it says never changes.
    verified: Cache<[u8; 32], Arc<Claims>>,
}

/// Bytes of tokens whose claims are remembered.
const VERIFIED_BYTES: u64 = 8 << 20;

impl Tokens {
    pub fn new(keys: Keys, settings: &Settings) -> Self {
        let verified = Cache::builder()
            .weigher(|_, claims: &Arc<Claims>| {
                256 + 256 * u32::try_from(claims.grants.len()).unwrap_or(u32::MAX / 512)
            })
            .max_capacity(VERIFIED_BYTES)
            .time_to_live(settings.token_ttl + verify::LEEWAY)
            .build();
        Self {
            keys: RwLock::new(keys),
            service: settings.service.clone(),
            ttl: settings.token_ttl,
            verified,
        }
    }

    fn keys(&self) -> Keys {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes other keys into use. Tokens of keys that are gone are void at once.
    pub fn replace_keys(&self, keys: Keys) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        self.verified.invalidate_all();
    }

    /// The audience of API tokens.
    fn api_audience(&self) -> String {
        format!("{}/api", self.service)
    }
}
