//! From a token back to its claims.

use std::sync::Arc;
use std::time::Duration;

use roadstead_types::Timestamp;
use sha2::{Digest, Sha256};

use super::wire::{Window, WireClaims};
use super::{Claims, TokenError, Tokens, jws};
use crate::Hub;

/// How far the clocks of two nodes may differ.
pub const LEEWAY: Duration = Duration::from_secs(60);
/// How long after its end a token is still taken: a client counts from when it got the token.
const EXPIRY_LEEWAY: Duration = Duration::from_secs(30);

impl Hub {
    /// The claims of a registry token made here.
    pub fn verify_token(&self, token: &str) -> Result<Arc<Claims>, TokenError> {
        self.tokens.verify(token, self.now())
    }
}

impl Tokens {
    pub(super) fn verify(&self, token: &str, now: Timestamp) -> Result<Arc<Claims>, TokenError> {
        // Before hashing: a megabyte of dots must cost nothing.
        if token.len() > jws::MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong);
        }
        let key: [u8; 32] = Sha256::digest(token).into();
        let claims = match self.verified.get(&key) {
            Some(claims) => claims,
            None => {
                let claims = Arc::new(self.read(token, now)?);
                self.verified.insert(key, Arc::clone(&claims));
                claims
            }
        };
        if claims.expires_at.plus(EXPIRY_LEEWAY) <= now {
            return Err(TokenError::Expired);
        }
        Ok(claims)
    }

    fn read(&self, token: &str, now: Timestamp) -> Result<Claims, TokenError> {
        let wire: WireClaims = jws::open(&self.keys(), token)?;
        if wire.iss != self.service || wire.aud != self.service {
            return Err(TokenError::OtherService);
        }
        check_window(&wire.window, now)?;
        wire.into_claims()
    }
}

/// Whether `now` lies in the token's time.
pub(super) fn check_window(window: &Window, now: Timestamp) -> Result<(), TokenError> {
    let latest_start = now.plus(LEEWAY).unix_secs();
    if window.jti.is_empty() {
        return Err(TokenError::Malformed);
    }
    if window.nbf > latest_start || window.iat > latest_start {
        return Err(TokenError::NotYetValid);
    }
    if window.exp <= now.minus(EXPIRY_LEEWAY).unix_secs() {
        return Err(TokenError::Expired);
    }
    Ok(())
}
